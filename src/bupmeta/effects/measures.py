"""Effect measures for two independent groups: arrays in, estimate and variance out."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln, ndtri, stdtrit

from bupmeta.effects.core import FloatArray

__all__ = [
    "SMD_VARIANCES",
    "J",
    "JName",
    "SmdVariance",
    "approximate_j",
    "combine_arms",
    "exact_j",
    "mean_difference",
    "ratio_of_means",
    "restandardized",
    "se_from_interval",
    "smd_from_t",
    "smd_unequal",
    "standardized_mean_difference",
    "t_from_f",
    "t_from_p",
]

JName: TypeAlias = Literal["exact", "approximate"]
SmdVariance: TypeAlias = Literal["LS", "LS2", "UB", "RevMan"]


def mean_difference(
    n1: ArrayLike, mean1: ArrayLike, sd1: ArrayLike, n2: ArrayLike, mean2: ArrayLike, sd2: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Difference of means (group 1 minus group 2) and its variance, without assuming equal variances.

    >>> y, v = mean_difference(27, 4.0, 3.0, 32, 5.0, 3.0)
    >>> float(y), round(float(v), 4)
    (-1.0, 0.6146)
    """
    a, b = _floats(n1, mean1, sd1), _floats(n2, mean2, sd2)
    return a[1] - b[1], a[2] ** 2 / a[0] + b[2] ** 2 / b[0]


def exact_j(df: ArrayLike) -> FloatArray:
    """Exact small-sample factor J of a standardized mean difference (Hedges 1981, eq. 6e); NaN below 2 `df`.

    >>> round(float(exact_j(10)), 6)
    0.922746
    """
    m = np.asarray(df, dtype=np.float64)
    m = np.where(m >= 2, m, np.nan)
    return np.asarray(np.exp(gammaln(m / 2) - 0.5 * np.log(m / 2) - gammaln((m - 1) / 2)))


def approximate_j(df: ArrayLike) -> FloatArray:
    """The usual approximation of J, 1 - 3/(4 df - 1) (Hedges 1981); NaN below 2 `df`.

    >>> round(float(approximate_j(10)), 6)
    0.923077
    """
    m = np.asarray(df, dtype=np.float64)
    return np.where(m >= 2, 1 - 3 / (4 * m - 1), np.nan)


#: The small-sample factor of Hedges g, from its degrees of freedom.
J: dict[JName, Callable[[ArrayLike], FloatArray]] = {"exact": exact_j, "approximate": approximate_j}


def _unbiased(g: FloatArray, n1: FloatArray, n2: FloatArray, j: FloatArray) -> FloatArray:
    m = n1 + n2 - 2
    return 1 / n1 + 1 / n2 + (1 - (m - 2) / (m * j**2)) * g**2


#: Sampling variance of Hedges g, made with the factor j, by its usual name: Hedges 1982 (LS, LS2: Borenstein 2009
#: eq. 4.24), 1983 (UB), Hedges & Olkin 1985, p. 80 (RevMan).
SMD_VARIANCES: dict[SmdVariance, Callable[[FloatArray, FloatArray, FloatArray, FloatArray], FloatArray]] = {
    "LS": lambda g, n1, n2, _: 1 / n1 + 1 / n2 + g**2 / (2 * (n1 + n2)),
    "LS2": lambda g, n1, n2, j: j**2 * (1 / n1 + 1 / n2) + g**2 / (2 * (n1 + n2)),
    "UB": _unbiased,
    "RevMan": lambda g, n1, n2, _: 1 / n1 + 1 / n2 + g**2 / (2 * (n1 + n2 - 3.94)),
}


def restandardized(
    g: ArrayLike, n1: ArrayLike, n2: ArrayLike, j: JName, variance: SmdVariance
) -> tuple[FloatArray, FloatArray]:
    """Hedges g of two groups, made with exact J, as another J and another variance have it.

    >>> g, v = restandardized(-1.625032, 20, 20, "approximate", "RevMan")
    >>> round(float(g), 4), round(float(v), 4)
    (-1.6251, 0.1366)
    """
    gg, a, b = _floats(g, n1, n2)
    factor = J[j](a + b - 2)
    out = gg / exact_j(a + b - 2) * factor
    return out, SMD_VARIANCES[variance](out, a, b, factor)


def standardized_mean_difference(
    n1: ArrayLike,
    mean1: ArrayLike,
    sd1: ArrayLike,
    n2: ArrayLike,
    mean2: ArrayLike,
    sd2: ArrayLike,
    variance: SmdVariance = "LS",
) -> tuple[FloatArray, FloatArray]:
    """Hedges g with exact J, and its variance: by default 1/n1 + 1/n2 + g^2/(2N) (Hedges 1982; metafor's "LS").

    >>> g, v = standardized_mean_difference(20, 3.8, 2.4, 20, 7.0, 1.3)
    >>> round(float(g), 4), round(float(v), 4)
    (-1.625, 0.133)
    """
    a, b = _floats(n1, mean1, sd1), _floats(n2, mean2, sd2)
    df = a[0] + b[0] - 2
    pooled = np.sqrt(((a[0] - 1) * a[2] ** 2 + (b[0] - 1) * b[2] ** 2) / df)
    return _hedges((a[1] - b[1]) / pooled, a[0], b[0], variance)


def smd_unequal(
    n1: ArrayLike, mean1: ArrayLike, sd1: ArrayLike, n2: ArrayLike, mean2: ArrayLike, sd2: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Difference in units of the average SD, for arms whose SDs differ, and its variance (Bonett 2009; "SMDH").

    >>> g, v = smd_unequal(41, 4.0, 2.1, 41, 5.7, 2.3)
    >>> round(float(g), 4), round(float(v), 4)
    (-0.7647, 0.0537)
    """
    a, b = _floats(n1, mean1, sd1), _floats(n2, mean2, sd2)
    var, df1, df2 = (a[2] ** 2 + b[2] ** 2) / 2, a[0] - 1, b[0] - 1
    g = exact_j(df1 + df2) * (a[1] - b[1]) / np.sqrt(var)
    spread = g**2 * (a[2] ** 4 / df1 + b[2] ** 4 / df2) / (8 * var**2)
    return g, spread + (a[2] ** 2 / df1 + b[2] ** 2 / df2) / var


def ratio_of_means(
    n1: ArrayLike,
    mean1: ArrayLike,
    sd1: ArrayLike,
    n2: ArrayLike,
    mean2: ArrayLike,
    sd2: ArrayLike,
    r: ArrayLike = 0.0,
) -> tuple[FloatArray, FloatArray]:
    """Log ratio of means, corrected for bias, and its variance (Lajeunesse 2015, eqs 6, 8; metafor's "ROM").

    With `r`, the correlation within persons who had both treatments (n1 = n2), it is metafor's "ROMC". NaN where the
    means differ in sign or are 0.

    >>> y, v = ratio_of_means(41, 4.0, 2.1, 41, 5.7, 2.3)
    >>> round(float(y), 4), round(float(v), 4)
    (-0.3528, 0.0107)
    """
    a, b = _floats(n1, mean1, sd1), _floats(n2, mean2, sd2)
    rr = np.asarray(r, dtype=np.float64)
    known = a[1] * b[1] > 0
    mean1, mean2 = np.where(known, a[1], np.nan), np.where(known, b[1], np.nan)
    c1, c2 = a[2] / (np.sqrt(a[0]) * mean1), b[2] / (np.sqrt(b[0]) * mean2)
    return np.log(mean1 / mean2) + (c1**2 - c2**2) / 2, c1**2 + c2**2 - 2 * rr * c1 * c2


def smd_from_t(t: ArrayLike, n1: ArrayLike, n2: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Hedges g from a two-sample t statistic: d = t sqrt(1/n1 + 1/n2) (Borenstein 2009, eq. 4.20 inverted).

    >>> g, v = smd_from_t(-2.0, 50, 50)
    >>> round(float(g), 4), round(float(v), 4)
    (-0.3969, 0.0408)
    """
    tt, a, b = _floats(t, n1, n2)
    return _hedges(tt * np.sqrt(1 / a + 1 / b), a, b)


def _hedges(
    d: FloatArray, n1: FloatArray, n2: FloatArray, variance: SmdVariance = "LS"
) -> tuple[FloatArray, FloatArray]:
    g = exact_j(n1 + n2 - 2) * d
    return g, SMD_VARIANCES[variance](g, n1, n2, exact_j(n1 + n2 - 2))


def combine_arms(n: ArrayLike, mean: ArrayLike, sd: ArrayLike) -> tuple[float, float, float]:
    """Size, mean and SD of several arms taken as one group (Cochrane Handbook 6, table 6.5.a).

    The arms stand on the last axis; the SD is that of all persons together, so the spread between arms counts.

    >>> n, mean, sd = combine_arms([10, 20], [4.0, 5.0], [2.0, 2.0])
    >>> n, round(mean, 4), round(sd, 4)
    (30.0, 4.6667, 2.0229)
    """
    nn, mm, ss = _floats(n, mean, sd)
    total = nn.sum()
    centre = (nn * mm).sum() / total
    squares = ((nn - 1) * ss**2 + nn * (mm - centre) ** 2).sum()
    return float(total), float(centre), math.sqrt(squares / (total - 1))


def se_from_interval(
    low: ArrayLike, high: ArrayLike, level: float = 0.95, df: ArrayLike | None = None
) -> FloatArray:
    """Standard error from a confidence interval of any level (Cochrane Handbook 6, sections 6.3.1 and 6.5.2.2).

    By the normal quantile, or by the t quantile where `df` is given (the mean of one group of df + 1).

    >>> round(float(se_from_interval(-0.82, -0.04)), 4), round(float(se_from_interval(4.0, 6.0, df=24)), 4)
    (0.199, 0.4845)
    """
    a, b = _floats(low, high)
    upper = (1 + level) / 2
    quantile = ndtri(upper) if df is None else stdtrit(np.asarray(df, dtype=np.float64), upper)
    return np.asarray((b - a) / (2 * quantile))


def t_from_p(p: ArrayLike, df: ArrayLike) -> FloatArray:
    """Absolute t statistic of a two-sided p value with `df` degrees of freedom (Handbook 6, 6.5.2.3).

    >>> round(float(t_from_p(0.001, 40)), 3)
    3.551
    """
    pp, dd = _floats(p, df)
    return np.asarray(-stdtrit(dd, pp / 2))  # the lower tail keeps its digits when p is tiny


def t_from_f(f: ArrayLike) -> FloatArray:
    """Absolute t statistic of an F statistic with one numerator degree of freedom (Handbook 6, 6.5.2.3).

    >>> float(t_from_f(6.25))
    2.5
    """
    return np.sqrt(np.asarray(f, dtype=np.float64))


def _floats(*values: ArrayLike) -> tuple[FloatArray, ...]:
    return tuple(np.asarray(value, dtype=np.float64) for value in values)
