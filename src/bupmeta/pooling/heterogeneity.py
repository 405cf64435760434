"""Confidence intervals of tau2, and I2 and H2 from them: one function and one row of `TAU2_CI` per method."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import chdtri

from bupmeta.kernels.confidence_distribution import generalised_q_limits
from bupmeta.kernels.profile import tau2_limits
from bupmeta.kernels.roots import q_root
from bupmeta.kernels.weighted import chunks
from bupmeta.pooling.fitted import Fitted
from bupmeta.pooling.models import Tau2CiName

__all__ = ["TAU2_CI", "h2_of", "i2_of"]

Pair = tuple[float, float]


def i2_of(tau2: float, typical_v: float) -> float:
    """Return I2 = tau2/(tau2 + s2) in percent (Higgins & Thompson 2002, eq. 9-10)."""
    return 100 * tau2 / (tau2 + typical_v)


def h2_of(tau2: float, typical_v: float) -> float:
    """Return H2 = (tau2 + s2)/s2."""
    return tau2 / typical_v + 1


def q_profile(f: Fitted) -> Pair | None:
    """Return the tau2 at which generalised Q meets its chi2 quantiles (Viechtbauer 2007)."""
    tails = np.array([1 - f.model.level, 1 + f.model.level]) / 2
    targets = np.asarray(chdtri(f.fit.k - 1, tails), dtype=float)
    if f.fit.q < targets[1]:
        return None
    _, pieces = chunks(np.broadcast_to(f.y, (2, f.y.size)), f.v, None)  # the same data set once per target
    low, high = q_root(next(pieces), targets)
    return float(low), float(high)


def profile_likelihood(f: Fitted) -> Pair | None:
    """Return the profile-likelihood interval, of ML for the ML estimate and restricted for every other."""
    return tau2_limits(f.y, f.v, f.model.level, restricted=f.model.tau2 != "ML")


def generalised_q(f: Fitted) -> Pair | None:
    """Return the interval from the exact distribution of Cochran's Q (Jackson 2013)."""
    return generalised_q_limits(f.y, f.v, f.model.level)


# One data set each; None where the set of tau2 is empty.
TAU2_CI: dict[Tau2CiName, Callable[[Fitted], Pair | None]] = {
    "QP": q_profile,
    "PL": profile_likelihood,
    "GENQ": generalised_q,
}
