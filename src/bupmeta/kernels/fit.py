"""The one fit that every refit uses: any number of data sets, one call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bupmeta.kernels.status import Status
from bupmeta.kernels.tau2 import TAU2, Estimator, Found, Search, Tau2Name
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
    tau2: Tau2Name | float | FloatArray = "REML",
    search: Search = "global",
) -> Fit:
    """Fit the random-effects model to every data set of a batch.

    `y` effects, `v` their variances (units of y squared) and `m` how often each study is in the data set
    (0 = absent), broadcasting to `(..., K)`: batch axes first, studies last. `tau2` names an estimator or
    gives the value (one, or one per data set). `search="local"` follows the likelihood from tau2 = 0 to its
    first maximum only. A data set raises nothing, its `status` says what became of it; an unknown option or
    a negative `tau2` raises `ValueError`.

    >>> import numpy as np
    >>> y, v = np.array([-0.9, -1.6, -0.2]), np.array([0.33, 0.19, 0.05])
    >>> one = fit(y, v)
    >>> f"{one.mu:.4f} {one.tau2:.4f}"
    '-0.8342 0.4296'
    >>> left_out = fit(y, v, 1 - np.eye(3), tau2="PM")
    >>> left_out.tau2.shape
    (3,)
    """
    if search not in get_args(Search):
        raise ValueError(f"search is {' or '.join(get_args(Search))}, not {search!r}")
    shape, pieces = chunks(y, v, m)
    estimate = _named(tau2) if isinstance(tau2, str) else _given(tau2, shape)
    # A data set that cannot be computed says so in its status instead of in a warning.
    with np.errstate(all="ignore"):
        rows = [_fit(d, *estimate(d, search)) for d in pieces]
    if not rows:  # a batch of no data sets
        rows = [(*(np.empty(0) for _ in range(7)), np.empty(0, dtype=np.int8))]
    return Fit(*(np.concatenate(column).reshape(shape) for column in zip(*rows, strict=True)))


def _named(name: Tau2Name) -> Estimator:
    if name not in TAU2:
        raise ValueError(f"no tau2 estimator is called {name!r}: choose from {', '.join(TAU2)}")
    return TAU2[name]


def _given(tau2: float | FloatArray, shape: tuple[int, ...]) -> Estimator:
    values = np.broadcast_to(np.asarray(tau2, dtype=float), shape).ravel()
    if (values < 0).any():
        raise ValueError("tau2 is a variance and cannot be negative")

    def estimate(d: Studies, _: Search) -> Found:
        nonlocal values
        here, values = values[: d.k.size], values[d.k.size :]
        return here, np.zeros(d.k.size, dtype=np.int8)

    return estimate


def _fit(d: Studies, tau2: FloatArray, status: NDArray[np.int8]) -> tuple[NDArray[Any], ...]:
    n, df = d.k.size, d.k - 1
    w = d.m / d.v
    _, w1, q = _weigh(d, w)
    trace = w1 - total(w / d.v) / w1
    mu, w1, spread = _weigh(d, d.m / (d.v + tau2))
    numbers = mu + d.origin, 1.0 / w1, tau2, q, spread / df, df / trace
    out = [np.array(x) if x.size == n else np.repeat(x, n) for x in numbers]
    out[4][df <= 0] = out[5][df <= 0] = np.nan
    few, sound = d.k < 1, np.isfinite(out[0] + out[2])
    lost = few | ~sound
    if lost.any():
        for x in out:
            x[lost] = np.nan
    status = np.where(sound, status, np.int8(Status.NOT_CONVERGED))
    return (d.k, *out, np.where(few, np.int8(Status.TOO_FEW), status))


def _weigh(d: Studies, w: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the weighted mean, the sum of weights and the weighted sum of squares about the mean."""
    w1 = total(w)
    mu = total(w * d.y) / w1
    r = d.y - mu
    r *= r
    return mu, w1, total(w * r)
