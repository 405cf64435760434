"""The verb of a living review: two data files or reports in, what changed and what it did to each pool out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Any

from bupmeta.living.attribution import Attribution, attribute
from bupmeta.living.counts import attribute_counts
from bupmeta.living.pools import NUMBERS, PoolState, states
from bupmeta.living.rows import RowChanges, compare_rows
from bupmeta.living.sources import Side, comparisons, side
from bupmeta.pooling import RandomEffects
from bupmeta.table import Column, Table, Value, decimals, interval, number, plain

__all__ = ["SCHEMA_VERSION", "Diff", "PoolChange", "diff"]

SCHEMA_VERSION = 1
RTOL, ATOL = 1e-8, 1e-10  # stored numbers have ten digits; processors agree on more than eight


@dataclass(frozen=True, slots=True)
class PoolChange:
    """One pool before and after; a side is None where the analysis has no such pool."""

    analysis: str
    name: str
    old: PoolState | None
    new: PoolState | None
    attribution: Attribution | None = None

    @property
    def moved(self) -> tuple[str, ...]:
        """The names of the pooled numbers that differ beyond the last stored digits."""
        return tuple(field for field in NUMBERS if not _same(self._old(field), self._new(field)))

    @property
    def shift(self) -> float | None:
        """The new estimate minus the old one; None without one on both sides."""
        old, new = self._old("mu"), self._new("mu")
        return None if old is None or new is None else new - old

    def _old(self, field: str) -> Any:
        return None if self.old is None else getattr(self.old, field)

    def _new(self, field: str) -> Any:
        return None if self.new is None else getattr(self.new, field)

    def rows(self) -> Iterator[dict[str, Value]]:
        """Give one row per number that moved, with decimals enough to see the move."""
        for field in self.moved:
            old, new = self._old(field), self._new(field)
            by = new - old if isinstance(old, float | int) and isinstance(new, float | int) else None
            least = 3 if field == "tau2" else 2
            digits = decimals(_reach(old, new), least, 6) if by != 0 else least
            yield {
                "pool": self.name,
                "number": NUMBERS[field],
                "old": _shown(old, digits),
                "new": _shown(new, digits),
                "by": None if by is None else _shown(by, digits),
            }


@dataclass(frozen=True, slots=True)
class Diff:
    """Everything that differs between an old and a new data file or report.

    `rows` is None unless both are data files. `pools` are all pools of both, those that did not move too.
    """

    old: Side
    new: Side
    rows: RowChanges | None
    pools: tuple[PoolChange, ...]
    notes: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rows) or bool(self.moved)

    @property
    def moved(self) -> tuple[PoolChange, ...]:
        """The pools of which any number differs."""
        return tuple(change for change in self.pools if change.moved)

    def table(self) -> Table:
        """Return one line per pooled number that moved."""
        titles = {"pool": "Pool", "number": "Number", "old": "Old", "new": "New", "by": "By"}
        columns = tuple(Column(key, title) for key, title in titles.items())
        still = len(self.pools) - len(self.moved)
        note = f"{still} of {len(self.pools)} pools did not move"
        rows = tuple(row for change in self.moved for row in change.rows())
        return Table(columns, rows, "Pools", (note,))

    def tables(self) -> list[Table]:
        """Return every table that has a line: rows and cells, trials, pools, shares of trials in each move."""
        data = [self.rows.table(), self.rows.trial_table()] if self.rows is not None else []
        found = [change.attribution.table() for change in self.moved if change.attribution is not None]
        return [table for table in (*data, self.table(), *found) if table.rows]

    @property
    def summary(self) -> str:
        """One sentence that counts what differs."""
        pools = f"{len(self.moved)} of {len(self.pools)} pools moved"
        if self.rows is None:
            return f"{pools}."
        rows = self.rows
        counts = f"{len(rows.came)} came, {len(rows.went)} went, {len(rows.renamed)} renamed"
        return f"Rows: {counts}, {rows.same} the same; {len(rows.cells)} cells differ; {pools}."

    def to_dict(self) -> dict[str, Any]:
        """Give every difference at full length as JSON knows it."""
        rows = self.rows
        out: dict[str, Any] = plain(
            {
                "schema_version": SCHEMA_VERSION,
                "old": asdict(self.old.file),
                "new": asdict(self.new.file),
                "rows": None
                if rows is None
                else {
                    "came": [row.row for row in rows.came],
                    "went": [row.row for row in rows.went],
                    "renamed": rows.renamed,
                    "cells": [asdict(cell) for cell in rows.cells],
                    "columns_came": rows.columns_came,
                    "columns_went": rows.columns_went,
                    "trials": [asdict(trial) for trial in rows.trials],
                    "same": rows.same,
                },
                "pools": [_pool(change) for change in self.pools],
                "notes": self.notes,
            }
        )
        return out

    def __str__(self) -> str:
        return "\n\n".join([self.summary, *self.notes, *(table.to_text() for table in self.tables())])

    def _repr_html_(self) -> str:
        said = "".join(f"<p>{escape(words)}</p>" for words in (self.summary, *self.notes))
        return said + "".join(table.to_html() for table in self.tables())


def diff(old: str | Path, new: str | Path, *, spec: str | Path | Sequence[str | Path] = ()) -> Diff:
    """Say what changed from `old` to `new`, each a data file of trials or a report, and what that did to each pool.

    A data file is analysed by `spec`, one specification or several; by default by that of the report beside it, or by
    every one in analyses/ that matches rows of either file. Raises DataError or SpecError for what cannot be read.

    >>> same = diff("data/trials.csv", "data/trials.csv", spec="analyses/bupropion.toml")
    >>> bool(same), same.pools[0].name
    (False, 'neuropathic pain (MD)')
    """
    one, two = side(old), side(new)
    specs = (spec,) if isinstance(spec, str | Path) else tuple(spec)
    rows = None
    if one.trials is not None and two.trials is not None:
        rows = compare_rows(one.trials, two.trials, one.header, two.header)
    found, notes = comparisons(one, two, specs)
    pools = tuple(
        change for before, after in found for change in _changes(before, after, rows, len(found) > 1)
    )
    return Diff(one, two, rows, pools, notes)


def _changes(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, rows: RowChanges | None, several: bool
) -> Iterator[PoolChange]:
    """Give every pool of one analysis, in the order of the new one; attribution where it moved."""
    either = after or before
    assert either is not None
    title = str(either["name"])
    old, new = (states(results) if results is not None else {} for results in (before, after))
    renamed = rows.renamed if rows is not None else {}
    touched = None if rows is None else frozenset(trial.trial for trial in rows.trials)
    for name in dict.fromkeys((*new, *old)):
        one, two = old.get(name), new.get(name)
        shown = f"{title}: {name}" if several else name
        change = PoolChange(title, shown, one, two)
        if change.moved and one is not None and two is not None and one.model == two.model:
            model = RandomEffects(**either["model"])
            if one.counts or two.counts:
                shares = attribute_counts(shown, one, two, model)
            else:
                shares = attribute(shown, one, two, model, renamed, touched)
            change = PoolChange(title, shown, one, two, shares)
        yield change


def _same(one: Any, two: Any) -> bool:
    if isinstance(one, tuple) and isinstance(two, tuple):
        return all(_same(a, b) for a, b in zip(one, two))
    if isinstance(one, float | int) and isinstance(two, float | int):
        return one == two or abs(one - two) <= ATOL + RTOL * max(abs(one), abs(two))
    return bool(one == two)


def _reach(one: Any, two: Any) -> float | None:
    """The largest finite difference between two numbers or two pairs."""
    ends = [(one, two)] if not isinstance(one, tuple) else list(zip(one, two or one))
    moves = [abs(a - b) for a, b in ends if a is not None and b is not None]
    return max((move for move in moves if 0 < move < float("inf")), default=None)


def _shown(value: Any, digits: int) -> str:
    if value is None:
        return "none"
    if isinstance(value, tuple):
        return interval(value, digits)
    return number(value, 0 if isinstance(value, int) else digits)


def _pool(change: PoolChange) -> dict[str, Any]:
    shares = change.attribution
    return {
        "analysis": change.analysis,
        "pool": change.name,
        "moved": change.moved,
        "old": _numbers(change.old),
        "new": _numbers(change.new),
        "shift": change.shift,
        "attribution": None
        if shares is None
        else {
            "shares": [asdict(share) for share in shares.shares],
            "rest": shares.rest,
            "total": shares.total,
            "all_rest": shares.all_rest,
            "all_total": shares.all_total,
        },
    }


def _numbers(state: PoolState | None) -> dict[str, Any] | None:
    return None if state is None else {field: getattr(state, field) for field in NUMBERS}
