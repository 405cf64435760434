"""Henmi and Copas's interval: the common-effect estimate with a width that allows for heterogeneity."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammainc

from bupmeta.kernels.solve import reach, root
from bupmeta.kernels.weighted import FloatArray

__all__ = ["HenmiCopas", "henmi_copas"]

NODES, FEW = 200, 64
"""Of the integral: as many as p near 1 and near 0 need, and as the width needs, which is settled with 48."""
SPAN = 10.0
PIECE = 2048
"""Data sets whose widths are solved together: a few arrays of three megabytes."""


class HenmiCopas(NamedTuple):
    """The common-effect estimate `mu`, its standard error, the half-width, p, and the DerSimonian-Laird `tau2`."""

    mu: FloatArray
    se: FloatArray
    half: FloatArray
    p: FloatArray
    tau2: FloatArray


def henmi_copas(y: ArrayLike, v: ArrayLike, m: ArrayLike | None = None, *, level: float = 0.95) -> HenmiCopas:
    """Return the interval of every data set; `y`, `v`, `m` broadcast to `(..., K)`, two studies or more in each.

    The width comes from the distribution of mu/se given Q, a gamma matched to its conditional moments (Henmi &
    Copas 2010, Stat. Med. 29, 2969). Where tau2 = 0 it is narrower than the common-effect interval.

    >>> result = henmi_copas([0.1, 0.5, 1.4], [0.04, 0.05, 0.04])
    >>> [round(float(x), 4) for x in result]
    [0.6786, 0.3993, 1.4533, 0.2208, 0.4312]
    """
    ya, va, ma = np.broadcast_arrays(*(np.asarray(x, dtype=float) for x in (y, v, 1.0 if m is None else m)))
    ya, va = np.where(ma > 0, ya, 0.0), np.where(ma > 0, va, 1.0)
    w = ma / va
    w1 = w.sum(-1)
    w2, w3, w4 = ((w / va ** (j - 1)).sum(-1) / w1 for j in (2, 3, 4))
    mu = (w * ya).sum(-1) / w1
    df = ma.sum(-1) - 1
    q = (w * (ya - mu[..., None]) ** 2).sum(-1)
    tau2 = np.maximum(0.0, (q - df) / (w1 - w2))
    vr = 1 + tau2 * w2
    se = np.sqrt(vr / w1)
    unit = se * np.sqrt(vr)
    # data sets of the same variances and tau2 (mostly 0) have the same width
    kinds, which = np.unique(
        np.stack([x.ravel() for x in (df, tau2, w1, w2, w3, w4)], axis=-1), axis=0, return_inverse=True
    )
    which, seen, aim = which.ravel(), (np.abs(mu) / unit).ravel(), (1 - level) / 2
    t, p = np.empty(len(kinds)), np.empty(len(which))
    for i in range(0, len(kinds), PIECE):
        tail = _tail(kinds[i : i + PIECE], FEW)
        ones = np.ones(len(kinds[i : i + PIECE]))
        far = reach(lambda t: aim - tail(t), ones)  # noqa: B023 - used at once
        t[i : i + PIECE] = root(lambda t: aim - tail(t), 1e-9 * ones, far)  # noqa: B023 - used at once
    for i in range(0, len(which), PIECE):
        at = np.maximum(seen[i : i + PIECE], 1e-9)
        p[i : i + PIECE] = 2 * _tail(kinds[which[i : i + PIECE]], NODES)(at)
    p = np.where(seen > 0, p, 1.0)
    return HenmiCopas(mu, se, unit * t[which].reshape(mu.shape), p.reshape(mu.shape), tau2)


def _tail(kinds: FloatArray, points: int) -> Callable[[FloatArray], FloatArray]:
    """Return P(U > t sd) as a function of t, for each row of df, tau2, w1, w2, w3 and w4."""
    df, tau2, w1, w2, w3, w4 = kinds.T[..., None]
    vr = 1 + tau2 * w2
    spread, third = w3 - w2**2, w4 - 2 * w2 * w3 + w2**3
    nodes, weights = _rule(points)

    def tail(t: FloatArray) -> FloatArray:
        """Integrate P(Q <= f(r/t) | R = r) dnorm(r) from t on."""
        r = t[:, None] + nodes
        excess = (r * r - 1) / vr
        mean = df + tau2 * (w1 - w2) + tau2**2 * excess * spread
        var = (
            2 * df
            + 4 * tau2 * (w1 - w2)
            + 2 * tau2**2 * (w1 * w2 - 2 * w3 + w2**2)
            + 4 * tau2**2 * excess * spread
            + 4 * tau2**3 * excess * third
            + 2 * tau2**4 * (1 - 2 * r * r) / vr**2 * spread**2
        )
        var = np.maximum(var, 1e-10 * mean * mean)  # rounding, when one study outweighs the rest 1e9 times
        with np.errstate(divide="ignore", over="ignore"):
            bound = (w1 / w2 - 1) * ((r / t[:, None]) ** 2 - 1) + df
        part = gammainc(mean**2 / var, bound * mean / var) * np.exp(-r * r / 2)
        out: FloatArray = (part * weights).sum(-1) / np.sqrt(2 * np.pi)
        return out

    return tail


@cache
def _rule(points: int) -> tuple[FloatArray, FloatArray]:
    """Gauss-Legendre nodes and weights on (0, SPAN), beyond which the normal density is below 1e-22."""
    x, w = np.polynomial.legendre.leggauss(points)
    return SPAN / 2 * (x + 1), SPAN / 2 * w
