"""Closed-form estimators of tau2: each equates a quadratic form in y to its expectation."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from bupmeta.kernels.weighted import FloatArray, Studies, total

__all__ = ["dersimonian_laird", "generalised_q", "hedges", "hunter_schmidt", "quadratic", "sidik_jonkman"]


def quadratic(d: Studies, a: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return y'Ay, tr(AV) and tr A of the contrast matrix A made from fixed weights `a`, per data set."""
    w = d.m * a
    w1, wa = total(w), d.m * a * a
    r = d.y - total(w * d.y) / w1
    return total(w * r * r), total(w * d.v) - total(wa * d.v) / w1, w1 - total(wa) / w1


def generalised(d: Studies, a: FloatArray) -> FloatArray:
    """Return the generalised Q estimate for weights `a`: (y'Ay - tr(AV))/tr A (DerSimonian & Kacker 2007)."""
    form, expected, trace = quadratic(d, a)
    return _ratio(form - expected, trace)


def dersimonian_laird(d: Studies) -> FloatArray:
    """Return (Q - (k - 1))/(sum w - sum w^2/sum w) (DerSimonian & Laird 1986)."""
    return generalised(d, 1.0 / d.v)


def hedges(d: Studies) -> FloatArray:
    """Return the variance of y less the mean of v (Hedges & Olkin 1985)."""
    return generalised(d, np.ones_like(d.v))


def hunter_schmidt(d: Studies, *, corrected: bool = False) -> FloatArray:
    """Return (Q - k)/sum w (Hunter & Schmidt 1990), or with Q k/(k - 1) (Brannick et al. 2019)."""
    w = 1.0 / d.v
    q = quadratic(d, w)[0]
    return (_ratio(q * d.k, d.k - 1) - d.k if corrected else q - d.k) / total(d.m * w)


def sidik_jonkman(d: Studies) -> FloatArray:
    """Return tau0 Q(tau0)/(k - 1) with tau0 = sum (y - mean)^2/k (Sidik & Jonkman 2005)."""
    start = crude(d)
    return _ratio(start * quadratic(d, 1.0 / (d.v + start))[0], d.k - 1)


def crude(d: Studies) -> FloatArray:
    """Return sum (y - mean)^2/k."""
    r = d.y - total(d.m * d.y) / d.k
    return total(d.m * r * r) / d.k


def _ratio(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return a/b, and 0 where b is not positive: one study has no heterogeneity to estimate."""
    return np.divide(a, b, out=np.zeros(np.broadcast(a, b).shape), where=b > 0)


def generalised_q(y: ArrayLike, v: ArrayLike, m: ArrayLike | None = None, *, a: ArrayLike) -> FloatArray:
    """Return the tau2 that equates generalised Q at any fixed weights `a` to its expectation, at least 0.

    `y`, `v`, `m`, `a` broadcast to `(..., K)`; the result has the batch shape, NaN below one study. a = 1/v
    is DL, a = 1 is HE (DerSimonian & Kacker 2007, eq. 6; Jackson 2013). `fit(..., tau2=...)` pools with it.

    >>> float(generalised_q([0.1, 0.5, 0.9], [0.1, 0.2, 0.1], a=[1.0, 1.0, 1.0]).round(6))
    0.026667
    """
    full = np.broadcast_arrays(y, v, 1.0 if m is None else m, a)
    ys, vs, ms, weights = (np.moveaxis(np.asarray(x, dtype=float), -1, 0) for x in full)
    here = ms > 0
    d = Studies(np.where(here, ys, 0.0), np.where(here, vs, 1.0), ms, total(ms), np.zeros(1))
    enough = d.k >= 1
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(enough, np.maximum(generalised(d, weights), 0.0), np.nan)
