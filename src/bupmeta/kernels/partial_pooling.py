"""Partial pooling of conditions: trials vary by tau within a condition, the means of conditions by omega.

Given tau, the trials of a condition are worth one estimate of its mean, so that given tau the conditions are themselves
a random-effects data set with omega in the place of tau: the kernel of `kernels.posterior` with tau as a batch. What is
left is a lattice over (tau, omega) with the trapezoidal rule on both stretched axes. Given a node everything is normal,
so that the mean of each condition is a mixture of normals. No sampling, no seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bupmeta.kernels.axis import FIRST, LAST, WIDE, Axis
from bupmeta.kernels.curve import Curve
from bupmeta.kernels.mixture import Mixture
from bupmeta.kernels.posterior import FLAT, Centre, Joint, LogPrior, given, joint, unended
from bupmeta.kernels.weighted import FloatArray

__all__ = ["Levels", "partial_pooling"]

DEPTH = 36.0  # logarithms below its top at which the integrand ends: 2e-16
ENDLESS = 4.0  # a moment whose integrand is less than this far down at the end of an axis is none
COARSE = 1 / 4  # of the search for the ends
NOTHING = 1e-14  # the mass of a node that is left out of a mixture
Trials = Sequence[tuple[FloatArray, FloatArray]]


class Levels(NamedTuple):
    """The posterior on the nodes of tau (T) and omega (W), for C conditions with trials.

    `log_mass` (T, W) is the log probability of a node. `estimate` and `spread` (T, C) are what the trials of a
    condition are worth given tau: an estimate of its mean and the variance of that. `overall` holds M | tau, omega, the
    mean over conditions, as `kernels.posterior.Joint` does, with tau as its batch. `log_marginal` is the log marginal
    likelihood (a flat prior has density 1), `settled` how much the last halving of the steps moved it.
    """

    tau: Axis
    omega: Axis
    log_mass: FloatArray
    estimate: FloatArray
    spread: FloatArray
    overall: Joint
    log_marginal: float
    settled: float

    def mean(self) -> Mixture:
        """Return the distribution of M, the mean over conditions."""
        return self._mixture(0.0, 1.0, 0.0)

    def condition(self, c: int | None, noise: bool = False) -> Mixture:
        """Return the distribution of the mean of condition `c`, or of one without any trial (None).

        With `noise` it is that of the effect of one more trial there.
        """
        extra = self.tau.tau2[:, None] if noise else np.zeros((1, 1))
        if c is None:
            return self._mixture(0.0, 1.0, self.omega.tau2 + extra)
        own = self._own(c)
        return self._mixture(own * self.estimate[:, c, None], 1 - own, own * self.spread[:, c, None] + extra)

    def moments(self, law: Mixture) -> tuple[float, float]:
        """Return mean and standard deviation of a law of this posterior, NaN or infinite where there is none."""
        mean = float(law.weight @ law.mean)
        sd = float(np.sqrt(law.weight @ (law.sd**2 + (law.mean - mean) ** 2)))
        first, second = (self._endless(power) for power in (1, 2))
        return (np.nan if first else mean), (np.inf if second else sd)

    def curves(self) -> tuple[Curve, Curve]:
        """Return the distributions of tau and of omega."""
        mass = np.exp(self.log_mass)
        tau, omega = self.tau, self.omega
        return (
            Curve(tau.w, mass.sum(1), tau.stretch, tau.slope, 0.0),
            Curve(omega.w, mass.sum(0), omega.stretch, omega.slope, 0.0),
        )

    def scale_moments(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return mean and standard deviation of tau and of omega."""
        return self._scale(self.tau, 1), self._scale(self.omega, 0)

    def shares(self, c: int | None) -> FloatArray:
        """Return how much each condition's trials, (C,), and last the prior of M weigh in the mean of condition `c`.

        Given a node the mean is linear in the trials, so that the posterior mean is, too: these are the averages over
        the posterior, and add to 1.
        """
        omega2 = self.omega.tau2[:, None]
        with np.errstate(over="ignore"):
            precision = 1 / (self.spread[:, None, :] + omega2)  # (T, W, C) about M
        var = (self.overall.share * self.overall.var).sum(-1)
        through = precision * var[..., None]  # the prior takes the rest
        parts = np.concatenate([through, 1 - through.sum(-1, keepdims=True)], axis=-1)
        if c is not None:
            own = self._own(c)[..., None]
            parts = (1 - own) * parts
            parts[..., c] += own[..., 0]
        out: FloatArray = np.tensordot(np.exp(self.log_mass), parts, 2)
        return out

    def _own(self, c: int) -> FloatArray:
        """Return the weight (T, W) of the estimate of condition `c` against M."""
        omega2 = self.omega.tau2
        out: FloatArray = omega2 / (omega2 + self.spread[:, c, None])
        return out

    def _mixture(
        self, shift: FloatArray | float, slope: FloatArray | float, noise: FloatArray | float
    ) -> Mixture:
        """Return the law of shift + slope M + N(0, noise), each given per node."""
        kept = np.exp(self.log_mass) > NOTHING
        a, b, c = (np.broadcast_to(x, kept.shape)[kept][:, None] for x in (shift, slope, noise))
        weight = np.exp(self.log_mass[kept])[:, None] * self.overall.share[kept]
        weight = weight / weight.sum()
        mean = a + b * self.overall.mean[kept]
        sd = np.sqrt(b * b * self.overall.var[kept] + c)
        return Mixture(weight.ravel(), mean.ravel(), sd.ravel())

    def _scale(self, axis: Axis, other: int) -> tuple[float, float]:
        mass = np.exp(self.log_mass).sum(other)
        x, mass = (values[mass > 0] for values in (axis.stretch(axis.w), mass))
        with np.errstate(over="ignore"):
            first = float(mass @ x)
            second = float(mass @ (x - first) ** 2)
        endless = [_unending(self.log_mass, axis, 1 - other, power) for power in (1, 2)]
        return (np.nan if endless[0] else first), (np.inf if endless[1] else float(np.sqrt(second)))

    def _endless(self, power: int) -> bool:
        return any(_unending(self.log_mass, x, i, power) for i, x in enumerate((self.tau, self.omega)))


def _unending(log_mass: FloatArray, axis: Axis, i: int, power: int) -> bool:
    """Whether the `power`th moment grows until the axis, the `i`th of the mass, ends."""
    rows = (np.logaddexp.reduce(log_mass, axis=1 - i) + power * axis.log_tau)[axis.w <= LAST]
    return bool(axis.w[-1] > LAST - 1 and rows[-1] > rows.max() - ENDLESS)


def partial_pooling(
    trials: Trials,
    log_tau_prior: LogPrior,
    log_omega_prior: LogPrior,
    centre: Centre = FLAT,
    *,
    upper: tuple[float, float] = (np.inf, np.inf),
    tolerance: float = 1e-10,
) -> Levels:
    """Return the posterior for y_ci ~ N(mu_c, v_ci + tau2), mu_c ~ N(M, omega2): a pair (y, v), (K_c,), a condition.

    The priors give log densities of log tau and log omega, up to `upper`; that of M is `centre`. Steps are halved until
    the marginal likelihood moves by less than `tolerance`. Raises `ValueError` where the posterior is improper, or so
    nearly that its tail has no end.

    >>> half_normal = lambda x: np.log(2 / 0.5) - 0.5 * np.log(2 * np.pi) - 2 * np.exp(2 * x) + x
    >>> one, two = (np.array([-0.9, -1.6]), np.array([0.33, 0.19])), (np.array([-0.2]), np.array([0.05]))
    >>> found = partial_pooling([one, two], half_normal, half_normal)
    >>> f"{found.condition(0).quantile(0.5):.4f} {found.condition(1).quantile(0.5):.4f}"
    '-1.0027 -0.4771'
    """
    scales = _scales(trials)
    priors = log_tau_prior, log_omega_prior

    def at(ends: Sequence[tuple[float, float]], steps: Sequence[float]) -> Levels:
        tau, omega = (Axis.between(*ends[i], steps[i], scales[i], upper[i]) for i in (0, 1))
        return _evaluate(trials, priors, centre, tau, omega)

    scan = at([(FIRST, LAST)] * 2, [COARSE] * 2)
    reach = [WIDE if unended(_height(scan, i)) else (FIRST, LAST) for i in (0, 1)]
    if WIDE in reach:
        scan = at(reach, [COARSE] * 2)
    ends = [_cut(scan, i) for i in (0, 1)]
    steps = [1 / 8, 1 / 8]
    now, moved = at(ends, steps), [np.inf, np.inf]
    for i in (0, 1):
        for _ in range(6):
            finer = list(steps)
            finer[i] /= 2
            found = at(ends, finer)
            moved[i] = abs(found.log_marginal - now.log_marginal)
            if moved[i] < tolerance:  # the coarser nodes are as good
                break
            steps, now = finer, found
    return now._replace(settled=max(moved))


def _scales(trials: Trials) -> tuple[float, float]:
    """Return where the axes of tau and omega are centred."""
    v = np.concatenate([v for _, v in trials])
    spread = [1 / (1 / v).sum() for _, v in trials]
    return 0.3 * float(np.sqrt(np.median(v))), 0.3 * float(np.sqrt(np.median(spread)))


def _height(scan: Levels, i: int) -> FloatArray:
    """Return the log mass along an axis."""
    out: FloatArray = np.logaddexp.reduce(scan.log_mass, axis=1 - i)
    return out


def _cut(scan: Levels, i: int) -> tuple[float, float]:
    """Return the part of an axis that holds the posterior and its second moments; refuse one without an end."""
    axis = (scan.tau, scan.omega)[i]
    height = _height(scan, i)
    top = height.max()
    if not np.isfinite(top) or max(height[0], height[-1]) > top - DEPTH / 2:
        raise ValueError("the posterior is improper, or its tail has no end")
    far = height + 2 * np.maximum(axis.log_tau - np.log(axis.scale), 0.0)
    some = np.flatnonzero((height > top - DEPTH) | (far > far.max() - DEPTH))
    return float(axis.w[max(some[0] - 1, 0)]), float(axis.w[min(some[-1] + 1, axis.w.size - 1)])


def _evaluate(
    trials: Trials, priors: tuple[LogPrior, LogPrior], centre: Centre, tau: Axis, omega: Axis
) -> Levels:
    with np.errstate(all="ignore"):  # at the far ends tau and omega are 0 or infinite
        parts = [given(y, v, FLAT, tau.log_tau) for y, v in trials]
        estimate = np.stack([part.mean[:, 0] + part.origin for part in parts], axis=-1)
        spread = np.stack([part.var[:, 0] for part in parts], axis=-1)
        overall = joint(estimate, spread, priors[1], centre, omega)
        rows = sum((part.log_likelihood for part in parts), priors[0](tau.log_tau) + tau.log_slope)
        rows = rows + overall.log_marginal
        rows = np.where(np.isnan(rows), -np.inf, rows)
        norm = np.logaddexp.reduce(rows)
        log_mass = (rows - norm)[:, None] + overall.log_mass
    log_mass = np.where(np.isnan(log_mass), -np.inf, log_mass)
    shape = (*log_mass.shape, overall.mean.shape[-1])
    overall = overall._replace(
        mean=np.broadcast_to(overall.mean, shape),
        var=np.broadcast_to(overall.var, shape),
        share=np.broadcast_to(overall.share, shape),
    )
    return Levels(tau, omega, log_mass, estimate, spread, overall, float(norm + np.log(tau.step)), 0.0)
