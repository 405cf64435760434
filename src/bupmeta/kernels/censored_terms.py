"""What one trial contributes to the all-evidence likelihood: a density, or the chance of an interval.

Y ~ N(mu, x), x = v + tau2, is known exactly or only to lie in (lower, upper). With Z = (Y - mu)/sqrt(x) the complete
score is Z/sqrt(x) in mu and (Z^2 - 1)/(2x) in tau2, so the observed score is its mean given the interval, and the
observed Hessian the mean of the complete one plus the variance of the complete score (Louis 1982, JRSS B 44, 226).
An exact trial has no variance: both kinds are the moments of a truncated normal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfcx, log_ndtr, ndtri_exp

from bupmeta.kernels.weighted import FloatArray, IntArray, total

__all__ = ["Contributions", "Moments", "Terms", "moments", "terms", "truncated_normal"]

LOG_ROOT_2PI = 0.5 * np.log(2 * np.pi)
NODES, WEIGHTS = np.polynomial.legendre.leggauss(6)  # exact to rounding where the density changes this little


@dataclass(frozen=True, slots=True)
class Contributions:
    """Data sets laid out trials first, `(K, n)`, or `(K, 1)` for what all share; `k` = sum(m) is `(n,)`.

    `lower` = `upper` where the effect is known; `part` marks the others. A trial with `m` = 0 is absent.
    """

    lower: FloatArray
    upper: FloatArray
    v: FloatArray
    m: FloatArray
    part: NDArray[np.bool_]
    k: FloatArray

    def take(self, columns: IntArray) -> Contributions:
        """Return the data sets at `columns` (repeats allowed)."""
        lower, upper, v, m = (self._pick(x, columns) for x in (self.lower, self.upper, self.v, self.m))
        part = self.part if self.part.shape[1] != self.k.size else self.part.take(columns, axis=1)
        return Contributions(lower, upper, v, m, part, self.k.take(columns))

    def _pick(self, x: FloatArray, columns: IntArray) -> FloatArray:
        return x if x.shape[1] != self.k.size else x.take(columns, axis=1)


class Moments(NamedTuple):
    """Z ~ N(0, 1) given a < Z < b: log-probability, mean, E(Z^2 - 1), Var Z, Cov(Z, Z^2), Var Z^2."""

    log_p: FloatArray
    z: FloatArray
    excess: FloatArray
    var: FloatArray
    skew: FloatArray
    var2: FloatArray


def moments(a: FloatArray, b: FloatArray) -> Moments:
    """Return the moments of the standard normal truncated to (a, b), `(N,)` each, a < b, ends may be infinite.

    Nothing cancels: tails go through the scaled complementary error function, narrow intervals through quadrature
    about their middle. The variances are exact to 1e-16 z^4 in a tail at z, enough to steer Newton's method.

    >>> one = moments(np.array([-np.inf, 30.0]), np.array([0.0, 31.0]))
    >>> one.log_p.round(4).tolist(), one.z.round(4).tolist()
    ([-0.6931, -454.3212], [-0.7979, 30.0333])
    """
    with np.errstate(all="ignore"):
        turn = a + b > 0  # look at everything from the left tail
        a, b = np.where(turn, -b, a), np.where(turn, -a, b)
        middle, width = 0.5 * (a + b), b - a
        out = _wide(a, b)
        narrow = np.flatnonzero((width < 0.25) & (width * -middle < 1))
    if narrow.size:
        for whole, some in zip(out, _narrow(middle[narrow], width[narrow]), strict=True):
            whole[narrow] = some
    log_p, z, excess, var, skew, var2 = out
    sign = np.where(turn, -1.0, 1.0)
    return Moments(log_p, sign * z, excess, np.clip(var, 0.0, 1.0), sign * skew, np.maximum(var2, 0.0))


def _wide(a: FloatArray, b: FloatArray) -> tuple[FloatArray, ...]:
    """Moments for a + b <= 0 from Mills ratios; `rise` is the density at a over that at b."""
    root = np.sqrt(0.5)
    mills_a, mills_b = (np.sqrt(np.pi / 2) * erfcx(root * np.abs(x)) for x in (a, b))
    rise = np.where(np.isinf(a), 0.0, np.exp(0.5 * (b - a) * (a + b)))
    at_b = np.exp(-0.5 * b * b - LOG_ROOT_2PI)
    tail = b <= 0
    outside = at_b * (mills_b + rise * mills_a)
    q = mills_b - rise * mills_a
    log_p = np.where(tail, np.log(q) - 0.5 * b * b - LOG_ROOT_2PI, np.log1p(-outside))
    rb = np.where(tail, 1 / q, at_b / (1 - outside))
    everywhere = np.isinf(b)
    log_p, rb, b = (
        np.where(everywhere, 0.0, log_p),
        np.where(everywhere, 0.0, rb),
        np.where(everywhere, 0.0, b),
    )
    ra, a = rise * rb, np.where(np.isinf(a), 0.0, a)
    z, excess = ra - rb, a * ra - b * rb
    aa, bb, second = a * a, b * b, 1 + excess
    third, fourth = 2 * z + aa * ra - bb * rb, 3 * second + aa * (a * ra) - bb * (b * rb)
    return log_p, z, excess, second - z * z, third - z * second, fourth - second * second


def _narrow(middle: FloatArray, width: FloatArray) -> tuple[FloatArray, ...]:
    """Moments by Gauss-Legendre quadrature of exp(-middle u - u^2/2) over the interval."""
    u = 0.5 * width * NODES[:, None]
    w = WEIGHTS[:, None] * np.exp(-u * (middle + 0.5 * u))
    mass = total(w)
    w /= mass
    mean = total(w * u)
    d = u - mean
    var, second = total(w * d * d), total(w * u * u)
    e = u * u - second
    skew, var2 = total(w * d * e), total(w * e * e)
    log_p = np.log(0.5 * width * mass) - 0.5 * middle * middle - LOG_ROOT_2PI
    excess = middle * middle - 1 + 2 * middle * mean + second
    return (
        log_p,
        middle + mean,
        excess,
        var,
        2 * middle * var + skew,
        4 * middle * (middle * var + skew) + var2,
    )


class Terms(NamedTuple):
    """The log-likelihood and its derivatives in mu and tau2, each shaped as mu and tau2 broadcast."""

    value: FloatArray
    mu: FloatArray
    tau2: FloatArray
    mu_mu: FloatArray  # never positive: each contribution is log-concave in mu
    mu_tau2: FloatArray
    tau2_tau2: FloatArray


def terms(d: Contributions, mu: FloatArray, tau2: FloatArray) -> Terms:
    """Return the log-likelihood (constants included) with its derivatives at `mu`, `tau2`, `(n,)` or `(T, n)`."""
    lower, upper, v, m = d.lower, d.upper, d.v, d.m
    part = d.part
    if max(mu.ndim, tau2.ndim) > 1:
        lower, upper, v, m = (x[:, None] for x in (lower, upper, v, m))
        part = part[:, None]
    x = v + tau2
    precision = 1 / x
    root = np.sqrt(precision)
    known: FloatArray = np.where(part, 0.0, lower)
    z = (known - mu) * root
    log_p = -0.5 * np.log(x) - LOG_ROOT_2PI - 0.5 * z * z
    excess = z * z - 1
    var, skew, var2 = np.zeros((3, *z.shape))
    where = np.nonzero(np.broadcast_to(part, z.shape))
    if where[0].size:
        r = np.broadcast_to(root, z.shape)[where]
        centre = np.broadcast_to(mu, z.shape)[where]
        a, b = ((np.broadcast_to(end, z.shape)[where] - centre) * r for end in (lower, upper))
        log_p[where], z[where], excess[where], var[where], skew[where], var2[where] = moments(a, b)
    w = m * precision
    wr = w * root
    half = 0.5 * w
    return Terms(
        total(m * log_p),
        total(m * root * z),
        total(half * excess),
        total(w * (var - 1)),
        total(wr * (0.5 * skew - z)),
        total(half * precision * (0.5 * var2 - 2 * excess - 1)),
    )


def truncated_normal(
    lower: FloatArray, upper: FloatArray, mean: FloatArray, sd: FloatArray, share: FloatArray
) -> FloatArray:
    """Return the quantiles at `share` of N(mean, sd^2) between `lower` and `upper`, all broadcasting.

    >>> ends = np.array([-np.inf, 30.0]), np.array([0.0, 31.0])
    >>> truncated_normal(*ends, np.zeros(2), np.ones(2), np.full(2, 0.5)).round(4).tolist()
    [-0.6745, 30.0231]
    """
    with np.errstate(all="ignore"):
        a, b = (lower - mean) / sd, (upper - mean) / sd
        turn = a + b > 0  # the left tail keeps its digits
        a, b, p = np.where(turn, -b, a), np.where(turn, -a, b), np.where(turn, 1 - share, share)
        low, high = log_ndtr(a), log_ndtr(b)
        z = ndtri_exp(high + np.log(p + (1 - p) * np.exp(low - high)))
    out: FloatArray = np.clip(mean + sd * np.where(turn, -z, z), lower, upper)
    return out
