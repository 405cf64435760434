"""The mathematics of intervals where no reference reaches: several maxima, hard scales, drawn sign flips."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import chdtri, gammainc

from bupmeta.kernels.confidence_distribution import generalised_q_limits, mixture, tau2_quantiles
from bupmeta.kernels.fit import fit
from bupmeta.kernels.henmi_copas import henmi_copas
from bupmeta.kernels.kenward_roger import kenward_roger
from bupmeta.kernels.likelihood import log_likelihood, optima
from bupmeta.kernels.nagashima import bootstrap_effects
from bupmeta.kernels.permutation import DRAWS, permutation_p, sign_flips
from bupmeta.kernels.profile import tau2_limits
from bupmeta.kernels.profile_mu import mu_limits, mu_statistic

MULTIMODAL = json.loads((Path(__file__).parents[1] / "reference/multimodal_reml.json").read_text())


@pytest.mark.parametrize("case", MULTIMODAL[::6], ids=range(0, len(MULTIMODAL), 6))
def test_profile_of_tau2_reaches_past_every_maximum(case):
    """With several maxima the limits are the outermost crossings: a fine grid has nothing above the cut outside."""
    y, v = np.array(case["yi"]), np.array(case["vi"])
    low, high = tau2_limits(y, v, 0.95, restricted=True)
    cut = max(o.log_likelihood for o in optima(y, v)) - chdtri(1, 0.05) / 2
    grid = np.append(0, np.geomspace(1e-7, 1e7, 20001))
    inside = grid[log_likelihood(y, v, tau2=grid) >= cut]
    assert low <= inside.min()
    assert inside.max() <= high
    assert inside.max() == pytest.approx(high, rel=2e-3)
    assert (low == 0) == (inside.min() == 0)


@pytest.mark.parametrize("case", MULTIMODAL[::6], ids=range(0, len(MULTIMODAL), 6))
def test_profile_of_mu_with_several_maxima(case):
    """Both limits meet the cut, and mu a little beyond them lies below it, on a grid of tau2."""
    y, v = np.array(case["yi"]), np.array(case["vi"])
    low, high = mu_limits(y, v)
    cut = max(o.log_likelihood for o in optima(y, v, kind="ML")) - chdtri(1, 0.05) / 2
    grid = np.append(0, np.geomspace(1e-7, 1e5, 40001))

    def height(mu):
        return log_likelihood(y, v, tau2=grid, mu=np.full(grid.shape, mu), restricted=False).max()

    gap = 1e-3 * (high - low)
    for end, out in ((low, -gap), (high, gap)):
        assert height(end) == pytest.approx(cut, abs=1e-5)
        assert height(end + out) < cut


def test_likelihood_ratio_statistic_has_the_sign_of_the_estimate():
    """Turning every sign turns the statistic and keeps p; at y = 0 nothing is found."""
    y, v = np.array([0.3, 0.9, 0.2]), np.array([0.1, 0.2, 0.1])
    (plus, minus), p = mu_statistic(np.stack([y, -y]), v)
    assert plus > 0
    assert (plus, p[0]) == pytest.approx((-minus, p[1]))
    assert mu_statistic(np.zeros(3), v) == (0, 1)


def test_henmi_copas_against_adaptive_quadrature():
    """The tail integral by scipy's quad at the solved quantile is (1 - level)/2."""
    y, v = np.array([0.1, 0.5, 1.4, 0.2, -0.3]), np.array([0.04, 0.05, 0.04, 0.2, 0.01])
    _, se, half, _, tau2 = henmi_copas(y, v)
    w = 1 / v
    w1 = w.sum()
    w2, w3, w4 = ((w**j).sum() / w1 for j in (2, 3, 4))
    vr, k = 1 + tau2 * w2, y.size
    t = half / se / np.sqrt(vr)

    def integrand(r):  # hc.rma.uni.r of metafor, term by term
        rr = r * r * vr
        mean = (k - 1) + tau2 * (w1 - w2) + tau2**2 * (rr / vr**2 - 1 / vr) * (w3 - w2**2)
        var = (
            2 * (k - 1) + 4 * tau2 * (w1 - w2) + 2 * tau2**2 * (w1 * w2 - 2 * w3 + w2**2)
            + 4 * tau2**2 * (rr / vr**2 - 1 / vr) * (w3 - w2**2)
            + 4 * tau2**3 * (rr / vr**2 - 1 / vr) * (w4 - 2 * w2 * w3 + w2**3)
            + 2 * tau2**4 * (1 / vr**2 - 2 / vr**3 * rr) * (w3 - w2**2) ** 2
        )  # fmt: skip
        bound = (w1 / w2 - 1) * ((r / t) ** 2 - 1) + (k - 1)
        return gammainc(mean**2 / var, bound * mean / var) * np.exp(-r * r / 2) / np.sqrt(2 * np.pi)

    assert quad(integrand, t, t + 12, epsabs=1e-13)[0] == pytest.approx(0.025, abs=1e-11)


def test_kenward_roger_approaches_the_t_interval_with_equal_variances():
    """Equal variances: se^2 = (v + tau2)(1 + 0)/k and k - 1 df, since nothing is lost to weighting."""
    v, m = np.full(8, 0.3), np.ones(8)
    var, df = kenward_roger(v, m, np.array(0.5))
    assert (var, df) == pytest.approx((0.1, 7.0))


def test_sign_flips_cover_every_pattern_once():
    """Half of 2^k patterns, the data first, no two alike or mirrored; beyond 16 studies drawn, the data first."""
    flips = sign_flips(6)
    assert flips.shape == (32, 6)
    assert (flips[0] == 1).all()
    assert len({tuple(row) for row in flips} | {tuple(-row) for row in flips}) == 64
    drawn = sign_flips(20)
    assert drawn.shape == (DRAWS + 1, 20)
    assert (drawn[0] == 1).all()


def test_drawn_flips_estimate_the_exact_p(monkeypatch):
    """Drawing 9,999 flips of twelve studies comes within Monte Carlo error of all 4,096."""
    rng = np.random.default_rng(8)
    y, v = rng.normal(0.25, 0.5, 12), rng.uniform(0.02, 0.2, 12)
    exact = permutation_p(y, v, np.zeros(1), "DL")[0]
    monkeypatch.setattr("bupmeta.kernels.permutation.EXACT_UP_TO", 4)
    assert permutation_p(y, v, np.zeros(1), "DL")[0] == pytest.approx(exact, abs=4 * np.sqrt(exact / DRAWS))


def test_the_confidence_distribution_is_its_own_quantiles():
    """Half of the mass of the mixture lies below the median of tau2, and its mass at 0 is P(Q > q; 0)."""
    y, v = np.array([0.1, 0.5, 1.4, 0.2, -0.3]), np.array([0.04, 0.05, 0.04, 0.2, 0.05])
    nodes = mixture(y, v)
    assert nodes.mass.sum() == pytest.approx(1)
    limits = tau2_quantiles(y, v, np.array([0.025, 0.975]))
    assert limits == pytest.approx(generalised_q_limits(y, v, 0.95))
    median = tau2_quantiles(y, v, np.array([0.5]))[0]
    assert nodes.mass[nodes.tau2 < median].sum() == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("scale", [1e8, 1e20])
def test_overwhelming_heterogeneity(scale):
    """With Q beyond 1e16 the variances no longer matter, so intervals are those of any such scale.

    (-.849, 1.582) is the confidence-distribution interval with these variances times 1e-6 and y as it is.
    """
    y, v = np.array([0.1, 0.5, -0.2, 0.9, 0.3, 0.6]), np.array([0.04, 0.05, 0.02, 0.09, 0.1, 0.03])
    tails = np.array([0.025, 0.975])
    limits = mixture(scale * y, v).new_effect(tails) / scale
    assert limits == pytest.approx([-0.849, 1.582], abs=5e-4)
    assert limits == pytest.approx(mixture(y, 1e-6 * v).new_effect(tails), rel=1e-4)
    drawn = np.quantile(bootstrap_effects(scale * y, v), tails) / scale
    assert drawn == pytest.approx(np.quantile(bootstrap_effects(y, 1e-6 * v), tails), rel=1e-3)


def test_what_cannot_be_computed_is_not_called_homogeneous(monkeypatch):
    """A probability that is NaN gives NaN, not all mass at tau2 = 0."""
    y, v = np.array([0.1, 0.9, 0.4]), np.array([0.04, 0.05, 0.06])
    for name in ("confidence_distribution", "nagashima"):
        monkeypatch.setattr(f"bupmeta.kernels.{name}.cochran_cdf", lambda *x: np.full(np.shape(x[3]), np.nan))
    assert np.isnan(mixture(y, v).new_effect(np.array([0.5]))).all()
    assert np.isnan(bootstrap_effects(y, v, 5)).all()


def test_bootstrap_draws_are_reproducible_from_seed_to_seed():
    """Stratified draws leave less chance than the 0.3 % of its width that 200,000 independent ones would."""
    y, v = np.array([0.1, 0.5, -0.2, 0.9, 0.3, 0.6]), np.array([0.04, 0.05, 0.02, 0.09, 0.1, 0.03])
    one, other = (np.quantile(bootstrap_effects(y, v, seed=seed), [0.025, 0.975]) for seed in (1, 2))
    assert one == pytest.approx(other, abs=0.003 * (one[1] - one[0]))


@pytest.mark.parametrize("case", MULTIMODAL, ids=range(len(MULTIMODAL)))
def test_unflipped_statistic_is_that_of_the_pool(case, monkeypatch):
    """The test rests on the estimate that is reported, the highest of several maxima."""
    y, v, seen = np.array(case["yi"]), np.array(case["vi"]), []

    def spy(*args, **options):
        seen.append(fit(*args, **options))
        return seen[-1]

    monkeypatch.setattr("bupmeta.kernels.permutation.fit", spy)
    permutation_p(y, v, np.zeros(1), "REML")
    pooled = fit(y, v)
    assert seen[0].mu[0, 0] / np.sqrt(seen[0].var[0, 0]) == pytest.approx(
        pooled.mu / np.sqrt(pooled.var), rel=1e-9
    )


def test_without_spread_the_confidence_distribution_is_one_point():
    """Equal estimates: all mass at tau2 = 0, so a new effect is the common one with its error."""
    y, v = np.full(4, 0.5), np.array([0.04, 0.05, 0.06, 0.07])
    nodes = mixture(y, v)
    assert (nodes.tau2.tolist(), nodes.mass.tolist()) == ([0], [1])
    assert nodes.new_effect(np.array([0.5]))[0] == pytest.approx(0.5)
    assert bootstrap_effects(y, v, 10) == pytest.approx(np.full(10, 0.5))
