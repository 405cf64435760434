"""Array code on batches of data sets: numbers in, numbers out, nothing about trials, labels or files."""

from __future__ import annotations

from bupmeta.kernels.fit import Fit, fit
from bupmeta.kernels.status import Status
from bupmeta.kernels.tau2 import TAU2, Search, Tau2Name
from bupmeta.kernels.weighted import FloatArray, IntArray

__all__ = ["TAU2", "Fit", "FloatArray", "IntArray", "Search", "Status", "Tau2Name", "fit"]
