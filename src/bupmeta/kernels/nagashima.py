"""The parametric bootstrap prediction interval."""

from __future__ import annotations

import numpy as np
from scipy.special import logit, ndtri, stdtrit

from bupmeta.kernels.confidence_distribution import BEYOND, observed_q, tau2_quantiles
from bupmeta.kernels.quadratic_form import cochran_cdf
from bupmeta.kernels.weighted import FloatArray

__all__ = ["DRAWS", "SEED", "bootstrap_effects"]

DRAWS = 200_000
SEED = 20_260_102
NODES = 800
STRATA = 4_000


def bootstrap_effects(y: FloatArray, v: FloatArray, draws: int = DRAWS, seed: int = SEED) -> FloatArray:
    """Return `draws` effects of a new study: mu + tau Z - T se_HK, tau2 from its confidence distribution.

    Nagashima, Noma & Furukawa 2019, Stat. Methods Med. Res. 28, 1689, algorithm 1; `y`, `v` are `(K,)`, K > 2.
    tau2 solves P(Q > q; tau2) = U on a table of the exact distribution of Q, accurate to about 1e-5 of itself.
    The draws of (U, Z, T) are stratified: a Hammersley set shifted at random (Cranley & Patterson 1976), whose
    quantiles vary about a fifth as much as those of independent draws. U and T fall on 4,000 random points each.
    """
    rng = np.random.default_rng(seed)
    points = (
        np.array([np.arange(draws) / draws, _mirrored(draws, 2), _mirrored(draws, 3)]) + rng.random((3, 1))
    ) % 1
    u, p = (np.arange(STRATA) + rng.random((2, STRATA))) / STRATA
    at, other = (STRATA * points[:2]).astype(np.intp)
    z, t = ndtri(points[2]), stdtrit(y.size - 1, p)[other]
    a = 1 / v
    q = observed_q(y, a)
    at_zero = float(1 - cochran_cdf(q, a, v, 0.0))
    tau2 = np.zeros(STRATA)
    if not at_zero >= 1 - 1e-9:  # what cannot be computed comes out as NaN
        low, high = tau2_quantiles(y, v, np.array([at_zero + BEYOND, 1 - BEYOND]))
        grid = np.geomspace(low, high, NODES)
        rise = 1 - cochran_cdf(q, a, v, grid)
        some = ~(u <= at_zero)
        share = np.clip((rise - at_zero) / (1 - at_zero), 1e-15, 1 - 1e-15)
        aim = np.clip((u[some] - at_zero) / (1 - at_zero), 1e-15, 1 - 1e-15)
        tau2[some] = np.exp(np.interp(logit(aim), np.maximum.accumulate(logit(share)), np.log(grid)))
    w = 1 / (v + tau2[:, None])
    w1 = w.sum(-1)
    mu = (w @ y) / w1
    spread = (w * (y - mu[:, None]) ** 2).sum(-1) / ((y.size - 1) * w1)
    out: FloatArray = mu[at] + z * np.sqrt(tau2)[at] - t * np.sqrt(spread)[at]
    return out


def _mirrored(n: int, base: int) -> FloatArray:
    """Return the digits of 0 to n - 1 mirrored at the point (van der Corput), which fills (0, 1) evenly."""
    left, out, unit = np.arange(n), np.zeros(n), 1.0
    while left.any():
        unit /= base
        out += unit * (left % base)
        left //= base
    return out
