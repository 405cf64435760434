"""Simulation: what happens to a pool when results that are not significant lose their numbers.

Two-arm trials are drawn, tested at 5 %, and each one that is not significant is printed as "not significant" only, with
a given probability. Every method then sees what a reader of the reports would see.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, ndtri, stdtrit

from bupmeta.cells import Checkpoint, Progress, run_cells
from bupmeta.errors import DataError
from bupmeta.kernels import FloatArray, fit
from bupmeta.kernels.censored import censored_fit
from bupmeta.kernels.censored_profile import censored_statistic
from bupmeta.kernels.censored_terms import truncated_normal
from bupmeta.pooling import RandomEffects, intervals
from bupmeta.table import Column, Shown, Table, Value

__all__ = ["METHODS", "MethodName", "ReportingBias", "Reports", "draw_reports", "reporting_bias"]

MethodName: TypeAlias = Literal["extractable only", "all evidence", "multiple imputation"]
SIZES = (15, 150)  # patients per arm, drawn evenly on the logarithmic scale
IMPUTATIONS = 20
LEVEL = 0.95


class Reports(NamedTuple):
    """What is printed: estimates `y`, variances `v`, bounds -+ `c` if not significant, `lost` numbers; (n, k) each.

    `s2` is the variance that the arm sizes alone give, for the trials whose estimate was not printed.
    """

    y: FloatArray
    v: FloatArray
    c: FloatArray
    s2: FloatArray
    lost: NDArray[np.bool_]


class Answers(NamedTuple):
    """The estimate of each replication and whether its interval holds the truth; NaN where there is no answer."""

    mu: FloatArray
    covered: FloatArray


def draw_reports(
    rng: np.random.Generator, n: int, k: int, mu: float, tau: float, lose: float = 0.5
) -> Reports:
    """Draw `n` sets of `k` trials with standardized mean differences about `mu`, spread `tau`.

    Hedges' g with its exact correction and v = 1/n1 + 1/n2 + g^2/(2N); p from Student's t test.

    >>> reports = draw_reports(np.random.default_rng(1), 1000, 10, mu=0.0, tau=0.0)
    >>> print(f"{reports.lost.mean():.2f}")  # half of the 95 % that are not significant
    0.47
    """
    low, high = (float(np.log(size)) for size in SIZES)
    arm = np.round(np.exp(rng.uniform(low, high, (n, k))))
    df, s2 = 2 * arm - 2, 2 / arm
    d = rng.normal(mu, tau, (n, k)) + rng.normal(0.0, np.sqrt(s2))
    t = d / np.sqrt(s2 * rng.chisquare(df) / df)
    correction = np.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / np.sqrt(df / 2)
    y = correction * t * np.sqrt(s2)
    critical = np.asarray(-stdtrit(df, 0.025), dtype=np.float64)
    lost = (np.abs(t) < critical) & (rng.random((n, k)) < lose)
    return Reports(y, s2 + y * y / (4 * arm), critical * np.sqrt(s2), s2, lost)


def _extractable(r: Reports, mu: float, _: np.random.Generator) -> Answers:
    """Pool what has numbers by REML with the HK-adhoc interval, as is usual."""
    found = fit(r.y, r.v, ~r.lost)
    some = found.k > 1
    ci = intervals(found, r.y, r.v, ~r.lost, RandomEffects())
    # one trial is reported with its own normal interval, and none leaves no answer
    wald = np.abs(found.mu - mu) <= -ndtri((1 - LEVEL) / 2) * np.sqrt(found.var)
    covered = np.where(some, (ci.low <= mu) & (mu <= ci.high), wald)
    return Answers(found.mu, np.where(found.k > 0, covered, np.nan))


def _ends(r: Reports) -> tuple[FloatArray, FloatArray, FloatArray]:
    return np.where(r.lost, -r.c, r.y), np.where(r.lost, r.c, r.y), np.where(r.lost, r.s2, r.v)


def _all_evidence(r: Reports, mu: float, _: np.random.Generator) -> Answers:
    """Let lost numbers be an interval; the profile interval holds mu where its likelihood ratio does."""
    data = _ends(r)
    statistic = censored_statistic(*data, mu=mu)
    return Answers(censored_fit(*data).mu, (np.abs(statistic) <= -ndtri((1 - LEVEL) / 2)).astype(float))


def _imputed(r: Reports, mu: float, rng: np.random.Generator) -> Answers:
    """Impute as Radua et al. 2015 do: truncated normals at the ML estimates, REML, Rubin's rules, a normal interval.

    Without the later leave-one-out protection (Albajes-Eizagirre et al. 2019), which pulls towards no effect.
    """
    lower, upper, v = _ends(r)
    ml = censored_fit(lower, upper, v)
    sd = np.sqrt(v + ml.tau2[:, None])
    draws = truncated_normal(lower, upper, ml.mu[:, None], sd, rng.random((IMPUTATIONS, *v.shape)))
    done = fit(np.where(r.lost, draws, r.y), v)
    between = done.mu.var(axis=0, ddof=1)
    se = np.sqrt(done.var.mean(axis=0) + (1 + 1 / IMPUTATIONS) * between)
    estimate = done.mu.mean(axis=0)
    return Answers(estimate, (np.abs(estimate - mu) <= -ndtri((1 - LEVEL) / 2) * se).astype(float))


#: What is done with the reports; a new method is a function and a row here.
METHODS: dict[MethodName, Callable[[Reports, float, np.random.Generator], Answers]] = {
    "extractable only": _extractable,
    "all evidence": _all_evidence,
    "multiple imputation": _imputed,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One method in one setting: bias, root mean squared error and coverage with their Monte Carlo standard errors."""

    k: int
    tau: float
    mu: float
    silent: float
    method: MethodName
    bias: float
    bias_se: float
    rmse: float
    coverage: float
    coverage_se: float
    answered: float


@dataclass(frozen=True, slots=True)
class ReportingBias(Shown):
    """Every method in every setting. Percent: `silent` (of trials), `coverage`, `answered` (of replications)."""

    rows: tuple[Row, ...]
    replications: int
    lose: float
    seed: int

    def select(self, method: MethodName | None = None, **setting: float) -> tuple[Row, ...]:
        """Give the rows of one method or setting, such as mu=0.3."""
        wanted: dict[str, object] = {**setting, **({"method": method} if method else {})}
        return tuple(row for row in self.rows if all(getattr(row, name) == x for name, x in wanted.items()))

    def table(self) -> Table:
        """Show one row per setting and method."""
        columns = (
            Column("k", "Trials", "integer"),
            Column("mu", "True effect", "number"),
            Column("tau", "τ", "number", 1),
            Column("silent", "Without numbers", "percent", 0),
            Column("method", "Method"),
            Column("bias", "Bias", "number", 3),
            Column("bias_se", "MC SE", "number", 4),
            Column("rmse", "RMSE", "number", 3),
            Column("coverage", "Coverage", "percent", 1),
            Column("coverage_se", "MC SE", "number", 1),
            Column("answered", "Answered", "percent", 1),
        )
        rows: list[dict[str, Value]] = [{c.key: getattr(row, c.key) for c in columns} for row in self.rows]
        title = f"Results that are not significant lose their numbers with probability {self.lose:g}"
        note = f"{self.replications} replications per setting, seed {self.seed}; coverage of 95 % intervals"
        return Table(columns, tuple(rows), caption=title, notes=(note,))


def reporting_bias(
    k: Sequence[int] = (5, 10, 20),
    tau: Sequence[float] = (0.0, 0.1, 0.2, 0.3),
    mu: Sequence[float] = (0.0, 0.3, 0.5),
    *,
    replications: int = 1000,
    lose: float = 0.5,
    seed: int = 1,
    executor: Executor | None = None,
    checkpoint: str | Path | None = None,
    progress: Progress | None = None,
) -> ReportingBias:
    """Compare the methods in every combination of `k` trials, spread `tau` and effect `mu` (SMD).

    The draws of a setting depend on it and on `seed` only, and all methods see the same reports. `executor`,
    `checkpoint` and `progress` are those of `calibration.few`. Raises DataError for settings that cannot be simulated.

    >>> found = reporting_bias(k=[10], tau=[0.1], mu=[0.3], replications=200)
    >>> [f"{row.method} {row.bias:.3f}" for row in found.rows][:2]
    ['extractable only 0.053', 'all evidence -0.005']
    """
    if min(k, default=0) < 1 or min(tau, default=-1) < 0 or not mu or replications < 2 or not 0 <= lose <= 1:
        raise DataError(
            "a simulation needs k of 1 or more, tau of 0 or more, 2 replications or more and a probability to lose"
        )
    if not np.isfinite([*tau, *mu]).all():
        raise DataError("tau and mu must be finite")
    settings = [(int(size), float(spread), float(effect)) for size, spread, effect in product(k, tau, mu)]
    what = {"simulation": "reporting-bias", "replications": replications, "seed": seed, "lose": lose}
    rows = run_cells(
        {
            "k={}, tau={!r}, mu={!r}".format(*s): partial(_setting, *s, replications, lose, seed)
            for s in settings
        },
        Row,
        executor=executor,
        checkpoint=None if checkpoint is None else Checkpoint(checkpoint, what),
        progress=progress,
    )
    return ReportingBias(tuple(rows), replications, lose, seed)


def _setting(k: int, tau: float, mu: float, n: int, lose: float, seed: int) -> list[Row]:
    words = [k, *np.array([tau, mu, lose]).view(np.uint32).tolist()]
    rng, more = (np.random.default_rng(s) for s in np.random.SeedSequence([seed, *words]).spawn(2))
    reports = draw_reports(rng, n, k, mu, tau, lose)
    rows = []
    for name, method in METHODS.items():
        estimate, covered = method(reports, mu, more)
        there = np.isfinite(estimate) & np.isfinite(covered)
        error, share, count = estimate[there] - mu, float(covered[there].mean()), int(there.sum())
        rows.append(
            Row(
                k,
                tau,
                mu,
                100 * float(reports.lost.mean()),
                name,
                float(error.mean()),
                float(error.std(ddof=1) / np.sqrt(count)),
                float(np.sqrt((error**2).mean())),
                100 * share,
                100 * float(np.sqrt(share * (1 - share) / count)),
                100 * count / n,
            )
        )
    return rows
