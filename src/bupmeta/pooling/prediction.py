"""Prediction intervals for the effect of a new study: one function and one row of `PREDICTION` per method."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import stdtrit

from bupmeta.kernels import FloatArray
from bupmeta.pooling.ci import hartung_knapp_se
from bupmeta.pooling.fitted import Fitted
from bupmeta.pooling.models import PredictionName

__all__ = ["PREDICTION"]

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


PREDICTION: dict[PredictionName, Callable[[Fitted], Limits] | None] = {
    "z": normal,
    "t": t,
    "HTS": higgins,
    "HK": hartung_knapp,
    "HK-PR": partlett_riley,
    "none": None,
}
