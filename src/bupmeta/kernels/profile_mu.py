"""The profile likelihood of mu: its interval and its ratio statistic, for any batch of data sets."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtri, ndtr

from bupmeta.kernels.optimum import highest, profile, reach
from bupmeta.kernels.weighted import FloatArray, Studies, chunks, total

__all__ = ["mu_limits", "mu_statistic"]

STEP = 0.1
"""Spacing of the search in s = log(1 + tau2/a), a the smallest v."""
CLOSER, ROUNDS = np.linspace(0, 1, 7), 14
"""Each round looks at seven points between the neighbours of the best: a third of the width is left."""


def mu_limits(
    y: ArrayLike, v: ArrayLike, m: ArrayLike | None = None, *, level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Return the ends of the profile-likelihood set of mu of every data set; `y`, `v`, `m` broadcast to `(..., K)`.

    At fixed tau2 the log-likelihood is a parabola in mu, so the set is the union over tau2 of
    mu(tau2) -+ sqrt(2 (ll(tau2) - cut)/sum w): its ends are maxima over tau2 alone (maximum likelihood; Hardy &
    Thompson 1996, eq. 7). Where the set falls apart these are its outermost ends.

    >>> [float(end.round(4)) for end in mu_limits([0.1, 0.5, 1.4], [0.04, 0.05, 0.04])]
    [-0.2148, 1.5491]
    """
    shape, pieces = chunks(y, v, m)
    with np.errstate(all="ignore"):
        ends = [_limits(d, float(chdtri(1, 1 - level)) / 2) for d in pieces]
    low, high = np.concatenate([np.empty((2, 0)), *ends], axis=1).reshape(2, *shape)
    return low, high


def mu_statistic(y: ArrayLike, v: ArrayLike, m: ArrayLike | None = None) -> tuple[FloatArray, FloatArray]:
    """Return the signed root of the likelihood ratio for mu = 0 and its two-sided normal p, of every data set.

    >>> [float(x.round(4)) for x in mu_statistic([0.1, 0.5, 1.4], [0.04, 0.05, 0.04])]
    [1.653, 0.0983]
    """
    shape, pieces = chunks(y, v, m)
    with np.errstate(all="ignore"):
        found = np.concatenate([np.empty(0), *map(_statistic, pieces)])
    return found.reshape(shape), np.asarray(2 * ndtr(-np.abs(found))).reshape(shape)


def _limits(d: Studies, drop: float) -> FloatArray:
    """Return both ends, (2, n)."""
    best, _ = highest(d, restricted=False)
    cut = profile(d, best, False) - drop
    unit, last = _room(d, best)
    while (going := profile(d, last, False) >= cut).any():
        last = np.where(going, 4 * last, last)

    def edge(sign: float) -> Callable[[FloatArray], FloatArray]:
        def at(tau2: FloatArray) -> FloatArray:
            x = d.v + tau2
            w = d.m / x
            w1 = total(w)
            mu = total(w * d.y) / w1
            r = d.y - mu
            room = -(total(d.m * np.log(x)) + total(w * r * r)) - 2 * cut
            out: FloatArray = sign * mu + np.sqrt(np.maximum(room, 0.0) / w1)
            return np.where(room >= -1e-12, out, -np.inf)

        return at

    ends = [sign * _highest(edge(sign), best, last, unit) + d.origin for sign in (-1.0, 1.0)]
    return np.where(d.k > 0, np.stack(ends), np.nan)


def _statistic(d: Studies) -> FloatArray:
    best, _ = highest(d, restricted=False)
    y = d.y + d.origin

    def null(tau2: FloatArray) -> FloatArray:
        x = d.v + tau2
        out: FloatArray = -0.5 * (total(d.m * np.log(x)) + total(d.m / x * y * y))
        return out

    unit, _ = _room(d, best)
    top = np.maximum.reduce(np.where(d.m > 0, y * y, 0.0), axis=0)  # no score is positive above it
    zero = np.zeros(d.k.shape)
    drop = profile(d, best, False) - _highest(null, zero, zero + top, unit)
    w = d.m / (d.v + best)
    out = np.sign(total(w * y)) * np.sqrt(2 * np.maximum(drop, 0.0))
    return np.where(d.k > 0, out, np.nan)


def _room(d: Studies, best: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the smallest variance and a tau2 beyond which the likelihood only falls."""
    unit, span = reach(d, restricted=False)
    return unit, np.maximum(np.maximum(unit * np.expm1(span), best), unit)


def _highest(
    f: Callable[[FloatArray], FloatArray], start: FloatArray, last: FloatArray, unit: FloatArray
) -> FloatArray:
    """Return the maximum of `f` over tau2 in [0, `last`]: a grid in log(tau2 + unit), then closer about its best.

    `start` is a tau2 that the grid must not miss.
    """
    span = np.log1p(last / unit)
    sound = np.where(np.isfinite(span), span, 0.0)
    count = 2 + int(sound.max(initial=0.0) / STEP)
    s = np.concatenate([np.linspace(0, 1, count)[:, None] * sound, np.log1p(start / unit)[None]])
    column = np.arange(span.size)
    values = np.array([f(unit * np.expm1(at)) for at in s])
    best = values.argmax(0)
    found: FloatArray = values[best, column]
    middle, step = s[best, column], sound / (count - 1)
    a, b = np.maximum(middle - step, 0.0), np.minimum(middle + step, sound)
    for _ in range(ROUNDS):
        x = a + CLOSER[:, None] * (b - a)
        values = np.array([f(unit * np.expm1(at)) for at in x])
        best = values.argmax(0)
        found = np.maximum(found, values[best, column])
        a, b = x[np.maximum(best - 1, 0), column], x[np.minimum(best + 1, len(x) - 1), column]
    return found
