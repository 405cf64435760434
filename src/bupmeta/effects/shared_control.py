"""Several comparisons of one trial against the same control become one effect."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from bupmeta.effects.core import FloatArray

__all__ = ["combine_correlated", "shared_control_correlation"]


def shared_control_correlation(n_active: ArrayLike, n_control: ArrayLike) -> FloatArray:
    """Correlation matrix (J, J) of J differences against one control, for parallel arms of equal variance.

    The covariance is sigma^2/n_control (Gleser & Olkin 2009, eq. 19.19 for mean differences).

    >>> shared_control_correlation([10, 10], [10, 10]).round(2).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    a, c = np.asarray(n_active, dtype=np.float64), np.asarray(n_control, dtype=np.float64)
    scale = np.sqrt((1 / c) / (1 / a + 1 / c))
    correlation = np.outer(scale, scale)
    np.fill_diagonal(correlation, 1.0)
    return correlation


def combine_correlated(y: ArrayLike, v: ArrayLike, correlation: ArrayLike) -> tuple[float, float]:
    """One estimate and variance from J correlated ones by generalised least squares (Gleser & Olkin 2009).

    With equal variances it is the n-weighted mean of the arms minus the control, as if they were one arm.

    >>> y, v = combine_correlated([-1.0, -2.0], [0.2, 0.2], [[1.0, 0.5], [0.5, 1.0]])
    >>> round(y, 4), round(v, 4)
    (-1.5, 0.15)
    """
    estimate, sd = np.asarray(y, dtype=np.float64), np.sqrt(np.asarray(v, dtype=np.float64))
    weights = np.linalg.solve(np.asarray(correlation) * np.outer(sd, sd), np.ones_like(estimate))
    total = weights.sum()
    return float(weights @ estimate / total), float(1 / total)
