"""Rows that say the same thing twice, and rows that point to a better one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bupmeta.errors import closest
from bupmeta.trials.faults import Row
from bupmeta.trials.lint.check import Check, Finding, all_rows
from bupmeta.trials.schema import PRINTED_NUMBERS

__all__ = ["CHECKS", "pooled"]

_COMPARISON = ("trial", "population", "comparator", "outcome")
_CONTRAST = ("trial", "population", "drug", "dose", "comparator", "outcome")


def pooled(rows: Sequence[Row]) -> list[Row]:
    """Return the rows an analysis takes: main, and not superseded."""
    return [row for row in rows if row.word("use") == "main" and not row.word("superseded_by")]


def _names(rows: Sequence[Row]) -> Iterator[Finding]:
    """Two rows of one name."""
    first: dict[str, Row] = {}
    for row in rows:
        other = first.setdefault(row.name, row)
        if other is not row and row.name:
            yield Finding(row, "row", f"row {other.line} has this name already", "a name of its own")


def _results(rows: Sequence[Row]) -> Iterator[Finding]:
    """Two main rows of one contrast and outcome."""
    first: dict[tuple[str, ...], Row] = {}
    for row in pooled(rows):
        other = first.setdefault(tuple(row.word(c) for c in _CONTRAST), row)
        if other is not row:
            wrong = f"row {other.line} ({other.name}) is also the main result of this contrast and outcome"
            yield Finding(row, "use", wrong, "superseded_by on one of them, or another use")


def _figures(rows: Sequence[Row]) -> Iterator[Finding]:
    """Two main rows with the same figures."""
    first: dict[tuple[str, ...], Row] = {}
    for row in pooled(rows):
        figures = tuple(row.text[c] for c in PRINTED_NUMBERS)
        if sum(map(bool, figures)) < 4:
            continue
        other = first.setdefault((row.word("outcome"), *figures), row)
        if other is not row:
            wrong = f"the same figures as row {other.line} ({other.name})"
            yield Finding(row, "as_printed", wrong, "one of them, if it is the same result")


def _arms(rows: Sequence[Row]) -> Iterator[Finding]:
    """Arms that are entered one by one and again combined."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in pooled(rows):
        if row.number("n_active"):
            groups.setdefault(tuple(row.word(c) for c in _COMPARISON), []).append(row)
    for group in groups.values():
        sizes = [row.number("n_active") or 0 for row in group]
        for row, size in zip(group, sizes, strict=True):
            if len(group) > 2 and size == sum(sizes) - size:
                wrong = f"as many patients as the other {len(group) - 1} main rows of this outcome together"
                yield Finding(
                    row, "n_active", wrong, "use = alternative for the combined or for the single arms"
                )


def _publications(rows: Sequence[Row]) -> Iterator[Finding]:
    """One publication or registration under two trials."""
    first: dict[tuple[str, str], Row] = {}
    for row in rows:
        for column in ("pmid", "doi", "registration"):
            text = row.text[column].lower()
            other = first.setdefault((column, text), row)
            if text and other.word("trial") != row.word("trial"):
                wrong = f"row {other.line} has the same under trial {other.word('trial')}"
                yield Finding(row, column, wrong, "one trial name, if it is one trial")
                break


def _superseded(rows: Sequence[Row]) -> Iterator[Finding]:
    """`superseded_by` that names no row, the row itself, a circle, or another trial."""
    by_name = {row.name: row for row in rows}
    for row in rows:
        target = row.word("superseded_by")
        if not target:
            continue
        better = by_name.get(target)
        if better is None:
            guess = closest(target, by_name)
            right = f"did you mean `{guess}`?" if guess else "the name of another row"
            yield Finding(row, "superseded_by", "no row has this name", right)
        elif better is row:
            yield Finding(row, "superseded_by", "the row itself", "the name of another row, or empty")
        elif (row.word("trial"), row.word("outcome")) != (better.word("trial"), better.word("outcome")):
            wrong = "that row is of another trial or outcome"
            yield Finding(row, "superseded_by", wrong, "a row of the same trial and outcome")
        elif _returns(row, by_name):
            yield Finding(row, "superseded_by", "the rows point at each other", "empty on the preferred row")


def _returns(row: Row, by_name: dict[str, Row]) -> bool:
    seen: set[str] = set()
    name = row.word("superseded_by")
    while name in by_name and name not in seen:
        if name == row.name:
            return True
        seen.add(name)
        name = by_name[name].word("superseded_by")
    return False


CHECKS: dict[str, Check] = {
    "duplicate-row": all_rows(_names),
    "duplicate-result": all_rows(_results),
    "same-figures": all_rows(_figures, "warning"),
    "arms-twice": all_rows(_arms, "warning"),
    "trial-twice": all_rows(_publications, "warning"),
    "superseded-by": all_rows(_superseded),
}
