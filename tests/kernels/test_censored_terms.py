"""Contributions by an interval: against quadrature, and far out where naive formulas give nothing."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import log_ndtr

from bupmeta.kernels.censored import contributions
from bupmeta.kernels.censored_terms import moments, terms, truncated_normal

NODES, WEIGHTS = np.polynomial.legendre.leggauss(20)
ENDS = [
    (-1.0, 2.0),
    (-np.inf, 0.3),
    (0.2, np.inf),
    (-0.3, 0.4),
    (1.0, 1.2),
    (2.0, 3.5),
    (-6.0, -5.0),
    (5.0, np.inf),
    (30.0, 31.0),
    (30.0, np.inf),
    (-30.05, -30.0),
    (-8.0, 8.0),
    (3.0, 3.0001),
]


def by_quadrature(a: float, b: float) -> tuple[float, ...]:
    """Log-probability and central moments with the density scaled at its highest point, so that nothing underflows."""
    peak = min(max(0.0, a), b)
    low, high = max(a, peak - 12), min(b, peak + 12)

    edges = np.linspace(low, high, 101)
    half = 0.5 * (edges[1] - edges[0])
    z_at = (edges[:-1, None] + half * (1 + NODES)).ravel()
    weight = half * np.tile(WEIGHTS, 100) * np.exp(0.5 * (peak - z_at) * (peak + z_at))

    def mean_of(f) -> float:
        return float(weight @ (f(z_at) * np.ones(z_at.size)))

    mass = mean_of(lambda _: 1.0)
    z, square = (mean_of(lambda z, p=p: z**p) / mass for p in (1, 2))
    var, skew, var2 = (
        mean_of(f) / mass
        for f in (
            lambda x: (x - z) ** 2,
            lambda x: (x - z) * (x * x - square),
            lambda x: (x * x - square) ** 2,
        )
    )
    return np.log(mass) - 0.5 * peak**2 - 0.5 * np.log(2 * np.pi), z, square - 1, var, skew, var2


@pytest.mark.parametrize(("a", "b"), ENDS)
def test_moments_agree_with_quadrature(a, b):
    """Log-probability, mean and excess to 1e-10, the variances, which only steer Newton's method, to 1e-6."""
    got = [float(x[0]) for x in moments(np.array([a]), np.array([b]))]
    expected = by_quadrature(a, b)
    np.testing.assert_allclose(got[:3], expected[:3], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(got[3:], expected[3:], rtol=1e-6, atol=1e-9)


def test_both_formulas_agree_where_one_hands_over_to_the_other():
    """At width 0.25, and at width times middle 1, quadrature and Mills ratios give the same."""
    for middle in (0.0, 0.5, 2.0, 3.9, 4.0, 10.0):
        width = min(0.25, 1 / max(middle, 1.0))
        below, above = (moments(np.array([middle - w / 2]), np.array([middle + w / 2]))
                        for w in (width * (1 - 1e-14), width * (1 + 1e-14)))  # fmt: skip
        np.testing.assert_allclose(np.ravel(below), np.ravel(above), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("z", [30.0, 300.0, 3e4, 1e8])
def test_far_tails_stay_finite(z):
    """At z standard deviations everything is finite, and log P follows scipy's log_ndtr."""
    both = moments(np.array([z, -np.inf]), np.array([np.inf, -z]))
    assert all(np.isfinite(x).all() for x in both)
    np.testing.assert_allclose(both.log_p, log_ndtr(-z), rtol=1e-13)
    np.testing.assert_allclose(both.z, [z, -z], rtol=2 / z**2)


def test_an_interval_without_ends_says_nothing():
    everywhere = moments(np.array([-np.inf]), np.array([np.inf]))
    assert [float(x[0]) for x in everywhere] == [0.0, 0.0, 0.0, 1.0, 0.0, 2.0]


def test_derivatives_agree_with_differences():
    """First and second derivatives in mu and tau2 equal central differences of the value and of the first ones."""
    lower = np.array([0.3, -0.4, -np.inf, 0.9, 0.5])
    upper = np.array([0.3, 0.4, -0.2, np.inf, 0.52])
    _, pieces = contributions(lower, upper, [0.04, 0.05, 0.02, 0.08, 0.03], [1, 2, 1, 1, 3])
    d, sound = next(pieces)
    assert sound.all()

    def at(mu, tau2):
        return np.array([float(x[0]) for x in terms(d, np.array([mu]), np.array([tau2]))])

    mu, tau2, h = 0.21, 0.07, 1e-5
    here = at(mu, tau2)
    by_mu = (at(mu + h, tau2) - at(mu - h, tau2)) / (2 * h)
    by_tau2 = (at(mu, tau2 + h) - at(mu, tau2 - h)) / (2 * h)
    np.testing.assert_allclose(here[1:3], [by_mu[0], by_tau2[0]], rtol=1e-7)
    np.testing.assert_allclose(here[3:], [by_mu[1], by_tau2[1], by_tau2[2]], rtol=1e-7)
    np.testing.assert_allclose(by_mu[2], by_tau2[1], rtol=1e-7)


def test_quantiles_of_a_truncated_normal_hold_their_share():
    """The probability below the quantile is the share, in the middle and 30 standard deviations out."""
    share = np.array([1e-6, 0.3, 0.5, 0.99])
    for a, b in [(-1.0, 2.0), (-np.inf, 0.0), (2.0, np.inf), (30.0, 30.5), (-31.0, -30.0)]:
        cut = truncated_normal(np.full(4, a), np.full(4, b), np.zeros(4), np.ones(4), share)
        below, all_of_it = moments(np.full(4, a), cut).log_p, moments(np.full(4, a), np.full(4, b)).log_p
        np.testing.assert_allclose(np.exp(below - all_of_it), share, rtol=1e-6)
