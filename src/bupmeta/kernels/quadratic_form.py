"""The distribution of a positive quadratic form in normal variables, by inverting its Laplace transform.

Q = sum lambda_j chi2_1 has the transform D(z)^(-1/2), D = prod (1 + 2 lambda_j z), whose branch points all lie on
the negative real axis. A parabola through the saddle point, curved as the path of steepest descent is, keeps clear
of them for any spread of the lambda, so the midpoint rule converges geometrically (Rice 1980, SIAM J. Sci. Stat.
Comput. 1, 438, who also uses steepest descent; Davies 1980 and Farebrother 1984 sum series instead). The pole at
0 is removed by taking off the chi2 with the same mean, whose distribution is known.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtr

from bupmeta.kernels.weighted import FloatArray

__all__ = ["cochran_cdf", "cochran_density", "quadratic_form_cdf"]

ComplexArray = NDArray[np.complex128]

NODES = 64
DECAY = 40.0
"""The path ends where the integrand has fallen below exp(-40) < 1e-17."""


def contour(q: FloatArray, weights: FloatArray) -> tuple[ComplexArray, ComplexArray, FloatArray]:
    """Return nodes z and dz/pi of the upper half of the path, `(..., NODES)`, for q > 0 and weights `(..., n)`.

    Also returns the df of the chi2, scaled by the largest weight, that has the same saddle point.
    """
    end = -0.5 / weights.max(-1)
    saddle = end + 0.5 / q
    for _ in range(
        8
    ):  # Newton on 1/K' - 1/q, concave in z: it climbs to the saddle point and never passes it
        x = weights / (1 + 2 * weights * saddle[..., None])
        total = x.sum(-1)
        saddle = saddle + np.maximum(total * (total / q - 1) / (2 * (x * x).sum(-1)), 0.0)
    x = weights / (1 + 2 * weights * saddle[..., None])
    bend = (2 / 3) * (x**3).sum(-1) / (x * x).sum(-1)
    top = x.max(-1)
    slow, far = 0.25 * ((x / top[..., None]) ** 2).sum(-1), bend * q * (saddle - end) ** 2
    reach = DECAY / (
        slow / 3 + far
    )  # the square of the path's length, in distances to the first branch point
    for _ in range(8):  # |integrand| <= (1 + reach/3)^-slow exp(-far reach); climbs as the saddle point does
        short = DECAY - slow * np.log1p(reach / 3) - far * reach
        reach = reach + short / (slow / (3 + reach) + far)
    step = (saddle - end) * np.sqrt(reach) / NODES
    u = step[..., None] * (np.arange(NODES) + 0.5)
    z = saddle[..., None] + 1j * u - bend[..., None] * u * u
    return z, (1j - 2 * bend[..., None] * u) * (step[..., None] / np.pi), x.sum(-1) / top


def log_transform(z: ComplexArray, weights: FloatArray) -> ComplexArray:
    """Return -log D(z)/2; every factor keeps its principal branch, since no path crosses the negative axis."""
    out: ComplexArray = -0.5 * np.log(1 + 2 * weights[..., None, :] * z[..., None]).sum(-1)
    return out


def quadratic_form_cdf(q: ArrayLike, weights: ArrayLike) -> FloatArray:
    """Return P(sum weights_j chi2_1 <= q) to about 1e-12 absolute; `weights` are `(..., n)`, none negative.

    >>> float(quadratic_form_cdf(5.0, [1.0, 1.0]).round(12)), float(1 - np.exp(-2.5).round(12))
    (0.917915001376, 0.917915001376)
    """
    lam = np.asarray(weights, dtype=float)
    given = np.broadcast_to(np.asarray(q, dtype=float), np.broadcast_shapes(np.shape(q), lam.shape[:-1]))
    x = np.where((given > 0) & np.isfinite(given), given, 1.0)
    z, dz, df = contour(x, lam)
    top = lam.max(-1)
    whole = log_transform(z, lam)
    plain = -0.5 * df[..., None] * np.log(1 + 2 * top[..., None] * z)
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
    (Biggerstaff & Jackson 2008; Jackson 2013).

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
    z, dz, _ = contour(x, lam)
    r = a / (1 + 2 * z[..., None] * a * (v + between[..., None, None]))
    trace = r.sum(-1) - (r * r).sum(-1) / r.sum(-1)
    out: FloatArray = (np.exp(z * x[..., None] + log_transform(z, lam)) * trace * dz).imag.sum(-1)
    return out


def _eigenvalues(a: FloatArray, v: FloatArray, tau2: FloatArray) -> FloatArray:
    s = np.sqrt(v + tau2[..., None])
    p = np.diag(a) - np.outer(a, a) / a.sum()
    lam: FloatArray = np.linalg.eigvalsh(s[..., :, None] * p * s[..., None, :])[..., 1:]
    return lam
