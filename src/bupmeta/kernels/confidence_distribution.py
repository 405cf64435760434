"""The confidence distribution of tau2 from Cochran's Q, and what follows from it without simulation.

H(tau2) = P(Q > q observed; tau2) rises from its mass at tau2 = 0 to 1 (Biggerstaff & Tweedie 1997 as an interval;
Nagashima et al. 2019 and Noma & Schwarzer 2026 as a distribution to draw from). Averaging the normal distribution
of mu or of a new effect over it is here a sum over nodes in log tau2, not a Monte Carlo mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from bupmeta.kernels.quadratic_form import cochran_cdf, cochran_density
from bupmeta.kernels.solve import reach, root
from bupmeta.kernels.weighted import FloatArray

__all__ = ["Mixture", "generalised_q_limits", "mixture", "tau2_quantiles"]

NODES = 256
BEYOND = 1e-11


def tau2_quantiles(
    y: FloatArray, v: FloatArray, levels: FloatArray, a: FloatArray | None = None
) -> FloatArray:
    """Return the tau2 at which H meets each of `levels`, 0 where its mass at 0 already does; `y`, `v` are `(K,)`.

    `a` are the weights of Q, 1/v unless given.
    """
    weights = 1 / v if a is None else a
    q = observed_q(y, weights)
    aim = np.asarray(levels, dtype=float)

    def short(tau2: FloatArray) -> FloatArray:
        gap: FloatArray = 1 - cochran_cdf(q, weights, v, tau2) - aim
        return gap

    at_zero = short(np.zeros(aim.shape)) >= 0
    if at_zero.all():
        return np.zeros(aim.shape)
    unit = np.full(aim.shape, q / weights.sum() + 1e-300)
    high = reach(lambda x: np.where(at_zero, 0.0, short(x)), unit)
    out: FloatArray = np.where(at_zero, 0.0, root(lambda x: np.where(at_zero, 0.0, short(x)), 0 * high, high))
    return out


def generalised_q_limits(
    y: FloatArray, v: FloatArray, level: float, a: FloatArray | None = None
) -> tuple[float, float] | None:
    """Return the interval of tau2 from generalised Q with weights `a` (1/v unless given); None when it is empty.

    Jackson 2013, Res. Synth. Methods 4, 220.

    >>> limits = generalised_q_limits(np.array([0.1, 0.5, 1.1]), np.array([0.04, 0.05, 0.04]), 0.95)
    >>> [round(x, 3) for x in limits]
    [0.031, 10.744]
    """
    tail = (1 - level) / 2
    weights = 1 / v if a is None else a
    at_zero = 1 - cochran_cdf(observed_q(y, weights), weights, v, 0.0)
    if at_zero > 1 - tail:
        return None
    low, high = tau2_quantiles(y, v, np.array([tail, 1 - tail]), weights)
    return float(low), float(high)


def observed_q(y: FloatArray, a: FloatArray) -> float:
    """Return Q = sum a (y - mu)^2 about the mean with weights `a`."""
    return float((a * (y - (a @ y) / a.sum()) ** 2).sum())


@dataclass(frozen=True, slots=True)
class Mixture:
    """Nodes of tau2 with their confidence `mass` (adding to 1), and mu and 1/sum w at each, all `(n,)`."""

    tau2: FloatArray
    mass: FloatArray
    mu: FloatArray
    var: FloatArray

    def new_effect(self, levels: FloatArray) -> FloatArray:
        """Return quantiles of the effect of a new study, normal about mu with variance tau2 + 1/sum w."""
        sd = np.sqrt(self.tau2 + self.var)
        wide = 40 * np.full(levels.shape, float(sd.max()))
        middle = float(self.mu @ self.mass)
        return root(
            lambda x: ndtr((x[:, None] - self.mu) / sd) @ self.mass - levels, middle - wide, middle + wide
        )

    def share_below(self, threshold: float, levels: FloatArray) -> FloatArray:
        """Return quantiles of the share of true effects below `threshold`, ndtr((threshold - mu)/tau)."""
        tau, se = np.sqrt(self.tau2), np.sqrt(self.var)

        def excess(z: FloatArray) -> FloatArray:  # P(share <= ndtr(z)) - levels; shares of 0 and 1 have mass
            gap = ndtr((self.mu - threshold + tau * z[:, None]) / se) @ self.mass - levels
            return np.where(z <= -40, -1.0, np.where(z >= 40, 1.0, gap))

        out: FloatArray = ndtr(root(excess, np.full(levels.shape, -40.0), np.full(levels.shape, 40.0)))
        return out


def mixture(y: FloatArray, v: FloatArray) -> Mixture:
    """Return the confidence distribution of tau2 as nodes; what lies beyond them has a mass of 2e-11.

    The trapezoid rule in log tau2 converges geometrically, since the density is analytic there.
    """
    a = 1 / v
    q = observed_q(y, a)
    at_zero = float(1 - cochran_cdf(q, a, v, 0.0))
    tau2, mass = np.zeros(1), np.ones(1)
    if not at_zero >= 1 - 1e-9:  # what cannot be computed comes out as NaN
        low, high = tau2_quantiles(y, v, np.array([at_zero + BEYOND, 1 - BEYOND]))
        tau2 = np.geomspace(low, high, NODES)
        mass = cochran_density(q, a, v, tau2) * tau2
        mass *= (1 - at_zero) / mass.sum()
        tau2, mass = np.append(0.0, tau2), np.append(at_zero, mass)
    w = 1 / (v + tau2[:, None])
    return Mixture(tau2, mass, (w @ y) / w.sum(-1), 1 / w.sum(-1))
