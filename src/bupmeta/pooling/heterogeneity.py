"""Confidence intervals of tau2, and I2 and H2 from them: one function and one row of `TAU2_CI` per method."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import chdtri

from bupmeta.kernels import FloatArray
from bupmeta.kernels.roots import q_root
from bupmeta.kernels.weighted import Studies
from bupmeta.pooling.models import Tau2CiName, Tau2Name

__all__ = ["TAU2_CI", "h2_of", "i2_of"]

Pair = tuple[float, float]


def i2_of(tau2: float, typical_v: float) -> float:
    """Return I2 = tau2/(tau2 + s2) in percent (Higgins & Thompson 2002, eq. 9-10)."""
    return 100 * tau2 / (tau2 + typical_v)


def h2_of(tau2: float, typical_v: float) -> float:
    """Return H2 = (tau2 + s2)/s2."""
    return tau2 / typical_v + 1


def q_profile(y: FloatArray, v: FloatArray, level: float, method: Tau2Name) -> Pair | None:
    """Return the tau2 at which generalised Q meets the chi2 quantiles (Viechtbauer 2007); None: the set is empty."""
    del method
    k = y.size
    tail = (1 - level) / 2
    targets = chdtri(k - 1, np.array([tail, 1 - tail]))
    d = Studies(y[:, None], v[:, None], np.ones((k, 1)), np.full(2, float(k)))
    low, high = q_root(d, targets)
    if high == 0:
        w = 1 / v
        if float((w * (y - (w @ y) / w.sum()) ** 2).sum()) < targets[1]:
            return None
    return float(low), float(high)


TAU2_CI: dict[Tau2CiName, Callable[[FloatArray, FloatArray, float, Tau2Name], Pair | None]] = {
    "QP": q_profile
}
