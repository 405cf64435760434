"""The posterior of random effects by deterministic quadrature: over tau alone, the rest is normal in closed form.

log tau = log b + w - e^-w + e^(w-3) stretches the axis so that the integrand dies out double exponentially at both
ends, whatever the tails of the prior, and the trapezoidal rule in w converges faster than any power of its step
(Takahasi & Mori 1974). Given tau, mu is normal, so that mu, a new effect and each trial's own effect are mixtures of
normals (Röver 2020, J. Stat. Softw. 93(6), whose grid of tau this replaces). A Student prior of mu is a normal one with
a gamma precision: one more axis, the same mixture. No sampling, no seed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln

from bupmeta.kernels.axis import COARSE, FIRST, LARGEST, LAST, WIDE, Axis
from bupmeta.kernels.curve import Curve
from bupmeta.kernels.mixture import Mixture
from bupmeta.kernels.weighted import FloatArray

__all__ = [
    "Centre",
    "Given",
    "Joint",
    "LogPrior",
    "given",
    "joint",
    "log_marginal_common",
    "posterior_grid",
    "unended",
]

#: The log density of log tau at log tau, `(T,)`, up to a constant if improper; leading axes are further priors.
LogPrior = Callable[[FloatArray], FloatArray]
LOG_ROOT_2PI = 0.5 * np.log(2 * np.pi)
DEPTH = 42.0  # logarithms below its top at which an integrand ends: 6e-19
IMPROPER = 30.0  # an integrand that is not this far down at the end of the axis has no integral


class Centre(NamedTuple):
    """The prior of mu: Student's t about `mean` with `scale` and `df`; infinite df is normal, infinite scale flat."""

    mean: float = 0.0
    scale: float = np.inf
    df: float = np.inf


FLAT = Centre()


class Joint(NamedTuple):
    """The posterior on the axis of tau: `log_mass` (..., T), and mu | tau ~ N(`mean`, `var`), each (..., T, L).

    `share` (..., T, L) is how much each precision of a Student prior weighs given tau (1 where L = 1). `log_marginal`
    (...) is the log marginal likelihood (a flat prior has density 1), `settled` how much the last halving moved it.
    """

    axis: Axis
    log_mass: FloatArray
    mean: FloatArray
    var: FloatArray
    share: FloatArray
    log_marginal: FloatArray
    settled: float = 0.0

    @property
    def mass(self) -> FloatArray:
        """Probability of each node of tau, summing to 1."""
        return np.exp(self.log_mass)

    def expect(self, log_value: FloatArray) -> FloatArray:
        """Return the mean of exp(`log_value`), (..., T), infinite where it has none that numbers could hold."""
        height = self.log_mass + log_value
        top = height.max(-1)
        with np.errstate(over="ignore"):
            value = np.exp(top) * np.exp(height - top[..., None]).sum(-1)
        within = height[..., self.axis.w <= LAST]
        endless = (self.axis.w[-1] > LAST - 2 * COARSE) & (within[..., -1] > within.max(-1) - IMPROPER)
        out: FloatArray = np.where(endless, np.inf, value)
        return out

    def moments(
        self, shift: ArrayLike = 0.0, slope: ArrayLike = 1.0, noise: ArrayLike = 0.0
    ) -> tuple[FloatArray, FloatArray]:
        """Return mean (NaN if there is none) and standard deviation (or infinity) of what `mixture` describes."""
        _, mean, var = self._parts(shift, slope, noise)
        given = (self.share * mean).sum(-1)
        middle = (self.mass * given).sum(-1)
        spread = np.log((self.share * (var + (mean - middle[..., None, None]) ** 2)).sum(-1))
        wild = spread[..., -1] > 460  # it grows with tau without end: its moments are those of tau
        first, second = (wild & np.isinf(self.expect(power * self.axis.log_tau)) for power in (1, 2))
        return np.where(first, np.nan, middle), np.where(second, np.inf, np.sqrt(self.expect(spread)))

    def mixture(self, shift: ArrayLike = 0.0, slope: ArrayLike = 1.0, noise: ArrayLike = 0.0) -> Mixture:
        """Return the distribution of shift + slope mu + N(0, noise), each given per node of tau, `(T,)`."""
        weight, mean, var = np.broadcast_arrays(*self._parts(shift, slope, noise))
        parts = (weight, mean, np.sqrt(var))
        return Mixture(*(x.reshape(*x.shape[:-2], -1) for x in parts)).pruned()

    def row(self, i: int) -> Joint:
        """Return one data set of a batch with one axis."""
        shape = (*self.log_mass.shape, self.mean.shape[-1])  # mu given tau may be shared by the batch
        mean, var, share = (np.broadcast_to(x, shape)[i] for x in (self.mean, self.var, self.share))
        return Joint(self.axis, self.log_mass[i], mean, var, share, self.log_marginal[i])

    def tau(self) -> Curve:
        """Return the distribution of tau, for one data set."""
        return Curve(self.axis.w, self.mass, self.axis.stretch, self.axis.slope, 0.0)

    def _parts(
        self, shift: ArrayLike, slope: ArrayLike, noise: ArrayLike
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        a, b, c = (
            np.broadcast_to(np.asarray(x, dtype=float), self.axis.w.shape)[:, None]
            for x in (shift, slope, noise)
        )
        return self.mass[..., None] * self.share, a + b * self.mean, b * b * self.var + c


def posterior_grid(
    y: ArrayLike,
    v: ArrayLike,
    log_prior: LogPrior,
    centre: Centre = FLAT,
    *,
    upper: float = np.inf,
    scale: float | None = None,
    tolerance: float = 1e-12,
) -> Joint:
    """Return the posterior of mu and tau for y ~ N(mu, v + tau2), (..., K) each, on one axis of tau for the batch.

    `log_prior` gives the log density of log tau, up to `upper`; its leading axes broadcast with those of the data, so
    that a batch may hold readings, priors or both. The axis is cut where nothing is left and its step halved until the
    marginal likelihood moves by less than `tolerance`. Raises `ValueError` where the posterior is improper, or where
    its tail has no end that could be found.

    >>> half_normal = lambda s: lambda x: np.log(2 / s) - LOG_ROOT_2PI - 0.5 * (np.exp(x) / s) ** 2 + x
    >>> found = posterior_grid([-0.9, -1.6, -0.2], [0.33, 0.19, 0.05], half_normal(0.5))
    >>> mean, sd = found.moments()
    >>> f"{mean:.6f} {sd:.6f} {found.expect(found.axis.log_tau):.6f}"
    '-0.776364 0.422012 0.533739'
    """
    ya, va = np.broadcast_arrays(np.asarray(y, dtype=float), np.asarray(v, dtype=float))
    if scale is None:
        scale = 0.3 * float(np.sqrt(np.median(va)))
    step = COARSE
    scan = _evaluate(ya, va, log_prior, centre, Axis.between(FIRST, LAST, step, scale, upper))
    if unended(scan.log_mass):
        scan = _evaluate(ya, va, log_prior, centre, Axis.between(*WIDE, step, scale, upper))
    ends = _cut(scan)
    now = _evaluate(ya, va, log_prior, centre, Axis.between(*ends, step, scale, upper))
    for _ in range(9):
        step /= 2
        last, now = now, _evaluate(ya, va, log_prior, centre, Axis.between(*ends, step, scale, upper))
        moved = float(np.max(np.abs(now.log_marginal - last.log_marginal), initial=0.0))
        if moved < tolerance:
            break
    return now._replace(settled=moved)


def joint(y: ArrayLike, v: ArrayLike, log_prior: LogPrior, centre: Centre, nodes: Axis) -> Joint:
    """Return the posterior on given nodes of tau, sufficient or not; arrays as in `posterior_grid`."""
    ya, va = np.broadcast_arrays(np.asarray(y, dtype=float), np.asarray(v, dtype=float))
    return _evaluate(ya, va, log_prior, centre, nodes)


def unended(height: FloatArray) -> bool:
    """Whether an integrand (..., T) has not died out at an end of its axis."""
    return bool(np.any(height[..., [0, -1]] > height.max(-1, keepdims=True) - DEPTH))


def _cut(scan: Joint) -> tuple[float, float]:
    """Return the part of the axis that holds the posterior and its second moment; refuse one without an end."""
    w, height = scan.axis.w, scan.log_mass
    top = height.max(-1)
    if not np.isfinite(top).all() or np.any(height[..., [0, -1]].max(-1) > top - IMPROPER):
        raise ValueError("the posterior is improper, or its tail has no end")
    far = height + 2 * np.maximum(scan.axis.log_tau - np.log(scan.axis.scale), 0.0)
    kept = [x > x.max(-1, keepdims=True) - DEPTH for x in (height, far)]
    some = np.flatnonzero((kept[0] | kept[1]).any(axis=tuple(range(height.ndim - 1))))
    return float(w[max(some[0] - 2, 0)]), float(w[min(some[-1] + 2, w.size - 1)])


def log_marginal_common(y: ArrayLike, v: ArrayLike, centre: Centre) -> FloatArray:
    """Return the log marginal likelihood if tau = 0 (a flat prior of mu has density 1), of each data set.

    >>> f"{log_marginal_common([0.0, 0.0], [1.0, 1.0], FLAT):.6f}"  # N(0; 0, 2)
    '-1.265512'
    """
    ya, va = np.broadcast_arrays(np.asarray(y, dtype=float), np.asarray(v, dtype=float))
    with np.errstate(all="ignore"):
        out: FloatArray = given(ya, va, centre, np.array([-LARGEST / 2])).log_likelihood[..., 0]
    return out


class Given(NamedTuple):
    """What holds at each tau: the likelihood with mu integrated out, and mu as in `Joint`, from `origin`."""

    log_likelihood: FloatArray
    mean: FloatArray
    log_precision: FloatArray
    share: FloatArray
    origin: FloatArray

    @property
    def var(self) -> FloatArray:
        """The variance of mu, never beyond use."""
        return np.exp(np.minimum(-self.log_precision, LARGEST))


def _evaluate(y: FloatArray, v: FloatArray, log_prior: LogPrior, centre: Centre, nodes: Axis) -> Joint:
    with np.errstate(all="ignore"):  # at the far ends tau is 0 or infinite
        found = given(y, v, centre, nodes.log_tau)
        log_f = found.log_likelihood + log_prior(nodes.log_tau) + nodes.log_slope
        log_f = np.where(np.isnan(log_f), -np.inf, log_f)
        high = log_f.max(-1, keepdims=True)
        norm = high + np.log(np.exp(log_f - high).sum(-1, keepdims=True))
        marginal = norm[..., 0] + np.log(nodes.step)
        mean = found.mean + found.origin[..., None, None]
        return Joint(nodes, log_f - norm, mean, found.var, found.share, marginal)


def given(y: FloatArray, v: FloatArray, centre: Centre, log_tau: FloatArray) -> Given:
    """Return the likelihood of data sets (..., K) and the distribution of mu at each of `log_tau`, (T,)."""
    origin = (y / v).sum(-1) / (1 / v).sum(-1)  # residuals lose nothing to a large shift
    log_x = np.logaddexp(np.log(v)[..., None, :], 2 * log_tau[:, None])  # (..., T, K)
    least = log_x.min(-1, keepdims=True)
    w = np.exp(least - log_x)
    r = (y - origin[..., None])[..., None, :]
    total = w.sum(-1)
    average = (w * r).sum(-1) / total
    log_total = (np.log(total) - least[..., 0])[..., None]  # of the precision of the data about mu
    squares = np.exp(-least[..., 0]) * (w * (r - average[..., None]) ** 2).sum(-1)
    log_about = -0.5 * (log_x.sum(-1) + squares) - y.shape[-1] * LOG_ROOT_2PI
    log_var, log_part, about = _precisions(centre, origin)
    log_precision = np.logaddexp(log_total, -log_var)  # (..., T, L)
    data, prior = np.exp(log_total - log_precision), np.exp(-log_var - log_precision)
    mean = data * average[..., None] + prior * about
    # integral over mu of the likelihood about its maximum times N(mu; about, var), or times 1 if flat
    inner = log_part - 0.5 * log_precision
    if np.isfinite(centre.scale):
        inner = inner - 0.5 * (log_var + np.exp(log_total) * prior * (average[..., None] - about) ** 2)
    else:
        inner = inner + LOG_ROOT_2PI
    top = inner.max(-1, keepdims=True)
    share = np.exp(inner - top)
    whole = share.sum(-1, keepdims=True)
    return Given(log_about + (top + np.log(whole))[..., 0], mean, log_precision, share / whole, origin)


def _precisions(centre: Centre, origin: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return log variances of the normal priors of mu that make up `centre`, their log weights, and its mean."""
    if not np.isfinite(centre.scale):
        return np.array([np.inf]), np.zeros(1), np.zeros(1)
    about = (centre.mean - origin)[..., None, None]
    if not np.isfinite(centre.df):
        return np.array([2 * np.log(centre.scale)]), np.zeros(1), about
    # precision q/scale^2, q ~ gamma(df/2, rate df/2): trapezoidal in log q = u - e^-u, halved at small steps already
    u = np.arange(-3.6, 5.2, 1 / 16)
    a, log_q = centre.df / 2, u - np.exp(-u)
    part = a * np.log(a) - gammaln(a) + a * (log_q - np.exp(log_q)) + np.log((1 + np.exp(-u)) / 16)
    kept = part > part.max() - DEPTH
    return 2 * np.log(centre.scale) - log_q[kept], part[kept], about
