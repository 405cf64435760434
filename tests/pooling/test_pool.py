"""The verb itself: what it takes, the rules by k, and its certificate."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtri

import bupmeta as bm
from bupmeta.errors import DataError, ModelError
from bupmeta.kernels import log_likelihood

MULTIMODAL = json.loads((Path(__file__).parents[1] / "reference/multimodal_reml.json").read_text())


@pytest.mark.parametrize("what", [[0.1, 0.2], None, ([0.1], [0.2]), "trials.csv"])
def test_only_effects_are_pooled(what):
    """Anything but Effects is refused with a sentence that says how to make them."""
    with pytest.raises(
        DataError, match=r"pool\(\) takes effects, not .*; make them with Effects\.from_arrays"
    ):
        bm.pool(what)


def test_only_a_model_is_a_model():
    """The name of an estimator in place of a model is refused."""
    with pytest.raises(ModelError, match=r"takes a model such as RandomEffects\(\), not str"):
        bm.pool(bm.Effects.from_arrays([0.1], [0.2]), "REML")


def test_one_trial_is_reported_not_pooled():
    """One trial keeps its own effect, se and normal interval; nothing is said about heterogeneity."""
    result = bm.pool(bm.Effects.from_arrays([0.5], [0.04]))
    assert (result.k, result.mu, result.se, result.status) == (1, 0.5, 0.2, "one trial")
    assert result.ci == pytest.approx((0.5 - 0.2 * ndtri(0.975), 0.5 + 0.2 * ndtri(0.975)))
    assert result.df is None
    assert result.notes == ("one trial: reported, not pooled",)
    nothing = "tau2 se_tau2 tau2_ci i2 i2_ci i2_q h2 h2_ci q q_df q_p prediction log_likelihood gradient"
    assert {getattr(result, name) for name in nothing.split()} == {None}


@pytest.mark.parametrize("ci", ["KR", "PL", "permutation", "Henmi-Copas"])
def test_one_trial_has_the_normal_interval_whatever_is_asked(ci):
    """No method needs more than the trial itself when there is only one."""
    one = bm.Effects.from_arrays([0.5], [0.04])
    assert bm.pool(one, bm.RandomEffects(ci=ci)).ci == bm.pool(one).ci


@pytest.mark.parametrize("case", MULTIMODAL, ids=range(len(MULTIMODAL)))
def test_the_highest_of_several_maxima(case):
    """All of multimodal_reml.json: the global maximum, both maxima reported, slope 0 or not rising at 0."""
    result = bm.pool(bm.Effects.from_arrays(case["yi"], case["vi"]), bm.RandomEffects(ci="Wald"))
    assert result.status == "several optima"
    best = case["maxima"][int(np.argmax(case["ll"]))]
    # the file's maxima come from a scan: about 1e-4 of themselves (its variances are rounded, too)
    assert result.tau2 == pytest.approx(best, rel=0.2, abs=1e-3)
    assert len(result.optima) == len(case["maxima"])
    assert result.tau2 in result.optima
    assert abs(result.gradient) < 1e-9 or (result.tau2 == 0 and result.gradient <= 0)


def test_the_certificate(effects_of):
    """The slope is 0 to rounding inside and negative at the boundary; moment estimators have none."""
    inside, edge = bm.pool(effects_of("bcg_rr")), bm.pool(effects_of("yusuf1985_or"))
    assert abs(inside.gradient) < 1e-12
    assert inside.optima == (inside.tau2,)
    assert (edge.tau2, edge.status) == (0, "tau2 at its boundary")
    assert edge.gradient < 0
    dl = bm.pool(effects_of("bcg_rr"), bm.RandomEffects(tau2="DL"))
    assert (dl.gradient, dl.optima) == (None, ())


def test_reml_is_no_lower_than_a_grid(effects_of):
    """No tau2 on a fine grid has a higher restricted likelihood than the estimate."""
    for name in ("bcg_rd", "lau1992_or", "edge_k5_big"):
        effects = effects_of(name)
        result = bm.pool(effects)
        grid = np.append(0, np.geomspace(1e-8, 1e4, 4001) * effects.v.mean())
        assert result.log_likelihood >= log_likelihood(effects.y, effects.v, tau2=grid).max() - 1e-10


def test_weights_are_percent_of_the_estimate_shown(effects_of):
    """They add to 100 and their weighted mean is mu, for Henmi-Copas too."""
    effects = effects_of("bcg_rr")
    for ci in ("HK-adhoc", "Henmi-Copas"):
        result = bm.pool(effects, bm.RandomEffects(ci=ci))
        assert result.weights.sum() == pytest.approx(100)
        assert result.weights @ effects.y / 100 == pytest.approx(result.mu)


def test_identical_estimates():
    """Equal effects: Q, tau2 and the plain Hartung-Knapp interval collapse without a warning, the floor holds."""
    effects = bm.Effects.from_arrays([0.5] * 4, [0.04, 0.05, 0.06, 0.07])
    plain, floored = (bm.pool(effects, bm.RandomEffects(ci=ci)) for ci in ("HK", "HK-adhoc"))
    assert (plain.q, plain.tau2, plain.i2_q) == pytest.approx((0, 0, 0), abs=1e-15)
    assert plain.ci == pytest.approx((0.5, 0.5))
    assert floored.ci[1] - floored.ci[0] > 0.5


def test_import_stays_light():
    """Pooling loads no pandas, matplotlib, statsmodels, scipy.stats or scipy.optimize."""
    code = (
        "import sys, bupmeta.pooling as p; from bupmeta import Effects\n"
        "p.pool(Effects.from_arrays([0.1, 0.5], [0.1, 0.2]))\n"
        "heavy = {'pandas', 'matplotlib', 'statsmodels', 'scipy.stats', 'scipy.optimize'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_hard_scales():
    """Variances over ten decades and an estimate of exactly 0 give finite numbers, or None, without a warning."""
    hard = bm.Effects.from_arrays([-2.4e-7, -2.1e-7, 1.4e-7], [4.5e-7, 1.6e-16, 7.8e-8])
    assert np.isfinite([bm.pool(hard).mu, *bm.pool(hard).ci, *bm.pool(hard).prediction]).all()
    zero = bm.pool(bm.Effects.from_arrays([0.0] * 4, [0.1, 0.2, 0.1, 0.3]), bm.RandomEffects(ci="HK"))
    assert (zero.ci, zero.p) == ((0, 0), 1)


def test_several_maxima_are_told():
    """The note names every maximum (0 and 1.376, the data of `kernels.optima`), and what a profile then is."""
    effects = bm.Effects.from_arrays([-0.014, -0.722, 2.713], [0.00034, 0.49, 1.6])
    result = bm.pool(effects, bm.RandomEffects(tau2_ci="PL"))
    assert any("the restricted likelihood has maxima at τ² = 0 and 1.376" in note for note in result.notes)
    assert any("profile-likelihood interval of τ² spans" in note for note in result.notes)


def test_equal_estimates_are_told():
    """A Hartung-Knapp interval without width has a p that is a number, and a note that says what to use."""
    result = bm.pool(bm.Effects.from_arrays([0.5] * 4, [0.04, 0.05, 0.06, 0.07]), bm.RandomEffects(ci="HK"))
    assert 0 <= result.p < 1e-9
    assert any("the HK interval has no width; use ci='HK-adhoc'" in note for note in result.notes)


def test_the_profile_at_a_fixed_tau2_is_the_wald_interval(effects_of):
    """With tau2 held at 0 the log-likelihood is a parabola in mu, so PL is Wald, and the note says so."""
    effects = effects_of("bcg_rr")
    profile, wald = (bm.pool(effects, bm.RandomEffects(tau2="EE", ci=ci)) for ci in ("PL", "Wald"))
    assert (profile.ci, profile.p) == (wald.ci, wald.p)
    assert profile.notes == ("with τ² held at 0 the profile-likelihood interval is the Wald interval",)


def test_drawn_prediction_intervals_say_so(effects_of):
    """The note gives the number of draws and the seed."""
    result = bm.pool(effects_of("bcg_rr"), bm.RandomEffects(prediction="bootstrap"))
    assert result.notes == ("the prediction interval is from 200,000 stratified draws with seed 20260102",)
