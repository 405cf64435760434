"""How precisely each estimator knows tau2: its standard error, as its own theory gives it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from bupmeta.kernels.moments import crude, quadratic
from bupmeta.kernels.tau2 import Tau2Name
from bupmeta.kernels.weighted import FloatArray, Studies, chunks, total

__all__ = ["SE_TAU2", "se_tau2"]


def _quadratic_se(d: Studies, a: FloatArray, tau2: FloatArray) -> FloatArray:
    """Return the standard error of y'Ay: sqrt(2 tr(A X A X)), X = diag(v + tau2)."""
    x = d.v + tau2
    w, aa = total(d.m * a), d.m * a * a
    trace: FloatArray = total(aa * x * x) - 2 * total(aa * a * x * x) / w + (total(aa * x) / w) ** 2
    return np.sqrt(2 * trace)


def _moment(d: Studies, a: FloatArray, tau2: FloatArray) -> FloatArray:
    return _quadratic_se(d, a, tau2) / quadratic(d, a)[2]


def _hunter_schmidt(d: Studies, tau2: FloatArray) -> FloatArray:
    return _quadratic_se(d, 1.0 / d.v, tau2) / total(d.m / d.v)


def _sidik_jonkman(d: Studies, tau2: FloatArray) -> FloatArray:
    start = crude(d)
    return start * _quadratic_se(d, 1.0 / (d.v + start), tau2) / (d.k - 1)


def _maximum_likelihood(d: Studies, tau2: FloatArray) -> FloatArray:
    return np.sqrt(2 / total(d.m / (d.v + tau2) ** 2))


def _restricted(d: Studies, tau2: FloatArray) -> FloatArray:
    """Return the same as for y'Py at the weights that fit: 2/tr(PP) (Fisher information)."""
    u = 1.0 / (d.v + tau2)
    w1, w2, w3 = (total(d.m * u**j) for j in (1, 2, 3))
    return np.sqrt(2 / (w2 - 2 * w3 / w1 + (w2 / w1) ** 2))


def _paule_mandel(d: Studies, tau2: FloatArray) -> FloatArray:
    return np.sqrt(2 / (d.k - 1)) * d.k / total(d.m / (d.v + tau2))


SE_TAU2: dict[Tau2Name, Callable[[Studies, FloatArray], FloatArray]] = {
    "EE": lambda d, _: np.full(d.k.shape, np.nan),
    "DL": lambda d, tau2: _moment(d, 1.0 / d.v, tau2),
    "DLIT": _paule_mandel,
    "HE": lambda d, tau2: _moment(d, np.ones_like(d.v), tau2),
    "HS": _hunter_schmidt,
    "HSk": lambda d, tau2: d.k / (d.k - 1) * _hunter_schmidt(d, tau2),
    "SJ": _sidik_jonkman,
    "SJIT": _paule_mandel,
    "ML": _maximum_likelihood,
    "REML": _restricted,
    "EB": _paule_mandel,
    "PM": _paule_mandel,
    "PMM": _paule_mandel,
}


def se_tau2(
    y: ArrayLike, v: ArrayLike, m: ArrayLike | None = None, *, method: Tau2Name, tau2: ArrayLike
) -> FloatArray:
    """Return the standard error of `tau2` as estimated by `method`; NaN below two studies and for EE.

    Moment estimators: the variance of their quadratic form. ML and REML: Fisher's information. PM and
    its kin: the variance of Q at the estimate (Viechtbauer 2007, Stat Med 26:37; as metafor prints them).

    >>> y, v = [0.1, 0.5, 0.9], [0.1, 0.2, 0.1]
    >>> float(se_tau2(y, v, method="REML", tau2=0.02).round(4))
    0.1428
    """
    shape, pieces = chunks(y, v, m)
    tau2 = np.broadcast_to(np.asarray(tau2, dtype=float), shape).ravel()
    out, start = np.full(tau2.shape, np.nan), 0
    for d in pieces:
        at = start + np.flatnonzero(d.k > 1)
        out[at], start = SE_TAU2[method](d.take(at - start), tau2[at]), start + d.k.size
    return out.reshape(shape)
