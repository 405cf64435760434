"""Penalised likelihood of a common odds ratio over K tables: finite whatever cells are empty, with less bias."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri, expit

from bupmeta.kernels.newton import limit
from bupmeta.kernels.table_likelihoods import log_one_plus_exp
from bupmeta.kernels.tables import Cells
from bupmeta.kernels.weighted import FloatArray

__all__ = ["Penalised", "firth"]


@dataclass(frozen=True, slots=True)
class Penalised:
    """Log odds ratio, its variance, profile limits, deviance of mu = 0, and the penalised log-likelihood."""

    mu: float
    var: float
    low: float
    high: float
    deviance: float
    height: float


def firth(t: Cells, level: float = 0.95) -> Penalised:
    """Maximise log L + log|information|/2 over mu and K study levels, and profile mu (Firth 1993; Heinze 2002).

    >>> one = Cells(*(np.array([x], float) for x in (0, 10, 5, 5)))
    >>> found = firth(one)  # one table: 1/2 added to each cell
    >>> round(found.mu, 6), round(float(np.log(0.5 * 5.5 / (10.5 * 5.5))), 6)
    (-3.044522, -3.044522)
    """
    start = np.append(np.log((t.a + t.c + 0.5) / (t.b + t.d + 0.5)), 0.0)
    top, height = _climb(t, start, fixed=False)
    s = _parts(t, top)
    var = 1 / float((s.w1 * s.w2 / (s.w1 + s.w2)).sum())
    point = top.copy()

    def deviance(mu: float) -> float:
        point[-1] = mu
        point[:], below = _climb(t, point, fixed=True)
        return 2 * (height - below)

    mu, goal = float(top[-1]), float(chdtri(1, 1 - level))
    at_null = deviance(0.0)
    ends = []
    for sign in (-1, 1):
        point[:] = top
        ends.append(limit(deviance, mu, goal, mu + sign * (goal * var) ** 0.5))
    return Penalised(mu, var, ends[0], ends[1], max(at_null, 0.0), height)


@dataclass(frozen=True, slots=True)
class _Parts:
    height: float
    w1: FloatArray
    w2: FloatArray
    levels: FloatArray
    mu: float


def _parts(t: Cells, beta: FloatArray) -> _Parts:
    """Return the penalised height, the weights of the groups, and the modified scores (Firth 1993, section 3)."""
    one, two = beta[:-1] + beta[-1] / 2, beta[:-1] - beta[-1] / 2
    p1, p2 = expit(one), expit(two)
    w1, w2 = t.n1 * p1 * (1 - p1), t.n2 * p2 * (1 - p2)
    both, about = w1 + w2, w1 * w2 / (w1 + w2)
    total = float(about.sum())
    height = t.a @ one - t.n1 @ log_one_plus_exp(one) + t.c @ two - t.n2 @ log_one_plus_exp(two)
    height += 0.5 * np.log(both).sum() + 0.5 * np.log(total)
    # leverages of the two groups: the level of the study, and what is left for mu
    h1, h2 = w1 / both + about * w2 / (both * total), w2 / both + about * w1 / (both * total)
    e1, e2 = t.a - t.n1 * p1 + h1 * (0.5 - p1), t.c - t.n2 * p2 + h2 * (0.5 - p2)
    return _Parts(float(height), w1, w2, e1 + e2, float((e1 - e2).sum()) / 2)


def _climb(t: Cells, start: FloatArray, *, fixed: bool) -> tuple[FloatArray, float]:
    """Solve the modified scores by Fisher scoring from `start`, with mu held where it is if `fixed`."""
    beta = start.copy()
    now = _parts(t, beta)
    for _ in range(500):
        both, slope = now.w1 + now.w2, (now.w1 - now.w2) / 2
        step = np.zeros_like(beta)
        if not fixed:  # information of mu once the levels are swept out
            left = (both / 4 - slope**2 / both).sum()
            step[-1] = (now.mu - (slope / both) @ now.levels) / left
        step[:-1] = (now.levels - slope * step[-1]) / both
        step /= max(1.0, float(np.abs(step).max()) / 2)
        size = float(np.abs(step).max())
        for _ in range(30):
            new = _parts(t, beta + step)
            if new.height >= now.height or size < 1e-6:
                break
            step /= 2
        beta, now = beta + step, new
        if size < 1e-10:
            break
    return beta, now.height
