"""Confidence intervals of tau2, and I2 and H2 from them: one function and one row of `TAU2_CI` per method."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import chdtri

from bupmeta.kernels import FloatArray
from bupmeta.kernels.confidence_distribution import generalised_q_limits, observed_q
from bupmeta.kernels.profile import tau2_limits
from bupmeta.kernels.roots import q_root
from bupmeta.kernels.weighted import chunks
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
    """Return the tau2 at which generalised Q meets its chi2 quantiles (Viechtbauer 2007); None: an empty set."""
    del method
    k = y.size
    tail = (1 - level) / 2
    targets = chdtri(k - 1, np.array([tail, 1 - tail]))
    if observed_q(y, 1 / v) < targets[1]:
        return None
    _, pieces = chunks(np.broadcast_to(y, (2, k)), v, None)  # the same data set once per target
    low, high = q_root(next(pieces), targets)
    return float(low), float(high)


def profile_likelihood(y: FloatArray, v: FloatArray, level: float, method: Tau2Name) -> Pair | None:
    """Return the profile-likelihood interval, of ML for `method` ML and restricted for every other."""
    return tau2_limits(y, v, level, restricted=method != "ML")


def generalised_q(y: FloatArray, v: FloatArray, level: float, method: Tau2Name) -> Pair | None:
    """Return the interval from the exact distribution of Cochran's Q (Jackson 2013); None: an empty set."""
    del method
    return generalised_q_limits(y, v, level)


Tau2Interval = Callable[[FloatArray, FloatArray, float, Tau2Name], Pair | None]
TAU2_CI: dict[Tau2CiName, Tau2Interval] = {"QP": q_profile, "PL": profile_likelihood, "GENQ": generalised_q}
