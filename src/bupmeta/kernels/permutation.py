"""The sign-flip test of mu and the interval it inverts to."""

from __future__ import annotations

from typing import Literal

import numpy as np

from bupmeta.kernels.fit import fit
from bupmeta.kernels.tau2 import Tau2Name
from bupmeta.kernels.weighted import FloatArray

__all__ = ["EXACT_UP_TO", "permutation_limits", "permutation_p", "sign_flips"]

EXACT_UP_TO = 16
DRAWS = 9_999
SEED = 20_260_101

Statistic = Literal["z", "mu"]


def sign_flips(k: int) -> FloatArray:
    """Return sign vectors `(n, k)`, the data's own first: half of all 2^k (the rest mirror them), or seeded draws.

    >>> sign_flips(2).tolist()
    [[1.0, 1.0], [1.0, -1.0]]
    """
    if k <= EXACT_UP_TO:
        bits = np.arange(2 ** (k - 1))[:, None] >> np.arange(k - 2, -1, -1) & 1
        return np.hstack([np.ones((bits.shape[0], 1)), 1.0 - 2.0 * bits])
    drawn = np.random.default_rng(SEED).integers(0, 2, (DRAWS, k))
    return np.vstack([np.ones((1, k)), 1.0 - 2.0 * drawn])


def permutation_p(
    y: FloatArray, v: FloatArray, mu: FloatArray, tau2: Tau2Name, statistic: Statistic = "z"
) -> FloatArray:
    """Return the two-sided p of each hypothesis `mu` `(n,)`: the share of sign flips of y - mu at least as extreme.

    tau2 is estimated anew for every flip; `z` is |mu|/se and `mu` the estimate itself (Follmann & Proschan 1999,
    Biometrics 55, 732). Up to 16 studies every flip is taken, beyond that 9,999 seeded ones and the data.
    The smallest p is 2/2^k.

    >>> permutation_p(np.array([0.3, 0.5, 0.4]), np.array([0.1, 0.2, 0.1]), np.zeros(1), "DL").tolist()
    [0.25]
    """
    flips = sign_flips(y.size)
    out = np.empty(mu.shape)
    for i, centre in enumerate(mu):
        found = fit(flips * (y - centre), v, tau2=tau2)  # as the pool: the highest of several maxima
        size = np.abs(found.mu) / (np.sqrt(found.var) if statistic == "z" else 1.0)
        out[i] = np.mean(size >= size[0] * (1 - 1e-9))
    return out


def permutation_limits(
    y: FloatArray, v: FloatArray, level: float, tau2: Tau2Name, statistic: Statistic = "z"
) -> tuple[float, float]:
    """Return the ends of the mu that the test does not reject, by halving.

    Raises `ValueError` when even the smallest p, 2/2^k, is above 1 - level, so that no mu is ever rejected.

    >>> y, v = np.array([-0.2, 0.4, 0.5, 0.6, 0.8, 0.9]), np.full(6, 0.1)
    >>> [round(x, 3) for x in permutation_limits(y, v, 0.9, "DL")]
    [0.15, 0.8]
    """
    alpha = 1 - level
    if 2 / 2**y.size > alpha * (1 + 1e-9):
        raise ValueError(f"{y.size} studies have no sign-flip interval at level {level}")
    found = fit(y, v, tau2=tau2)
    centre = float(found.mu)
    side = np.array([-1.0, 1.0])
    step = np.full(2, 2 * float(np.sqrt(found.var)))
    while (kept := permutation_p(y, v, centre + side * step, tau2, statistic) > alpha * (1 + 1e-9)).any():
        step = np.where(kept, 2 * step, step)
    inside, outside = np.zeros(2), step
    for _ in range(34):
        middle = (inside + outside) / 2
        kept = permutation_p(y, v, centre + side * middle, tau2, statistic) > alpha * (1 + 1e-9)
        inside, outside = np.where(kept, middle, inside), np.where(kept, outside, middle)
    low, high = (centre + side * inside).tolist()
    return low, high
