"""Profile-likelihood intervals and the likelihood-ratio statistic when some trials are known by an interval only."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtri, xlog1py, xlogy

from bupmeta.kernels.censored import contributions
from bupmeta.kernels.censored_search import ceiling, highest, middles, scale, top_mu
from bupmeta.kernels.censored_terms import Contributions, terms
from bupmeta.kernels.solve import root
from bupmeta.kernels.weighted import FloatArray, total

__all__ = ["CensoredLimits", "censored_limits", "censored_statistic"]

STEP = 0.1
"""Spacing of the search in s = log(1 + tau2/a), a the smallest v."""


class CensoredLimits(NamedTuple):
    """Ends of the profile-likelihood intervals, each with the batch shape; an end that does not exist is infinite."""

    mu_low: FloatArray
    mu_high: FloatArray
    tau2_low: FloatArray
    tau2_high: FloatArray


def censored_limits(
    lower: ArrayLike,
    upper: ArrayLike,
    v: ArrayLike,
    m: ArrayLike | None = None,
    *,
    level: float = 0.95,
    common: bool = False,
) -> CensoredLimits:
    """Return the ends of the sets of mu and tau2 whose profile likelihood is within chi2_1(level)/2 of its supremum.

    Arguments as in `kernels.censored.censored_fit`. Where a set falls apart these are its outermost ends; a data set
    without a fit has NaN. Hardy & Thompson 1996, Stat. Med. 15, 619, for exact trials; Venzon & Moolgavkar 1988.

    >>> three = censored_limits([0.1, 0.5, 1.4], [0.1, 0.5, 1.4], [0.04, 0.05, 0.04])
    >>> [round(float(x), 4) for x in three]
    [-0.2148, 1.5491, 0.0438, 2.5634]
    """
    shape, pieces = contributions(lower, upper, v, m)
    done = [np.empty((4, 0))]
    with np.errstate(all="ignore"):
        for d, sound in pieces:
            out = np.full((4, d.k.size), np.nan)
            good = np.flatnonzero(sound & (d.k > 0))
            if good.size:
                out[:, good] = _limits(d.take(good), float(chdtri(1, 1 - level)) / 2, common)
            done.append(out)
    return CensoredLimits(*np.concatenate(done, axis=1).reshape(4, *shape))


def censored_statistic(
    lower: ArrayLike,
    upper: ArrayLike,
    v: ArrayLike,
    m: ArrayLike | None = None,
    *,
    mu: float = 0.0,
    common: bool = False,
) -> FloatArray:
    """Return the signed root of the likelihood ratio for `mu`: about standard normal when it is true.

    >>> one = censored_statistic([0.1, 0.5, 1.4], [0.1, 0.5, 1.4], [0.04, 0.05, 0.04], mu=-0.2148)
    >>> round(float(one), 2)
    1.96
    """
    shape, pieces = contributions(lower, upper, v, m)
    done = [np.empty(0)]
    with np.errstate(all="ignore"):
        for d, sound in pieces:
            best, _, height, _ = highest(d, common=common)
            limit = ceiling(d, common)
            at = np.full(d.k.size, mu)
            drop = np.maximum(height, limit) - highest(d, at, common)[2]
            # beyond every finite top the likelihood still rises: toward the side on which more trials are open
            pull = np.where(
                limit >= height, total(d.m * (np.isinf(d.upper) * 1.0 - np.isinf(d.lower))), best - at
            )
            signed = np.sign(pull) * np.sqrt(2 * np.maximum(drop, 0.0))
            done.append(np.where(sound & (d.k > 0), signed, np.nan))
    return np.concatenate(done).reshape(shape)


def _limits(d: Contributions, drop: float, common: bool) -> FloatArray:
    mu, tau2, height, _ = highest(d, common=common)
    cut = np.maximum(height, ceiling(d, common)) - drop
    low, high = (tau2, tau2) if common else _tau2_limits(d, mu, tau2, cut)
    mirrored = Contributions(-d.upper, -d.lower, d.v, d.m, d.part, d.k)
    ends = np.full((2, d.k.size), np.inf)
    for end, side in zip(ends, (mirrored, d)):
        bounded = np.flatnonzero(_limit_above(side, common) < cut)
        if bounded.size:
            end[bounded] = _upper_mu(side.take(bounded), *(x[bounded] for x in (cut, low, high)))
    return np.stack([-ends[0], ends[1], low, high])


def _tau2_limits(
    d: Contributions, mu: FloatArray, best: FloatArray, cut: FloatArray
) -> tuple[FloatArray, FloatArray]:
    unit, large = scale(d)
    endless = ceiling(d) >= cut
    guess = mu

    def above(tau2: FloatArray) -> FloatArray:
        nonlocal guess
        guess = top_mu(d, tau2, guess, 1e-9)
        return terms(d, guess, tau2).value - cut

    last = np.maximum(4 * large, best)
    while (going := (above(last) >= 0) & ~endless & (last < 1e30 * large)).any():
        last = np.where(going, 16 * last, last)
    span = np.log1p(last / unit)
    count = 2 + int(span.max() / STEP)
    grid = unit * np.expm1(np.linspace(0, 1, count)[:, None] * span)
    grid = np.sort(np.concatenate([grid, best[None]]), axis=0)
    guess = top_mu(d, grid[0], mu)
    inside = np.array([above(tau2) >= -1e-12 for tau2 in grid])
    column = np.arange(d.k.size)
    first, end = inside.argmax(0), len(grid) - 1 - inside[::-1].argmax(0)
    low = root(above, grid[np.maximum(first - 1, 0), column], grid[first, column])
    high = root(above, grid[end, column], grid[np.minimum(end + 1, len(grid) - 1), column])
    return np.where(first > 0, low, 0.0), np.where(endless, np.inf, high)


def _upper_mu(d: Contributions, cut: FloatArray, low: FloatArray, high: FloatArray) -> FloatArray:
    """Return the largest mu of the set: at each tau2 the outer root of a concave function, then the best tau2."""
    unit, large = scale(d)
    high = np.minimum(high, 1e8 * large)
    ends = np.log1p(np.stack([low, high]) / unit)
    count = 17 + int((ends[1] - ends[0]).max() / STEP)
    s = ends[0] + np.linspace(0, 1, count)[:, None] * (ends[1] - ends[0])
    centre = total(d.m * middles(d)) / d.k

    def edge(tau2: FloatArray) -> FloatArray:
        nonlocal centre
        centre = top_mu(d, tau2, centre, 1e-6)
        return _outer_root(d, tau2, centre, cut)

    edges = np.array([edge(unit * np.expm1(at)) for at in s])
    column, best = np.arange(d.k.size), edges.argmax(0)

    def slope(at: FloatArray) -> FloatArray:
        tau2 = unit * np.expm1(at)
        return terms(d, edge(tau2), tau2).tau2

    middle = s[best, column]
    rising = slope(middle) > 0
    a = np.where(rising, middle, s[np.maximum(best - 1, 0), column])
    b = np.where(rising, s[np.minimum(best + 1, count - 1), column], middle)
    found = edge(unit * np.expm1(root(slope, a, b, 60)))
    out: FloatArray = np.fmax(found, edges[best, column])
    return out


def _limit_above(d: Contributions, common: bool) -> FloatArray:
    """Return the limit of the profile as mu grows: as `ceiling`, with Y > 0 at least as likely as not."""
    above, below = total(np.where(d.upper == np.inf, d.m, 0.0)), total(np.where(d.lower == -np.inf, d.m, 0.0))
    p = np.maximum(0.5, above / d.k) if not common else np.where(below > 0, np.nan, 1.0)
    return np.where((above + below >= d.k) & (p == p), xlogy(above, p) + xlog1py(below, -p), -np.inf)


def _outer_root(d: Contributions, tau2: FloatArray, top: FloatArray, cut: FloatArray) -> FloatArray:
    """Return the mu >= `top` at which the likelihood meets `cut`; Newton's method, safe as it is concave there."""
    t = terms(d, top, tau2)
    room = t.value - cut
    reach = 4 * np.sqrt(tau2 + scale(d)[1])
    mu: FloatArray = top + np.minimum(
        np.sqrt(2 * np.maximum(room, 0.0) / np.maximum(-t.mu_mu, 1e-300)), reach
    )
    for _ in range(100):
        t = terms(d, mu, tau2)
        reach = 1.5 * reach
        step = np.clip(np.where(t.mu < 0, (cut - t.value) / t.mu, reach), -reach, reach)
        step = np.where(room > 1e-13 * (1 + np.abs(cut)), np.maximum(step, 0.5 * (top - mu)), top - mu)
        mu = mu + step
        if not (np.abs(step) > 1e-13 * (np.abs(mu) + np.sqrt(tau2 + d.v.min()))).any():
            break
    return mu
