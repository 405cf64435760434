"""Calibration: how often the intervals of each method hold the truth when trials are few, and how wide they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal, TypeAlias, get_args

import numpy as np

from bupmeta.errors import DataError
from bupmeta.kernels import FloatArray, fit
from bupmeta.kernels.posterior import FLAT, Axis, joint
from bupmeta.kernels.shortest import shortest_near
from bupmeta.pooling import RandomEffects, intervals, priors
from bupmeta.pooling.models import CiName, Tau2Name
from bupmeta.table import Column, Table

__all__ = ["METHODS", "Calibration", "CalibrationRow", "MethodName", "Precisions", "few"]

MethodName: TypeAlias = Literal[
    "Common effect", "Wald", "HK", "HK-adhoc", "Bayes half-normal(0.5)", "Bayes half-normal(1.0)"
]
#: Variances alike, or one trial with a tenth of the variance of the others, as large trials among small ones.
Precisions: TypeAlias = Literal["equal", "one large"]
VARIANCE = 0.1  # of an SMD or a log odds ratio: 20 patients per arm for an SMD
#: Nodes of tau for all data sets of a batch: log tau from -24 to 6. Intervals are those of `pool` to 2e-5.
NODES = Axis.between(-2.9, 4.15, 0.15, 0.1, np.inf)
BATCH = 5000
LEVEL = 0.95
Ends: TypeAlias = tuple[FloatArray, FloatArray]


def _classical(tau2: Tau2Name, ci: CiName) -> Callable[[FloatArray, FloatArray], Ends]:
    def ends(y: FloatArray, v: FloatArray) -> Ends:
        found = intervals(fit(y, v, tau2=tau2), y, v, None, RandomEffects(tau2=tau2, ci=ci, level=LEVEL))
        return found.low, found.high

    return ends


def _bayes(scale: float) -> Callable[[FloatArray, FloatArray], Ends]:
    prior = priors.HalfNormal(scale)

    def ends(y: FloatArray, v: FloatArray) -> Ends:
        law = joint(y, v, lambda log_tau: prior.log_density(log_tau, v), FLAT, NODES).mixture()
        low, high = (law.quantile(np.full(len(y), p)) for p in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
        return shortest_near(law, LEVEL, low, high)

    return ends


#: The intervals compared, each a function of a batch of data sets (n, k).
METHODS: dict[MethodName, Callable[[FloatArray, FloatArray], Ends]] = {
    "Common effect": _classical("EE", "Wald"),
    "Wald": _classical("REML", "Wald"),
    "HK": _classical("REML", "HK"),
    "HK-adhoc": _classical("REML", "HK-adhoc"),
    "Bayes half-normal(0.5)": _bayes(0.5),
    "Bayes half-normal(1.0)": _bayes(1.0),
}


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """One method in one setting: coverage in percent and mean width, with their Monte Carlo standard errors."""

    k: int
    tau: float
    precisions: Precisions
    method: MethodName
    coverage: float
    coverage_se: float
    width: float
    width_se: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Every method in every setting."""

    rows: tuple[CalibrationRow, ...]
    replications: int
    seed: int

    def select(self, method: MethodName | None = None, **setting: object) -> tuple[CalibrationRow, ...]:
        """Give the rows of one method or setting, such as k=2, precisions="equal"."""
        wanted = {**setting, **({"method": method} if method else {})}
        return tuple(row for row in self.rows if all(getattr(row, name) == x for name, x in wanted.items()))

    def table(self) -> Table:
        """Show one row per setting and method."""
        columns = (
            Column("k", "Trials", "integer"),
            Column("precisions", "Precisions"),
            Column("tau", "τ", "number"),
            Column("method", "Method"),
            Column("coverage", "Coverage", "percent", 1),
            Column("coverage_se", "MC SE", "number", 1),
            Column("width", "Width", "number"),
            Column("width_se", "MC SE", "number", 3),
        )
        rows = tuple({c.key: getattr(row, c.key) for c in columns} for row in self.rows)
        notes = (
            f"{self.replications} replications per setting, seed {self.seed}; coverage of 95% intervals",
            f"variances {VARIANCE:g}; with one large trial its variance is a tenth of that",
        )
        return Table(columns, rows, caption="Intervals of the mean effect when trials are few", notes=notes)

    def __str__(self) -> str:
        return self.table().to_text()

    def _repr_html_(self) -> str:
        return self.table().to_html()


def few(
    k: Sequence[int] = (2, 3, 4, 5, 10),
    tau: Sequence[float] = (0.0, 0.1, 0.3, 0.6),
    precisions: Sequence[Precisions] = ("equal", "one large"),
    *,
    replications: int = 1000,
    seed: int = 1,
) -> Calibration:
    """Draw data sets of `k` trials about mu = 0 with spread `tau`, and see which 95 % intervals hold mu.

    The draws of a setting depend on it and on `seed` only, so that any part of the grid can be run by itself; all
    methods see the same ones. Questions and settings are those of Röver et al. 2015, Friede et al. 2017 and Langan et
    al. 2019 in kind, not in number. Raises DataError for settings that cannot be simulated.

    >>> found = few(k=[3], tau=[0.0], precisions=["equal"], replications=400)
    >>> [f"{row.method} {row.coverage:.0f}" for row in found.rows][:2]
    ['Common effect 94', 'Wald 96']
    """
    if min(k, default=0) < 2 or not tau or not np.isfinite(tau).all() or min(tau) < 0 or replications < 2:
        raise DataError(
            "a calibration needs two trials or more, tau of 0 or more, and 2 replications or more"
        )
    if not set(precisions) <= set(get_args(Precisions)):
        raise DataError(
            f"precisions are {' or '.join(get_args(Precisions))}, not {', '.join(map(str, precisions))}"
        )
    settings = product(k, precisions, tau)
    rows = [
        row for size, kind, t in settings for row in _setting(int(size), float(t), kind, replications, seed)
    ]
    return Calibration(tuple(rows), replications, seed)


def _setting(k: int, tau: float, kind: Precisions, n: int, seed: int) -> list[CalibrationRow]:
    words = np.array([tau]).view(np.uint32).tolist()
    rng = np.random.default_rng([seed, k, get_args(Precisions).index(kind), *words])
    v = np.full(k, VARIANCE)
    if kind == "one large":
        v[0] /= 10
    y = np.sqrt(v + tau**2) * rng.standard_normal((n, k))
    rows = []
    for name, method in METHODS.items():
        parts = [method(part, v) for part in np.array_split(y, -(-n // BATCH))]
        low, high = (np.concatenate(ends) for ends in zip(*parts))
        share, width = float(((low <= 0) & (high >= 0)).mean()), high - low
        errors = 100 * float(np.sqrt(share * (1 - share) / n)), float(width.std(ddof=1) / np.sqrt(n))
        rows.append(
            CalibrationRow(k, tau, kind, name, 100 * share, errors[0], float(width.mean()), errors[1])
        )
    return rows
