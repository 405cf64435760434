"""The top of the all-evidence likelihood in mu and tau2, found reliably.

Given tau2 the log-likelihood is concave in mu, so Newton's method kept inside a bracket finds its top. Over tau2 the
slope of the profile is followed on a grid in s = log(1 + tau2/a), a the smallest v; every fall through 0 is refined by
Newton's method in (mu, tau2), and the highest of these maxima and tau2 = 0 is taken.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import xlog1py, xlogy

from bupmeta.kernels.censored_terms import Contributions, Terms, terms
from bupmeta.kernels.weighted import FloatArray, IntArray, total

__all__ = ["Tops", "ceiling", "highest", "local_tops", "middles", "scale", "top_mu"]

STEP = 0.5
"""Spacing of the grid in s."""
NOISE = 1e-13
"""A slope in s below this, per trial, is rounding."""


def middles(d: Contributions) -> FloatArray:
    """Return one finite point per trial: its estimate, the middle of its interval, or its finite end."""
    return 0.5 * (
        np.where(np.isinf(d.lower), d.upper, d.lower) + np.where(np.isinf(d.upper), d.lower, d.upper)
    )


def scale(d: Contributions) -> tuple[FloatArray, FloatArray]:
    """Return the smallest v of each data set and a tau2 that is large beside all its numbers."""
    here = d.m > 0
    ends = np.stack([np.where(here & np.isfinite(x), x, np.nan) for x in (d.lower, d.upper)])
    high = np.fmax.reduce(np.fmax.reduce(ends, axis=0), axis=0, initial=-np.inf)
    low = np.fmin.reduce(np.fmin.reduce(ends, axis=0), axis=0, initial=np.inf)
    smallest = np.minimum.reduce(np.where(here, d.v, np.inf), axis=0, initial=np.inf)
    largest = np.maximum.reduce(np.where(here, d.v, 0.0), axis=0, initial=0.0)
    return smallest, (high - low) ** 2 + largest


def ceiling(d: Contributions, common: bool = False) -> FloatArray:
    """Return the limit of the log-likelihood far away (mu, tau2 or both): -inf unless every trial is one-sided.

    As tau2 grows Y > 0 has some probability p whatever the finite ends, and the best p is the share of trials open
    above. With tau2 = 0 (`common`) there is a limit only if all are open on the same side, and it is 0.
    """
    above, below = total(np.where(d.upper == np.inf, d.m, 0.0)), total(np.where(d.lower == -np.inf, d.m, 0.0))
    p = above / d.k
    if common:
        p = np.where(above * below > 0, np.nan, p)
    return np.where((above + below >= d.k) & (p == p), xlogy(above, p) + xlog1py(below, -p), -np.inf)


def top_mu(d: Contributions, tau2: FloatArray, mu: FloatArray, tolerance: float = 1e-12) -> FloatArray:
    """Return the mu that maximises the likelihood at each tau2, from the guess `mu`; all are `(n,)`."""
    mu = np.array(mu)
    reach = np.sqrt(tau2 + scale(d)[1]) * 2
    low, high = np.full_like(mu, -np.inf), np.full_like(mu, np.inf)
    active: IntArray = np.arange(mu.size)
    for _ in range(200):
        at = mu[active]
        t = terms(d, at, tau2)
        information = np.maximum(-t.mu_mu, 1e-14 * total(d.m / (d.v + tau2)))
        step = np.clip(t.mu / information, -reach, reach)
        reach = 1.5 * reach  # where mu runs away it shall do so quickly
        low, high = np.where(t.mu > 0, at, low), np.where(t.mu < 0, at, high)
        new = at + step
        large = np.abs(step) * np.sqrt(information) > tolerance
        new = np.where(~large | (new > low) & (new < high), new, 0.5 * (low + high))
        mu[active] = new = np.where(np.isfinite(new), new, at + step)
        going = large & (np.abs(new - at) > 4e-16 * np.abs(at)) & (np.abs(at) < 1e12 * reach)
        if not going.any():
            break
        if 2 * np.count_nonzero(going) < going.size:
            keep = np.flatnonzero(going)
            d, active = d.take(keep), active[keep]
            tau2, reach, low, high = (x[keep] for x in (tau2, reach, low, high))
    return mu


def slope(
    d: Contributions, tau2: FloatArray, mu: FloatArray, free: bool
) -> tuple[Terms, FloatArray, FloatArray]:
    """Return the terms, and slope and curvature in tau2 of the profile over mu, or of the likelihood at fixed mu."""
    t = terms(d, mu, tau2)
    if not free:
        return t, t.tau2, t.tau2_tau2
    ratio = np.where(t.mu_mu < 0, t.mu_tau2 / t.mu_mu, 0.0)
    return t, t.tau2 - ratio * t.mu, t.tau2_tau2 - ratio * t.mu_tau2


class Tops(NamedTuple):
    """Local maxima, one row each: the data set, where, and the log-likelihood there."""

    column: IntArray
    mu: FloatArray
    tau2: FloatArray
    height: FloatArray


def local_tops(d: Contributions, mu: FloatArray | None = None, common: bool = False) -> Tops:
    """Return the local maxima over mu and tau2, over tau2 at a given `mu`, or with `common` at tau2 = 0 only."""
    n, free = d.k.size, mu is None
    unit, large = scale(d)
    w = d.m / d.v
    start = total(w * middles(d)) / total(w)
    at = start if mu is None else mu
    span = np.log1p(4 * (large + (at - start) ** 2) / unit)
    step = STEP if free else STEP / 2  # without a search in mu a point costs little
    count = 1 if common else 2 + int(np.max(span, initial=0.0, where=np.isfinite(span)) / step)
    s, centre, p = (np.empty((count, n)) for _ in range(3))
    for j in range(count):
        s[j] = span * (j / max(count - 1, 1))
        tau2 = unit * np.expm1(s[j])
        at = top_mu(d, tau2, at, 1e-4) if free else at
        centre[j], p[j] = at, slope(d, tau2, at, free)[1]
    up = p * (unit * np.exp(s)) > NOISE * d.k
    up[-1] = False
    left, column = np.nonzero(up[:-1] & ~up[1:])
    zero = np.flatnonzero(~up[0])
    ends = s[left, column], s[left + 1, column]
    inner = _climb(d.take(column), unit[column], *ends, centre[left, column], free)
    column = np.concatenate([zero, column])
    tau2, centres = np.concatenate([[np.zeros(zero.size), centre[0][zero]], inner], axis=1)
    here = d.take(column)
    centres = top_mu(here, tau2, centres) if free else centres
    return Tops(column, centres, tau2, terms(here, centres, tau2).value)


def highest(
    d: Contributions, mu: FloatArray | None = None, common: bool = False
) -> tuple[FloatArray, FloatArray, FloatArray, IntArray]:
    """Return mu, tau2 and the log-likelihood of the highest local maximum, and how many there are."""
    tops = local_tops(d, mu, common)
    order = np.argsort(tops.height, kind="stable")
    out = np.full((3, d.k.size), np.nan)
    out[:, tops.column[order]] = np.stack(tops[1:])[:, order]
    best_mu, tau2, height = out
    return best_mu, tau2, height, np.bincount(tops.column, minlength=d.k.size)


def _climb(
    d: Contributions, unit: FloatArray, a: FloatArray, b: FloatArray, mu: FloatArray, free: bool
) -> FloatArray:
    """Return tau2 and mu, (2, n), where the slope in s falls through 0, by Newton's method kept inside each bracket."""
    first, s = unit, 0.5 * (a + b)
    active: IntArray = np.arange(a.size)
    out = np.stack([s, mu])
    for _ in range(100):
        x = unit * np.exp(s)
        mu = top_mu(d, x - unit, mu, 1e-6) if free else mu
        t, p, bend = slope(d, x - unit, mu, free)
        a, b = np.where(p > 0, s, a), np.where(p > 0, b, s)
        step = -p / (bend * x + p)
        new = s + step
        new = np.where((new >= a) & (new <= b), new, 0.5 * (a + b))
        if free:
            shift = unit * (np.exp(new) - np.exp(s))
            mu = mu - np.where(t.mu_mu < 0, (t.mu + t.mu_tau2 * shift) / t.mu_mu, 0.0)
        going = (np.abs(new - s) > 1e-13 * np.maximum(new, 1e-300)) & (b - a > 1e-15 * b)
        s = new
        out[:, active] = s, mu
        if not going.any():
            break
        if 2 * np.count_nonzero(going) < going.size:
            keep = np.flatnonzero(going)
            d, active = d.take(keep), active[keep]
            unit, a, b, s, mu = (x[keep] for x in (unit, a, b, s, mu))
    out[0] = first * np.expm1(out[0])
    return out
