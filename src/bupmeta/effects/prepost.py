"""Change from before to after: its SD from both, and its standardized size in one group or against a control."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from bupmeta.effects.core import FloatArray
from bupmeta.effects.measures import exact_j

__all__ = ["change_sd", "standardized_change", "standardized_change_difference"]


def change_sd(sd_before: ArrayLike, sd_after: ArrayLike, r: ArrayLike) -> FloatArray:
    """SD of the change, sqrt(s1^2 + s2^2 - 2 r s1 s2), given the correlation r (Handbook 6, 6.5.2.8).

    >>> round(float(change_sd(2.0, 2.4, 0.5)), 3)
    2.227
    """
    s, u, rr = (np.asarray(x, dtype=np.float64) for x in (sd_before, sd_after, r))
    return np.sqrt(s**2 + u**2 - 2 * rr * s * u)


def standardized_change(
    n: ArrayLike, before: ArrayLike, after: ArrayLike, sd_before: ArrayLike, r: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Mean change in units of the SD before, variance 2(1-r)/n + g^2/(2n) ("SMCR": Becker 1988, eq. 13).

    >>> g, v = standardized_change(20, 30.6, 38.5, 15.0, 0.47)  # Morris 2008, table 5
    >>> round(float(g), 4), round(float(v), 4)
    (0.5056, 0.0594)
    """
    nn, a, b, s, rr = (np.asarray(x, dtype=np.float64) for x in (n, before, after, sd_before, r))
    g = exact_j(nn - 1) * (b - a) / s
    return g, 2 * (1 - rr) / nn + g**2 / (2 * nn)


def standardized_change_difference(
    n1: ArrayLike,
    change1: ArrayLike,
    sd_before1: ArrayLike,
    n2: ArrayLike,
    change2: ArrayLike,
    sd_before2: ArrayLike,
    r: ArrayLike,
) -> tuple[FloatArray, FloatArray]:
    """Difference of two groups' mean changes in units of their pooled SD before (Morris 2008, eqs 8 to 10).

    The variance is 2(1-r)(1/n1 + 1/n2) + g^2/(2N), J that of n1 + n2 - 2 degrees of freedom.

    >>> g, v = standardized_change_difference(20, 7.9, 15.0, 20, -3.4, 13.8, 0.47)
    >>> round(float(g), 4), round(float(v), 4)
    (0.7684, 0.1134)
    """
    m1, c1, s1, m2, c2, s2, rr = (
        np.asarray(x, dtype=np.float64) for x in (n1, change1, sd_before1, n2, change2, sd_before2, r)
    )
    df = m1 + m2 - 2
    pooled = np.sqrt(((m1 - 1) * s1**2 + (m2 - 1) * s2**2) / df)
    g = exact_j(df) * (c1 - c2) / pooled
    return g, 2 * (1 - rr) * (1 / m1 + 1 / m2) + g**2 / (2 * (m1 + m2))
