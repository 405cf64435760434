"""The normal random-effects likelihood of tau2: value, score and information, batch first."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from bupmeta.kernels.optimum import local_maxima
from bupmeta.kernels.weighted import FloatArray, chunks

__all__ = ["Optimum", "information", "log_likelihood", "optima", "score"]


class Optimum(NamedTuple):
    """One local maximum of the (restricted) likelihood."""

    tau2: float
    log_likelihood: float


class _Terms(NamedTuple):
    """Sums over studies at one tau2 per data set, with `m` counted and P the projection of the weights."""

    k: FloatArray
    log_x: FloatArray  # sum log(v + tau2)
    w1: FloatArray
    w2: FloatArray
    w3: FloatArray
    p1: FloatArray  # y'Py
    p2: FloatArray  # y'PPy


def _terms(y: ArrayLike, v: ArrayLike, m: ArrayLike | None, tau2: ArrayLike, mu: ArrayLike | None) -> _Terms:
    ya, va = np.asarray(y, dtype=float), np.asarray(v, dtype=float)
    ma = np.ones(ya.shape[-1]) if m is None else np.asarray(m, dtype=float)
    ya, va = np.where(ma > 0, ya, 0.0), np.where(ma > 0, va, 1.0)
    x = va + np.asarray(tau2, dtype=float)[..., None]
    w = ma / x
    w1 = w.sum(-1)
    w1 = np.where(w1 > 0, w1, np.nan)  # a data set without studies has no likelihood
    centre = (w * ya).sum(-1) / w1 if mu is None else np.asarray(mu, dtype=float)
    r = ya - centre[..., None]
    w2, w3, r2 = w / x, w / (x * x), r * r
    k, log_x = np.broadcast_arrays(ma.sum(-1), (ma * np.log(x)).sum(-1))
    return _Terms(k, log_x, w1, w2.sum(-1), w3.sum(-1), (w * r2).sum(-1), (w2 * r2).sum(-1))


def log_likelihood(
    y: ArrayLike,
    v: ArrayLike,
    m: ArrayLike | None = None,
    *,
    tau2: ArrayLike,
    mu: ArrayLike | None = None,
    restricted: bool = True,
) -> FloatArray:
    """Return the log-likelihood of y ~ N(mu, v + tau2), constants included, at the best `mu` unless given.

    `y`, `v`, `m` are `(..., K)`; `tau2` and `mu` have the batch shape or lead it. The restricted one is that
    of k - 1 orthonormal error contrasts (Harville 1977; it carries log(k)/2, as metafor prints it).
    Raises `ValueError` when `mu` is given for the restricted likelihood, which does not hold it.

    >>> float(log_likelihood([0.1, 0.5, 0.9], [0.1, 0.2, 0.1], tau2=0.05).round(6))
    -1.191286
    """
    if restricted and mu is not None:
        raise ValueError("the restricted likelihood has no mu")
    s = _terms(y, v, m, tau2, mu)
    df = s.k - 1 if restricted else s.k
    out: FloatArray = -0.5 * (df * np.log(2 * np.pi) + s.log_x + s.p1)
    return out - 0.5 * np.log(s.w1 / s.k) if restricted else out


def score(
    y: ArrayLike, v: ArrayLike, m: ArrayLike | None = None, *, tau2: ArrayLike, restricted: bool = True
) -> FloatArray:
    """Return d log-likelihood/d tau2 with mu profiled out: (y'PPy - tr P)/2, for ML (y'PPy - sum w)/2.

    >>> float(score([0.1, 0.5, 0.9], [0.1, 0.2, 0.1], tau2=0.05).round(6))
    1.470085
    """
    s = _terms(y, v, m, tau2, None)
    out: FloatArray = 0.5 * (s.p2 - (s.w1 - s.w2 / s.w1 if restricted else s.w1))
    return out


def information(
    y: ArrayLike,
    v: ArrayLike,
    m: ArrayLike | None = None,
    *,
    tau2: ArrayLike,
    restricted: bool = True,
) -> FloatArray:
    """Return Fisher's information about tau2, tr(PP)/2 (ML: sum w^2/2).

    >>> float(information([0.1, 0.5, 0.9], [0.1, 0.2, 0.1], tau2=0.05).round(4))
    32.8731
    """
    s = _terms(y, v, m, tau2, None)
    expected: FloatArray = 0.5 * (s.w2 - 2 * s.w3 / s.w1 + (s.w2 / s.w1) ** 2 if restricted else s.w2)
    return expected


def optima(
    y: ArrayLike, v: ArrayLike, m: ArrayLike | None = None, *, kind: Literal["REML", "ML"] = "REML"
) -> tuple[Optimum, ...]:
    """Return every local maximum of one data set's likelihood over tau2 >= 0, by rising tau2.

    >>> [round(found.tau2, 4) for found in optima([-0.014, -0.722, 2.713], [0.00034, 0.49, 1.6])]
    [0.0, 1.3765]
    """
    shape, pieces = chunks(y, v, m)
    if shape:
        raise ValueError("optima takes one data set")
    d = next(pieces)
    if d.k[0] < 1:
        return ()
    with np.errstate(divide="ignore", invalid="ignore"):  # log(0) where all y agree
        _, tau2 = local_maxima(d, kind == "REML")
    height = log_likelihood(y, v, m, tau2=np.sort(tau2), restricted=kind == "REML")
    return tuple(Optimum(float(t), float(h)) for t, h in zip(np.sort(tau2), height, strict=True))
