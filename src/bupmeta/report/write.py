"""The folder of one report: every file is made first, then the folder is put in place in one step."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bupmeta.analysis import Analysis
from bupmeta.analysis.record import record
from bupmeta.errors import DataError
from bupmeta.plots import save
from bupmeta.report.document import Picture, Tabled, walk
from bupmeta.report.html import html
from bupmeta.report.parts import document
from bupmeta.table import json_text

__all__ = ["Report", "write_report"]


# What a report is made of; a folder with anything else in it is somebody's, and is not replaced.
_OURS = re.compile(r"report\.html|results\.json|\w+\.(svg|png)|table_\w+\.csv")


@dataclass(frozen=True, slots=True)
class Report:
    """Where a report was written, and its files."""

    folder: Path
    files: tuple[str, ...]

    @property
    def html(self) -> Path:
        """The page to open."""
        return self.folder / "report.html"


def write_report(analysis: Analysis, folder: str | Path) -> Report:
    """Write report.html, results.json, figures and tables to `folder`, replacing what an earlier run left there.

    Raises DataError, naming the folder, when it cannot be written or holds files that are no report; it is then
    left as it was.
    """
    target = Path(folder).resolve() if Path(folder).is_symlink() else Path(folder)
    _check_target(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise DataError(f"{target.parent}: the report cannot be written here ({error.strerror})") from None
    try:
        files = _write(analysis, building)
        building.chmod(0o755)
        _put_in_place(building, target)
    except OSError as error:
        raise DataError(f"{target}: the report cannot be written ({error.strerror})") from None
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return Report(target, files)


def _check_target(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise DataError(f"{target}: is a file; a report needs a folder")
    strange = (
        [path.name for path in target.iterdir() if not _OURS.fullmatch(path.name)] if target.is_dir() else []
    )
    if strange:
        raise DataError(
            f"{target}: holds {min(strange)!r}, which is no part of a report; choose another folder"
        )


def _put_in_place(building: Path, target: Path) -> None:
    """Swap folders by renaming, so that a reader sees the old report or the new one and never a mixture."""
    if not target.exists():
        building.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    target.rename(old / "old")
    try:
        building.rename(target)
    except OSError:
        (old / "old").rename(target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _write(analysis: Analysis, folder: Path) -> tuple[str, ...]:
    report = document(analysis)
    for picture in walk(report, Picture):
        for suffix in ("svg", "png"):
            save(picture.figure, folder / f"{picture.name}.{suffix}")
    for tabled in walk(report, Tabled):
        _text(folder / f"table_{tabled.name}.csv", tabled.table.to_csv())
    _text(folder / "results.json", json_text(record(analysis)))
    _text(folder / "report.html", html(report))
    return tuple(sorted(path.name for path in folder.iterdir()))


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
