"""Maximum likelihood of random-effects models of 2x2 tables, for one data set or for many that leave trials out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bupmeta.kernels.glmm import Contributions
from bupmeta.kernels.newton import Likelihood, Maximum, maximise, profile_limit
from bupmeta.kernels.weighted import FloatArray, IntArray

__all__ = ["SPREADS", "TableFit", "fit_tables", "refit_tables"]

SPREADS = (0.0, 0.1, 0.3, 1.0, 2.5)  # where climbs start: tau = 0 is stationary, so that climb stays there
AT_ZERO = 1e-4  # a tau below it is 0: the likelihood is even in tau


@dataclass(frozen=True, slots=True)
class TableFit:
    """The highest maximum `x`, (P,), of a likelihood whose parameters begin with mu and a spread."""

    likelihood: Likelihood
    x: FloatArray
    height: float
    se: float
    se_spread2: float | None
    slope: float  # of the log-likelihood in spread^2
    common_mu: float
    common_se: float
    common_height: float  # with spread 0
    converged: bool  # a further Newton step would gain less than 1e-6
    optima: tuple[float, ...]  # spread^2 of the local maxima, the highest first

    def limit(self, j: int, drop: float, first: float, floor: float = -np.inf) -> float:
        """Return a profile limit of parameter `j`, see `newton.profile_limit`."""
        return profile_limit(self.likelihood, self.x, self.height, j, drop, first, floor)

    def deviance_without_effect(self) -> float:
        """Return twice the fall of the log-likelihood at mu = 0, maximised over the rest."""
        point = self.x.copy()
        point[0] = 0.0
        start = np.array([_spread(point, s) for s in (point[1], *SPREADS)])
        below = maximise(self.likelihood, start, [i for i in range(self.x.size) if i != 0])
        return max(2 * (self.height - float(below.height.max())), 0.0)


def fit_tables(contributions: Contributions, start: FloatArray) -> TableFit:
    """Climb from several spreads and take the highest maximum; `start` is (P,), its spread is not used."""

    def likelihood(x: FloatArray, _rows: IntArray) -> FloatArray:
        out: FloatArray = contributions(x.reshape(-1, x.shape[-1])).sum(-1).reshape(x.shape[:-1])
        return out

    found = maximise(likelihood, np.array([_spread(start, s) for s in SPREADS]))
    best = int(found.height.argmax())
    zero = abs(found.x[best, 1]) < AT_ZERO
    best = 0 if zero else best
    x = _spread(found.x[best], 0.0 if zero else abs(float(found.x[best, 1])))
    free = [i for i in range(start.size) if not (zero and i == 1)]
    curvature = float(found.information[best, 1, 1])
    slope = found.gradient[best][free]
    gain = float(slope @ np.linalg.pinv(found.information[best][np.ix_(free, free)]) @ slope)
    return TableFit(
        likelihood=likelihood,
        x=x,
        height=float(found.height[best]),
        se=float(np.sqrt(found.take([best]).variance(0, free)[0])),
        se_spread2=None if zero else float(2 * x[1] * np.sqrt(found.take([best]).variance(1)[0])),
        # at 0 the slope in spread^2 is half the curvature in spread
        slope=-curvature / 2 if zero else float(found.gradient[best, 1] / (2 * found.x[best, 1])),
        common_mu=float(found.x[0, 0]),
        common_se=float(np.sqrt(found.take([0]).variance(0, [i for i in range(start.size) if i != 1])[0])),
        common_height=float(found.height[0]),
        converged=abs(gain) < 1e-6,
        optima=_optima(found, best),
    )


def refit_tables(contributions: Contributions, start: FloatArray, m: FloatArray) -> tuple[FloatArray, ...]:
    """Return mu, its standard error and spread^2 of the data sets `m` (B, K), each climbed to from two spreads."""
    spreads = (0.0, max(abs(float(start[1])), 0.3))
    starts = np.array([_spread(start, s) for s in spreads])
    weight = np.repeat(m, len(spreads), axis=0)

    def likelihood(x: FloatArray, rows: IntArray) -> FloatArray:
        each = contributions(x.reshape(-1, x.shape[-1])).reshape(*x.shape[:-1], -1)
        out: FloatArray = np.einsum("bsk,bk->bs", each, weight[rows])
        return out

    found = maximise(likelihood, np.tile(starts, (len(m), 1)))
    height = found.height.reshape(len(m), -1)
    best = height.argmax(-1) + np.arange(len(m)) * len(spreads)
    zero = np.abs(found.x[best, 1]) < AT_ZERO
    var = np.empty(len(m))
    for rows, free in ((zero, [i for i in range(start.size) if i != 1]), (~zero, None)):
        var[rows] = found.take(best[rows]).variance(0, free)
    return found.x[best, 0], np.sqrt(var), np.where(zero, 0.0, found.x[best, 1] ** 2)


def _spread(x: FloatArray, spread: float) -> FloatArray:
    out = x.copy()
    out[1] = spread
    return out


def _optima(found: Maximum, best: int) -> tuple[float, ...]:
    """Return spread^2 of the distinct maxima; a climb that ended at a saddle is none."""
    out = [float(found.x[best, 1] ** 2)]
    for i in np.argsort(-found.height):
        curvature = float(found.information[i, 1, 1])
        spread2 = float(found.x[i, 1] ** 2)
        if curvature > 0 and all(abs(spread2 - other) > 1e-3 * (1 + other) for other in out):
            out.append(spread2)
    return tuple(0.0 if value < AT_ZERO**2 else value for value in out)
