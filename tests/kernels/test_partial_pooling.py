"""Partial pooling by quadrature: brute force, its limits, and how it moves with the data."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtr

from bupmeta.kernels.local_information import information
from bupmeta.kernels.mixture import Mixture
from bupmeta.kernels.partial_pooling import Levels, Trials, partial_pooling
from bupmeta.kernels.posterior import FLAT, Centre, LogPrior, posterior_grid
from bupmeta.pooling import priors

Array = NDArray[np.float64]
THREE: Trials = (
    (np.array([-0.9, -1.6]), np.array([0.33, 0.19])),
    (np.array([-0.2]), np.array([0.05])),
    (np.array([0.4, -0.3, -0.7]), np.array([0.11, 0.5, 0.08])),
)
ALL = tuple(np.concatenate(parts) for parts in zip(*THREE, strict=True))
HALF = priors.HalfNormal(0.5)
X = np.array([-1.5, -0.8, -0.4, 0.0, 0.6])


def law(prior: priors.TauPrior) -> LogPrior:
    """A prior as the kernel takes it."""
    return lambda log: prior.log_density(log, ALL[1])


def fitted(trials: Trials = THREE, omega: priors.TauPrior = HALF, centre: Centre = FLAT) -> Levels:
    """Fit with tau ~ half-normal(0.5)."""
    return partial_pooling(trials, law(HALF), law(omega), centre)


def panels() -> tuple[Array, Array]:
    """Gauss-Legendre nodes of a log scale, 10 on each of 20 panels between e^-25 and e^2, with their weights."""
    nodes, weights = np.polynomial.legendre.leggauss(10)
    edges = np.concatenate([np.linspace(-25, -6, 5), np.linspace(-6, 2, 17)[1:]])
    half, middle = np.diff(edges)[:, None] / 2, (edges[1:] + edges[:-1])[:, None] / 2
    return (middle + half * nodes).ravel(), (half * weights).ravel()


def brute(centre: Centre) -> tuple[float, Array]:
    """Log marginal likelihood, and P(mean of each condition <= X), by dense linear algebra at each of many nodes.

    Nothing of the kernel is used: the covariance of all trials given M is written down and inverted, and normal
    conditioning gives the rest.
    """
    log, weight = panels()
    tau2, omega2 = (x.ravel()[:, None, None] for x in np.meshgrid(np.exp(2 * log), np.exp(2 * log)))
    of = np.repeat(np.arange(3), [len(y) for y, _ in THREE])
    member = (of == np.arange(3)[:, None]).astype(float)
    s = np.eye(len(of)) * (ALL[1] + tau2) + omega2 * (member.T @ member)
    inverse, y, one = np.linalg.inv(s), ALL[0], np.ones(len(of))
    known = np.isfinite(centre.scale)
    prior = centre.scale**-2 if known else 0.0
    precision = one @ inverse @ one + prior
    mean = (one @ inverse @ y + prior * centre.mean) / precision
    r = y - mean[:, None]
    squares = np.einsum("ni,nij,nj->n", r, inverse, r) + prior * (mean - centre.mean) ** 2
    constant = (np.log(prior) if known else 0.0) - (len(of) - (not known)) * np.log(2 * np.pi)
    density = 0.5 * (constant - np.linalg.slogdet(s)[1] - squares - np.log(precision))
    scales = np.exp(law(HALF)(log)) * weight
    mass = np.exp(density) * np.outer(scales, scales).ravel()  # both priors are the same
    gain = omega2 * member @ inverse  # of each mean on the trials
    middle = mean[:, None] + np.einsum("nci,ni->nc", gain, r)
    var = omega2[..., 0] - np.einsum("nci,ci->nc", gain, member) * omega2[..., 0]
    var = var + (1 - gain.sum(-1)) ** 2 / precision[:, None]
    below = ndtr((X - middle[..., None]) / np.sqrt(np.maximum(var, 1e-300))[..., None])
    return float(np.log(mass.sum())), np.tensordot(mass, below, 1) / mass.sum()


@pytest.mark.parametrize("centre", [Centre(), Centre(0.1, 0.6)], ids=["flat", "normal"])
def test_equals_brute_force(centre: Centre) -> None:
    """Marginal likelihood and the distribution of each condition's mean equal dense linear algebra to 1e-8."""
    marginal, below = brute(centre)
    found = fitted(centre=centre)
    assert found.log_marginal == pytest.approx(marginal, abs=1e-8)
    for c in range(3):
        assert found.condition(c).cdf(X) == pytest.approx(below[c], abs=1e-8)


def test_equal_conditions_are_one_pool() -> None:
    """With omega at 0 every condition is the pool of all trials, one without trials and the mean over them as well."""
    found = fitted(omega=priors.HalfNormal(1e-8))
    pooled = posterior_grid(*ALL, law(HALF)).mixture()
    for one in (found.mean(), *(found.condition(c) for c in (0, 1, 2, None))):
        assert one.cdf(X) == pytest.approx(pooled.cdf(X), abs=1e-8)
    assert found.shares(0) == pytest.approx(found.shares(None), abs=1e-8)


def test_unrelated_conditions_are_analysed_apart() -> None:
    """With omega about e^10 and tau at 0 each condition is its own weighted mean, and only its own trials weigh."""
    found = partial_pooling(THREE, law(priors.HalfNormal(1e-9)), law(priors.LogNormal(20.0, 0.1)))
    for c, (y, v) in enumerate(THREE):
        mean, sd = found.moments(found.condition(c))
        assert mean == pytest.approx((y / v).sum() / (1 / v).sum(), abs=1e-6)
        assert sd == pytest.approx((1 / v).sum() ** -0.5, abs=1e-6)
        assert found.shares(c)[c] == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("omega", [HALF, priors.HalfCauchy(2.0)], ids=["half-normal", "half-Cauchy"])
def test_one_condition_is_the_ordinary_posterior(omega: priors.TauPrior) -> None:
    """A flat M makes the mean of a lone condition flat too: what omega is does not matter to it."""
    y, v = THREE[0]
    found = partial_pooling(THREE[:1], law(HALF), law(omega))
    assert found.condition(0).cdf(X) == pytest.approx(
        posterior_grid(y, v, law(HALF)).mixture().cdf(X), abs=1e-8
    )


def test_posterior_means_are_weighted_means_of_the_trials() -> None:
    """Shares add to 1, are those of the formula at a fixed tau and omega, and need no order of conditions."""
    found = fitted()
    for c in (0, 1, 2, None):
        assert found.shares(c).sum() == pytest.approx(1, abs=1e-12)
        assert (found.shares(c)[:3] > 0).all()
        assert found.shares(c)[3] == pytest.approx(0, abs=1e-12)
    fixed = partial_pooling(
        [(np.array([y]), np.array([v])) for y, v in ((-0.9, 0.2), (-0.1, 0.1), (0.3, 0.4))],
        law(priors.HalfNormal(1e-9)), law(priors.HalfNormal(1e-9)),
    )  # fmt: skip
    w = np.array([5, 10, 2.5])
    assert fixed.shares(1)[:3] == pytest.approx(w / w.sum(), abs=1e-8)
    mean, _ = fixed.moments(fixed.condition(1))
    assert mean == pytest.approx(fixed.shares(1)[:3] @ np.array([-0.9, -0.1, 0.3]), abs=1e-10)


def test_a_prior_of_the_mean_takes_its_share() -> None:
    """A narrow normal prior of M weighs, and all shares still add to 1."""
    shares = fitted(centre=Centre(0.0, 0.1)).shares(1)
    assert shares[3] > 0.1
    assert shares.sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(("shift", "factor"), [(7.0, 1.0), (0.0, -1.0), (0.0, 1e4), (-3e5, 1e-3)])
def test_moves_with_the_data(shift: float, factor: float) -> None:
    """Shifted, turned and rescaled data give shifted, turned and rescaled posteriors."""
    moved = tuple((factor * y + shift, factor**2 * v) for y, v in THREE)
    prior = law(priors.HalfNormal(0.5 * abs(factor)))
    found, plain = partial_pooling(moved, prior, prior), fitted()
    for c in (0, None):
        p = plain.condition(c).cdf(X)
        below = found.condition(c).cdf(factor * X + shift)
        assert below == pytest.approx(p if factor > 0 else 1 - p, abs=1e-7)
    assert found.shares(1) == pytest.approx(plain.shares(1), abs=1e-7)


def test_order_does_not_matter() -> None:
    """Neither the order of trials nor that of conditions changes anything."""
    turned = tuple((y[::-1], v[::-1]) for y, v in THREE[::-1])
    assert fitted(turned).condition(2).cdf(X) == pytest.approx(fitted().condition(0).cdf(X), abs=1e-12)


def test_endless_moments_are_said_to_be() -> None:
    """One condition leaves omega to its prior: under a half-Cauchy an unseen condition has neither mean nor SD."""
    found = partial_pooling(THREE[:2], law(HALF), law(priors.HalfCauchy(0.5)))
    assert found.moments(found.condition(None))[1] == np.inf
    assert np.isfinite(fitted().moments(fitted().condition(None))).all()


def test_an_improper_posterior_is_refused() -> None:
    """Two conditions cannot bound omega under a uniform prior without end."""
    with pytest.raises(ValueError, match="improper"):
        partial_pooling(THREE[:2], law(HALF), law(priors.Uniform()))


def test_tails_that_are_long_in_log_omega_are_integrated_to_their_end() -> None:
    """Under log omega2 ~ t with 1 df the posterior is the average over slices of it, with omega fixed in each."""
    found = partial_pooling(THREE[:2], law(HALF), law(priors.LogT(-3.0, 1.0, 1.0)))
    x, weight = np.polynomial.legendre.leggauss(160)
    omega2 = np.exp(np.clip(-3.0 + np.tan(np.pi * x / 2), -690, 60))
    log_tau, dtau = panels()
    tau2 = np.exp(2 * log_tau)[:, None]
    with np.errstate(over="ignore"):
        prior = np.exp(HALF.log_density(log_tau, ALL[1])) * dtau
    log, spread, middle = np.log(prior)[:, None], [], []
    for y, v in THREE[:2]:
        s = v + tau2
        spread.append(1 / (1 / s).sum(1)[:, None])
        middle.append((y / s).sum(1)[:, None] * spread[-1])
        log = log - 0.5 * (np.log(s) + (y - middle[-1]) ** 2 / s).sum(1)[:, None] + 0.5 * np.log(spread[-1])
    between = spread[0] + spread[1] + 2 * omega2
    log = log - 0.5 * (np.log(between) + (middle[0] - middle[1]) ** 2 / between)
    share = np.exp(log - log.max()) * weight
    share /= share.sum()
    precision = [1 / (one + omega2) for one in spread]
    mean = (precision[0] * middle[0] + precision[1] * middle[1]) / (precision[0] + precision[1])
    var = 1 / (precision[0] + precision[1])
    expected = [(share * ndtr((at - mean) / np.sqrt(var))).sum() for at in X]
    assert np.abs(found.mean().cdf(X) - expected).max() < 1e-8


def test_scales_have_their_moments() -> None:
    """Means of tau and omega are those of their distributions."""
    found = fitted()
    for (mean, sd), curve in zip(found.scale_moments(), found.curves()):
        x = curve.quantile((np.arange(4000) + 0.5) / 4000)
        assert mean == pytest.approx(x.mean(), abs=1e-4)
        assert sd == pytest.approx(x.std(), abs=1e-3)


def test_information_is_that_of_fisher() -> None:
    """A mixture of scales knows less than its parts on average and more than 1/variance; brute force agrees."""
    two = Mixture(np.array([0.5, 0.5]), np.zeros(2), np.array([1.0, 3.0]))
    assert 1 / 5 < information(two) < (1 + 1 / 9) / 2
    x = np.linspace(-60, 60, 400_001)
    density, slope = two.density(x)
    assert information(two) == pytest.approx(np.trapezoid(slope**2 / density, x), rel=1e-7)
