"""Checks of trials.csv: one file per family, one function per check, one row in `CHECKS` each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bupmeta.errors import closest
from bupmeta.trials.csvfile import shown
from bupmeta.trials.faults import Fault, Row
from bupmeta.trials.lint import agreement, duplicates, figures, forms, intervals, pvalues, sizes, spread
from bupmeta.trials.lint.check import Check
from bupmeta.trials.rows import Rows

__all__ = ["CHECKS", "lint"]

CHECKS: dict[str, Check] = {
    code: check
    for family in (forms, intervals, pvalues, spread, sizes, duplicates, figures, agreement)
    for code, check in family.CHECKS.items()
}


def lint(rows: Rows, checks: Mapping[str, Check] = CHECKS) -> tuple[Fault, ...]:
    """Return every fault that `checks` find in the rows, in file order, those of single cells included."""
    declared = {row.line: row.acknowledged for row in rows.rows}
    faults = [
        replace(f, acknowledged=f.severity == "warning" and f.code in declared.get(f.line, ()))
        for f in rows.faults
    ]
    for code, check in checks.items():
        faults += check.faults(code, rows.rows)
    faults += _declarations(rows.rows, faults, checks)
    return tuple(sorted(faults, key=lambda fault: fault.line))


def _declarations(
    rows: Sequence[Row], faults: Sequence[Fault], checks: Mapping[str, Check]
) -> Iterator[Fault]:
    """Find `[ok: code]` in notes that declare nothing, or what may not be declared."""
    found = {(fault.line, fault.code): fault for fault in faults}
    for row in rows:
        for code in sorted(row.acknowledged):
            fault = found.get((row.line, code))
            if fault is None:
                guess = closest(code, checks)
                right = f"did you mean `{guess}`?" if guess and guess != code else "remove it"
                wrong = f"`[ok: {shown(code)}]` declares a fault this row does not have"
            elif not fault.acknowledged:
                wrong, right = (
                    f"`{shown(code)}` is a fault of the file and cannot be declared",
                    "put it right",
                )
            else:
                continue
            yield Fault(row.line, shown(row.name), "note", "", wrong, right, "idle-declaration", "warning")
