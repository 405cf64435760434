"""The distribution of a positive quadratic form in normal variables, by inverting its Laplace transform.

Q = sum lambda_j chi2_1 has the transform D(z)^(-1/2), D = prod (1 + 2 lambda_j z), whose branch points all lie on
the negative real axis. A parabola through the saddle point, curved as the path of steepest descent is, keeps clear
of them for any spread of the lambda, so the midpoint rule converges geometrically (Rice 1980, SIAM J. Sci. Stat.
Comput. 1, 438, who also uses steepest descent; Davies 1980 and Farebrother 1984 sum series instead). The pole at
0 is removed by taking off the chi2 with the same mean, whose distribution is known.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtr

from bupmeta.kernels.weighted import FloatArray

__all__ = ["cochran_cdf", "cochran_density", "quadratic_form_cdf"]

ComplexArray = NDArray[np.complex128]

NODES = 64
DECAY = 40.0
"""The path ends where the integrand has fallen below exp(-40) < 1e-17."""


def contour(
    q: FloatArray, weights: FloatArray
) -> tuple[ComplexArray, ComplexArray, ComplexArray, FloatArray]:
    """Return nodes of the upper half of the path, `(..., NODES)`, for q > 0 and weights `(..., n)`.

    These are d = z - end, z and dz/pi, where end = -1/(2 largest weight) is the first branch point: far in the tail
    the path nears it by less than z has digits. Also the df of the chi2, scaled by the largest weight, that has the
    same saddle point.
    """
    end = -0.5 / weights.max(-1)
    gap = 0.5 / q  # from the first branch point to the saddle point
    for _ in range(8):  # Newton on 1/K' - 1/q, concave in z: it climbs to the saddle point, never past it
        x = weights / _factor(weights, gap[..., None])
        total = x.sum(-1)
        gap = gap + np.maximum(total * (total / q - 1) / (2 * (x * x).sum(-1)), 0.0)
    x = weights / _factor(weights, gap[..., None])
    top = x.max(-1)
    part = x / top[..., None]
    bend = (2 / 3) * top * (part**3).sum(-1) / (part**2).sum(-1)
    slow, far = 0.25 * (part**2).sum(-1), bend * q * gap**2
    reach = DECAY / (
        slow / 3 + far
    )  # the square of the path's length, in distances to the first branch point
    for _ in range(8):  # |integrand| <= (1 + reach/3)^-slow exp(-far reach); climbs as the saddle point does
        short = DECAY - slow * np.log1p(reach / 3) - far * reach
        reach = reach + short / (slow / (3 + reach) + far)
    step = gap * np.sqrt(reach) / NODES
    u = step[..., None] * (np.arange(NODES) + 0.5)
    d = gap[..., None] + 1j * u - bend[..., None] * u * u
    dz = (1j - 2 * bend[..., None] * u) * (step[..., None] / np.pi)
    return d, end[..., None] + d, dz, part.sum(-1)


def _factor(weights: FloatArray, d: Any) -> Any:
    """Return 1 + 2 weights z at z = d - 1/(2 largest weight), without the cancellation of that."""
    return (1 - weights / weights.max(-1, keepdims=True)) + 2 * weights * d


def log_transform(d: ComplexArray, weights: FloatArray) -> ComplexArray:
    """Return -log D(z)/2; every factor keeps its principal branch, since no path crosses the negative axis."""
    out = np.empty(d.shape, dtype=complex)
    for at in np.ndindex(d.shape[:-1]):  # one data set at a time: nodes times weights fit the cache
        out[at] = -0.5 * np.log(_factor(weights[at], d[at][:, None])).sum(-1)
    return out


def quadratic_form_cdf(q: ArrayLike, weights: ArrayLike) -> FloatArray:
    """Return P(sum weights_j chi2_1 <= q) to about 1e-12 absolute; `weights` are `(..., n)`, none negative.

    >>> float(quadratic_form_cdf(5.0, [1.0, 1.0]).round(12)), float(1 - np.exp(-2.5).round(12))
    (0.917915001376, 0.917915001376)
    """
    given = np.asarray(q, dtype=float)
    lam = np.asarray(weights, dtype=float)
    shape = np.broadcast_shapes(given.shape, lam.shape[:-1])
    given, lam = np.broadcast_to(given, shape), np.broadcast_to(lam, (*shape, lam.shape[-1]))
    x = np.where((given > 0) & np.isfinite(given), given, 1.0)
    d, z, dz, df = contour(x, lam)
    top = lam.max(-1)
    whole = log_transform(d, lam)
    plain = -0.5 * df[..., None] * np.log(2 * top[..., None] * d)
    lift, gap = z * x[..., None], whole - plain
    near = np.abs(gap) < 0.5
    part = np.where(near, np.exp(lift + plain) * np.expm1(np.where(near, gap, 0.0)), 0.0)
    part = np.where(near, part, np.exp(lift + whole) - np.exp(lift + plain))
    below = chdtr(df, x / top) + (part / z * dz).imag.sum(-1)
    return np.where(given > 0, np.where(np.isfinite(given), np.clip(below, 0.0, 1.0), 1.0), 0.0)


def cochran_cdf(q: ArrayLike, a: FloatArray, v: FloatArray, tau2: ArrayLike) -> FloatArray:
    """Return P(Q_a <= q) for Q_a = sum a (y - mu_a)^2, mu_a = sum a y/sum a, when y ~ N(mu, v + tau2).

    Weights `a` and variances `v` are `(K,)`, K > 1; `q` and `tau2` have the batch shape. The weights of the
    chi2 are the K - 1 nonzero eigenvalues of S P S, S^2 = diag(v + tau2), P = diag(a) - a a'/sum a
    (Biggerstaff & Jackson 2008; Jackson 2013); with a = 1/v those are 1 + tau2 times the ones of P.

    >>> v = np.array([0.2, 0.5, 0.3])
    >>> float(cochran_cdf(5.0, 1 / v, v, 0.0).round(12))  # at tau2 = 0 with a = 1/v: chi2 with K - 1 df
    0.917915001376
    """
    return quadratic_form_cdf(q, _eigenvalues(a, v, np.asarray(tau2, dtype=float)))


def cochran_density(q: ArrayLike, a: FloatArray, v: FloatArray, tau2: ArrayLike) -> FloatArray:
    """Return d P(Q_a > q)/d tau2 at q > 0, the confidence density of tau2; arguments as in `cochran_cdf`.

    With r = a/(1 + 2 z a (v + tau2)) the determinant lemma gives d log D/d tau2 = 2 z (sum r - sum r^2/sum r).
    """
    between = np.asarray(tau2, dtype=float)
    lam = _eigenvalues(a, v, between)
    x = np.broadcast_to(np.asarray(q, dtype=float), lam.shape[:-1])
    d, z, dz, _ = contour(x, lam)
    r = a / (1 + 2 * z[..., None] * a * (v + between[..., None, None]))
    first = r.sum(-1)
    trace = first - np.einsum("...k,...k", r, r) / first
    out: FloatArray = (np.exp(z * x[..., None] + log_transform(d, lam)) * trace * dz).imag.sum(-1)
    return out


def _eigenvalues(a: FloatArray, v: FloatArray, tau2: FloatArray) -> FloatArray:
    if np.allclose(a * v, 1.0, rtol=1e-12):  # P = BB', B'VB = 1, so that B'(V + tau2)B = 1 + tau2 B'B
        return 1 + tau2[..., None] * _nonzero(a.tobytes())
    s = np.sqrt(v + tau2[..., None])
    return np.asarray(
        np.linalg.eigvalsh(s[..., :, None] * _projection(a) * s[..., None, :])[..., 1:], dtype=float
    )


def _projection(a: FloatArray) -> FloatArray:
    out: FloatArray = np.diag(a) - np.outer(a, a) / a.sum()
    return out


@lru_cache(maxsize=16)
def _nonzero(a: bytes) -> FloatArray:
    """Return the K - 1 nonzero eigenvalues of P; they serve every tau2, and K^3 operations are spent on them once."""
    return np.asarray(np.linalg.eigvalsh(_projection(np.frombuffer(a)))[1:], dtype=float).clip(0.0)
