"""Effect measures for counts in two groups: arrays in, estimate and variance out (inverse variance)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from bupmeta.effects.core import FloatArray

__all__ = ["COUNTS", "CountMeasure", "odds_ratio", "risk_difference", "risk_ratio"]

CountMeasure: TypeAlias = Literal["OR", "RR", "RD"]


def odds_ratio(e1: ArrayLike, n1: ArrayLike, e2: ArrayLike, n2: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Log odds ratio (group 1 over group 2) of `e` events in `n`, and its variance (Woolf 1955).

    A trial with an empty cell gets 1/2 added to all four of its cells. With no events, or only events, in both
    groups there is no information about the ratio: both numbers are NaN.

    >>> y, v = odds_ratio(4, 123, 11, 139)
    >>> round(float(y), 4), round(float(v), 4)
    (-0.9387, 0.3571)
    """
    (a, b, c, d), known = _cells(e1, n1, e2, n2)
    return _where(known, np.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d)


def risk_ratio(e1: ArrayLike, n1: ArrayLike, e2: ArrayLike, n2: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Log risk ratio and its variance (Katz et al. 1978), with the rules of `odds_ratio` for empty cells.

    >>> y, v = risk_ratio(4, 123, 11, 139)
    >>> round(float(y), 4), round(float(v), 4)
    (-0.8893, 0.3256)
    """
    (a, b, c, d), known = _cells(e1, n1, e2, n2)
    return _where(known, np.log(a / (a + b)) - np.log(c / (c + d)), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))


def risk_difference(
    e1: ArrayLike, n1: ArrayLike, e2: ArrayLike, n2: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Risk difference and its variance; a trial with an empty cell gets 1/2 added to all four of its cells.

    >>> y, v = risk_difference(4, 123, 11, 139)
    >>> round(float(y), 4), round(float(v), 6)
    (-0.0466, 0.00078)
    """
    (a, b, c, d), _ = _cells(e1, n1, e2, n2)
    m1, m2 = a + b, c + d
    return np.asarray(a / m1 - c / m2), np.asarray(a * b / m1**3 + c * d / m2**3)


COUNTS: dict[
    CountMeasure, Callable[[ArrayLike, ArrayLike, ArrayLike, ArrayLike], tuple[FloatArray, FloatArray]]
] = {"OR": odds_ratio, "RR": risk_ratio, "RD": risk_difference}


def _cells(
    e1: ArrayLike, n1: ArrayLike, e2: ArrayLike, n2: ArrayLike
) -> tuple[tuple[FloatArray, ...], np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]:
    """Return events and non-events of both groups, corrected, and whether a ratio can be known."""
    a, m1, c, m2 = (np.asarray(x, dtype=np.float64) for x in (e1, n1, e2, n2))
    cells = (a, m1 - a, c, m2 - c)
    half = np.where(np.minimum.reduce(np.broadcast_arrays(*cells)) == 0, 0.5, 0.0)
    known = ~(((cells[0] == 0) & (cells[2] == 0)) | ((cells[1] == 0) & (cells[3] == 0)))
    return tuple(x + half for x in cells), np.asarray(known)


def _where(
    known: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], y: FloatArray, v: FloatArray
) -> tuple[FloatArray, FloatArray]:
    return np.where(known, y, np.nan), np.where(known, v, np.nan)
