"""The folder of one report: every file is made first, then the folder is put in place in one step."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bupmeta.errors import DataError

__all__ = ["files_of", "replaced"]

FOLDERS = ("figures", "tables")

# What a report is made of; a folder with anything else in it is somebody's, and is not replaced. The second line
# is how figures and tables were called before they had folders of their own.
_OURS = re.compile(
    r"report\.(html|pdf|docx|md)|(results|run|manifest|ro-crate-metadata)\.json|figures/\w+\.(svg|png)|tables/\w+\.csv"
    r"|\w+\.(svg|png)|table_\w+\.csv"
)


@contextmanager
def replaced(target: Path) -> Iterator[Path]:
    """Give an empty folder to fill, which then takes the place of `target`; after an error `target` is as it was.

    Raises DataError, naming the folder, when it cannot be written or holds files that are no report.
    """
    _check(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    except OSError as error:
        raise DataError(f"{target.parent}: the report cannot be written here ({error.strerror})") from None
    try:
        for name in FOLDERS:
            (building / name).mkdir()
        yield building
        building.chmod(0o755)
        _put_in_place(building, target)
    except OSError as error:
        raise DataError(f"{target}: the report cannot be written ({error.strerror})") from None
    finally:
        shutil.rmtree(building, ignore_errors=True)


def files_of(folder: Path) -> tuple[str, ...]:
    """Give every file of a report by its name in the folder, in order."""
    inside = (path for name in FOLDERS for path in (folder / name).glob("*"))
    paths = [path for path in (*folder.iterdir(), *inside) if not path.is_dir()]
    return tuple(sorted(path.relative_to(folder).as_posix() for path in paths))


def _check(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise DataError(f"{target}: is a file; a report needs a folder")
    if not target.is_dir():
        return
    folders = [path.name for path in target.iterdir() if path.is_dir() and path.name not in FOLDERS]
    nested = [
        f"{name}/{path.name}" for name in FOLDERS for path in (target / name).glob("*") if path.is_dir()
    ]
    strange = [*folders, *nested, *(name for name in files_of(target) if not _OURS.fullmatch(name))]
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
