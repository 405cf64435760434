"""The one fit that every refit uses: any number of data sets, one call."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bupmeta.kernels.status import Status
from bupmeta.kernels.tau2 import TAU2, Search, Tau2Name
from bupmeta.kernels.weighted import FloatArray, Studies, chunks, total

__all__ = ["Fit", "fit"]


@dataclass(frozen=True, slots=True)
class Fit:
    """Fits of a batch of data sets; every field has the batch shape (0-d for one data set).

    `k` number of studies (sum m); `mu` pooled effect and `var` = 1/sum w, w = m/(v + tau2); `tau2`;
    `q` Cochran's Q at the common-effect weights; `scale` the Hartung-Knapp factor sum w (y - mu)^2/(k - 1);
    `typical_v` Higgins' s^2 = (k - 1)/(sum w - sum w^2/sum w) at tau2 = 0, so that I2 = tau2/(tau2 + s^2);
    `status` a `Status` as int8. `scale` and `typical_v` are NaN for one study.
    """

    k: FloatArray
    mu: FloatArray
    var: FloatArray
    tau2: FloatArray
    q: FloatArray
    scale: FloatArray
    typical_v: FloatArray
    status: NDArray[np.int8]


def fit(
    y: ArrayLike,
    v: ArrayLike,
    m: ArrayLike | None = None,
    *,
    tau2: Tau2Name | float = "REML",
    search: Search = "global",
) -> Fit:
    """Fit the random-effects model to a batch of data sets.

    `y` effects, `v` their variances (units of y squared) and `m` how often each study is in the data set
    (0 = absent), broadcasting to `(..., K)`: batch axes first, studies last. `tau2` names an estimator or
    gives the value. Nothing is raised for a data set: its `status` says what became of it.

    >>> import numpy as np
    >>> y, v = np.array([-0.9, -1.6, -0.2]), np.array([0.33, 0.19, 0.05])
    >>> one = fit(y, v)
    >>> f"{one.mu:.4f} {one.tau2:.4f}"
    '-0.8342 0.4296'
    >>> left_out = fit(y, v, 1 - np.eye(3), tau2="PM")
    >>> left_out.tau2.shape
    (3,)
    """
    shape, pieces = chunks(y, v, m)
    rows = [_fit(piece, tau2, search) for piece in pieces]
    columns = [np.concatenate(column).reshape(shape) for column in zip(*rows, strict=True)]
    return Fit(*columns)


def _fit(d: Studies, method: Tau2Name | float, search: Search) -> tuple[NDArray[np.generic], ...]:
    empty = d.k < 1
    if empty.any():
        m = np.where(empty, 1.0, d.m)
        d = Studies(d.y, d.v, m, total(m))
    n = d.k.size
    if isinstance(method, str):
        tau2, status = TAU2[method](d, search)
    else:
        tau2, status = np.full(n, float(method)), np.zeros(n, dtype=np.int8)
    at0 = d.m / d.v
    q, s1 = _q(d, at0)[2], total(at0)
    trace = s1 - total(at0 / d.v) / s1
    mu, w1, qw = _q(d, d.m / (d.v + tau2))
    many = d.k > 1
    df = d.k - 1
    scale = np.divide(qw, df, out=np.full(n, np.nan), where=many)
    typical = np.divide(df, trace, out=np.full(n, np.nan), where=many & (trace > 0))
    out = [d.k.copy(), mu, 1.0 / w1, tau2, np.broadcast_to(q, (n,)).copy(), scale, typical]
    if empty.any():
        for x in out:
            x[empty] = np.nan
        status = np.where(empty, np.int8(Status.TOO_FEW), status)
    return (*out, status)


def _q(d: Studies, w: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    w1 = total(w)
    mu = total(w * d.y) / w1
    r = d.y - mu
    return mu, w1, total(w * r * r)
