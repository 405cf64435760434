"""A report on disk: the document in every format, its figures and tables, all numbers, and where it comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bupmeta.analysis import Analysis
from bupmeta.analysis.record import record
from bupmeta.errors import DataError, LibraryError
from bupmeta.report.document import Document, Picture, Tabled, walk
from bupmeta.report.drawings import draw
from bupmeta.report.folder import files_of, replaced
from bupmeta.report.formats import ALL_FORMATS, FORMATS, FormatName
from bupmeta.report.parts import document
from bupmeta.report.provenance import crate, manifest, outputs, run_facts
from bupmeta.table import json_text

__all__ = ["Report", "write_report"]


@dataclass(frozen=True, slots=True)
class Report:
    """Where a report was written, its files, and which could not be made here and why."""

    folder: Path
    files: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...] = ()

    @property
    def html(self) -> Path:
        """The page to open."""
        return self.folder / "report.html"


def write_report(
    analysis: Analysis,
    folder: str | Path,
    formats: Sequence[FormatName] = ALL_FORMATS,
    arguments: Sequence[str] = (),
) -> Report:
    """Write a report to `folder`, replacing what an earlier run left there; `arguments` go to run.json.

    A format whose library is missing is left out and named in the result. Raises DataError, naming the folder, when
    it cannot be written or holds files that are no report; it is then left as it was.
    """
    target = Path(folder).resolve() if Path(folder).is_symlink() else Path(folder)
    with replaced(target) as building:
        left_out = _write(analysis, building, formats, arguments)
        files = files_of(building)
    return Report(target, files, left_out)


def _write(
    analysis: Analysis, folder: Path, formats: Sequence[FormatName], arguments: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    report = document(analysis)
    _refuse_repeated(report)
    drawings = draw(report)
    for name, drawing in drawings.items():
        (folder / "figures" / f"{name}.svg").write_bytes(drawing.svg)
        (folder / "figures" / f"{name}.png").write_bytes(drawing.png)
    for tabled in walk(report, Tabled):
        _text(folder / "tables" / f"{tabled.name}.csv", tabled.table.to_csv())
    left_out = []
    for name in formats:
        one = FORMATS[name]
        try:
            (folder / one.file).write_bytes(one.render(report, drawings))
        except LibraryError as error:
            left_out.append((one.file, str(error)))
    _text(folder / "results.json", json_text(record(analysis)))
    _text(folder / "run.json", json_text(run_facts(formats, left_out, arguments)))
    _text(folder / "ro-crate-metadata.json", json_text(crate(analysis, (*files_of(folder), "manifest.json"))))
    listed = [name for name in files_of(folder) if name != "run.json"]
    _text(folder / "manifest.json", json_text(manifest(analysis, outputs(folder, listed))))
    return tuple(left_out)


def _refuse_repeated(report: Document) -> None:
    """Two conditions whose names differ in punctuation only would overwrite each other's files."""
    for names in ([one.name for one in walk(report, Picture)], [one.name for one in walk(report, Tabled)]):
        _once(names)


def _once(names: Iterable[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise DataError(f"two parts of the report would be written to the file {name}; rename a group")


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
