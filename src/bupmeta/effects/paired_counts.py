"""Events when the same persons take both treatments: from the pairs, or from the margins and a correlation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from bupmeta.effects.core import FloatArray
from bupmeta.effects.counts import CountMeasure

__all__ = ["PAIRED_COUNTS", "marginal", "mcnemar_odds_ratio", "paired_phi", "phi_limits"]

YV: TypeAlias = tuple[FloatArray, FloatArray]


def _odds(p1: FloatArray, p2: FloatArray, n: FloatArray, phi: FloatArray) -> YV:
    v1, v2 = 1 / (n * p1 * (1 - p1)), 1 / (n * p2 * (1 - p2))
    y = np.log(p1 / (1 - p1)) - np.log(p2 / (1 - p2))
    return y, v1 + v2 - 2 * phi * np.sqrt(v1 * v2)


def _risks(p1: FloatArray, p2: FloatArray, n: FloatArray, phi: FloatArray) -> YV:
    v1, v2 = (1 - p1) / (n * p1), (1 - p2) / (n * p2)
    return np.log(p1 / p2), v1 + v2 - 2 * phi * np.sqrt(v1 * v2)


def _difference(p1: FloatArray, p2: FloatArray, n: FloatArray, phi: FloatArray) -> YV:
    v1, v2 = p1 * (1 - p1) / n, p2 * (1 - p2) / n
    return p1 - p2, v1 + v2 - 2 * phi * np.sqrt(v1 * v2)


#: The marginal measure of paired events by that of independent groups, as functions of risks, n and phi.
PAIRED_COUNTS: dict[CountMeasure, Callable[[FloatArray, FloatArray, FloatArray, FloatArray], YV]] = {
    "OR": _odds,
    "RR": _risks,
    "RD": _difference,
}


def marginal(
    measure: CountMeasure, events1: ArrayLike, events2: ArrayLike, n: ArrayLike, phi: ArrayLike
) -> YV:
    """Marginal effect (treatment 1 against 2) of `n` persons and its variance (Becker & Balagtas 1993).

    `phi` is the correlation of the two events within a person. It is the delta method with their covariance, so that
    the odds ratio is comparable with that of parallel groups (Elbourne 2002, section 3.3). Where a margin is 0 or n,
    half an event and half a non-event are added under both treatments.

    >>> y, v = marginal("OR", 30, 4, 41, 0.08)
    >>> round(float(y), 2), round(float(v), 3)
    (3.23, 0.372)
    """
    a, b, m, f = (np.asarray(x, dtype=np.float64) for x in (events1, events2, n, phi))
    half = np.where((a == 0) | (b == 0) | (a == m) | (b == m), 0.5, 0.0)
    m = m + 2 * half
    return PAIRED_COUNTS[measure]((a + half) / m, (b + half) / m, m, f)


def paired_phi(both: ArrayLike, only1: ArrayLike, only2: ArrayLike, neither: ArrayLike) -> FloatArray:
    """Correlation of the two events from the table of pairs; NaN where a margin is empty.

    >>> round(float(paired_phi(3, 27, 1, 10)), 3)
    0.014
    """
    a, b, c, d = (np.asarray(x, dtype=np.float64) for x in (both, only1, only2, neither))
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    return (a * d - b * c) / np.sqrt(np.where(margins > 0, margins, np.nan))


def phi_limits(events1: ArrayLike, events2: ArrayLike, n: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """The correlations that the margins of paired events allow: as many, or as few, people with both as there can be.

    >>> low, high = phi_limits(30, 4, 41)
    >>> round(float(low), 2), round(float(high), 2)
    (-0.54, 0.2)
    """
    a, b, m = (np.asarray(x, dtype=np.float64) for x in (events1, events2, n))
    fewest, most = np.maximum(0, a + b - m), np.minimum(a, b)
    return paired_phi(fewest, a - fewest, b - fewest, m - a - b + fewest), paired_phi(
        most, a - most, b - most, m - a - b + most
    )


def mcnemar_odds_ratio(only1: ArrayLike, only2: ArrayLike) -> YV:
    """Log odds ratio within persons, log(b/c), from the discordant pairs, and its variance 1/b + 1/c (McNemar).

    It answers for one person and does not compare with the odds ratio of parallel groups; 1/2 is added to both where
    one is 0.

    >>> y, v = mcnemar_odds_ratio(10, 4)
    >>> round(float(y), 3), round(float(v), 3)
    (0.916, 0.35)
    """
    b, c = np.asarray(only1, dtype=np.float64), np.asarray(only2, dtype=np.float64)
    half = np.where((b == 0) | (c == 0), 0.5, 0.0)
    b, c = b + half, c + half
    return np.log(b / c), 1 / b + 1 / c
