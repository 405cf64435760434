"""Prediction intervals for the effect of a new study: one function and one row of `PREDICTION` per method."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import stdtrit

from bupmeta.errors import ModelError
from bupmeta.kernels import FloatArray
from bupmeta.kernels.confidence_distribution import mixture
from bupmeta.kernels.kenward_roger import kenward_roger
from bupmeta.kernels.nagashima import DRAWS, SEED, bootstrap_effects
from bupmeta.pooling.ci import hartung_knapp_se
from bupmeta.pooling.fitted import Fitted
from bupmeta.pooling.models import PredictionName

__all__ = ["AT_ONCE", "DRAWN", "PREDICTION"]

Limits = tuple[FloatArray, FloatArray]


def around(f: Fitted, se: FloatArray, df: FloatArray | float) -> Limits:
    """Return mu -+ t sqrt(tau2 + se^2) on `df` degrees of freedom (inf: normal)."""
    half = -stdtrit(df, (1 - f.model.level) / 2) * np.sqrt(f.fit.tau2 + se**2)
    return f.fit.mu - half, f.fit.mu + half


def normal(f: Fitted) -> Limits:
    """Return the normal interval (Skipka 2006)."""
    return around(f, f.se, np.inf)


def t(f: Fitted) -> Limits:
    """Return t with k - 1 df around the Wald standard error (Cochrane Handbook 2024; Veroniki 2019)."""
    return around(f, f.se, f.fit.k - 1)


def higgins(f: Fitted) -> Limits:
    """Return t with k - 2 df around the Wald standard error (Higgins, Thompson & Spiegelhalter 2009)."""
    return around(f, f.se, f.fit.k - 2)


def model_se(f: Fitted) -> FloatArray:
    """Return the Hartung-Knapp standard error, floored when the model's interval is `HK-adhoc`."""
    return hartung_knapp_se(f, 1.0 if f.model.ci == "HK-adhoc" else 0.0)


def hartung_knapp(f: Fitted) -> Limits:
    """Return t with k - 1 df around the Hartung-Knapp standard error (IntHout et al. 2016)."""
    return around(f, model_se(f), f.fit.k - 1)


def partlett_riley(f: Fitted) -> Limits:
    """Return t with k - 2 df around the Hartung-Knapp standard error (Partlett & Riley 2017, HKSJ)."""
    return around(f, model_se(f), f.fit.k - 2)


def kenward_roger_around(f: Fitted, lost: float, name: str) -> Limits:
    """Return t around Kenward & Roger's standard error with `lost` df fewer; raises ModelError below 2 df."""
    var, df = kenward_roger(f.v, f.m, f.fit.tau2)
    left = df - lost
    if np.any(left < 2 - 1e-9):  # as for the interval of the effect
        raise ModelError(
            f"prediction={name!r} has {float(np.min(left)):.3g} degrees of freedom here and explodes below 2; "
            "use prediction='t'"
        )
    return around(f, np.sqrt(var), left)


def kenward_roger_df(f: Fitted) -> Limits:
    """Return t with Kenward & Roger's df around their standard error (Partlett & Riley 2017)."""
    return kenward_roger_around(f, 0, "KR")


def kenward_roger_partlett_riley(f: Fitted) -> Limits:
    """Return t with one df fewer around Kenward & Roger's standard error (Partlett & Riley 2017)."""
    return kenward_roger_around(f, 1, "KR-PR")


def bootstrap(f: Fitted) -> Limits:
    """Return quantiles of Nagashima, Noma & Furukawa's 2019 bootstrap, stratified draws with a fixed seed."""
    return _quantiles(f, lambda y, v, tails: np.quantile(bootstrap_effects(y, v), tails))


def confidence_distribution(f: Fitted) -> Limits:
    """Return quantiles of the mixture over the confidence distribution of tau2 (Noma & Schwarzer 2026)."""
    return _quantiles(f, lambda y, v, tails: mixture(y, v).new_effect(tails))


def _quantiles(f: Fitted, at: Callable[[FloatArray, FloatArray, FloatArray], FloatArray]) -> Limits:
    tails = np.array([1 - f.model.level, 1 + f.model.level]) / 2
    low, high = np.moveaxis(np.reshape([at(y, v, tails) for y, v in f.rows()], (*f.fit.mu.shape, 2)), -1, 0)
    return low, high


PREDICTION: dict[PredictionName, Callable[[Fitted], Limits] | None] = {
    "z": normal,
    "t": t,
    "HTS": higgins,
    "HK": hartung_knapp,
    "HK-PR": partlett_riley,
    "KR": kenward_roger_df,
    "KR-PR": kenward_roger_partlett_riley,
    "bootstrap": bootstrap,
    "confidence-distribution": confidence_distribution,
    "none": None,
}

#: The methods that take any number of data sets in one array expression, and are never refused.
AT_ONCE: tuple[PredictionName, ...] = ("z", "t", "HTS", "HK", "HK-PR")

DRAWN = f"the prediction interval is from {DRAWS:,} stratified draws with seed {SEED}"
