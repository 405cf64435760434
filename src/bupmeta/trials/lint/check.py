"""A check: a code, what it finds, and whether a row may declare the fault to be the report's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bupmeta.trials.cells import Severity
from bupmeta.trials.csvfile import shown
from bupmeta.trials.faults import Fault, Row

__all__ = ["Check", "Finding", "all_rows", "each_row"]


class Finding(NamedTuple):
    """What is wrong in one cell of a row, and what would be right."""

    row: Row
    column: str
    wrong: str
    right: str


@dataclass(frozen=True, slots=True)
class Check:
    """One check of all rows.

    A fault of the file is put right in the file. A fault that the report itself may have printed
    (`report=True`), and any warning, may instead be declared in the row's note: `[ok: code]`.
    """

    find: Callable[[Sequence[Row]], Iterable[Finding]]
    finds: str
    severity: Severity
    report: bool

    @property
    def declarable(self) -> bool:
        """Whether a note may declare this fault."""
        return self.report or self.severity == "warning"

    def faults(self, code: str, rows: Sequence[Row]) -> Iterator[Fault]:
        """Return the faults this check finds, under its code."""
        for row, column, wrong, right in self.find(rows):
            declared = self.declarable and code in row.acknowledged
            text = shown(row.text.get(column, ""))
            yield Fault(row.line, shown(row.name), column, text, wrong, right, code, self.severity, declared)


def each_row(
    find: Callable[[Row], Iterable[tuple[str, str, str]]],
    severity: Severity = "error",
    *,
    report: bool = False,
) -> Check:
    """Return the check that looks at one row at a time and yields (column, wrong, right)."""

    def find_all(rows: Sequence[Row]) -> Iterator[Finding]:
        return (Finding(row, *found) for row in rows for found in find(row))

    return Check(find_all, find.__doc__ or "", severity, report)


def all_rows(
    find: Callable[[Sequence[Row]], Iterable[Finding]], severity: Severity = "error", *, report: bool = False
) -> Check:
    """Return the check that compares rows with each other."""
    return Check(find, find.__doc__ or "", severity, report)
