"""Kenward and Roger's variance and degrees of freedom of mu under REML."""

from __future__ import annotations

import numpy as np

from bupmeta.kernels.weighted import FloatArray

__all__ = ["kenward_roger"]


def kenward_roger(v: FloatArray, m: FloatArray, tau2: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the adjusted variance of mu and its df, batch shape, for `v`, `m` `(..., K)` and REML `tau2` `(...)`.

    Kenward & Roger 1997, Biometrics 53, 983; for one mean, Partlett & Riley 2017, Stat. Med. 36, 301, with the
    expected information. One study has no df (NaN).
    """
    x = v + tau2[..., None]
    w1, w2, w3 = ((m / x**j).sum(-1) for j in (1, 2, 3))
    with np.errstate(divide="ignore", invalid="ignore"):
        information = w2 / 2 - w3 / w1 + (w2 / w1) ** 2 / 2
        var = (1 + 2 * (w3 / w1 - (w2 / w1) ** 2) / information) / w1
        return var, 2 * information / (var * w2) ** 2
