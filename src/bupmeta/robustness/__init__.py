"""Robustness: the same model refitted to other choices of studies, and what that says about each study."""

from __future__ import annotations

from bupmeta.robustness.coordinates import (
    Baujat,
    NormalQuantiles,
    PValueFunctions,
    Radial,
    baujat,
    normal_quantiles,
    p_value_functions,
    radial,
)
from bupmeta.robustness.influence import Influence, influence
from bupmeta.robustness.refit import Refits, refit
from bupmeta.robustness.resampling import Resampling, resampling
from bupmeta.robustness.subsets import Gosh, gosh

__all__ = [
    "Baujat",
    "Gosh",
    "Influence",
    "NormalQuantiles",
    "PValueFunctions",
    "Radial",
    "Refits",
    "Resampling",
    "baujat",
    "gosh",
    "influence",
    "normal_quantiles",
    "p_value_functions",
    "radial",
    "refit",
    "resampling",
]
