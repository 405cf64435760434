"""Prediction intervals (test_univariate.py has z, t, HTS, HK and HK-PR on every data set)."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

import bupmeta as bm
from bupmeta.kernels.confidence_distribution import mixture, tau2_quantiles
from bupmeta.kernels.nagashima import bootstrap_effects
from bupmeta.pooling.models import PredictionName
from bupmeta.pooling.prediction import PREDICTION

# anchors.md D3: DL-HTS, REML t, REML HK-PR (factor floored at 1 where the anchor's source floors it), bootstrap of
# 200,000 draws, confidence distribution with the 2.5, 50 and 97.5 % points of tau2
SBP = (
    [0, 0.1, -0.4, -0.8, -0.63, 0.22, -0.34, -0.51, 0.03, -0.81],
    np.square(
        [0.42347717, 0.21939179, 0.02551067, 0.19898325, 0.30102594,
        0.30102594, 0.07142988, 0.10204269, 0.12245123, 0.30102594]
    ),
)  # fmt: skip
COLLAPSES = ([-0.50, -0.48, -0.52], [0.04, 0.09, 0.06])
TABLE = {
    "sbp": (
        ((-0.7598, 0.0917), (-0.9719, 0.3144), (-0.9887, 0.3313), (-0.8809, 0.2223), (-0.8681, 0.2138)),
        (0.0055, 0.0386, 0.2425),
    ),
    "haeuser2009_pain_smd": (
        ((-0.8367, -0.0179), (-0.7726, -0.0706), (-0.7807, -0.0625), (-0.9004, 0.0187), (-0.8974, 0.0199)),
        (0.0031, 0.0378, 0.1331),
    ),
    "curtin2002_crossover": (
        ((-13.55, 8.79), (-10.28, 5.43), (-10.29, 5.44), (-14.12, 9.24), (-14.26, 9.52)),
        (11.6, 30.2, 74.9),
    ),
    "clasp": (
        ((-1.098, 0.450), (-0.884, 0.288), (-0.979, 0.383), (-1.502, 0.629), (-1.490, 0.613)),
        (0, 0.0858, 1.146),
    ),
    "collapses": (
        ((-2.251, 1.247), (-1.094, 0.090), (-0.631, -0.373), (-0.548, -0.456), (-0.774, -0.230)),
        (0, 0, 0),
    ),
}


def clasp():
    n1, n2 = np.array([[156, 303, 565, 1570, 103, 4659], [74, 303, 477, 1565, 105, 4650]])
    a, c = np.array([[5, 5, 12, 69, 9, 313], [8, 17, 9, 94, 11, 352]])
    return np.log(a * (n2 - c) / (c * (n1 - a))), 1 / a + 1 / c + 1 / (n1 - a) + 1 / (n2 - c)


@pytest.fixture
def data(effects_of):
    """The effects of one row of the table."""
    inline = {"sbp": SBP, "clasp": clasp(), "collapses": COLLAPSES}
    return lambda name: bm.Effects.from_arrays(*inline[name]) if name in inline else effects_of(name)


def interval(effects, prediction, tau2="REML", ci="HK"):
    return bm.pool(effects, bm.RandomEffects(tau2=tau2, ci=ci, prediction=prediction)).prediction


def test_the_registry_has_every_option():
    """The Literal of options and the registry name the same methods."""
    assert set(get_args(PredictionName)) == set(PREDICTION)


@pytest.mark.parametrize("name", TABLE)
def test_table_of_prediction_intervals(name, data):
    """Seven methods side by side as anchors.md D3 prints them."""
    (hts, t, pr, boot, cd), tau2 = TABLE[name]
    effects, last = data(name), 0.006 if name == "curtin2002_crossover" else 6e-4
    last = 6e-5 if name in ("sbp", "haeuser2009_pain_smd") else last
    assert interval(effects, "HTS", "DL") == pytest.approx(hts, abs=last)
    assert interval(effects, "t") == pytest.approx(t, abs=last)
    assert interval(effects, "HK-PR") == pytest.approx(pr, abs=last)
    # the table's own grid over tau2 is good to about 1e-4; metafor's GENQ, .1330310 for Häuser, settles it
    coarse = max(last, 1.5e-4)
    assert interval(effects, "confidence-distribution") == pytest.approx(cd, abs=coarse)
    quantiles = tau2_quantiles(effects.y, effects.v, np.array([0.025, 0.5, 0.975]))
    assert quantiles == pytest.approx(tau2, abs=0.06 if name == "curtin2002_crossover" else max(coarse, 6e-4))
    width = boot[1] - boot[0]
    assert interval(effects, "bootstrap") == pytest.approx(boot, abs=0.02 * width)
    drawn = np.quantile(bootstrap_effects(effects.y, effects.v, draws=200_000, seed=5), [0.025, 0.975])
    assert drawn == pytest.approx(boot, abs=0.008 * width)


def test_bcg_anchors(effects_of):
    """BCG log RR of anchors.md D3: t, HTS, HK and HK-PR to six digits."""
    printed = {
        "t": (-1.99534, 0.566277),
        "HTS": (-2.00838, 0.579311),
        "HK": (-1.99602, 0.566952),
        "HK-PR": (-2.00906, 0.579993),
    }
    for name, limits in printed.items():
        assert interval(effects_of("bcg_rr"), name) == pytest.approx(limits, abs=6e-6), name


def test_bootstrap_package_value():
    """pimeta's own run (25,000 draws) on its SBP example gives (-.8807, .2240); Monte Carlo error about .004."""
    assert interval(bm.Effects.from_arrays(*SBP), "bootstrap") == pytest.approx((-0.8807, 0.2240), abs=0.015)


def test_bootstrap_is_seeded():
    """The same data give the same interval, another seed another one."""
    y, v = np.array(SBP[0]), np.array(SBP[1])
    assert (bootstrap_effects(y, v, 100, 1) == bootstrap_effects(y, v, 100, 1)).all()
    assert (bootstrap_effects(y, v, 100, 1) != bootstrap_effects(y, v, 100, 2)).all()


def test_confidence_distribution_is_the_limit_of_drawing_from_it(effects_of):
    """A million draws (400 quantiles of tau2, a normal new effect at each) reach the sum to Monte Carlo error."""
    effects = effects_of("haeuser2009_pain_smd")
    rng = np.random.default_rng(3)
    tau2 = tau2_quantiles(effects.y, effects.v, (np.arange(400) + 0.5) / 400)[:, None]
    w = 1 / (effects.v + tau2)
    mu, sd = (w @ effects.y) / w.sum(-1), np.sqrt(tau2[:, 0] + 1 / w.sum(-1))
    drawn = mu[:, None] + sd[:, None] * rng.standard_normal((400, 2500))
    assert interval(effects, "confidence-distribution") == pytest.approx(
        np.quantile(drawn, [0.025, 0.975]), abs=0.003
    )


def test_the_nodes_of_the_confidence_distribution_are_enough(effects_of, monkeypatch):
    """Four times as many nodes move no quantile by more than 1e-9."""
    effects = effects_of("bcg_or")
    few = mixture(effects.y, effects.v).new_effect(np.array([0.025, 0.5, 0.975]))
    monkeypatch.setattr("bupmeta.kernels.confidence_distribution.NODES", 1024)
    many = mixture(effects.y, effects.v).new_effect(np.array([0.025, 0.5, 0.975]))
    assert few == pytest.approx(many, abs=1e-9)


def test_rules_by_k():
    """Two trials have no prediction interval, three and four one with a warning, five a plain one (STATISTICS.md)."""
    y, v = [0.1, 0.5, 0.9, 0.3, 0.7], [0.04, 0.05, 0.03, 0.06, 0.04]
    by_k = {k: bm.pool(bm.Effects.from_arrays(y[:k], v[:k])) for k in (2, 3, 4, 5)}
    assert by_k[2].prediction is None
    assert any("two trials" in note for note in by_k[2].notes)
    for k in (3, 4):
        assert by_k[k].prediction is not None
        assert any("unreliable" in note for note in by_k[k].notes)
    assert by_k[5].prediction is not None
    assert not by_k[5].notes


def test_no_interval_where_none_is_asked_for_or_none_exists():
    """`none` and the common-effect model give no prediction interval."""
    effects = bm.Effects.from_arrays(*SBP)
    assert interval(effects, "none") is interval(effects, "t", tau2="EE") is None


def test_hartung_knapp_prediction_follows_the_floor_of_the_model():
    """With ci='HK-adhoc' the factor under the root is floored as in the interval, with 'HK' it is not."""
    effects = bm.Effects.from_arrays(*COLLAPSES)
    plain, floored = (interval(effects, "HK", ci=ci) for ci in ("HK", "HK-adhoc"))
    assert floored[1] - floored[0] > 10 * (plain[1] - plain[0])
