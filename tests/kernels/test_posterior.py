"""The posterior by quadrature: brute force, closed forms, and what cannot be a posterior."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from bupmeta.kernels.curve import Curve
from bupmeta.kernels.mixture import Mixture
from bupmeta.kernels.posterior import Centre, log_marginal_common, posterior_grid
from bupmeta.kernels.posterior_lattice import posterior_lattice
from bupmeta.kernels.shortest import shortest
from bupmeta.pooling import priors

Y, V = np.array([-0.9, -1.6, -0.2]), np.array([0.33, 0.19, 0.05])
TAU = {
    "half-normal": priors.HalfNormal(0.5),
    "half-Cauchy": priors.HalfCauchy(0.5),
    "half-t": priors.HalfT(0.5, 4),
    "uniform to 2": priors.Uniform(2.0),
    "log-normal": priors.turner2015("pain"),
    "log t": priors.rhodes2015("pain"),
    "inverse gamma": priors.InvGamma(1.69, 0.42),
    "DuMouchel": priors.DuMouchel(),
    "shrinkage": priors.Shrinkage(),
    "Jeffreys": priors.Jeffreys(),
}
MU = {"flat": priors.Flat(), "normal": priors.Normal(0.1, 0.6), "t": priors.T(0.0, 0.43, 5)}


def brute(
    log_likelihood: NDArray[np.float64], mu_prior: priors.MuPrior, tau_prior: priors.TauPrior
) -> NDArray[np.float64]:
    """Probability times marginal likelihood on a fixed lattice of (log tau, mu) that knows nothing of the data."""
    log_tau, weight = panels(tau_prior.upper)
    mu, dmu = effects()
    with np.errstate(over="ignore", divide="ignore"):
        prior = np.exp(tau_prior.log_density(log_tau, V)) * weight
    out: NDArray[np.float64] = np.exp(log_likelihood + mu_prior.log_density(mu)) * dmu * prior[:, None]
    return out


def panels(upper: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gauss-Legendre nodes of log tau, 20 on each of many panels between e^-400 and e^40, or the largest tau."""
    nodes, weights = np.polynomial.legendre.leggauss(20)
    end = min(40.0, float(np.log(upper)))
    edges = np.concatenate([-np.geomspace(400, 8, 40), np.linspace(-8, min(end, 8.0), 60)[1:]])
    edges = np.append(edges, np.linspace(8, end, 20)[1:]) if end > 8 else edges
    half, middle = np.diff(edges)[:, None] / 2, (edges[1:] + edges[:-1])[:, None] / 2
    return (middle + half * nodes).ravel(), (half * weights).ravel()


def effects() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Values of mu from -24,000 to 24,000, dense near the data, with their trapezoidal weights."""
    e, step = np.linspace(-12, 12, 961, retstep=True)
    return -0.4 + 0.3 * np.sinh(e), 0.3 * np.cosh(e) * step


def log_density(y: NDArray[np.float64], v: NDArray[np.float64], upper: float) -> NDArray[np.float64]:
    """Log-likelihood of estimates on the lattice of `brute`."""
    x = v + np.exp(2 * panels(upper)[0])[:, None]
    mu = effects()[0]
    return sum(
        (-0.5 * (np.log(2 * np.pi * x[:, [i]]) + (y[i] - mu) ** 2 / x[:, [i]]) for i in range(len(y))),
        start=np.zeros((len(x), len(mu))),
    )


@pytest.mark.parametrize("tau", TAU.values(), ids=TAU)
@pytest.mark.parametrize("mu", MU.values(), ids=MU)
def test_equals_brute_force(tau: priors.TauPrior, mu: priors.MuPrior) -> None:
    """Marginal likelihood and probabilities about mu and tau equal those of a fine fixed lattice to 1e-8."""
    found = posterior_grid(Y, V, lambda x: tau.log_density(x, V), mu.centre, upper=tau.upper)
    cells = brute(log_density(Y, V, tau.upper), mu, tau)
    whole = cells.sum()
    assert float(found.log_marginal) == pytest.approx(np.log(whole), abs=1e-8)
    log_tau, at = panels(tau.upper)[0], effects()[0]
    # bounded functions: sigmoids in place of steps, which no lattice sums exactly
    smooth_mu = (cells.sum(0) * stats.norm.cdf((-0.5 - at) / 0.4)).sum() / whole
    assert float(found.mixture(noise=0.16).cdf(-0.5)) == pytest.approx(smooth_mu, abs=1e-8)
    shrunk = (cells.sum(1) * 0.1 / (0.1 + np.exp(2 * log_tau))).sum() / whole
    assert float((found.mass * 0.1 / (0.1 + found.axis.tau2)).sum()) == pytest.approx(shrunk, abs=1e-8)


def test_halving_the_step_changes_nothing() -> None:
    """The log marginal likelihood has settled to 1e-12 when the axis is accepted."""
    assert posterior_grid(Y, V, lambda x: TAU["log t"].log_density(x, V)).settled < 1e-12


def test_one_trial_and_a_point_prior_are_the_normal_posterior() -> None:
    """With tau all but 0 and a normal prior, mu has the textbook normal posterior, and y a normal marginal."""
    prior = priors.HalfNormal(1e-9)
    found = posterior_grid([0.7], [0.25], lambda x: prior.log_density(x, V), Centre(0.1, 0.5))
    assert [float(x) for x in found.moments()] == pytest.approx([0.4, np.sqrt(0.125)], abs=1e-12)
    marginal = stats.norm(0.1, np.sqrt(0.5)).logpdf(0.7)
    assert float(found.log_marginal) == pytest.approx(marginal, abs=1e-12)
    assert float(log_marginal_common([0.7], [0.25], Centre(0.1, 0.5))) == pytest.approx(marginal, abs=1e-12)


def test_a_batch_of_readings_and_priors_equals_one_by_one() -> None:
    """Readings and prior scales may be axes of the batch; each row is what it is alone."""
    y = np.stack([Y, Y + 0.3])
    scales = np.array([0.25, 0.5, 1.0])

    def log_prior(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.stack([priors.HalfNormal(float(s)).log_density(x, V) for s in scales])[:, None]

    whole = posterior_grid(y, V, log_prior).log_marginal
    assert whole.shape == (3, 2)
    for i, s in enumerate(scales.tolist()):
        for j in range(2):
            alone = posterior_grid(y[j], V, partial(priors.HalfNormal(s).log_density, v=V)).log_marginal
            assert whole[i, j] == pytest.approx(float(alone), abs=1e-12)


def test_shift_and_scale_move_the_posterior_with_them() -> None:
    """y c + a, v c^2 and the prior times c give c mu + a, over twelve orders of magnitude."""
    here = posterior_grid(Y, V, lambda x: priors.HalfNormal(0.5).log_density(x, V))
    for c in (1e-6, 1e6):
        there = posterior_grid(
            c * Y + 5 * c,
            c * c * V,
            lambda x, c=c: priors.HalfNormal(0.5 * c).log_density(x, V),  # type: ignore[misc]  # one scale per turn
        )
        assert (float(there.moments()[0]) / c - 5) == pytest.approx(float(here.moments()[0]), abs=1e-9)
        assert float(there.moments()[1]) / c == pytest.approx(float(here.moments()[1]), rel=1e-9)


@pytest.mark.parametrize(
    ("k", "prior"), [(2, priors.Uniform()), (1, priors.Uniform()), (1, priors.Jeffreys())]
)
def test_too_few_trials_for_an_improper_prior_are_refused(k: int, prior: priors.TauPrior) -> None:
    """The posterior under a flat tau is improper below three trials (Gelman 2006), Jeffreys' below two."""
    with pytest.raises(ValueError, match="improper"):
        posterior_grid(Y[:k], V[:k], lambda x: prior.log_density(x, V[:k]))


@pytest.mark.parametrize("df", [1.0, 2.0, 5.0])
@pytest.mark.parametrize("k", [1, 3])
def test_tails_that_are_long_in_log_tau_are_integrated_to_their_end(k: int, df: float) -> None:
    """Under log tau2 ~ t sums over equal slices of the prior give the same, with one trial, too, which cuts no tail."""
    y, v, prior = Y[:k], V[:k], priors.LogT(-2.0, 1.0, df)
    found = posterior_grid(y, v, lambda x: prior.log_density(x, v))
    slices = (np.arange(100001) + 0.5) / 100001
    tau2 = np.exp(np.clip(stats.t.ppf(slices, df, -2.0, 1.0), -690, 600))
    s = v[:, None] + tau2
    precision = (1 / s).sum(0)
    mean = (y[:, None] / s).sum(0) / precision
    log = -0.5 * (np.log(s).sum(0) + ((y[:, None] - mean) ** 2 / s).sum(0) + np.log(precision))
    share = np.exp(log - log.max())
    share /= share.sum()
    x = np.array([-4.0, -1.0, -0.3, 0.2, 3.0])
    mu, new = (
        share @ stats.norm.cdf((x - mean[:, None]) / np.sqrt(var)[:, None])
        for var in (1 / precision, 1 / precision + tau2)
    )
    assert np.abs(found.mixture().cdf(x) - mu).max() < 1e-10
    assert np.abs(found.mixture(0, 1, found.axis.tau2).cdf(x) - new).max() < 1e-10
    assert np.log(found.tau().quantile(0.5)) == pytest.approx(
        0.5 * np.log(np.interp(0.5, np.cumsum(share) - share / 2, tau2)), abs=1e-8
    )


def test_moments_that_do_not_exist_are_said_not_to() -> None:
    """Three trials under a flat tau leave tau a tail of 1/tau^2: no mean of tau, no variance of mu, and a median."""
    found = posterior_grid(Y, V, lambda x: priors.Uniform().log_density(x, V))
    assert np.isinf(found.expect(found.axis.log_tau))
    assert np.isinf(found.moments()[1])
    assert -1.6 < float(found.mixture().quantile(0.5)) < -0.2


def test_lattice_of_estimates_equals_the_closed_form() -> None:
    """With estimates only, quadrature over mu too gives what the closed form gives: mu, new and own effects."""
    prior = partial(priors.HalfNormal(0.5).log_density, v=V)
    exact, lattice = posterior_grid(Y, V, prior), posterior_lattice(Y, Y, V, prior, np.zeros_like)
    assert lattice.log_marginal == pytest.approx(float(exact.log_marginal), abs=1e-10)
    x = np.array([-2.5, -1.0, -0.5, 0.0, 0.7])
    assert np.abs(lattice.mu().cdf(x) - exact.mixture().cdf(x)).max() < 1e-10
    assert np.abs(lattice.tau().cdf(x + 2.6) - exact.tau().cdf(x + 2.6)).max() < 1e-10
    new = exact.mixture(0, 1, exact.axis.tau2), lattice.spread(0, 1, lattice.axis.tau2)
    assert np.abs(new[0].cdf(x) - new[1].cdf(x)).max() < 1e-10
    for i in range(3):
        (a, b), found = (t / (t + V[i]) for t in (exact.axis.tau2, lattice.axis.tau2)), []
        for share, joint in ((a, exact.mixture), (b, lattice.spread)):
            found.append(joint(share * Y[i], 1 - share, share * V[i]).cdf(x))
        assert np.abs(found[0] - found[1]).max() < 1e-9


def test_intervals_equal_brute_force() -> None:
    """Two estimates, one "not significant" and one "better" give the marginal likelihood of a fine lattice to 1e-8."""
    prior, mu_prior = priors.HalfNormal(0.5), priors.T(0.0, 0.43, 5)
    lower, upper = np.array([-0.9, -1.6, -0.6, -np.inf]), np.array([-0.9, -1.6, 0.6, -0.3])
    v = np.array([0.33, 0.19, 0.09, 0.04])
    found = posterior_lattice(lower, upper, v, partial(prior.log_density, v=v), mu_prior.log_density)
    log_tau, mu = panels(np.inf)[0], effects()[0]
    root = np.sqrt(v + np.exp(2 * log_tau)[:, None])
    log = log_density(lower[:2], v[:2], np.inf)
    with np.errstate(divide="ignore"):
        for i in (2, 3):
            ends = [stats.norm.cdf((end - mu) / root[:, [i]]) for end in (lower[i], upper[i])]
            log = log + np.log(ends[1] - ends[0])
    cells = brute(log, mu_prior, prior)
    assert found.log_marginal == pytest.approx(np.log(cells.sum()), abs=1e-8)
    smooth = (cells.sum(0) * stats.norm.cdf((-0.5 - mu) / 0.4)).sum() / cells.sum()
    assert float(found.spread(noise=0.16).cdf(-0.5)) == pytest.approx(smooth, abs=1e-8)


def test_one_sided_evidence_and_a_flat_mean_are_refused() -> None:
    """Nothing bounds mu from below when every trial says "better" only."""
    low, high, v = np.full(2, -np.inf), np.full(2, -0.2), np.full(2, 0.1)
    with pytest.raises(ValueError, match="improper"):
        posterior_lattice(low, high, v, partial(priors.HalfNormal(0.5).log_density, v=v), np.zeros_like)


def test_shortest_interval_of_a_skewed_law_is_shorter_than_any_other() -> None:
    """No interval of the same probability, among a thousand, is shorter; its ends have equal density."""
    law = Mixture(np.array([0.6, 0.4]), np.array([0.0, 1.5]), np.array([0.4, 1.2]))
    low, high = shortest(law, 0.9)
    assert float(law.cdf(high) - law.cdf(low)) == pytest.approx(0.9, abs=1e-11)
    assert float(law.pdf(high)) == pytest.approx(float(law.pdf(low)), rel=1e-8)
    p = np.linspace(1e-6, 0.1 - 1e-6, 1000)
    assert high - low <= (law.quantile(p + 0.9) - law.quantile(p)).min() + 1e-10


def test_curve_of_a_known_law_has_its_numbers() -> None:
    """Density, distribution function and quantiles of exp(Z) from nodes in log x equal scipy's log-normal to 1e-10."""
    w = np.arange(-60, 61) / 6
    law = Curve(w, stats.norm.pdf(w) / 6, np.exp, np.exp, 0.0)
    x, known = np.array([0.2, 1.0, 3.0]), stats.lognorm(1.0)
    assert np.abs(law.cdf(x) - known.cdf(x)).max() < 1e-10
    assert np.abs(law.pdf(x) - known.pdf(x)).max() < 1e-10
    assert np.abs(law.quantile([0.1, 0.5, 0.9]) / known.ppf([0.1, 0.5, 0.9]) - 1).max() < 1e-10
    assert law.quantile([0.0, 1.0]).tolist() == [0.0, np.inf]
    drawn = law.sample(20_000, np.random.default_rng(1))
    assert stats.kstest(drawn, known.cdf).pvalue > 0.01  # seeded; ends of the draws follow the law
