"""Array code on batches of data sets: numbers in, numbers out, nothing about trials, labels or files."""

from __future__ import annotations

from bupmeta.kernels.fit import Fit, fit
from bupmeta.kernels.likelihood import Optimum, information, log_likelihood, optima, score
from bupmeta.kernels.moments import generalised_q
from bupmeta.kernels.precision import se_tau2
from bupmeta.kernels.status import Status
from bupmeta.kernels.tau2 import TAU2, Search, Tau2Name
from bupmeta.kernels.weighted import FloatArray, IntArray

__all__ = [
    "TAU2",
    "Fit",
    "FloatArray",
    "IntArray",
    "Optimum",
    "Search",
    "Status",
    "Tau2Name",
    "fit",
    "generalised_q",
    "information",
    "log_likelihood",
    "optima",
    "score",
    "se_tau2",
]
