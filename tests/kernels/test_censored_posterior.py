"""The all-evidence posterior: against closed forms, scipy's integration and bayesmeta."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

from bupmeta.kernels.censored import censored_log_likelihood
from bupmeta.kernels.censored_posterior import censored_posterior

REFERENCE = Path(__file__).parents[1] / "reference"
MIXED = ([-0.9, -1.6, -0.5, -np.inf], [-0.9, -1.6, 0.5, -0.3], [0.33, 0.19, 0.06, 0.04])


@pytest.mark.parametrize("name", ["gibson2002_smd", "normand1999_smd", "bcg_rr", "edge_k2_agree"])
def test_estimates_alone_agree_with_bayesmeta(name):
    """bayesmeta 3.4 with half-normal(0.5): mu and tau to 1e-3, the accuracy of its grid."""
    data = json.loads((REFERENCE / f"{name}.json").read_text(encoding="utf-8"))
    expected = data["bayes"]["HN05"]
    found = censored_posterior(data["yi"], data["yi"], data["vi"])
    got = (found.mu.mean, found.mu.median, found.mu.sd, found.tau.mean, found.tau.median)
    named = [expected[key] for key in ("mu_mean", "mu_median", "mu_sd", "tau_mean", "tau_median")]
    np.testing.assert_allclose(got, named, atol=1e-3)


def test_moments_and_evidence_agree_with_integration():
    """With a normal(0, 1) prior: mean of mu, mean of tau and the marginal likelihood equal Gauss-Legendre
    quadrature on a fixed grid to 1e-8."""
    found = censored_posterior(*MIXED, mu_prior=(0.0, 1.0))

    nodes, weights = np.polynomial.legendre.leggauss(30)

    def panels(low, high, count):
        edges = np.linspace(low, high, count + 1)
        half = 0.5 * (edges[1] - edges[0])
        return (edges[:-1, None] + half * (1 + nodes)).ravel(), half * np.tile(weights, count)

    (mu, in_mu), (tau, in_tau) = panels(-6, 6, 12), panels(0, 4, 8)
    mu, in_mu = mu[:, None], in_mu[:, None]
    ll = censored_log_likelihood(*MIXED, mu=mu, tau2=tau**2)
    mass = np.exp(ll) * norm.pdf(mu) * 2 * norm.pdf(tau, 0, 0.5) * in_mu * in_tau
    whole = mass.sum()
    assert found.log_marginal == pytest.approx(np.log(whole), abs=1e-8)
    assert found.mu.mean == pytest.approx((mu * mass).sum() / whole, abs=1e-8)
    assert found.tau.mean == pytest.approx((tau * mass).sum() / whole, abs=1e-8)
    assert (mass * (tau < found.tau.median)).sum() / whole == pytest.approx(0.5, abs=0.02)


def test_without_heterogeneity_the_posterior_is_the_conjugate_normal():
    """A prior that holds tau at 0: precision 1/0.2 + 1/0.3 + 1/4, median and 95 % interval in closed form."""
    y, v = np.array([0.4, -0.1]), np.array([0.2, 0.3])
    found = censored_posterior(y, y, v, tau_scale=1e-6, mu_prior=(1.0, 2.0))
    precision = (1 / v).sum() + 0.25
    mean, sd = ((y / v).sum() + 0.25) / precision, precision**-0.5
    np.testing.assert_allclose(
        found.mu, (mean, sd, mean, mean - 1.959963984540054 * sd, mean + 1.959963984540054 * sd), rtol=1e-9
    )


@pytest.mark.parametrize("k", [1, 3, 12])
def test_halving_the_steps_changes_nothing(k):
    """Steps half as long give the same ten numbers to 1e-10."""
    rng = np.random.default_rng(k)
    v = np.exp(rng.uniform(-5, 0, k))
    lower = upper = rng.normal(0.3, np.sqrt(0.05 + v))
    words = np.arange(k) % 3 == 2
    lower, upper = np.where(words, -2 * np.sqrt(v), lower), np.where(words, 2 * np.sqrt(v), upper)
    one, two = (censored_posterior(lower, upper, v, refine=refine) for refine in (1, 2))
    np.testing.assert_allclose(one.mu + one.tau, two.mu + two.tau, atol=1e-10)


def test_what_has_no_posterior_is_refused():
    """All evidence on one side leaves a flat mu improper; a normal prior helps, and crossed ends are refused."""
    better = [-np.inf, -np.inf], [-0.2, -0.3], [0.04, 0.04]
    with pytest.raises(ValueError, match="nothing bounds it on one side"):
        censored_posterior(*better)
    assert censored_posterior(*better, mu_prior=(0.0, 1.0)).mu.high < 0
    with pytest.raises(ValueError, match="one data set"):
        censored_posterior([1.0], [0.0], [1.0])
