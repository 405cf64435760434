"""Every local maximum of the (restricted) profile likelihood of tau2, found with a guarantee.

With s = log((tau2 + a)/a), a the smallest v, let L(s) = log(y'PPy/tr P) (ML: over sum w); its sign is that of the
score. Because 0 <= P <= 1/(tau2 + a), the slope of L lies in [-2, 1] and its curvature in [-0.75, 1.25], whatever
the data (Cauchy-Schwarz on y'P^jy and tr P^j). So a coarse grid already proves where L has no root, or just one; the
few intervals left in doubt are halved until they are settled, and Newton's method on L ends with a known error.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bupmeta.kernels.weighted import CHUNK, FloatArray, IntArray, Studies, total

__all__ = ["highest", "local_maxima", "nearest"]

Intervals = tuple[NDArray[Any], ...]
"""Data set, left and right end in s, and L at both."""

STEP = 0.5
"""Widest spacing of the grid in s: twice the evaluations of 1.0, but next to nothing is left in doubt."""
CURVATURE = 1.25
FINEST = 2.0**-9
"""Width in s at which halving ends: what it could still miss is worth less than k * 1e-9 of log-likelihood."""
TOLERANCE = 1e-12
"""Relative error of s at which Newton's method ends."""


def log_ratio(d: Studies, tau2: FloatArray, restricted: bool) -> FloatArray:
    """Return L = log(y'PPy/tr P), for ML log(y'PPy/sum w), shaped as `tau2`."""
    x = d.v + tau2
    w = d.m / x
    w1 = total(w)
    r = d.y - total(w * d.y) / w1
    w /= x
    aim = w1 - total(w) / w1 if restricted else w1
    r *= r
    r *= w
    out: FloatArray = np.log(total(r) / aim)
    return out


def log_ratio_and_slope(
    d: Studies, tau2: FloatArray, low: FloatArray, restricted: bool
) -> tuple[FloatArray, FloatArray]:
    """Return L and dL/ds = (tau2 + a)(tr PP/tr P - 2 y'PPPy/y'PPy)."""
    x = d.v + tau2
    w = d.m / x
    w1 = total(w)
    r = d.y - total(w * d.y) / w1
    w /= x
    w2 = total(w)
    wr = w * r
    s2 = total(wr)
    wr *= r
    p2 = total(wr)
    wr /= x
    p3 = total(wr) - s2 * s2 / w1
    if restricted:
        w /= x
        ratio = w2 / w1
        p, pp = w1 - ratio, w2 - 2 * total(w) / w1 + ratio * ratio
    else:
        p, pp = w1, w2
    return np.log(p2 / p), (tau2 + low) * (pp / p - 2 * p3 / p2)


def profile(d: Studies, tau2: FloatArray, restricted: bool) -> FloatArray:
    """Return the log-likelihood at the best mu, without its constant."""
    x = d.v + tau2
    w = d.m / x
    w1 = total(w)
    r = d.y - total(w * d.y) / w1
    out = total(d.m * np.log(x)) + total(w * r * r)
    return -0.5 * (out + np.log(w1) if restricted else out)


def reach(d: Studies, restricted: bool) -> tuple[FloatArray, FloatArray]:
    """Return a, the smallest v present, and an s beyond which L is never positive.

    y'PPy <= SS/(tau2 + a)^2 and tr P >= (k - 1)/(tau2 + b), b the largest v, so L > 0 needs
    u^2 < s2 (u + b - a) at u = tau2 + a, with s2 = SS/(k - 1).
    """
    here = d.m > 0
    low = np.minimum.reduce(np.where(here, d.v, np.inf), axis=0, initial=np.inf)
    high = np.maximum.reduce(np.where(here, d.v, 0.0), axis=0, initial=0.0)
    df = d.k - 1 if restricted else d.k
    r = d.y - total(d.m * d.y) / d.k
    r *= r
    s2 = total(d.m * r) / df
    top = 0.5 * (s2 + np.sqrt(s2 * (s2 + 4 * (high - low))))
    span = np.log(top / low)
    low = low if low.size == d.k.size else np.repeat(low, d.k.size)
    return low, np.where((df > 0) & (span > 0) & (span < np.inf), span, 0.0)


def in_doubt(width: FloatArray, left: FloatArray, right: FloatArray) -> NDArray[np.bool_]:
    """Return where an interval of that width may hide two more roots, given L at both ends.

    Between its ends L keeps within CURVATURE/2 x (width - x) of the chord, and its slope within CURVATURE width.
    """
    bend = 0.5 * CURVATURE * width * width
    change = np.abs(right - left)
    near = np.minimum(np.abs(right), np.abs(left))
    hidden = (change < bend) & (4 * bend * near < (bend - change) ** 2)
    return np.where((left > 0) == (right > 0), hidden, change < 2 * bend)


def local_maxima(d: Studies, restricted: bool) -> tuple[IntArray, FloatArray]:
    """Return each local maximum as (data set, tau2): 0 is one where the score there is not positive."""
    low, span = reach(d, restricted)
    count = 2 + int(span.max(initial=0.0) / STEP)
    s = np.linspace(0.0, 1.0, count)[:, None] * span
    ratio = _on_grid(d, low * np.expm1(s), restricted)
    np.minimum(ratio[-1], 0.0, out=ratio[-1])
    up = ratio > 0
    doubt = in_doubt(span / (count - 1), ratio[:-1], ratio[1:])
    brackets = [_pick(up[:-1] & ~up[1:] & ~doubt, s, ratio)]
    if doubt.any():
        brackets += _settle(d, low, _pick(doubt, s, ratio), restricted)
    column, a, b, at_a, at_b = (np.concatenate(x) for x in zip(*brackets, strict=True))
    inner = climb(d.take(column), low[column], (a, b), (at_a, at_b), restricted)
    zero = np.flatnonzero(~up[0])
    return np.concatenate([zero, column]), np.concatenate([np.zeros(zero.size), inner])


def _on_grid(d: Studies, tau2: FloatArray, restricted: bool) -> FloatArray:
    """Return L on a `(T, n)` grid, in as few calls as the cache allows."""
    lifted = Studies(d.y[:, None], d.v[:, None], d.m[:, None], d.k, d.origin)
    rows = max(1, CHUNK // max(1, len(d.y) * tau2.shape[1]))
    return np.concatenate(
        [log_ratio(lifted, tau2[i : i + rows], restricted) for i in range(0, len(tau2), rows)]
    )


def _pick(which: NDArray[np.bool_], s: FloatArray, ratio: FloatArray) -> Intervals:
    left, column = np.nonzero(which)
    return column, s[left, column], s[left + 1, column], ratio[left, column], ratio[left + 1, column]


def _settle(d: Studies, low: FloatArray, queue: Intervals, restricted: bool) -> list[Intervals]:
    """Return the brackets of a maximum inside intervals that are in doubt."""
    done: list[Intervals] = []
    while queue[0].size:
        column, a, b, at_a, at_b = queue
        middle = 0.5 * (a + b)
        at_middle = log_ratio(d.take(column), low[column] * np.expm1(middle), restricted)
        halves = (column, a, middle, at_a, at_middle), (column, middle, b, at_middle, at_b)
        column, a, b, at_a, at_b = queue = tuple(np.concatenate(x) for x in zip(*halves, strict=True))
        doubt = in_doubt(b - a, at_a, at_b) & (b - a > FINEST)
        bracket = (at_a > 0) & (at_b <= 0) & ~doubt
        done.append(tuple(x[bracket] for x in queue))
        queue = tuple(x[doubt] for x in queue)
    return done


def climb(
    d: Studies,
    low: FloatArray,
    ends: tuple[FloatArray, FloatArray],
    heights: tuple[FloatArray, FloatArray],
    restricted: bool,
) -> FloatArray:
    """Return the tau2 inside each bracket in s where L falls through 0, by Newton's method kept inside it."""
    (a, b), (at_a, at_b) = ends, heights
    share = at_a / (at_a - at_b)
    s = a + (b - a) * np.where(share < 1, share, 0.5)
    first, out, active = low, s.copy(), np.arange(s.size)
    for _ in range(80):
        ratio, slope = log_ratio_and_slope(d, low * np.expm1(s), low, restricted)
        up = ratio > 0
        a, b = np.where(up, s, a), np.where(up, b, s)
        step = ratio / slope
        new = s - step
        inside = (new >= a) & (new <= b)
        new = np.where(inside, new, 0.5 * (a + b))
        error = 0.5 * CURVATURE * step * step
        going = ~(inside & (error <= TOLERANCE * new * np.abs(slope))) & (b - a > 1e-15 * b)
        out[active] = s = new
        left = np.count_nonzero(going)
        if not left:
            break
        if 2 * left < going.size:
            keep = np.flatnonzero(going)
            d, low, a, b, s, active = d.take(keep), low[keep], a[keep], b[keep], s[keep], active[keep]
    return first * np.expm1(out)


def highest(d: Studies, restricted: bool) -> tuple[FloatArray, IntArray]:
    """Return the tau2 of the highest local maximum and the number of local maxima, per data set."""
    column, tau2 = local_maxima(d, restricted)
    count = np.bincount(column, minlength=d.k.size)
    best = np.zeros(d.k.size)
    best[column] = tau2
    rival = np.flatnonzero(count[column] > 1)
    if rival.size:
        height = profile(d.take(column[rival]), tau2[rival], restricted)
        order = np.argsort(height, kind="stable")
        best[column[rival][order]] = tau2[rival][order]
    return best, count


def nearest(d: Studies, restricted: bool) -> FloatArray:
    """Return the first maximum above tau2 = 0, or 0 where the score there is not positive."""
    low, span = reach(d, restricted)
    ratio = np.broadcast_to(log_ratio(d, np.zeros(d.k.shape), restricted), d.k.shape)
    column = np.flatnonzero((ratio > 0) & (span > 0))
    start, width, tau2 = ratio[column], span[column], np.zeros(d.k.shape)
    guess = np.minimum(start - width, -0.25)
    ends = np.zeros(column.size), width
    tau2[column] = climb(d.take(column), low[column], ends, (start, guess), restricted)
    return tau2
