"""The distribution of quadratic forms against closed forms and an independent integral."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import chdtr

from bupmeta.kernels import quadratic_form
from bupmeta.kernels.quadratic_form import cochran_cdf, cochran_density, quadratic_form_cdf


@pytest.mark.parametrize("n", [1, 2, 3, 7, 50, 300])
def test_equal_weights_are_a_scaled_chi2(n):
    """Equal weights give chi2 with n df, in both tails."""
    q = n * np.array([1e-4, 0.1, 0.5, 1, 1.5, 3, 20])
    assert quadratic_form_cdf(2.5 * q, np.full((7, n), 2.5)) == pytest.approx(chdtr(n, q), abs=1e-14)


@pytest.mark.parametrize("ratio", [1.0001, 1.5, 10, 1e3, 1e7])
def test_two_pairs_are_a_sum_of_two_exponentials(ratio):
    """Weights (1, 1, r, r): 1 - (r e^(-q/2r) - e^(-q/2))/(r - 1), whatever the ratio."""
    q = np.geomspace(1e-3, 100, 40) * np.sqrt(ratio)
    exact = 1 - (ratio * np.exp(-q / 2 / ratio) - np.exp(-q / 2)) / (ratio - 1)
    got = quadratic_form_cdf(q, np.broadcast_to([1.0, 1.0, ratio, ratio], (40, 4)))
    # the closed form itself loses digits as the ratio nears 1
    assert got == pytest.approx(exact, abs=1e-15 / (ratio - 1) + 2e-14)


def test_chi2_pairs_of_one_df_against_quadrature():
    """Two unequal weights, one df each, against the convolution integral."""
    a, b, q = 1.0, 40.0, 17.0

    def f(angle):  # polar coordinates: P = 1 - mean over the circle of exp(-q/(2 (a cos^2 + b sin^2)))
        return np.exp(-q / (2 * (a * np.cos(angle) ** 2 + b * np.sin(angle) ** 2)))

    exact = 1 - quad(f, 0, np.pi / 2, epsabs=1e-14)[0] * 2 / np.pi
    assert quadratic_form_cdf(q, [a, b]) == pytest.approx(exact, abs=1e-13)


@given(
    log_weights=st.lists(st.integers(-50, 50), min_size=1, max_size=60),
    share=st.sampled_from([1e-6, 0.01, 0.3, 1.0, 2.0, 10.0]),
)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_the_nodes_are_enough(log_weights, share):
    """Ten times as many nodes on a longer path change nothing above 1e-12, over ten decades of weights."""
    weights = 10.0 ** (np.array(log_weights) / 10)
    few = quadratic_form_cdf(share * weights.sum(), weights)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quadratic_form, "NODES", 640)
        patch.setattr(quadratic_form, "DECAY", 60.0)
        assert few == pytest.approx(quadratic_form_cdf(share * weights.sum(), weights), abs=1e-12)


def test_ends():
    """Nothing lies at or below 0, everything below infinity."""
    assert quadratic_form_cdf([-1.0, 0.0, np.inf], np.ones((3, 4))).tolist() == [0, 0, 1]


def test_zero_weights_drop_out():
    """A weight of 0 adds nothing."""
    assert quadratic_form_cdf(3.0, [1.0, 2.0, 0.0]) == pytest.approx(
        quadratic_form_cdf(3.0, [1.0, 2.0]), abs=1e-14
    )


def test_cochran_is_chi2_at_its_own_variance():
    """With a = 1/(v + tau2), Q is chi2 with K - 1 df."""
    v = np.array([0.2, 0.5, 0.3, 7.0, 1e-4])
    for tau2 in (0.0, 0.4):
        got = cochran_cdf(np.array([0.5, 4.0, 11.0]), 1 / (v + tau2), v, np.full(3, tau2))
        assert got == pytest.approx(chdtr(4, [0.5, 4.0, 11.0]), abs=1e-11)


def test_density_is_the_slope_of_the_tail():
    """The closed-form density in tau2 is the central difference of P(Q > q)."""
    v = np.array([0.2, 0.5, 0.3, 1.1])
    tau2 = np.array([0.01, 0.3, 5.0, 80.0])
    h = 1e-5 * tau2
    slope = (cochran_cdf(6.0, 1 / v, v, tau2 - h) - cochran_cdf(6.0, 1 / v, v, tau2 + h)) / (2 * h)
    assert cochran_density(6.0, 1 / v, v, tau2) == pytest.approx(slope, rel=1e-6)


def test_eigenvalues_of_every_tau2_from_one_decomposition():
    """With a = 1/v the shortcut gives what weights a hair away from 1/v give by a decomposition each."""
    v, tau2 = np.array([0.2, 0.5, 0.3, 7.0, 1e-2]), np.array([0.0, 0.01, 0.4, 30.0])
    near = (1 + 1e-11 * np.arange(5)) / v
    assert cochran_cdf(4.0, 1 / v, v, tau2) == pytest.approx(cochran_cdf(4.0, near, v, tau2), abs=1e-9)
