"""Profile-likelihood intervals of tau2 and of mu, for one data set."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import chdtri, ndtr

from bupmeta.kernels.likelihood import log_likelihood, optima
from bupmeta.kernels.solve import root
from bupmeta.kernels.weighted import FloatArray

__all__ = ["mu_limits", "mu_statistic", "tau2_limits"]

STEP = 0.1
"""Spacing of the search in log(tau2 + smallest v)."""


def tau2_limits(y: FloatArray, v: FloatArray, level: float, *, restricted: bool) -> tuple[float, float]:
    """Return the ends of the set of tau2 whose (restricted) log-likelihood is within chi2_1(level)/2 of the top.

    Where the likelihood has several maxima the set may fall apart; these are its outermost ends. Hardy & Thompson
    1996, Stat. Med. 15, 619; Viechtbauer 2007, Stat. Med. 26, 37.

    >>> low, high = tau2_limits(np.array([0.1, 0.5, 1.4]), np.array([0.04, 0.05, 0.04]), 0.95, restricted=True)
    >>> round(low, 4), round(high, 4)
    (0.0611, 7.782)
    """
    tops = optima(y, v, kind="REML" if restricted else "ML")
    cut = max(top.log_likelihood for top in tops) - chdtri(1, 1 - level) / 2

    def above(tau2: FloatArray) -> FloatArray:
        out: FloatArray = log_likelihood(y, v, tau2=tau2, restricted=restricted) - cut
        return out

    unit, last = float(v.min()), max(float(v.max()), *(top.tau2 for top in tops))
    while above(np.array([last]))[0] >= 0:
        last *= 4
    count = 2 + int(np.log1p(last / unit) / STEP)
    grid = unit * np.expm1(np.linspace(0, np.log1p(last / unit), count))
    grid = np.unique(np.append(grid, [top.tau2 for top in tops]))
    inside = np.flatnonzero(above(grid) >= 0)
    first, end = int(inside[0]), int(inside[-1])
    low = root(above, grid[[max(first - 1, 0)]], grid[[first]])[0] if first else 0.0
    return float(low), float(root(above, grid[[end]], grid[[end + 1]])[0])


def mu_limits(y: FloatArray, v: FloatArray, level: float) -> tuple[float, float]:
    """Return the ends of the profile-likelihood set of mu (maximum likelihood; Hardy & Thompson 1996, eq. 7).

    At fixed tau2 the log-likelihood is a parabola in mu, so the set is the union over tau2 of
    mu(tau2) -+ sqrt(2 (ll(tau2) - cut)/sum w): its ends are maxima over tau2 alone.

    >>> [round(x, 4) for x in mu_limits(np.array([0.1, 0.5, 1.4]), np.array([0.04, 0.05, 0.04]), 0.95)]
    [-0.2148, 1.5491]
    """
    tops = optima(y, v, kind="ML")
    cut = max(top.log_likelihood for top in tops) - chdtri(1, 1 - level) / 2
    low, high = tau2_limits(y, v, level, restricted=False)

    def end(sign: float) -> Callable[[FloatArray], FloatArray]:
        def at(tau2: FloatArray) -> FloatArray:
            w = 1 / (v + tau2[:, None])
            room = np.maximum(2 * (log_likelihood(y, v, tau2=tau2, restricted=False) - cut), 0.0)
            out: FloatArray = sign * (w @ y) / w.sum(-1) + np.sqrt(room / w.sum(-1))
            return out

        return at

    unit = float(v.min())
    return -_highest(end(-1.0), low, high, unit), _highest(end(1.0), low, high, unit)


def mu_statistic(y: FloatArray, v: FloatArray) -> tuple[float, float]:
    """Return the signed root of the likelihood ratio for mu = 0 and its two-sided normal p."""
    best = max(optima(y, v, kind="ML"), key=lambda top: top.log_likelihood)

    def null(tau2: FloatArray) -> FloatArray:
        return log_likelihood(y, v, tau2=tau2, mu=np.zeros(tau2.shape), restricted=False)

    top = max(float((y * y).max()), 1e-300)  # no score is positive above the largest square
    drop = max(best.log_likelihood - _highest(null, 0.0, top, float(v.min())), 0.0)
    w = 1 / (v + best.tau2)
    statistic = float(np.sign(w @ y) * np.sqrt(2 * drop))
    return statistic, float(2 * ndtr(-abs(statistic)))


def _highest(f: Callable[[FloatArray], FloatArray], low: float, high: float, unit: float) -> float:
    """Return the maximum of `f` on [low, high]: a grid in log(tau2 + unit), then closer ones around its best."""
    a, b = np.log1p(low / unit), np.log1p(high / unit)
    points = 33 + int((b - a) / STEP)
    for _ in range(9):
        x = np.linspace(a, b, points)
        values = f(unit * np.expm1(x))
        at = int(values.argmax())
        a, b = x[max(at - 1, 0)], x[min(at + 1, points - 1)]
        points = 33
    return float(values.max())
