"""The cells of a multiverse: every reading by one method, as one batch where the method works on batches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bupmeta.effects import Effects, Tables
from bupmeta.errors import DataError, ModelError
from bupmeta.kernels.censored import censored_fit
from bupmeta.kernels.censored_profile import censored_limits
from bupmeta.kernels.fit import fit
from bupmeta.pooling.models import RandomEffects
from bupmeta.pooling.result import MetaResult
from bupmeta.robustness.limits import limits

if TYPE_CHECKING:
    from bupmeta.effects.core import FloatArray

__all__ = [
    "ALL_EVIDENCE",
    "INVERSE_VARIANCE",
    "METHOD_AXES",
    "Cells",
    "CountFit",
    "Stack",
    "counted",
    "same_counts",
]

ALL_EVIDENCE = "all evidence"
INVERSE_VARIANCE = "inverse variance"
METHOD_AXES = ("model", "estimator of tau²", "interval", "silent trials")
CountFit: TypeAlias = Callable[[Tables], MetaResult]


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one method: its level on each of `METHOD_AXES` (None: no part in it), and (C,) numbers.

    `index` are the variants, `numbers` (4, C) mu, low, high and tau2.
    """

    method: tuple[str | None, ...]
    index: NDArray[np.intp]
    k: FloatArray
    numbers: FloatArray


@dataclass(frozen=True, slots=True)
class Stack:
    """All variants on one list of trials: y, v, m and the ends of intervals, (D, K)."""

    y: FloatArray
    v: FloatArray
    m: FloatArray
    ends: FloatArray
    silent_v: FloatArray

    @classmethod
    def of(cls, every: Sequence[Effects]) -> Stack:
        """Lay the variants over each other; a trial that one of them lacks has m = 0 there."""
        labels = list(dict.fromkeys(label for effects in every for label in effects.labels))
        quiet = list(
            dict.fromkeys(trial.label for effects in every for trial in effects.silent if trial.admissible)
        )
        shape = (len(every), len(labels))
        y, v, m = np.zeros(shape), np.ones(shape), np.zeros(shape)
        ends = np.full((2, len(every), len(quiet)), np.inf)
        ends[0] = -np.inf  # an interval without ends says nothing: the trial is not in that variant
        silent_v = np.ones((len(every), len(quiet)))
        for d, effects in enumerate(every):
            at = [labels.index(label) for label in effects.labels]
            y[d, at], v[d, at], m[d, at] = effects.y, effects.v, 1.0
            for trial in effects.silent:
                if (words := trial.admissible) is not None:
                    i = quiet.index(trial.label)
                    ends[:, d, i] = words.lower, words.upper
                    silent_v[d, i] = words.se**2
        return cls(y, v, m, ends, silent_v)

    @property
    def has_intervals(self) -> bool:
        """Whether some trial without numbers says anything."""
        return bool(np.isfinite(self.ends).any())

    def pooled(self, model: RandomEffects) -> Cells | None:
        """Pool every variant of two or more trials; raises ModelError for a method that refuses the data."""
        index = np.flatnonzero(self.m.sum(axis=-1) > 1)  # one trial is not pooled
        if not len(index):
            return None
        y, v, m = self.y[index], self.v[index], self.m[index]
        found = fit(y, v, m, tau2=model.tau2)
        (mu, _, low, high, _), refused = limits(found, y, v, m, model)
        if refused:
            raise ModelError(refused)
        tau2 = np.where(found.k > 1, found.tau2, np.nan)
        method = (INVERSE_VARIANCE, model.tau2, model.ci, "left out")
        return Cells(method, index, found.k, np.stack([mu, low, high, tau2]))

    def all_evidence(self, level: float) -> Cells:
        """Fit every variant with the trials that have words only, by the interval those admit."""
        absent = self.m == 0
        lower = np.concatenate([np.where(absent, -np.inf, self.y), self.ends[0]], axis=-1)
        upper = np.concatenate([np.where(absent, np.inf, self.y), self.ends[1]], axis=-1)
        v = np.concatenate([self.v, self.silent_v], axis=-1)
        found = censored_fit(lower, upper, v)
        ends = censored_limits(lower, upper, v, level=level)
        # Words alone admit a range and single out no value in it.
        index = np.flatnonzero(np.isfinite(found.mu) & (found.k_exact > 0) & (found.k > 1))
        numbers = np.stack([found.mu, ends.mu_low, ends.mu_high, found.tau2])[:, index]
        return Cells((None, None, None, ALL_EVIDENCE), index, found.k[index], numbers)


def counted(
    every: Sequence[Tables | None], fits: Mapping[str, CountFit]
) -> tuple[list[Cells], tuple[str, ...]]:
    """Fit every distinct set of two or more tables by every model, once; and say which model refused, and why."""
    prints = {
        i: same_counts(tables) for i, tables in enumerate(every) if tables is not None and len(tables) > 1
    }
    first = {key: i for i, key in reversed(prints.items())}
    found, refused = [], dict[str, None]()
    for name, run in fits.items():
        results: dict[object, MetaResult] = {}
        for key, i in first.items():
            tables = every[i]
            assert tables is not None
            try:
                results[key] = run(tables)
            except (DataError, ModelError) as error:
                refused[f"{name}: {error}"] = None
        index = [i for i, key in prints.items() if key in results and results[key].k > 1]
        if index:
            rows = [results[prints[i]] for i in index]
            numbers = np.array([(one.mu, *one.ci, one.tau2) for one in rows], dtype=np.float64).T
            k = np.array([one.k for one in rows], dtype=np.float64)
            found.append(Cells((name, None, None, "left out"), np.array(index, np.intp), k, numbers))
    return found, tuple(refused)


def same_counts(tables: Tables | None) -> tuple[object, ...]:
    """Give what is equal for equal tables."""
    if tables is None:
        return ()
    cells = tables.cells
    return (tables.labels, *(x.tobytes() for x in (cells.a, cells.b, cells.c, cells.d)))
