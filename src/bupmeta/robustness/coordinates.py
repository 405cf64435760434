"""Coordinates of the diagnostic plots: Baujat, radial, normal quantiles and p-value functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaincinv, ndtri, stdtr, stdtrit

from bupmeta.designs import leave_one_out
from bupmeta.errors import ModelError
from bupmeta.pooling.models import confidence
from bupmeta.robustness.influence import influence, some_width
from bupmeta.robustness.refit import refit

if TYPE_CHECKING:
    from bupmeta.effects.core import FloatArray
    from bupmeta.pooling import MetaResult

__all__ = [
    "Baujat",
    "NormalQuantiles",
    "PValueFunctions",
    "Radial",
    "baujat",
    "normal_quantiles",
    "p_value_functions",
    "radial",
]


@dataclass(frozen=True, slots=True, eq=False)
class Baujat:
    """What each study adds to heterogeneity (`x`) and to the pooled effect (`y`), both (K,)."""

    result: MetaResult
    x: FloatArray
    y: FloatArray


def baujat(result: MetaResult) -> Baujat:
    """Place each study by its squared Pearson residual and its squared standardised influence on mu.

    With a common-effect model x is its share of Q, as in Baujat, Mahé, Pignon & Hill (2002).
    Raises ModelError for a single study.

    >>> from bupmeta import Effects, RandomEffects, pool
    >>> effects = Effects.from_arrays([-0.9, -1.6, -0.2], [0.3, 0.2, 0.1])
    >>> result = pool(effects, RandomEffects(tau2="EE", ci="Wald"))
    >>> f"{baujat(result).x.sum():.4f} {result.q:.4f}"
    '6.6818 6.6818'
    """
    if result.k < 2:
        raise ModelError(
            "a Baujat plot compares fits with and without each study, and there is only one study"
        )
    some_width(result)
    y, v = result.effects.y, result.effects.v
    without = refit(result, leave_one_out())
    total = v + (result.tau2 or 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):  # the HK error is 0 where all that stay are equal
        moved = ((result.mu - without.mu) / without.se) ** 2
    return Baujat(result, (y - result.mu) ** 2 / total, moved)


@dataclass(frozen=True, slots=True, eq=False)
class Radial:
    """Galbraith coordinates, (K,): precision `x`, standardised effect `z`; a slope through 0 is an effect."""

    result: MetaResult
    x: FloatArray
    z: FloatArray


def radial(result: MetaResult) -> Radial:
    """Give x = 1/sqrt(v + tau2) and z = y x, so that effects are slopes (Galbraith 1988).

    >>> from bupmeta import Effects, pool
    >>> found = radial(pool(Effects.from_arrays([0.5, 0.5], [0.25, 1.0])))
    >>> found.x.round(3).tolist(), found.z.round(3).tolist()
    ([2.0, 1.0], [1.0, 0.5])
    """
    x = 1 / np.sqrt(result.effects.v + (result.tau2 or 0.0))
    return Radial(result, x, x * result.effects.y)


@dataclass(frozen=True, slots=True, eq=False)
class NormalQuantiles:
    """Studentised residuals in rising order against normal quantiles, with the band they should stay in.

    `order` gives the study of each point; `low` and `high` bound each order statistic; all (K,).
    """

    result: MetaResult
    order: tuple[int, ...]
    theoretical: FloatArray
    observed: FloatArray
    low: FloatArray
    high: FloatArray
    level: float


def normal_quantiles(result: MetaResult, level: float = 0.95) -> NormalQuantiles:
    """Compare the externally studentised residuals with standard normal order statistics.

    The i-th of K independent normal deviates is ndtri(U), U ~ Beta(i, K + 1 - i), which gives the band of each
    point without simulation (David & Nagaraja 2003, 2.1); plotting positions (i - a)/(K + 1 - 2a) with a = 3/8 up
    to ten studies, else 1/2 (Blom 1958). Raises ModelError for a level outside (0, 1) or a single study.

    >>> from bupmeta import Effects, pool
    >>> found = normal_quantiles(pool(Effects.from_arrays([0.1, 0.9, -0.7], [0.25, 0.3, 0.4])))
    >>> found.theoretical.round(3).tolist(), found.order
    ([-0.869, 0.0, 0.869], (2, 0, 1))
    """
    confidence(level)
    residuals = influence(result).rstudent
    order, k = np.argsort(residuals, kind="stable"), len(residuals)
    rank = np.arange(1, k + 1)
    a = 3 / 8 if k <= 10 else 1 / 2
    tails = np.array([[(1 - level) / 2], [(1 + level) / 2]])
    low, high = np.asarray(ndtri(betaincinv(rank, k + 1 - rank, tails)), dtype=np.float64)
    positions = ndtri((rank - a) / (k + 1 - 2 * a))
    return NormalQuantiles(result, tuple(order.tolist()), positions, residuals[order], low, high, level)


# What is taken off k for the degrees of freedom of the t around a prediction, by the methods that are one.
PREDICTION_LOSS = {"z": -np.inf, "t": 1, "HTS": 2, "HK": 1, "HK-PR": 2}


@dataclass(frozen=True, slots=True, eq=False)
class PValueFunctions:
    """Two-sided p-values of every hypothetical effect in `theta` (G,).

    `studies` (K, G) and `pooled` (G,) are for the effect; `prediction` (G,) is for the effect of a new study, or
    None when the model gives none of that form.
    """

    result: MetaResult
    theta: FloatArray
    studies: FloatArray
    pooled: FloatArray
    prediction: FloatArray | None


def p_value_functions(result: MetaResult, theta: FloatArray | None = None) -> PValueFunctions:
    """Give the p-value function of each study, of mu and of a new study's effect (Rücker & Schwarzer 2021).

    Where a curve crosses 1 - level are the ends of that interval. `theta` are the effects to try, by default 401
    around the studies and the interval of mu, and every peak. Raises ModelError for an interval without a
    standard error.

    >>> from bupmeta import Effects, pool
    >>> result = pool(Effects.from_arrays([0.1, 0.9, -0.7], [0.25, 0.3, 0.4]))
    >>> p_value_functions(result, np.array(result.ci)).pooled.round(6).tolist()
    [0.05, 0.05]
    """
    if result.model.ci in ("PL", "permutation", "Henmi-Copas") and result.k > 1:
        raise ModelError(
            f"the {result.model.ci} interval has no p-value function; pool with Wald, t, HK or KR"
        )
    some_width(result)
    y, se = result.effects.y[:, None], np.sqrt(result.effects.v)[:, None]
    if theta is None:
        low, high = float((y - 2.5 * se).min()), float((y + 2.5 * se).max())
        reach = 0.6 * (high - low)  # the interval of few studies may be too wide to show
        low, high = min(low, max(result.ci[0], low - reach)), max(high, min(result.ci[1], high + reach))
        even = np.linspace(low, high, 401)
        theta = np.unique(np.concatenate([even, result.effects.y, [result.mu]]))
    prediction, loss = None, PREDICTION_LOSS.get(result.model.prediction)
    if result.prediction is not None and loss is not None:
        low, high = result.prediction
        scale = (high - low) / 2 / -stdtrit(result.k - loss, (1 - result.model.level) / 2)
        prediction = _p((theta - result.mu) / scale, result.k - loss)
    return PValueFunctions(
        result,
        np.asarray(theta, dtype=np.float64),
        _p((theta - y) / se, np.inf),
        _p((theta - result.mu) / result.se, np.inf if result.df is None else result.df),
        prediction,
    )


def _p(statistic: FloatArray, df: float) -> FloatArray:
    return np.asarray(2 * stdtr(df, -np.abs(statistic)), dtype=np.float64)
