"""What must hold for any data: generated sets, every estimator."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bupmeta.kernels import TAU2, Status, fit, log_likelihood, optima

few = settings(max_examples=40, deadline=None)


@st.composite
def sets(draw, least: int = 2, most: int = 9):
    """Effects to three decimals (ties and zeros included), variances over five decades."""
    k = draw(st.integers(least, most))
    y = draw(st.lists(st.integers(-3000, 3000), min_size=k, max_size=k))
    v = draw(st.lists(st.floats(-4, 1), min_size=k, max_size=k))
    return np.array(y) / 1000, 10.0 ** np.array(v)


def close(a, b, unit) -> None:
    """Relative 1e-8, or 1e-10 of the smallest variance for a tau2 next to 0."""
    np.testing.assert_allclose(a, b, rtol=1e-8, atol=1e-10 * unit)


def untied(method: str, y: np.ndarray, v: np.ndarray) -> None:
    """Leave out sets whose two highest maxima are equal to rounding: either is a right answer."""
    if method in ("ML", "REML"):
        heights = sorted(at.log_likelihood for at in optima(y, v, kind=method))
        assume(len(heights) < 2 or heights[-1] - heights[-2] > 1e-9)


@pytest.mark.parametrize("method", TAU2)
@given(data=sets(), rng=st.randoms(use_true_random=False))
@few
def test_the_order_of_studies_does_not_matter(method, data, rng):
    y, v = data
    untied(method, y, v)
    order = rng.sample(range(len(y)), len(y))
    a, b = fit(y, v, tau2=method), fit(y[order], v[order], tau2=method)
    close([a.tau2, a.var, a.q], [b.tau2, b.var, b.q], v.min())
    np.testing.assert_allclose(a.mu, b.mu, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("method", TAU2)
@given(data=sets(), power=st.integers(-6, 6))
@few
def test_scaling_the_effects_scales_the_answer_over_twelve_orders_of_magnitude(method, data, power):
    y, v = data
    untied(method, y, v)
    c = 10.0**power
    a, b = fit(y, v, tau2=method), fit(c * y, c * c * v, tau2=method)
    close([a.tau2, a.var], [b.tau2 / c**2, b.var / c**2], v.min())
    np.testing.assert_allclose([a.mu, a.q], [b.mu / c, b.q], rtol=1e-8, atol=1e-9)
    assert a.status == b.status or min(a.tau2, b.tau2 / c**2) <= 1e-10 * v.min()


@pytest.mark.parametrize("method", TAU2)
@given(data=sets(), shift=st.sampled_from([-1e6, -1.0, 1e-3, 1e3, 1e6]))
@few
def test_shifting_the_effects_shifts_the_mean_alone(method, data, shift):
    """A shift by 1e6 rounds y to 1e-10, so tau2 can move by about that times the spread of y."""
    y, v = data
    untied(method, y, v)
    a, b = fit(y, v, tau2=method), fit((y + shift) - 0.0, v, tau2=method)
    rounding = 4 * np.spacing(abs(shift)) * (np.ptp(y) + 1)
    np.testing.assert_allclose(a.tau2, b.tau2, rtol=1e-7, atol=1e-9 * v.min() + 1e3 * rounding)
    if abs(a.tau2 - b.tau2) < 1e-9:
        np.testing.assert_allclose(a.mu + shift, b.mu, rtol=1e-8, atol=1e-6)


@pytest.mark.parametrize("method", TAU2)
@given(data=sets())
@few
def test_flipping_the_sign_of_every_effect_flips_the_mean_alone(method, data):
    y, v = data
    a, b = fit(y, v, tau2=method), fit(-y, v, tau2=method)
    assert (a.mu, a.tau2, a.var, a.q, a.status) == (-b.mu, b.tau2, b.var, b.q, b.status)


@pytest.mark.parametrize("method", TAU2)
@given(data=sets(), counts=st.lists(st.integers(0, 3), min_size=9, max_size=9))
@few
def test_m_counts_studies_as_if_they_were_listed(method, data, counts):
    y, v = data
    m = np.array(counts[: len(y)])
    assume(m.sum() > 0)
    listed = np.repeat(np.arange(len(y)), m)
    untied(method, y[listed], v[listed])
    a, b = fit(y, v, m, tau2=method), fit(y[listed], v[listed], tau2=method)
    close([a.tau2, a.var, a.q], [b.tau2, b.var, b.q], v.min())
    assert a.k == b.k
    np.testing.assert_allclose(a.mu, b.mu, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("method", TAU2)
@given(data=sets())
@few
def test_tau2_of_zero_gives_the_common_effect(method, data):
    y, v = data
    fitted, common = fit(y, v, tau2=method), fit(y, v, tau2="EE")
    if fitted.tau2 == 0:
        assert (fitted.mu, fitted.var, fitted.q) == (common.mu, common.var, common.q)
        assert method == "EE" or fitted.status in (Status.BOUNDARY, Status.SEVERAL_OPTIMA)
    assert float(common.mu) == pytest.approx(np.average(y, weights=1 / v), rel=1e-9, abs=1e-12)


@given(data=sets())
@few
def test_paule_mandel_satisfies_its_equation(data):
    y, v = data
    fitted = fit(y, v, tau2="PM")
    if fitted.tau2 > 0:
        assert float(fitted.scale) == pytest.approx(1, rel=1e-10)
    else:
        assert fitted.q <= (len(y) - 1) * (1 + 1e-12)


@pytest.mark.parametrize("kind", ["ML", "REML"])
@given(data=sets())
@few
def test_no_tau2_on_a_grid_is_likelier(kind, data):
    y, v = data
    restricted = kind == "REML"
    grid = np.concatenate([[0.0], np.geomspace(1e-7, 1e3, 3000)])
    best = log_likelihood(y, v, tau2=fit(y, v, tau2=kind).tau2, restricted=restricted)
    assert best >= log_likelihood(y, v, tau2=grid, restricted=restricted).max() - 1e-9
