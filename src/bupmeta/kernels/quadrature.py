"""Adaptive Gauss-Hermite quadrature of random effects that are standard normal, for any batch of studies."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from bupmeta.kernels.weighted import FloatArray

__all__ = ["Terms", "integrate", "mode", "nodes"]

#: log f with its first and second derivative at theta (..., K).
Terms = Callable[[FloatArray], tuple[FloatArray, FloatArray, FloatArray]]


@cache
def nodes(points: int) -> tuple[FloatArray, FloatArray]:
    """Return nodes x and the logarithms of w exp(x^2/2)/sqrt(2 pi): sums of exp(that + g(x)) integrate exp(g).

    >>> x, w = nodes(15)
    >>> round(float(np.exp(w - x**2 / 2).sum()), 12)
    1.0
    """
    x, w = np.polynomial.hermite_e.hermegauss(points)
    return x, np.log(w) + x * x / 2 - 0.5 * np.log(2 * np.pi)


def mode(terms: Terms, mu: FloatArray, tau: FloatArray, z: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the mode in z of log f(mu + tau z) - z^2/2, for log-concave f, and the scale 1/sqrt(curvature) there."""
    for _ in range(100):
        _, first, second = terms(mu + tau * z)
        curvature = 1 - tau * tau * second
        step = np.clip((tau * first - z) / curvature, -3, 3)
        z = z + step
        if np.abs(step).max(initial=0.0) < 1e-9:
            break
    return z, 1 / np.sqrt(curvature)


def integrate(terms: Terms, mu: FloatArray, tau: FloatArray, points: int) -> FloatArray:
    """Return log of the integral of f(mu + tau z) phi(z) dz per study; mu and tau broadcast to (..., K).

    `points` nodes around the mode, scaled by the curvature there (Pinheiro & Bates 1995, eq. 2.11); 1 is Laplace's.
    """
    x, w = nodes(points)
    x, w = x.reshape(-1, *(1,) * mu.ndim), w.reshape(-1, *(1,) * mu.ndim)
    z, scale = mode(terms, mu, tau, np.zeros(np.shape(terms(mu)[0])))
    at = z + scale * x
    g = terms(mu + tau * at)[0] - at * at / 2 + w
    top = g.max(0)
    out: FloatArray = np.log(scale) + top + np.log(np.exp(g - top).sum(0))
    return out
