"""Several comparisons of one trial against the same control become one effect."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from bupmeta.effects.core import FloatArray
from bupmeta.trials import Result

__all__ = ["are_strata", "combine_correlated", "correlation_of", "gls_weights", "shared_control_correlation"]


def shared_control_correlation(
    n_active: ArrayLike, n_control: ArrayLike, g: ArrayLike | None = None
) -> FloatArray:
    """Correlation matrix (J, J) of J differences against one control, for parallel arms of equal variance.

    The covariance of differences is sigma^2/n_control; that of standardized ones, `g`, is 1/n_control + g_i g_j/(2N)
    with N the patients of all arms, whose SD it presumes (Gleser & Olkin 2009, eq. 19.19).

    >>> shared_control_correlation([10, 10], [10, 10]).round(2).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    >>> shared_control_correlation([10, 10], [10, 10], [-1.0, 1.0]).round(2).tolist()
    [[1.0, 0.37], [0.37, 1.0]]
    """
    a, c = np.asarray(n_active, dtype=np.float64), np.asarray(n_control, dtype=np.float64)
    d = np.zeros_like(a) if g is None else np.asarray(g, dtype=np.float64)
    sd = np.sqrt(1 / a + 1 / c + d**2 / (2 * (a + c)))
    covariance = np.outer(c**-0.5, c**-0.5) + np.outer(d, d) / (2 * (a.sum() + c.max()))
    correlation: FloatArray = covariance / np.outer(sd, sd)
    np.fill_diagonal(correlation, 1.0)
    return correlation


def are_strata(rows: Sequence[Result]) -> bool:
    """Whether rows of one trial are of different patients, and so independent."""
    return len(rows) > 1 and len({row.population for row in rows}) == len(rows)


def correlation_of(
    rows: Sequence[Result], sizes: Sequence[tuple[float, ...]], g: Sequence[float] | None = None
) -> tuple[FloatArray, str]:
    """Correlation matrix (J, J) of the comparisons of one trial, of the given sizes, and what it is called.

    `g` are the effects when they are standardized.
    """
    if are_strata(rows):
        return np.eye(len(rows)), "inverse variance, for they are of different patients"
    if all(len(n) == 2 for n in sizes):
        matrix = shared_control_correlation([n[0] for n in sizes], [n[1] for n in sizes], g)
        return matrix, "the covariance of the shared control arm"
    # Differences from one shared period have correlation 1/2 whatever the within-person correlation.
    matrix = np.full((len(rows),) * 2, 0.5) + 0.5 * np.eye(len(rows))
    return matrix, "the correlation 1/2 of differences from a shared period"


def gls_weights(v: ArrayLike, correlation: ArrayLike) -> tuple[FloatArray, float]:
    """Weights (J,), of sum 1, of correlated estimates by generalised least squares, and the standard error.

    >>> weights, se = gls_weights([0.2, 0.2], [[1.0, 0.5], [0.5, 1.0]])
    >>> weights.round(2).tolist(), round(se, 4)
    ([0.5, 0.5], 0.3873)
    """
    sd = np.sqrt(np.asarray(v, dtype=np.float64))
    weights = np.linalg.solve(np.asarray(correlation) * np.outer(sd, sd), np.ones_like(sd))
    total = weights.sum()
    return weights / total, float(total**-0.5)


def combine_correlated(y: ArrayLike, v: ArrayLike, correlation: ArrayLike) -> tuple[float, float]:
    """One estimate and variance from J correlated ones by generalised least squares (Gleser & Olkin 2009).

    With equal variances it is the n-weighted mean of the arms minus the control, as if they were one arm.

    >>> y, v = combine_correlated([-1.0, -2.0], [0.2, 0.2], [[1.0, 0.5], [0.5, 1.0]])
    >>> round(y, 4), round(v, 4)
    (-1.5, 0.15)
    """
    weights, se = gls_weights(v, correlation)
    return float(weights @ np.asarray(y, dtype=np.float64)), se**2
