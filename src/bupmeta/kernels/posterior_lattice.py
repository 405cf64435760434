"""The posterior when some trials are known by an interval only: quadrature over tau and mu, nothing sampled.

Given tau, mu is no longer normal, so both are stretched: tau as in `kernels.posterior`, and mu = centre + unit sinh(s).
What is wanted follows from the lattice of nodes: a marginal by a sum over the other axis, and a new effect, which is mu
and noise, by a sum where the noise is wide beside the nodes and by Gauss-Hermite quadrature of the noise where not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from bupmeta.kernels.axis import FIRST, Axis
from bupmeta.kernels.censored_terms import moments
from bupmeta.kernels.curve import Curve
from bupmeta.kernels.posterior import DEPTH, LogPrior
from bupmeta.kernels.weighted import FloatArray

__all__ = ["Lattice", "posterior_lattice"]

LOG_ROOT_2PI = 0.5 * np.log(2 * np.pi)
NOISE, NOISE_WEIGHT = np.polynomial.hermite_e.hermegauss(9)
ENDLESS = 4.0  # a moment whose integrand is less than this far down at the end of the axis is none
FAR = 30.0  # of s: sinh of it is 5e12 units
NARROW = 3.0  # steps of mu: noise below that is integrated by itself
Triple = tuple[FloatArray, FloatArray, FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """Log probability `log_mass` (T, S) of the nodes of `axis` (tau) and `s` (mu = centre + unit sinh(s)).

    `log_marginal` is the log marginal likelihood, `settled` how much the last halving of the steps moved it.
    """

    axis: Axis
    s: FloatArray
    centre: float
    unit: float
    log_mass: FloatArray
    log_marginal: float
    log_density: Callable[[FloatArray, FloatArray], FloatArray]
    log_prior: LogPrior
    settled: float = 0.0

    def tau(self) -> Curve:
        """Return the distribution of tau."""
        return Curve(self.axis.w, np.exp(self.log_mass).sum(1), self.axis.stretch, self.axis.slope, 0.0)

    def mu(self) -> Curve:
        """Return the distribution of mu."""
        return self.curve(np.exp(self.log_mass).sum(0))

    def curve(self, mass: FloatArray) -> Curve:
        """Return the distribution, or the batch of them, that has `mass` (..., S) at the nodes of mu."""
        return self._curve(self.s, mass, self.centre, self.unit)

    def log_common(self) -> float:
        """Return the log marginal likelihood if tau = 0."""
        tau = np.array([1e-150])
        log = self.log_density(tau, self.centre + self.unit * np.sinh(self.s)) - self.log_prior(np.log(tau))
        log = log + np.log(self.unit * np.cosh(self.s) * (self.s[1] - self.s[0]))
        return float(np.logaddexp.reduce(log[0]))

    def expect(self, power: int) -> float:
        """Return E(tau^power), infinite where it grows until the axis ends."""
        with np.errstate(divide="ignore"):  # nodes without any mass
            rows = np.log(np.exp(self.log_mass).sum(1)) + power * self.axis.log_tau
        top = float(rows.max())
        return np.inf if rows[-1] > top - ENDLESS else float(np.exp(top) * np.exp(rows - top).sum())

    def moments(
        self, shift: ArrayLike = 0.0, slope: ArrayLike = 1.0, noise: ArrayLike = 0.0
    ) -> tuple[float, float]:
        """Return mean (NaN if there is none) and standard deviation (or infinity) of what `spread` describes."""
        a, b, c = self._columns(shift, slope, noise)
        mu = self.centre + self.unit * np.sinh(self.s)
        given, mass = a + b * mu, np.exp(self.log_mass)
        middle = float((mass * given).sum())
        wild = float((c + (b * (mu - middle)) ** 2)[-1].max()) > 1e3 * self.unit**2
        first, second = (wild and np.isinf(self.expect(power)) for power in (1, 2))
        sd = np.inf if second else float(np.sqrt((mass * ((given - middle) ** 2 + c)).sum()))
        return (np.nan if first else middle), sd

    def spread(self, shift: ArrayLike = 0.0, slope: ArrayLike = 1.0, noise: ArrayLike = 0.0) -> Curve:
        """Return the distribution of shift + slope mu + N(0, noise), each given per node of tau, `(T,)`."""
        a, b, c = (x[:, 0] for x in self._columns(shift, slope, noise))
        mass = np.exp(self.log_mass)
        kept = mass.sum(1) > 1e-17
        sd, mu = np.sqrt(c), self.centre + self.unit * np.sinh(self.s)
        most = mass[kept].max(0)
        reach = np.abs(self.s[most > 1e-17]).max()
        centre = float(np.median(a[kept] + b[kept] * self.centre))
        wide = (
            np.abs(b[kept]) * self.unit * np.sinh(reach)
            + 9 * sd[kept]
            + np.abs(a[kept] + b[kept] * self.centre - centre)
        )
        unit = self.unit if self.unit < wide.max() else float(wide.max())
        step = (self.s[1] - self.s[0]) / 1.5
        count = int(np.arcsinh(wide.max() / unit) / step) + 2
        s = step * np.arange(-count, count + 1)
        x = centre + unit * np.sinh(s)
        density = np.zeros(x.size)
        fine = kept & (sd < NARROW * np.abs(b) * self.unit * (self.s[1] - self.s[0]))
        for i in np.flatnonzero(kept & ~fine):
            part = mass[i] > 1e-19
            z = (x[:, None] - a[i] - b[i] * mu[part]) / sd[i]
            density += np.exp(-0.5 * z * z) @ mass[i][part] / (sd[i] * np.sqrt(2 * np.pi))
        if (rows := np.flatnonzero(fine)).size:
            at = (x - a[rows, None, None] - sd[rows, None, None] * NOISE[:, None]) / b[rows, None, None]
            tau = np.exp(self.axis.log_tau[rows])
            log = self.log_density(tau, at.reshape(rows.size, -1)).reshape(at.shape)
            log += (self.axis.log_slope + np.log(self.axis.step))[rows, None, None] - self.log_marginal
            inner = NOISE_WEIGHT @ np.exp(log) / np.sqrt(2 * np.pi)
            density += (inner / np.abs(b[rows, None])).sum(0)
        weight = density * unit * np.cosh(s) * step
        return self._curve(s, weight / weight.sum(), centre, unit)

    def _columns(self, *given: ArrayLike) -> Triple:
        a, b, c = (np.broadcast_to(np.asarray(x, dtype=float), self.axis.w.shape)[:, None] for x in given)
        return a, b, c

    @staticmethod
    def _curve(s: FloatArray, mass: FloatArray, centre: float, unit: float) -> Curve:
        return Curve(s, mass, lambda at: centre + unit * np.sinh(at), lambda at: unit * np.cosh(at))


def posterior_lattice(
    lower: FloatArray,
    upper: FloatArray,
    v: FloatArray,
    log_tau_prior: LogPrior,
    log_mu_prior: Callable[[FloatArray], FloatArray],
    *,
    largest: float = np.inf,
    tolerance: float = 1e-10,
) -> Lattice:
    """Return the posterior of one data set in which Y_i ~ N(mu, v_i + tau2) lies between `lower` and `upper`, (K,).

    Equal ends are an estimate, an infinite end says nothing on its side; the priors give log densities of log tau and
    of mu, tau at most `largest`. Raises `ValueError` where the posterior is improper.

    >>> half_normal = lambda x: np.log(2) - LOG_ROOT_2PI - 0.5 * np.exp(2 * x) + x
    >>> ends = np.array([-0.9, -1.6, -0.6]), np.array([-0.9, -1.6, 0.6])
    >>> found = posterior_lattice(*ends, np.array([0.33, 0.19, 0.09]), half_normal, np.zeros_like)
    >>> f"{found.mu().quantile(0.5):.4f} {found.tau().quantile(0.5):.4f}"
    '-0.8366 0.7048'
    """
    exact = lower == upper
    middle = np.where(np.isinf(lower) | np.isinf(upper), np.clip(0.0, lower, upper), (lower + upper) / 2)
    centre, unit = float((middle / v).sum() / (1 / v).sum()), float((1 / v).sum() ** -0.5)

    def joint(tau: FloatArray, mu: FloatArray) -> FloatArray:
        """Log of likelihood times priors, density in log tau and mu; tau (T,), mu (S,) or (T, S)."""
        x = v + (tau**2)[:, None]
        w = 1 / x[:, exact]
        y, z = lower[exact] - centre, mu - centre
        free = (0.5 * np.log(w) - LOG_ROOT_2PI).sum(-1) - 0.5 * (w * y * y).sum(-1)
        out = free[:, None] + (w * y).sum(-1)[:, None] * z - 0.5 * w.sum(-1)[:, None] * z * z
        for i in np.flatnonzero(~exact):
            root = np.sqrt(x[:, i])[:, None]
            a, b = ((end - mu) / root for end in (lower[i], upper[i]))
            out = out + moments(a.ravel(), b.ravel()).log_p.reshape(out.shape)
        found: FloatArray = out + log_tau_prior(np.log(np.maximum(tau, 1e-300)))[:, None] + log_mu_prior(mu)
        return np.where(np.isnan(found), -np.inf, found)

    def evaluate(axis: Axis, s: FloatArray) -> Lattice:
        with np.errstate(all="ignore"):
            log = joint(np.exp(np.minimum(axis.log_tau, 150.0)), centre + unit * np.sinh(s))
            log += axis.log_slope[:, None] + np.log(unit * np.cosh(s))
            top = log.max()
            norm = top + np.log(np.exp(log - top).sum())
        area = float(np.log(axis.step * (s[1] - s[0])))
        return Lattice(axis, s, centre, unit, log - norm, float(norm) + area, joint, log_tau_prior)

    scale = 0.3 * float(np.sqrt(np.median(v)))
    # the axis of tau ends at e^30 units: with intervals the posterior must have died out by then
    scan = evaluate(Axis.between(FIRST, 7.5, 0.5, scale, largest), np.arange(-FAR, FAR + 0.5, 0.5))
    heights = (scan.log_mass.max(1), scan.log_mass.max(0))
    tau_ends = heights[0] > heights[0].max() - DEPTH
    mu_ends = heights[1] > heights[1].max() - DEPTH
    if not np.isfinite(scan.log_marginal) or tau_ends[-1] or mu_ends[0] or mu_ends[-1]:
        raise ValueError("the posterior is improper, or has no end that could be found")
    (w0, w1), (s0, s1) = (
        (float(x[kept][0]) - 1, float(x[kept][-1]) + 1)
        for x, kept in ((scan.axis.w, tau_ends), (scan.s, mu_ends))
    )
    steps = [1 / 8, 1 / 8]

    def at_steps() -> Lattice:
        return evaluate(
            Axis.between(w0, w1, steps[0], scale, largest), np.arange(s0, s1 + steps[1], steps[1])
        )

    now, moved = at_steps(), [np.inf, np.inf]
    for i in range(2):  # tau, then mu
        for _ in range(6):
            steps[i] /= 2
            last, now = now, at_steps()
            moved[i] = abs(now.log_marginal - last.log_marginal)
            if moved[i] < tolerance:
                break
    return replace(now, settled=max(moved))
