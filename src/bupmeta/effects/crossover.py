"""Effect measures when the same persons take both treatments; `r` is their within-person correlation."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from bupmeta.effects.core import FloatArray
from bupmeta.effects.measures import exact_j

__all__ = [
    "correlation_from_sd",
    "correlation_from_se",
    "paired_difference",
    "paired_smd",
    "paired_smd_change",
    "paired_smd_from_t",
]


def paired_difference(
    n: ArrayLike, mean1: ArrayLike, sd1: ArrayLike, mean2: ArrayLike, sd2: ArrayLike, r: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Paired difference of means and its variance (s1^2 + s2^2 - 2 r s1 s2)/n (Elbourne 2002, eq. 2).

    >>> y, v = paired_difference(10, 7.0, 2.38, 6.5, 2.21, 0.68)  # worked example of Handbook 16.4.6.4
    >>> float(y), round(float(v) ** 0.5, 3)
    (0.5, 0.583)
    """
    nn, a, s, b, u, rr = (np.asarray(x, dtype=np.float64) for x in (n, mean1, sd1, mean2, sd2, r))
    return a - b, np.asarray((s**2 + u**2 - 2 * rr * s * u) / nn)


def paired_smd(
    n: ArrayLike, mean1: ArrayLike, sd1: ArrayLike, mean2: ArrayLike, sd2: ArrayLike, r: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Paired difference in units of the average SD, with its variance ("SMCRP": Cousineau 2020).

    J uses m = 2(n-1)/(1+r^2) degrees of freedom and the variance is 2(1-r)/n + g^2 (1+r^2)/(4n).

    >>> g, v = paired_smd(10, 7.0, 2.38, 6.5, 2.21, 0.68)
    >>> round(float(g), 4), round(float(v), 4)
    (0.2041, 0.0655)
    """
    nn, a, s, b, u, rr = (np.asarray(x, dtype=np.float64) for x in (n, mean1, sd1, mean2, sd2, r))
    return _smcrp((a - b) / np.sqrt((s**2 + u**2) / 2), nn, rr)


def paired_smd_from_t(t: ArrayLike, n: ArrayLike, r: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """The same from a paired t statistic: d = t sqrt(2(1-r)/n) (Dunlap 1996, eq. 3).

    >>> g, v = paired_smd_from_t(-3.551, 41, 0.5)
    >>> round(float(g), 3), round(float(v), 4)
    (-0.548, 0.0267)
    """
    tt, nn, rr = (np.asarray(x, dtype=np.float64) for x in (t, n, r))
    return _smcrp(tt * np.sqrt(2 * (1 - rr) / nn), nn, rr)


def paired_smd_change(
    n: ArrayLike, mean1: ArrayLike, sd1: ArrayLike, mean2: ArrayLike, sd2: ArrayLike, r: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Paired difference in units of the SD of differences, variance 1/n + g^2/(2n) ("SMCC": Gibbons 1993).

    Its unit shrinks as r grows, so it does not compare with an SMD of parallel groups.

    >>> g, v = paired_smd_change(41, 4.0, 2.1, 5.7, 2.3, 0.5)
    >>> round(float(g), 4), round(float(v), 4)
    (-0.7558, 0.0314)
    """
    nn = np.asarray(n, dtype=np.float64)
    y, v = paired_difference(nn, mean1, sd1, mean2, sd2, r)
    g = exact_j(nn - 1) * y / np.sqrt(v * nn)
    return g, 1 / nn + g**2 / (2 * nn)


def correlation_from_sd(sd1: ArrayLike, sd2: ArrayLike, sd_difference: ArrayLike) -> FloatArray:
    """Within-person correlation implied by both SDs and the SD of the differences (Handbook 6, 6.5.2.8).

    >>> round(float(correlation_from_sd(2.38, 2.21, 1.8)), 2)
    0.69
    """
    s, u, e = (np.asarray(x, dtype=np.float64) for x in (sd1, sd2, sd_difference))
    return np.asarray((s**2 + u**2 - e**2) / (2 * s * u))


def correlation_from_se(n: ArrayLike, sd1: ArrayLike, sd2: ArrayLike, se: ArrayLike) -> FloatArray:
    """Within-person correlation implied by both SDs and the standard error of the paired difference.

    Outside [-1, 1] the figures contradict each other; callers check (Elbourne 2002, eq. 2 solved for r).

    >>> round(float(correlation_from_se(25, 2.9, 2.7, 0.5073)), 2)
    0.59
    """
    nn, e = np.asarray(n, dtype=np.float64), np.asarray(se, dtype=np.float64)
    return correlation_from_sd(sd1, sd2, np.sqrt(nn) * e)


def _smcrp(d: FloatArray, n: FloatArray, r: FloatArray) -> tuple[FloatArray, FloatArray]:
    g = exact_j(2 * (n - 1) / (1 + r**2)) * d
    return g, np.asarray(2 * (1 - r) / n + g**2 * (1 + r**2) / (4 * n))
