"""Profile intervals of mu and tau2 with interval contributions: against the exact kernel and brute force."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import chdtri, ndtri

from bupmeta.kernels.censored import censored_fit, censored_log_likelihood
from bupmeta.kernels.censored_profile import censored_limits, censored_statistic
from bupmeta.kernels.profile import tau2_limits
from bupmeta.kernels.profile_mu import mu_limits, mu_statistic

INF = np.inf
MIXED = ([-0.9, -1.6, -0.2, -0.5, -INF], [-0.9, -1.6, -0.2, 0.5, -0.3], [0.33, 0.19, 0.05, 0.06, 0.04])


def sets(n: int, k: int, seed: int):
    rng = np.random.default_rng(seed)
    v = 10 ** rng.uniform(-2.5, 0, (n, k))
    return rng.normal(0.3, np.sqrt(rng.choice([0, 0.05, 0.4], (n, 1)) + v)), v


@pytest.mark.parametrize(("k", "level"), [(2, 0.95), (4, 0.8), (8, 0.95), (20, 0.99)])
def test_estimates_alone_give_the_limits_of_the_exact_kernel(k, level):
    """60 random sets: both ends of both intervals and the signed root equal kernels.profile's, to 1e-8."""
    y, v = sets(60, k, k)
    got = censored_limits(y, y, v, level=level)
    expected = [(*mu_limits(*s, level=level), *tau2_limits(*s, level, restricted=False)) for s in zip(y, v)]
    np.testing.assert_allclose(np.transpose(got), expected, rtol=1e-8, atol=1e-8 * v.min())
    np.testing.assert_allclose(
        censored_statistic(y, y, v), [mu_statistic(*s)[0] for s in zip(y, v)], rtol=1e-7, atol=1e-6
    )


def profile_of_mu(data, mu: float) -> float:
    """max over tau2, by scipy's bounded search from several brackets and at 0."""

    def height(s):
        return -float(censored_log_likelihood(*data, mu=mu, tau2=np.expm1(s)))

    ends = np.linspace(0, 6, 13)
    tops = [
        minimize_scalar(height, bounds=pair, method="bounded", options={"xatol": 1e-11}).fun
        for pair in pairwise(ends)
    ]
    return -min(*tops, height(0.0))


def profile_of_tau2(data, tau2: float) -> float:
    found = minimize_scalar(
        lambda mu: -float(censored_log_likelihood(*data, mu=mu, tau2=tau2)), bounds=(-6, 6), method="bounded",
        options={"xatol": 1e-11},
    )  # fmt: skip
    return -found.fun


@pytest.mark.parametrize("level", [0.5, 0.95])
def test_at_the_limits_the_profile_meets_its_cut(level):
    """The profile by brute force is chi2_1/2 below the top at each end, to 1e-8, and higher inside."""
    limits, top = censored_limits(*MIXED, level=level), float(censored_fit(*MIXED).log_likelihood)
    cut = top - chdtri(1, 1 - level) / 2
    for end, inwards in ((limits.mu_low, 1), (limits.mu_high, -1)):
        assert profile_of_mu(MIXED, float(end)) == pytest.approx(cut, abs=1e-8)
        assert profile_of_mu(MIXED, float(end) + 0.01 * inwards) > cut
    assert profile_of_tau2(MIXED, float(limits.tau2_high)) == pytest.approx(cut, abs=1e-8)
    assert limits.tau2_low == 0 or profile_of_tau2(MIXED, float(limits.tau2_low)) == pytest.approx(
        cut, abs=1e-8
    )


def test_the_statistic_is_that_of_the_interval():
    """At an end of the 95 % interval the signed root of the likelihood ratio is -+1.959964."""
    limits = censored_limits(*MIXED)
    z = float(np.sqrt(chdtri(1, 0.05)))
    assert censored_statistic(*MIXED, mu=float(limits.mu_low)) == pytest.approx(z, abs=1e-7)
    assert censored_statistic(*MIXED, mu=float(limits.mu_high)) == pytest.approx(-z, abs=1e-7)


def test_words_alone_on_both_sides_give_a_wide_but_bounded_interval():
    """Three "not significant": mu is 0 by symmetry and the interval finite, wider than each trial's bounds."""
    half = 1.96 * np.array([0.5, 0.4, 0.25])
    limits = censored_limits(-half, half, (half / 1.96) ** 2)
    assert limits.mu_low == pytest.approx(-limits.mu_high)
    assert 0.49 < limits.mu_high < 0.98
    assert limits.tau2_low == 0
    assert limits.tau2_high < INF


def test_one_sided_evidence_leaves_the_other_end_open():
    """ "Better" four times: mu has an upper end only, and tau2 none; twice is too little for any end."""
    four = censored_limits([-INF] * 4, [-0.3, -0.2, -0.4, -0.1], [0.04] * 4)
    assert (four.mu_low, four.tau2_high) == (-INF, INF)
    assert -0.6 < four.mu_high < 0
    assert profile_of_mu(
        ([-INF] * 4, [-0.3, -0.2, -0.4, -0.1], [0.04] * 4), float(four.mu_high)
    ) == pytest.approx(-chdtri(1, 0.05) / 2, abs=1e-8)
    two = censored_limits([-INF] * 2, [-0.3, -0.2], [0.04] * 2)
    assert (two.mu_low, two.mu_high) == (-INF, INF)


def test_one_trial_with_tau2_held_at_0_has_its_own_interval():
    """An estimate gives y -+ 1.959964 s, the Wald interval; an interval gives a bit more than its bounds."""
    exact = censored_limits([0.4], [0.4], [0.04], common=True)
    np.testing.assert_allclose(
        [exact.mu_low, exact.mu_high], 0.4 + 0.2 * 1.959963984540054 * np.array([-1, 1]), rtol=1e-9
    )
    words = censored_limits([-0.4], [0.4], [0.04], common=True)
    assert (words.tau2_low, words.tau2_high) == (0, 0)
    assert 0.4 < words.mu_high < 0.8
    better = censored_limits([-INF], [-0.4], [0.04], common=True)
    # the limit of the likelihood is 1, so that the end solves Phi((-0.4 - mu)/0.2) = exp(-chi2/2)
    assert better.mu_low == -INF
    assert better.mu_high == pytest.approx(-0.4 - 0.2 * ndtri(np.exp(-chdtri(1, 0.05) / 2)), rel=1e-9)


def test_a_data_set_without_a_fit_has_no_limits():
    """NaN for crossed ends and for no evidence, beside a sound row."""
    limits = censored_limits([[0.1, 0.2], [1.0, 0.2]], [[0.1, 0.2], [0.0, 0.2]], [1.0, 1.0])
    assert np.isfinite(limits.mu_low[0])
    assert np.isnan([x[1] for x in limits]).all()
