"""The profile-likelihood interval of tau2, for one data set."""

from __future__ import annotations

import numpy as np
from scipy.special import chdtri

from bupmeta.kernels.likelihood import log_likelihood, optima
from bupmeta.kernels.solve import root
from bupmeta.kernels.weighted import FloatArray

__all__ = ["tau2_limits"]

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
