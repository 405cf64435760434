"""What must hold for any data: equivariance of every interval, order, repetition, the common effect."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import bupmeta as bm
from bupmeta.errors import ModelError
from bupmeta.kernels.permutation import permutation_p
from bupmeta.pooling.models import CiName, PredictionName, Tau2CiName

MODELS = (
    [bm.RandomEffects(ci=ci, prediction="none") for ci in get_args(CiName)]
    + [bm.RandomEffects(ci="HK", prediction=p) for p in get_args(PredictionName) if p != "none"]
    + [bm.RandomEffects(ci="Wald", prediction="none", tau2_ci=t) for t in get_args(Tau2CiName)]
)
NAMES = [f"{m.ci}/{m.prediction}/{m.tau2_ci}" for m in MODELS]
EVERY = settings(max_examples=20, deadline=None, derandomize=True)


@st.composite
def data(draw):
    """Six to eight effects with variances over three decades."""
    k = draw(st.integers(6, 8))
    y = draw(st.lists(st.integers(-3000, 3000), min_size=k, max_size=k, unique=True))
    log_v = draw(st.lists(st.integers(-20, 10), min_size=k, max_size=k))
    return np.array(y) / 1000, 10.0 ** (np.array(log_v) / 10)


def limits(y, v, model):
    """Intervals of mu, tau2 and a new effect, or None where the method is refused for these data."""
    try:
        result = bm.pool(bm.Effects.from_arrays(y, v), model)
    except ModelError:
        return None
    between = np.sqrt(result.tau2_ci) if result.tau2_ci else [np.nan] * 2
    return np.array([result.mu, *result.ci, *(result.prediction or [np.nan] * 2)]), np.array(between)


def same(got, expected, width):
    np.testing.assert_allclose(got, expected, rtol=2e-7, atol=2e-7 * width)


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
@given(case=data(), shift=st.sampled_from([-1e3, -1.0, 0.7, 1e4]), power=st.integers(-6, 6))
@EVERY
def test_shift_and_scale(model, case, shift, power):
    """Adding a constant moves every limit of mu and of a new effect by it; a factor (1e-6 to 1e6) scales all.

    Sign-flip intervals move with a shift because the flips are taken about each hypothesis.
    """
    y, v = case
    plain = limits(y, v, model)
    assume(plain is not None)
    width = plain[0][2] - plain[0][1]
    moved, between = limits(y + shift, v, model)
    same(moved - shift, plain[0], width + 1e-4 * abs(shift))
    same(between, plain[1], width + 1e-4 * abs(shift))
    scaled, between = limits(y * 10.0**power, v * 100.0**power, model)
    same(scaled / 10.0**power, plain[0], width)
    same(between / 10.0**power, plain[1], width)


@pytest.mark.parametrize("model", MODELS, ids=NAMES)
@given(case=data(), order=st.randoms(use_true_random=False))
@EVERY
def test_sign_and_order(model, case, order):
    """Turning every sign mirrors every limit, and the order of studies does not matter.

    The bootstrap draws are not mirrored, so its limits are left out of the first part.
    """
    y, v = case
    plain = limits(y, v, model)
    assume(plain is not None)
    width = plain[0][2] - plain[0][1]
    if model.prediction != "bootstrap":
        mirrored, between = limits(-y, v, model)
        same(-mirrored[[0, 2, 1, 4, 3]], plain[0], width)
        same(between, plain[1], width)
    shuffled = list(range(y.size))
    order.shuffle(shuffled)
    for got, expected in zip(limits(y[shuffled], v[shuffled], model), plain, strict=True):
        same(got, expected, width)


@given(case=data(), ci=st.sampled_from(["Wald", "t", "HK", "HK-adhoc"]))
@EVERY
def test_where_tau2_is_zero_the_common_effect_results(case, ci):
    """Whenever REML ends at 0, mu, se and interval are those of the common-effect model."""
    y, v = case
    effects = bm.Effects.from_arrays(y * 0.3, v)
    result, common = (bm.pool(effects, bm.RandomEffects(tau2=t, ci=ci)) for t in ("REML", "EE"))
    assume(result.tau2 == 0)
    assert (result.mu, result.se, *result.ci) == (common.mu, common.se, *common.ci)


@given(case=data())
@EVERY
def test_smallest_permutation_p(case):
    """No sign-flip p is below 2/2^k, and each is a multiple of it."""
    y, v = case
    p = permutation_p(y, v, np.zeros(1), "DL")[0]
    assert p >= 2 / 2**y.size
    assert (p * 2 ** (y.size - 1)).is_integer()


@given(case=data(), level=st.floats(0.5, 0.99))
@EVERY
def test_higher_levels_hold_lower_ones(case, level):
    """Every interval at `level` lies inside the one at a higher level."""
    y, v = case
    for ci in ("Wald", "HK", "PL", "Henmi-Copas"):
        for tau2_ci in get_args(Tau2CiName):
            inner, outer = (
                bm.pool(bm.Effects.from_arrays(y, v), bm.RandomEffects(ci=ci, tau2_ci=tau2_ci, level=x))
                for x in (level, (1 + level) / 2)
            )
            slack = 1e-9 * (outer.ci[1] - outer.ci[0])
            assert outer.ci[0] <= inner.ci[0] + slack
            assert inner.ci[1] <= outer.ci[1] + slack
            if inner.tau2_ci:
                assert outer.tau2_ci[0] <= inner.tau2_ci[0] + slack**2
                assert inner.tau2_ci[1] <= outer.tau2_ci[1] * (1 + 1e-9)
