"""Two data files row by row and cell by cell: what came, what went, what was renamed, what reads differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias
from unicodedata import normalize

from bupmeta.table import Column, Table, Value, quantity
from bupmeta.trials import COLUMNS, Result, Trials
from bupmeta.trials.cells import Value as CellValue

__all__ = ["Cell", "RowChanges", "TrialChange", "What", "compare_rows"]

What: TypeAlias = Literal["came", "went", "changed"]
NAMES = frozenset({"row", "trial", "study"})  # what a row is called, beside what it reports
LONG, BEFORE = (
    90,
    30,
)  # characters of a cell that a table shows, and how many of them before the first difference


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that differs; `row` is its key in the new file, None an empty cell."""

    row: str
    trial: str
    column: str
    old: CellValue
    new: CellValue


@dataclass(frozen=True, slots=True)
class TrialChange:
    """One trial whose rows are not all the same in both files; `study` is how people call it."""

    trial: str
    study: str
    what: What
    rows_came: int
    rows_went: int
    cells: int


@dataclass(frozen=True, slots=True)
class RowChanges:
    """Every difference between the rows of two files, matched by their key `row`; order does not matter.

    A row under another key that is otherwise the same is `renamed`: (old, new) keys. A column that only one of the
    files has is named once instead of cell by cell, with the number of rows it is filled in. `same` counts rows without
    any difference.
    """

    came: tuple[Result, ...]
    went: tuple[Result, ...]
    renamed: Mapping[str, str]
    cells: tuple[Cell, ...]
    columns_came: Mapping[str, int]
    columns_went: Mapping[str, int]
    trials: tuple[TrialChange, ...]
    same: int

    def __bool__(self) -> bool:
        return bool(self.came or self.went or self.cells or self.columns_came or self.columns_went)

    def table(self) -> Table:
        """Return one line per row that came or went and per cell that changed; long cells around the difference."""
        rows: list[dict[str, str]] = []
        for what, results in (("came", self.came), ("went", self.went)):
            side = "new" if what == "came" else "old"
            rows += [{"what": what, "row": r.row, "study": r.study, side: _summary(r)} for r in results]
        for cell in self.cells:
            old, new = _around(_text(cell.old), _text(cell.new))
            what = "renamed" if cell.column in NAMES else "changed"
            rows.append({"what": what, "row": cell.row, "column": cell.column, "old": old, "new": new})
        for what, columns in (("came", self.columns_came), ("went", self.columns_went)):
            side = "new" if what == "came" else "old"
            rows += [
                {"what": what, "column": name, side: f"a column, filled in {quantity(count, 'row')}"}
                for name, count in columns.items()
            ]
        titles = {"what": "What", "row": "Row", "column": "Column", "old": "Old", "new": "New"}
        shown = tuple(Column(key, title) for key, title in titles.items())
        return Table(shown, tuple(rows), "Rows and cells", (f"{quantity(self.same, 'row')} the same",))

    def trial_table(self) -> Table:
        """Return one line per trial that came, went or changed."""
        columns = (
            Column("study", "Trial"),
            Column("what", "What"),
            Column("came", "Rows that came", "integer"),
            Column("went", "Rows that went", "integer"),
            Column("cells", "Cells that changed", "integer"),
        )
        rows: list[dict[str, Value]] = [
            {"study": t.study, "what": t.what, "came": t.rows_came, "went": t.rows_went, "cells": t.cells}
            for t in self.trials
        ]
        return Table(columns, tuple(rows), "Trials")


def compare_rows(
    old: Trials, new: Trials, old_header: Sequence[str] = (), new_header: Sequence[str] = ()
) -> RowChanges:
    """Compare two files by the key `row`; the headers tell which columns only one of them has.

    Numbers are compared as numbers and texts without regard to spaces at their ends and to how accents are encoded,
    so that another program's copy of a file is the same file.

    >>> from bupmeta.trials import read_trials
    >>> trials = read_trials("data/trials.csv")
    >>> bool(compare_rows(trials, Trials(trials.results[::-1], "again", trials.sha256)))
    False
    """
    before, after = ({row.row: row for row in trials} for trials in (old, new))
    lone = {key: row for key, row in before.items() if key not in after}
    fresh = {key: row for key, row in after.items() if key not in before}
    renamed = _renamed(lone, fresh)
    pairs = [(before[key], after[key]) for key in after if key in before]
    pairs += [(before[one], after[two]) for one, two in renamed.items()]
    came, went = _only(new_header, old_header), _only(old_header, new_header)
    cells = tuple(cell for one, two in pairs for cell in _cells(one, two, {*came, *went}))
    rows_came = tuple(row for key, row in fresh.items() if key not in renamed.values())
    rows_went = tuple(row for key, row in lone.items() if key not in renamed)
    return RowChanges(
        came=rows_came,
        went=rows_went,
        renamed=renamed,
        cells=cells,
        columns_came={name: _filled(new, name) for name in came},
        columns_went={name: _filled(old, name) for name in went},
        trials=tuple(_trials(old, new, rows_came, rows_went, cells)),
        same=len(pairs) - len({cell.row for cell in cells}),
    )


def _renamed(lone: Mapping[str, Result], fresh: Mapping[str, Result]) -> dict[str, str]:
    """Pair rows whose cells are equal but for their names; what could be paired in several ways is not."""
    known: dict[tuple[CellValue, ...], list[str]] = {}
    for key, row in fresh.items():
        known.setdefault(_content(row), []).append(key)
    found: dict[str, list[str]] = {}
    for key, row in lone.items():
        match known.get(_content(row)):
            case [one]:
                found.setdefault(one, []).append(key)
    return {olds[0]: one for one, olds in found.items() if len(olds) == 1}


def _content(row: Result) -> tuple[CellValue, ...]:
    return tuple(_plain(row[column.name]) for column in COLUMNS if column.name not in NAMES)


def _cells(one: Result, two: Result, without: set[str]) -> Iterator[Cell]:
    for column in COLUMNS:
        name = column.name
        if name not in without and _plain(one[name]) != _plain(two[name]):
            yield Cell(two.row, two.trial, name, one[name], two[name])


def _plain(value: CellValue) -> CellValue:
    return (" ".join(normalize("NFC", value).split()) or None) if isinstance(value, str) else value


def _only(here: Sequence[str], there: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in here if name not in there)


def _filled(trials: Trials, column: str) -> int:
    return sum(row.cells.get(column) is not None for row in trials)


def _trials(
    old: Trials, new: Trials, came: Sequence[Result], went: Sequence[Result], cells: Sequence[Cell]
) -> Iterator[TrialChange]:
    before, after = set(old.keys), set(new.keys)
    studies = {row.trial: row.study for row in (*old, *new)}
    for trial in studies:
        plus, minus = (sum(row.trial == trial for row in rows) for rows in (came, went))
        changed = sum(cell.trial == trial for cell in cells)
        if plus or minus or changed:
            what: What = "changed"
            if minus and trial not in after:
                what = "went"
            elif plus and trial not in before:
                what = "came"
            yield TrialChange(trial, studies[trial], what, plus, minus, changed)


def _summary(row: Result) -> str:
    said = f"{row.study}, {row.drug} against {row.comparator}, {row.outcome}, {row.report_form}"
    printed = row.source.as_printed
    return _around(f"{said}: {printed}" if printed else said, "")[0]


def _text(value: CellValue) -> str:
    return "" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)


def _around(one: str, two: str) -> tuple[str, str]:
    """Cut two texts to what a table has room for, around where they begin to differ."""
    first = next((i for i, (a, b) in enumerate(zip(one, two)) if a != b), min(len(one), len(two)))
    start = max(0, first - BEFORE) if max(len(one), len(two)) > LONG else 0

    def cut(text: str) -> str:
        part = text[start : start + LONG]
        return ("…" if start and part else "") + part + ("…" if start + LONG < len(text) else "")

    return cut(one), cut(two)
