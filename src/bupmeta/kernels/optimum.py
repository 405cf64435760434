"""Every local maximum of the (restricted) profile likelihood of tau2, and the highest of them."""

from __future__ import annotations

import numpy as np

from bupmeta.kernels.weighted import FloatArray, IntArray, Studies, total

__all__ = ["highest", "local_maxima"]

STEP = 0.25
"""Spacing of the search grid in log(tau2 + smallest v): every feature of the likelihood is wider."""


def balance(d: Studies, tau2: FloatArray, restricted: bool) -> tuple[FloatArray, FloatArray]:
    """Return y'PPy and its expectation (tr P, or sum w for ML): the score is half their difference."""
    u = 1.0 / (d.v + tau2)
    w = d.m * u
    w1 = total(w)
    r = d.y - total(w * d.y) / w1
    w *= u
    w2 = total(w)
    return total(w * r * r), w1 - w2 / w1 if restricted else w1


def balance_and_slope(d: Studies, tau2: FloatArray, restricted: bool) -> tuple[FloatArray, FloatArray]:
    """Return g = expectation/y'PPy - 1, which is negative where the score is positive, and dg/dtau2."""
    u = 1.0 / (d.v + tau2)
    w = d.m * u
    w1 = total(w)
    r = d.y - total(w * d.y) / w1
    w *= u
    w2, s2, r2 = total(w), total(w * r), r * r
    q2 = total(w * r2)
    w *= u
    cubic = total(w * r2) - s2 * s2 / w1  # y'PPPy
    if restricted:
        aim, fall = w1 - w2 / w1, w2 - 2 * total(w) / w1 + (w2 / w1) ** 2
    else:
        aim, fall = w1, w2
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = aim / q2
        return ratio - 1, (2 * cubic * ratio - fall) / q2


def profile(d: Studies, tau2: FloatArray, restricted: bool) -> FloatArray:
    """Return the log-likelihood at the best mu, without its constant."""
    x = d.v + tau2
    w = d.m / x
    w1 = total(w)
    r = d.y - total(w * d.y) / w1
    out = total(d.m * np.log(x)) + total(w * r * r)
    return -0.5 * (out + np.log(w1) if restricted else out)


def upper_end(d: Studies, restricted: bool) -> tuple[FloatArray, FloatArray]:
    """Return the smallest v present and a tau2 beyond which the score is never positive.

    y'PPy <= SS/(tau2 + min v)^2 and tr P >= (k - 1)/(tau2 + max v), so a positive score needs
    u^2 <= s2 (u + max v - min v) at u = tau2 + min v, with s2 = SS/(k - 1).
    """
    here = d.m > 0
    low = np.min(np.where(here, d.v, np.inf), axis=0)
    high = np.max(np.where(here, d.v, 0.0), axis=0)
    r = d.y - total(d.m * d.y) / d.k
    ss = total(d.m * r * r)
    df = d.k - 1 if restricted else d.k
    s2 = np.divide(ss, df, out=np.zeros(d.k.shape), where=df > 0)
    top = 0.5 * (s2 + np.sqrt(s2 * s2 + 4 * s2 * (high - low)))
    return np.broadcast_to(low, top.shape), np.maximum(top - low, 0.0)


def local_maxima(d: Studies, restricted: bool) -> tuple[IntArray, FloatArray]:
    """Return each local maximum as (data set, tau2): 0 is one where the score there is not positive."""
    low, top = upper_end(d, restricted)
    span = np.log1p(top / low)
    count = 1 + max(2, int(np.ceil(span.max(initial=0.0) / STEP)))
    grid = low * np.expm1(np.linspace(0.0, 1.0, count)[:, None] * span)
    rising = np.empty(grid.shape, dtype=bool)
    for j, t in enumerate(grid):
        have, aim = balance(d, t, restricted)
        rising[j] = have > aim
    rising[-1] = False
    left, column = np.nonzero(rising[:-1] & ~rising[1:])
    found = refine(d.take(column), grid[left, column], grid[left + 1, column], restricted)
    zero = np.flatnonzero(~rising[0])
    return np.concatenate([zero, column]), np.concatenate([np.zeros(zero.size), found])


def refine(d: Studies, low: FloatArray, high: FloatArray, restricted: bool) -> FloatArray:
    """Return the maximum inside each bracket: Newton's method, halving where it would leave."""
    tau2 = 0.5 * (low + high)
    for _ in range(100):
        g, slope = balance_and_slope(d, tau2, restricted)
        low, high = np.where(g < 0, tau2, low), np.where(g < 0, high, tau2)
        with np.errstate(divide="ignore", invalid="ignore"):
            new = tau2 - g / slope
        new = np.where((new >= low) & (new <= high), new, 0.5 * (low + high))
        step = np.abs(new - tau2)
        tau2 = new
        if not (step > 1e-13 * tau2).any():
            break
    return tau2


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
