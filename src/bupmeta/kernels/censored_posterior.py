"""The posterior of mu and tau by deterministic quadrature, when some trials are known by an interval only.

Both axes are stretched so that the integrand is smooth and dies out at both ends: mu = centre + a sinh(s) and
tau = b exp(w - exp(-w)). The trapezoidal rule then converges faster than any power of its step, and so do distribution
functions with sinc integration (Haber 1993, Math. Comput. 60, 279): no sampling, no seed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import sici

from bupmeta.kernels.censored import contributions
from bupmeta.kernels.censored_search import middles
from bupmeta.kernels.censored_terms import LOG_ROOT_2PI, Contributions, moments
from bupmeta.kernels.solve import root
from bupmeta.kernels.weighted import FloatArray, total

__all__ = ["CensoredPosterior", "Summary", "censored_posterior"]


class Summary(NamedTuple):
    """Mean, standard deviation, median and central credible interval of one quantity."""

    mean: float
    sd: float
    median: float
    low: float
    high: float


class CensoredPosterior(NamedTuple):
    """Posterior of mu and of tau, and the log of the marginal likelihood (that of a flat mu has density 1)."""

    mu: Summary
    tau: Summary
    log_marginal: float


def censored_posterior(
    lower: ArrayLike,
    upper: ArrayLike,
    v: ArrayLike,
    *,
    tau_scale: float = 0.5,
    mu_prior: tuple[float, float] | None = None,
    level: float = 0.95,
    refine: int = 1,
) -> CensoredPosterior:
    """Return the posterior of one data set under tau ~ half-normal(`tau_scale`) and flat mu.

    `lower`, `upper`, `v` are (K,), as in `kernels.censored.censored_fit`; `mu_prior` is the mean and standard deviation
    of a normal prior instead of a flat one; `refine` halves the steps, to see that nothing changes. Raises
    `ValueError` for numbers that cannot be right, and where a flat mu has no posterior (all evidence on one side).

    >>> found = censored_posterior([-0.9, -1.6, -0.6], [-0.9, -1.6, 0.6], [0.33, 0.19, 0.09])
    >>> f"{found.mu.mean:.3f} ({found.mu.low:.3f} to {found.mu.high:.3f}), tau {found.tau.median:.3f}"
    '-0.835 (-1.694 to 0.024), tau 0.462'
    """
    shape, pieces = contributions(lower, upper, v, None)
    d, sound = next(pieces)
    if shape or not sound[0]:
        raise ValueError("the posterior takes one data set with lower <= upper and v > 0")
    here = d.m[:, 0] > 0
    d = Contributions(d.lower[here], d.upper[here], d.v[here], d.m[here], d.part[here], d.k)
    if mu_prior is None and (np.isinf(d.upper).all() or np.isinf(d.lower).all()):
        raise ValueError("a flat mu has no posterior here: nothing bounds it on one side; give mu_prior")
    step = 0.5 / np.sqrt(d.k[0] + 25) / refine
    mean, sd = mu_prior or (0.0, np.inf)
    far = 9 * tau_scale  # where the prior of tau ends
    b = min(np.sqrt(d.v.min()), tau_scale)

    def tau_at(w: FloatArray) -> FloatArray:
        out: FloatArray = b * np.exp(w - np.exp(-w))
        return out

    points = middles(d)[:, 0]
    precision = (1 / d.v).sum() + sd**-2
    centre, a = ((points / d.v[:, 0]).sum() + mean * sd**-2) / precision, precision**-0.5
    reach = (
        min(9 * np.hypot(far, np.sqrt(d.v.max())), 40 * sd) + np.abs(np.append(points, mean) - centre).max()
    )

    def mu_at(s: FloatArray) -> FloatArray:
        out: FloatArray = centre + a * np.sinh(s)
        return out

    w = np.arange(-3.7, np.log(far / b) + 0.1, step)
    count = int(np.arcsinh(reach / a) / step) * 2 + 2
    s = step / 2 * np.arange(-count, count + 1)
    tau, mu = tau_at(w), mu_at(s)
    in_w = (
        np.log(2 / tau_scale) - LOG_ROOT_2PI - 0.5 * (tau / tau_scale) ** 2 + np.log(tau * (1 + np.exp(-w)))
    )
    in_s = np.log(a * np.cosh(s)) - (
        0.0 if mu_prior is None else 0.5 * ((mu - mean) / sd) ** 2 + np.log(sd) + LOG_ROOT_2PI
    )
    with np.errstate(all="ignore"):
        joint = _log_likelihood(d, mu, tau) + in_w[:, None] + in_s
        highest = float(joint.max())
        mass = np.exp(joint - highest)
    whole = float(mass.sum())
    tails = np.array([0.5, (1 - level) / 2, (1 + level) / 2])
    return CensoredPosterior(
        _summary(mu_at, s, mass.sum(0) / whole, tails),
        _summary(tau_at, w, mass.sum(1) / whole, tails),
        highest + float(np.log(whole * (w[1] - w[0]) * (s[1] - s[0]))),
    )


def _log_likelihood(d: Contributions, mu: FloatArray, tau: FloatArray) -> FloatArray:
    """Return the log-likelihood on the grid tau x mu: estimates together as a parabola, intervals one by one."""
    exact, centre = ~d.part[:, 0], mu[mu.size // 2]
    x = d.v + tau**2
    y, w = d.lower[exact] - centre, 1 / x[exact]
    free = total(np.log(w) / 2 - LOG_ROOT_2PI - 0.5 * w * y * y)[:, None]
    z = mu - centre
    out: FloatArray = free + total(w * y)[:, None] * z - 0.5 * total(w)[:, None] * z * z
    for lower, upper, variance in zip(d.lower[~exact], d.upper[~exact], x[~exact]):
        spread = np.sqrt(variance)[:, None]
        a, b = ((end - mu) / spread for end in (lower, upper))
        out += moments(a.ravel(), b.ravel()).log_p.reshape(out.shape)
    return out


def _summary(
    stretch: Callable[[FloatArray], FloatArray], s: FloatArray, mass: FloatArray, tails: FloatArray
) -> Summary:
    """Summarise the quantity `stretch`(s) with probability `mass` at each point of the even grid `s`."""
    x, step = stretch(s), s[1] - s[0]
    mean = float(x @ mass)

    def below(at: FloatArray) -> FloatArray:
        out: FloatArray = mass @ (0.5 + sici(np.pi * (at - s[:, None]) / step)[0] / np.pi) - tails
        return out

    quantiles = stretch(root(below, np.full(3, s[0]), np.full(3, s[-1])))
    return Summary(mean, float(np.sqrt((x - mean) ** 2 @ mass)), *quantiles.tolist())
