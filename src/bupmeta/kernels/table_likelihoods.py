"""What one 2x2 table says about its log odds ratio: conditional likelihoods, exact and approximate."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, gammaln, xlogy

from bupmeta.kernels.quadrature import Terms
from bupmeta.kernels.tables import Cells
from bupmeta.kernels.weighted import FloatArray

__all__ = ["approximate", "exact", "log_choose", "log_one_plus_exp", "saturated"]


def log_choose(n: FloatArray, k: FloatArray) -> FloatArray:
    """Return log of n over k."""
    out: FloatArray = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return out


def log_one_plus_exp(x: FloatArray) -> FloatArray:
    """Return log(1 + exp(x)) without overflow."""
    return np.logaddexp(0.0, x)


def approximate(t: Cells) -> Terms:
    """Return the binomial likelihood of events in group 1 among all events, right for rare events (CM.AL).

    Stijnen, Hamza & Ozdemir 2010, Stat. Med. 29, 3046, section 3.3.
    """
    events, offset = t.a + t.c, np.log(t.n1 / t.n2)
    constant = log_choose(events, t.a)

    def terms(theta: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        x = theta + offset
        p = expit(x)
        return constant + t.a * x - events * log_one_plus_exp(x), t.a - events * p, -events * p * (1 - p)

    return terms


def exact(t: Cells) -> Terms:
    """Return the noncentral hypergeometric likelihood given both margins (CM.EL).

    van Houwelingen, Zwinderman & Stijnen 1993, Stat. Med. 12, 2273. The sums over all tables with these margins are
    laid end to end, so that the time is that of their number and not of the largest one times K.

    >>> one = Cells(*(np.array([x], float) for x in (1, 9, 3, 7)))
    >>> [round(float(x[0]), 4) for x in exact(one)(np.array([0.0]))]
    [-1.3956, -1.0, -0.8421]
    """
    events = t.a + t.c
    low, high = np.maximum(0, events - t.n2).astype(int), np.minimum(t.n1, events).astype(int)
    size = high - low + 1
    study = np.repeat(np.arange(len(size)), size)
    starts = np.concatenate([[0], np.cumsum(size)[:-1]])
    count = (np.arange(size.sum()) - np.repeat(starts - low, size)).astype(float)
    ways = log_choose(t.n1[study], count) + log_choose(t.n2[study], events[study] - count)
    mine = log_choose(t.n1, t.a) + log_choose(t.n2, t.c)
    excess = count - t.a[study]  # from the count seen: nothing large is then subtracted

    def terms(theta: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        logs = theta[..., study] * excess + ways
        top = np.maximum.reduceat(logs, starts, axis=-1)
        weight = np.exp(logs - top[..., study])
        total = np.add.reduceat(weight, starts, axis=-1)
        mean = np.add.reduceat(weight * excess, starts, axis=-1) / total
        square = np.add.reduceat(weight * (excess - mean[..., study]) ** 2, starts, axis=-1) / total
        return mine - top - np.log(total), -mean, -square

    return terms


def saturated(t: Cells, model: str) -> float:
    """Return the log-likelihood of K tables with an odds ratio each, for `UM.FS`, `CM.EL` or `CM.AL`.

    >>> saturated(Cells(*(np.array([x], float) for x in (0, 9, 3, 7))), "CM.EL")
    0.0
    """
    if model == "CM.EL":
        return float(_highest_hypergeometric(t).sum())
    pairs = [(t.a, t.a + t.c)] if model == "CM.AL" else [(t.a, t.n1), (t.c, t.n2)]
    return float(sum((log_choose(n, x) + xlogy(x, x / n) + xlogy(n - x, 1 - x / n)).sum() for x, n in pairs))


def _highest_hypergeometric(t: Cells) -> FloatArray:
    """Return the highest value of each exact likelihood: at the mean that equals the count, 0 at an end."""
    events = t.a + t.c
    inside = (t.a > np.maximum(0, events - t.n2)) & (t.a < np.minimum(t.n1, events))
    out = np.zeros(len(t.a))
    if inside.any():
        part = t.take(inside)
        terms = exact(part)
        theta = np.log(part.a * part.d / (part.b * part.c))  # no cell is empty inside
        for _ in range(100):
            _, first, second = terms(theta)
            step = np.clip(-first / second, -1, 1)
            theta = theta + step
            if np.abs(step).max() < 1e-10:
                break
        out[inside] = terms(theta)[0]
    return out
