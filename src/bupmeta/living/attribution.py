"""How far the change of each single trial moved a pool: the new pool with that change alone undone, in one batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bupmeta.kernels import FloatArray, fit
from bupmeta.living.pools import Entry, PoolState
from bupmeta.pooling import RandomEffects
from bupmeta.pooling.all_evidence import Evidence
from bupmeta.robustness.limits import limits
from bupmeta.table import Column, Table, Value

__all__ = ["Attribution", "Pair", "Share", "attribute", "minus"]

Pair = tuple[float, float]
NEAR = 1e-9  # contributions are stored with ten digits


@dataclass(frozen=True, slots=True)
class Share:
    """One trial's part in the move of a pool.

    `mu` and `ci` are what the new pool would be with this trial as it was in the old one and all others as they are
    now; `shift` is the new estimate minus that. The same for all evidence in `all_mu` and `all_shift`. None where
    there is nothing to pool. With `own` False no row of the trial changed: its numbers follow from other trials.
    """

    label: str
    trial: str
    old: Entry | None
    new: Entry | None
    own: bool | None
    mu: float | None
    ci: Pair | None
    shift: float | None
    all_mu: float | None
    all_shift: float | None


@dataclass(frozen=True, slots=True)
class Attribution:
    """Every trial that changed in one pool; `total` is the whole move, `rest` what the shifts do not add up to.

    The rest is how changes act together, and a change of the model.
    """

    pool: str
    shares: tuple[Share, ...]
    total: float | None
    all_total: float | None

    @property
    def rest(self) -> float | None:
        """The whole move minus the sum of the single shifts."""
        return _rest(self.total, [share.shift for share in self.shares])

    @property
    def all_rest(self) -> float | None:
        """The same for all evidence."""
        return _rest(self.all_total, [share.all_shift for share in self.shares])

    def table(self) -> Table:
        """Return one line per trial, what is left over, and the whole move."""
        columns = [
            Column("trial", "Trial"),
            Column("old", "It was"),
            Column("new", "It is"),
            Column("mu", "Estimate without the change", "number"),
            Column("ci", "Interval", "interval"),
            Column("shift", "Shift it makes", "number", 3),
        ]
        if self.all_total is not None or any(share.all_mu is not None for share in self.shares):
            columns.append(Column("all_shift", "Shift in all evidence", "number", 3))
        rows: list[dict[str, Value]] = [
            {
                "trial": share.label,
                "old": share.old.says if share.old else "not there",
                "new": share.new.says if share.new else "not there",
                "mu": "no trial" if share.mu is None else share.mu,
                "ci": share.ci,
                "shift": share.shift,
                "all_shift": share.all_shift,
            }
            for share in self.shares
        ]
        if len(self.shares) > 1:
            rows.append({"trial": "acting together", "shift": self.rest, "all_shift": self.all_rest})
        rows.append({"trial": "in all", "shift": self.total, "all_shift": self.all_total})
        others = ", ".join(share.label for share in self.shares if share.own is False)
        note = f"no row of its own changed, the numbers follow from those of other trials: {others}"
        notes = (note,) if others else ()
        return Table(tuple(columns), tuple(rows), f"{self.pool}: which trials moved it", notes)


def attribute(
    name: str,
    old: PoolState,
    new: PoolState,
    model: RandomEffects,
    renamed: Mapping[str, str],
    touched: frozenset[str] | None = None,
) -> Attribution:
    """Undo the change of each trial of the pool `name` alone, under the model of the new pool.

    `renamed` leads from old to new keys of rows; `touched` are trials whose own rows changed, if that is known.
    """
    words = old.asks_all or new.asks_all  # elsewhere only trials with an effect count
    before, after = (tuple(e for e in state.entries if e.exact or words) for state in (old, new))
    pairs = [(one, two) for one, two in _matched(before, after, renamed) if _differ(one, two)]
    former = [one for one, _ in pairs if one is not None]
    every = (*after, *former)
    m = np.zeros((len(pairs) + 1, len(every)))  # the last data set is the new pool
    m[:, : len(after)] = 1
    at = {id(entry): i for i, entry in enumerate(every)}
    for i, (one, two) in enumerate(pairs):
        if two is not None:
            m[i, at[id(two)]] = 0
        if one is not None:
            m[i, at[id(one)]] = 1
    mu, ends = _pooled(every, m, model)
    all_mu = _all_evidence(every, m) if words else [None] * len(m)
    shares = []
    for i, (one, two) in enumerate(pairs):
        is_now = two or one
        assert is_now is not None
        own = None if touched is None else is_now.trial in touched
        shift, all_shift = minus(mu[-1], mu[i]), minus(all_mu[-1], all_mu[i])
        shares.append(
            Share(is_now.label, is_now.trial, one, two, own, mu[i], ends[i], shift, all_mu[i], all_shift)
        )
    shares.sort(key=lambda share: -abs(share.shift or share.all_shift or 0.0))
    return Attribution(name, tuple(shares), minus(new.mu, old.mu), minus(new.all_mu, old.all_mu))


def _matched(
    old: Sequence[Entry], new: Sequence[Entry], renamed: Mapping[str, str]
) -> list[tuple[Entry | None, Entry | None]]:
    """Pair the entries of one trial: by its key and label, by its key, or by a data row that both came from."""
    left = list(old)

    def taken(two: Entry) -> Entry | None:
        for same in (
            lambda one: (one.trial, one.label) == (two.trial, two.label),
            lambda one: one.trial == two.trial,
            lambda one: any(renamed.get(row, row) in two.rows for row in one.rows),
        ):
            for one in left:
                if same(one):
                    left.remove(one)
                    return one
        return None

    found: list[tuple[Entry | None, Entry | None]] = [(taken(two), two) for two in new]
    return [*found, *((one, None) for one in left)]


def _differ(one: Entry | None, two: Entry | None) -> bool:
    """Whether an entry contributes something else now; a silent trial that says nothing contributes nothing."""
    if one is None or two is None:
        there = one or two
        return there is not None and there.se is not None
    a, b = one.contribution, two.contribution
    if (one.se is None) != (two.se is None) or one.exact != two.exact:
        return True
    return not all(_near(x, y) for x, y in zip(a[:3], b[:3]))


def _near(x: float | None, y: float | None) -> bool:
    return x == y or (x is not None and y is not None and abs(x - y) <= NEAR * max(abs(x), abs(y)))


def _pooled(
    every: Sequence[Entry], m: FloatArray, model: RandomEffects
) -> tuple[list[float | None], list[Pair | None]]:
    """Give the estimate and interval of every data set of `m`, None where it has no estimate."""
    exact = [i for i, entry in enumerate(every) if entry.exact]
    mu: list[float | None] = [None] * len(m)
    ends: list[Pair | None] = [None] * len(m)
    some = np.flatnonzero(m[:, exact].sum(axis=1) > 0)
    if some.size:
        y, v = (np.array(x) for x in zip(*((every[i].low, (every[i].se or 0.0) ** 2) for i in exact)))
        sets = m[some][:, exact]
        (middle, _, low, high, _), _ = limits(fit(y, v, sets, tau2=model.tau2), y, v, sets, model)
        for i, *numbers in zip(some.tolist(), middle.tolist(), low.tolist(), high.tolist()):
            mu[i] = numbers[0]
            ends[i] = None if numbers[1] != numbers[1] else (numbers[1], numbers[2])
    return mu, ends


def _all_evidence(every: Sequence[Entry], m: FloatArray) -> list[float | None]:
    """Give the all-evidence estimate of every data set of `m`, None where no trial printed an estimate."""
    telling = [i for i, entry in enumerate(every) if entry.se is not None]
    exact = np.array([entry.exact for entry in every], dtype=bool)
    found: list[float | None] = [None] * len(m)
    words = m[:, [i for i in telling if not exact[i]]].sum(axis=1)
    some = np.flatnonzero((m[:, exact].sum(axis=1) > 0) & (words > 0))
    if some.size:
        rows = ((every[i].low, every[i].high, (every[i].se or 0.0) ** 2) for i in telling)
        low, high, v = (np.array(x) for x in zip(*rows))
        middle = Evidence(low, high, v, ()).fit(m[some][:, telling]).mu
        for i, one in zip(some.tolist(), middle.tolist()):
            found[i] = one
    return found


def minus(one: float | None, two: float | None) -> float | None:
    """The difference of two numbers, None without either."""
    return None if one is None or two is None else one - two


def _rest(total: float | None, shifts: Sequence[float | None]) -> float | None:
    if total is None or any(shift is None for shift in shifts):
        return None
    return total - sum(shift for shift in shifts if shift is not None)
