"""The share of people with an event, in one group or two, with intervals that hold for few and for no events."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from bupmeta.kernels.weighted import FloatArray

__all__ = ["newcombe", "wilson"]


def wilson(events: ArrayLike, n: ArrayLike, level: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Give the score interval of a risk, from 0 to 1 (Wilson 1927).

    >>> low, high = wilson(15, 22)
    >>> round(float(low), 4), round(float(high), 4)
    (0.4732, 0.8364)
    """
    x, size = np.asarray(events, dtype=np.float64), np.asarray(n, dtype=np.float64)
    z2 = float(ndtri((1 - level) / 2)) ** 2
    middle = x + z2 / 2
    half = np.sqrt(z2 * (x * (size - x) / size + z2 / 4))
    # without events, or without others, the end is 0 or 1 and not a rounding error beside it
    low = np.where(x == 0, 0.0, (middle - half) / (size + z2))
    high = np.where(x == size, 1.0, (middle + half) / (size + z2))
    return low, high


def newcombe(
    e1: ArrayLike, n1: ArrayLike, e2: ArrayLike, n2: ArrayLike, level: float = 0.95
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Give the difference of two risks (first minus second) and its interval (Newcombe 1998, method 10).

    It is made of the two score intervals, keeps within -1 to 1 and needs nothing added to an empty cell.

    >>> [round(float(x), 4) for x in newcombe(9, 10, 3, 10)]
    [0.6, 0.1705, 0.809]
    """
    p1, p2 = (np.asarray(e, dtype=np.float64) / np.asarray(n) for e, n in ((e1, n1), (e2, n2)))
    (low1, high1), (low2, high2) = wilson(e1, n1, level), wilson(e2, n2, level)
    d = p1 - p2
    low = d - np.sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2)
    high = d + np.sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2)
    return np.asarray(d), np.asarray(low), np.asarray(high)
