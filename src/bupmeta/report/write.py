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
from bupmeta.report import tables
from bupmeta.report.evidence_tables import evidence_tables
from bupmeta.report.figures import multiverse_figure, panel_figures, section_figure, slug
from bupmeta.report.page import Drawn, page
from bupmeta.report.sources import sources_table
from bupmeta.report.tables import silent_table
from bupmeta.table import Table, json_text

__all__ = ["Report", "write_report"]


# What a report is made of; a folder with anything else in it is somebody's, and is not replaced.
_OURS = re.compile(r"report\.html|results\.json|(forest|multiverse|few_trials)_\w+\.(svg|png)|table_\w+\.csv")


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
    figures = {}
    for section in analysis.sections:
        figure = section_figure(analysis, section)
        if figure is None:
            continue
        figures[section.title, section.measure] = figure
        for suffix in ("svg", "png"):
            save(figure, folder / f"forest_{slug(section.title)}_{section.measure}.{suffix}")
    curves = {}
    for section in analysis.of(analysis.spec.measures[0]):
        if (curve := multiverse_figure(analysis, section)) is not None:
            curves[section.title] = curve
            for suffix in ("svg", "png"):
                save(curve, folder / f"multiverse_{slug(section.title)}.{suffix}")
    panels = {section.title: panel_figures(section) for section in analysis.of(analysis.spec.measures[0])}
    for title, drawn in panels.items():
        for name, figure in drawn.items():
            for suffix in ("svg", "png"):
                save(figure, folder / f"few_trials_{slug(title)}_{slug(name)}.{suffix}")
    _text(folder / "results.json", json_text(record(analysis)))
    for name, table in _tables(analysis).items():
        if table.rows:
            _text(folder / f"table_{name}.csv", table.to_csv())
    command = f"bupmeta run {'/'.join(analysis.spec.path.parts[-2:])}"
    _text(folder / "report.html", page(analysis, Drawn(figures, curves, panels), command))
    return tuple(sorted(path.name for path in folder.iterdir()))


def _tables(analysis: Analysis) -> dict[str, Table]:
    found = {
        "summary": tables.summary_table(analysis),
        "pools": tables.pools_table(analysis, analysis.sections, analysis.spec.title),
        "conversions": tables.conversions_table(analysis),
        "checks": tables.checks_table(analysis),
        "sources": sources_table(analysis),
        "never_pooled": silent_table(analysis.narrative, "Never pooled"),
        "other_outcomes": silent_table(analysis.other_outcomes, "Trials that did not report this outcome"),
    }
    for section in analysis.sections:
        name = f"{slug(section.title)}_{section.measure}"
        if section.total is not None:
            for i, table in enumerate(evidence_tables(section.total), 1):
                found[f"all_evidence_{name}_{i}"] = table
            if section.total.multiverse is not None:
                found[f"multiverse_{name}"] = section.total.multiverse.table()
        for pool in (section.total,) if section.total is not None else section.subgroups:
            suffix = "" if pool is section.total else f"_{slug(pool.title)}"
            found[f"trials_{name}{suffix}"] = tables.study_table(pool)
            found[f"without_effect_{name}{suffix}"] = silent_table(pool.effects.silent, pool.title)
        if section.silent:
            found[f"without_effect_{name}"] = silent_table(section.silent, section.title)
        found[f"sensitivity_{name}"] = tables.alternatives_table(section, "alternatives")
        found[f"other_methods_{name}"] = tables.alternatives_table(section, "conventions")
    return found


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
