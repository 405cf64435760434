"""The sign-flip test of mu and the interval it inverts to."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bupmeta.kernels.fit import fit
from bupmeta.kernels.tau2 import Tau2Name
from bupmeta.kernels.weighted import CHUNK, FloatArray

__all__ = ["EXACT_UP_TO", "flip_limits", "flip_p", "permutation_limits", "permutation_p", "sign_flips"]

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


def flip_p(r: FloatArray, v: FloatArray, tau2: Tau2Name, statistic: Statistic = "z") -> FloatArray:
    """Return the two-sided p of mu = 0 for every data set `r` `(n, K)`: the share of sign flips at least as extreme.

    tau2 is estimated anew for every flip; `z` is |mu|/se and `mu` the estimate itself (Follmann & Proschan 1999,
    Biometrics 55, 732). Up to 16 studies every flip is taken, beyond that 9,999 seeded ones and the data.
    The smallest p is 2/2^k.

    >>> flip_p(np.array([[0.3, 0.5, 0.4]]), np.array([0.1, 0.2, 0.1]), "DL").tolist()
    [0.25]
    """
    flips = sign_flips(r.shape[-1])
    out, step = np.empty(len(r)), max(1, CHUNK // flips.size)
    for i in range(0, len(r), step):
        found = fit(flips * r[i : i + step, None], v, tau2=tau2)  # as the pool: the highest of several maxima
        size = np.abs(found.mu) / (np.sqrt(found.var) if statistic == "z" else 1.0)
        out[i : i + step] = np.mean(size >= size[:, :1] * (1 - 1e-9), axis=-1)
    return out


def permutation_p(
    y: FloatArray, v: FloatArray, mu: FloatArray, tau2: Tau2Name, statistic: Statistic = "z"
) -> FloatArray:
    """Return `flip_p` of each hypothesis `mu` `(n,)` about one data set.

    >>> permutation_p(np.array([0.3, 0.5, 0.4]), np.array([0.1, 0.2, 0.1]), np.zeros(1), "DL").tolist()
    [0.25]
    """
    return flip_p(y - mu[:, None], v, tau2, statistic)


def permutation_limits(
    y: FloatArray, v: FloatArray, level: float, tau2: Tau2Name, statistic: Statistic = "z"
) -> tuple[float, float]:
    """Return `flip_limits` of one data set `(K,)`.

    >>> y, v = np.array([-0.2, 0.4, 0.5, 0.6, 0.8, 0.9]), np.full(6, 0.1)
    >>> [round(x, 3) for x in permutation_limits(y, v, 0.9, "DL")]
    [0.15, 0.8]
    """
    low, high = (float(end[0]) for end in flip_limits(y[None], v, level, tau2, statistic))
    return low, high


def flip_limits(
    y: FloatArray, v: FloatArray, level: float, tau2: Tau2Name, statistic: Statistic = "z", halvings: int = 34
) -> tuple[FloatArray, FloatArray]:
    """Return the ends of the mu that the test does not reject, by halving, for every data set `y` `(n, K)`.

    Raises `ValueError` when even the smallest p, 2/2^k, is above 1 - level, so that no mu is ever rejected.

    >>> y, v = np.array([[-0.2, 0.4, 0.5, 0.6, 0.8, 0.9]]), np.full(6, 0.1)
    >>> [float(end[0].round(3)) for end in flip_limits(y, v, 0.9, "DL")]
    [0.15, 0.8]
    """
    alpha, k = 1 - level, y.shape[-1]
    if 2 / 2**k > alpha * (1 + 1e-9):
        raise ValueError(f"{k} studies have no sign-flip interval at level {level}")
    found = fit(y, v, tau2=tau2)
    centre = np.stack([found.mu, found.mu])
    side = np.array([[-1.0], [1.0]])

    def kept(step: FloatArray) -> NDArray[np.bool_]:
        mu = centre + side * step
        p = flip_p((y - mu[..., None]).reshape(-1, k), np.broadcast_to(v, (k,)), tau2, statistic)
        return p.reshape(mu.shape) > alpha * (1 + 1e-9)

    outside = np.tile(2 * np.sqrt(found.var), (2, 1))
    while (going := kept(outside)).any():
        outside = np.where(going, 2 * outside, outside)
    inside = np.zeros_like(outside)
    for _ in range(halvings):
        middle = (inside + outside) / 2
        in_it = kept(middle)
        inside, outside = np.where(in_it, middle, inside), np.where(in_it, outside, middle)
    low, high = centre + side * inside
    return low, high
