"""A weighted straight line with a free residual variance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bupmeta.kernels.weighted import FloatArray

__all__ = ["Line", "weighted_line"]


class Line(NamedTuple):
    """Intercept and slope with their standard errors, and the degrees of freedom of their t statistics."""

    intercept: float
    intercept_se: float
    slope: float
    slope_se: float
    df: int


def weighted_line(y: FloatArray, v: FloatArray, x: FloatArray) -> Line:
    """Regress y (K,) on x (K,) with weights 1/v; the residual variance is estimated, as by R's `lm`.

    Raises ValueError for fewer than three studies or an x that is the same for all.

    >>> import numpy as np
    >>> line = weighted_line(np.array([1.0, 2.1, 2.9]), np.ones(3), np.array([0.0, 1.0, 2.0]))
    >>> round(line.intercept, 3), round(line.slope, 3), line.df
    (1.05, 0.95, 1)
    """
    k = y.size
    middle = float(np.average(x, weights=1 / v))
    spread = float(((x - middle) ** 2 / v).sum())
    if k < 3 or np.ptp(x) == 0:
        raise ValueError("a line needs three studies that do not all have the same predictor")
    mean, total = float(np.average(y, weights=1 / v)), float((1 / v).sum())
    slope = float(((x - middle) * y / v).sum()) / spread
    residual = y - mean - slope * (x - middle)
    variance = float((residual**2 / v).sum()) / (k - 2)
    intercept_se = float(np.sqrt(variance * (1 / total + middle**2 / spread)))
    return Line(mean - slope * middle, intercept_se, slope, float(np.sqrt(variance / spread)), k - 2)
