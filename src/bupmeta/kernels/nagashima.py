"""The parametric bootstrap prediction interval."""

from __future__ import annotations

import numpy as np
from scipy.special import logit

from bupmeta.kernels.confidence_distribution import BEYOND, observed_q, tau2_quantiles
from bupmeta.kernels.quadratic_form import cochran_cdf
from bupmeta.kernels.weighted import FloatArray

__all__ = ["DRAWS", "SEED", "bootstrap_effects"]

DRAWS = 25_000
SEED = 20_260_102
NODES = 800


def bootstrap_effects(y: FloatArray, v: FloatArray, draws: int = DRAWS, seed: int = SEED) -> FloatArray:
    """Return `draws` effects of a new study: mu + tau Z - T se_HK, tau2 from its confidence distribution.

    Nagashima, Noma & Furukawa 2019, Stat. Methods Med. Res. 28, 1689, algorithm 1; `y`, `v` are `(K,)`, K > 2.
    tau2 solves P(Q > q; tau2) = U on a table of the exact distribution of Q, accurate to about 1e-5 of itself.
    """
    rng = np.random.default_rng(seed)
    u, z, t = rng.random(draws), rng.standard_normal(draws), rng.standard_t(y.size - 1, draws)
    a = 1 / v
    q = observed_q(y, a)
    at_zero = float(1 - cochran_cdf(q, a, v, 0.0))
    tau2 = np.zeros(draws)
    if at_zero < 1 - 1e-9:
        low, high = tau2_quantiles(y, v, np.array([at_zero + BEYOND, 1 - BEYOND]))
        grid = np.geomspace(low, high, NODES)
        rise = 1 - cochran_cdf(q, a, v, grid)
        some = u > at_zero
        share = np.clip((rise - at_zero) / (1 - at_zero), 1e-15, 1 - 1e-15)
        aim = np.clip((u[some] - at_zero) / (1 - at_zero), 1e-15, 1 - 1e-15)
        tau2[some] = np.exp(np.interp(logit(aim), np.maximum.accumulate(logit(share)), np.log(grid)))
    w = 1 / (v + tau2[:, None])
    w1 = w.sum(-1)
    mu = (w @ y) / w1
    spread = (w * (y - mu[:, None]) ** 2).sum(-1) / ((y.size - 1) * w1)
    out: FloatArray = mu + z * np.sqrt(tau2) - t * np.sqrt(spread)
    return out
