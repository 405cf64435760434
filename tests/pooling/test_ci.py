"""Confidence intervals of the pooled effect beyond Wald, t and Hartung-Knapp (test_univariate.py has those)."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from scipy.special import chdtri, ndtri

import bupmeta as bm
from bupmeta.errors import ModelError
from bupmeta.kernels import fit
from bupmeta.kernels.likelihood import log_likelihood, optima
from bupmeta.pooling import intervals
from bupmeta.pooling.ci import CI
from bupmeta.pooling.models import CiName

FOLDER = Path(__file__).parents[1] / "reference"
NAMES = sorted(p.stem for p in FOLDER.glob("*.json") if '"univariate"' in p.read_text(encoding="utf-8"))
# anchors.md C1 (Fisher scoring oscillates), C3 (Hartung-Knapp collapses), D2.3 CLASP (Kenward-Roger's df < 1)
OSCILLATES = (
    [1.30, 1.94, 0.70, 0.36, 1.31, 0.46, 1.24, 0.71, 0.35, 0.77],
    [0.640, 0.421, 0.992, 0.058, 0.756, 0.634, 0.79, 0.596, 0.457, 0.935],
)
COLLAPSES = ([-0.50, -0.48, -0.52], [0.04, 0.09, 0.06])


def clasp():
    n1, n2 = np.array([[156, 303, 565, 1570, 103, 4659], [74, 303, 477, 1565, 105, 4650]])
    a, c = np.array([[5, 5, 12, 69, 9, 313], [8, 17, 9, 94, 11, 352]])
    return np.log(a * (n2 - c) / (c * (n1 - a))), 1 / a + 1 / c + 1 / (n1 - a) + 1 / (n2 - c)


def pooled(data, **options):
    return bm.pool(bm.Effects.from_arrays(*data), bm.RandomEffects(**options))


def test_the_registry_has_every_option():
    """The Literal of options and the registry name the same methods."""
    assert set(get_args(CiName)) == set(CI)


@pytest.mark.parametrize("name", NAMES)
def test_henmi_copas_agrees_with_metafor(name, load, effects_of, close):
    """Estimate, se and limits equal metafor's hc(), whose root search stops at 1.2e-4 of the quantile."""
    reference = load(name)["bias"]["henmi_copas"]
    effects = effects_of(name)
    result = bm.pool(effects, bm.RandomEffects(ci="Henmi-Copas"))
    assert close(result.mu, reference["beta"])
    assert close(result.se, reference["se"])
    spread = result.se * np.sqrt((1 / effects.v).sum())  # what the quantile is multiplied by, times se
    for got, end in zip(result.ci, ("ci_lb", "ci_ub")):
        assert close(got, reference[end], 1e-6, 1.23e-4 * spread * result.se)


def test_henmi_copas_is_not_conservative_at_tau2_zero():
    """C1 and C3 sets (anchors.md C20): narrower than the common-effect interval, and the notes say so."""
    for data, printed in ((OSCILLATES, (0.334, 0.967)), (COLLAPSES, (-0.754, -0.250))):
        result = pooled(data, ci="Henmi-Copas")
        assert result.ci == pytest.approx(printed, abs=5e-4)
        wald = pooled(data, ci="Wald", tau2="EE").ci
        assert result.ci[1] - result.ci[0] < wald[1] - wald[0]
        assert any("not conservative" in note for note in result.notes)


def test_henmi_copas_p_meets_its_interval():
    """At level 1 - p the interval ends at 0."""
    low = pooled(COLLAPSES, ci="Henmi-Copas")
    at_p = pooled(COLLAPSES, ci="Henmi-Copas", level=1 - low.p)
    assert at_p.ci[1] == pytest.approx(0, abs=1e-9)


def test_kenward_roger_anchors(effects_of):
    """BCG, Curtin and the df of anchors.md D3 and C6."""
    bcg = bm.pool(effects_of("bcg_rr"), bm.RandomEffects(ci="KR", prediction="KR"))
    assert (round(bcg.se, 6), round(bcg.df, 4)) == (0.181536, 10.5137)
    assert bcg.ci == pytest.approx((-1.11636, -0.312709), abs=5e-6)
    assert bcg.prediction == pytest.approx((-2.01691, 0.587843), abs=5e-6)
    curtin = bm.pool(effects_of("curtin2002_crossover"), bm.RandomEffects(ci="KR"))
    assert curtin.ci == pytest.approx((-4.31158, -0.540648), abs=5e-6)


@pytest.mark.parametrize(("data", "df"), [(clasp(), "0.719"), (OSCILLATES, "1.1")])
def test_kenward_roger_is_refused_below_two_df(data, df):
    """CLASP has .719 df and the C1 set 1.10 (anchors.md C6); the refusal names the df and what to do."""
    for options in ({"ci": "KR"}, {"prediction": "KR"}):
        with pytest.raises(ModelError, match=rf"has {df} degrees of freedom .* use"):
            pooled(data, **options)


def test_hartung_knapp_collapse_and_its_floor():
    """C3 set (anchors.md C5): q = .0054; HK (-.546, -.458), floored (-1.094, .090), Wald (-.772, -.232)."""
    for ci, limits in {"HK": (-0.546, -0.458), "HK-adhoc": (-1.094, 0.090), "Wald": (-0.772, -0.232)}.items():
        assert pooled(COLLAPSES, ci=ci).ci == pytest.approx(limits, abs=5e-4), ci


def test_reml_where_fisher_scoring_oscillates():
    """C1 set (anchors.md): REML .0819731, ML .037478, moment estimators 0, SJ .100663; the slope there is 0."""
    for tau2, value in {"REML": 0.0819731, "ML": 0.037478, "SJ": 0.100663, "DL": 0, "PM": 0, "HE": 0}.items():
        assert pooled(OSCILLATES, tau2=tau2).tau2 == pytest.approx(value, abs=6e-7), tau2
    reml = pooled(OSCILLATES, ci="Wald")
    assert (round(reml.mu, 6), round(reml.se, 6)) == (0.767366, 0.226460)
    assert abs(reml.gradient) < 1e-12


@pytest.mark.parametrize("name", NAMES)
def test_profile_likelihood_meets_its_definition(name, effects_of):
    """At each limit the log-likelihood maximised over tau2 on a fine grid is chi2(.95)/2 below the top."""
    effects = effects_of(name)
    y, v = effects.y, effects.v
    result = bm.pool(effects, bm.RandomEffects(tau2="ML", ci="PL", prediction="none"))
    best = max(optima(y, v, kind="ML"), key=lambda o: o.log_likelihood)
    grid = np.append(0.0, np.geomspace(1e-4, 1e3, 40001) * (best.tau2 + v.min()))
    for mu in result.ci:
        top = log_likelihood(y, v, tau2=grid, mu=np.full(grid.shape, mu), restricted=False).max()
        assert 2 * (best.log_likelihood - top) == pytest.approx(chdtri(1, 0.05), abs=2e-6)
    top = log_likelihood(y, v, tau2=grid, mu=np.zeros(grid.shape), restricted=False).max()
    assert result.statistic**2 == pytest.approx(2 * (best.log_likelihood - top), abs=2e-6)
    assert (result.p < 0.05) == (not result.ci[0] <= 0 <= result.ci[1])


def test_profile_likelihood_of_another_estimator_says_whose_it_is(effects_of):
    """With tau2='REML' the interval is still that of maximum likelihood, and the notes say so."""
    effects = effects_of("bcg_rr")
    reml, ml = (bm.pool(effects, bm.RandomEffects(tau2=t, ci="PL")) for t in ("REML", "ML"))
    assert reml.ci == ml.ci
    assert any("maximum likelihood" in note for note in reml.notes) > any("likelihood" in n for n in ml.notes)


def test_permutation_of_hine1989(effects_of):
    """metafor's permutest() of the six lidocaine trials gives 4/64 exactly (test_misc_permutest.r)."""
    result = bm.pool(effects_of("hine1989_rd"), bm.RandomEffects(ci="permutation"))
    assert result.p == 4 / 64
    assert result.ci[0] <= 0 <= result.ci[1]


def test_permutation_interval_holds_what_is_not_rejected(effects_of):
    """Just inside a limit p exceeds .05, just outside it does not."""
    effects = effects_of("normand1999_smd")
    model = bm.RandomEffects(ci="permutation")
    low, high = bm.pool(effects, model).ci
    for mu, kept in ((low + 1e-6, True), (low - 1e-6, False), (high - 1e-6, True), (high + 1e-6, False)):
        shifted = bm.Effects.from_arrays(effects.y - mu, effects.v)
        assert (bm.pool(shifted, model).p > 0.05) is kept


def test_permutation_needs_enough_trials():
    """With five trials no sign-flip p is below .0625, so there is no 95 % interval; at 90 % there is."""
    five = ([0.3, 0.5, 0.1, 0.4, 0.6], [0.1] * 5)
    with pytest.raises(ModelError, match=r"with 5 studies the smallest p .* is 0\.0625"):
        pooled(five, ci="permutation")
    assert pooled(five, ci="permutation", level=0.9).p == 2 / 32


def test_permutation_beyond_sixteen_trials_is_drawn_with_a_seed(effects_of):
    """Two runs on 21 trials agree, the notes give draws and seed, and the p is that of the exact test nearly."""
    one, two = (
        bm.pool(effects_of("yusuf1985_or"), bm.RandomEffects(tau2="DL", ci="permutation")) for _ in "ab"
    )
    assert (one.p, one.ci) == (two.p, two.ci)
    assert any("9,999 drawn with seed" in note for note in one.notes)


@pytest.mark.parametrize("ci", ["Wald", "t", "HK", "HK-adhoc", "PL", "Henmi-Copas", "KR"])
@pytest.mark.parametrize("name", ["bcg_rr", "normand1999_smd", "curtin2002_crossover"])
def test_a_batch_is_a_loop(ci, name, effects_of):
    """Leaving each trial out in one batch gives the pools of the trials that are left."""
    effects = effects_of(name)
    model, out = bm.RandomEffects(ci=ci, prediction="none"), 1 - np.eye(len(effects))
    batch = intervals(fit(effects.y, effects.v, out), effects.y, effects.v, out, model)
    for i, left in enumerate(out.astype(bool)):
        one = bm.pool(bm.Effects.from_arrays(effects.y[left], effects.v[left]), model)
        got = (batch.mu[i], batch.low[i], batch.high[i], batch.se[i], batch.p[i])
        assert got == pytest.approx((one.mu, *one.ci, one.se, one.p), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("ci", ["Wald", "HK-adhoc", "KR", "PL", "Henmi-Copas"])
def test_counting_twice_is_listing_twice(ci, effects_of):
    """A study with m = 2 weighs as one that is listed twice, in every interval."""
    effects = effects_of("normand1999_smd")
    m = np.array([2, 1, 0, 1, 1, 3, 1, 1, 1])
    model = bm.RandomEffects(ci=ci, prediction="none")
    batch = intervals(fit(effects.y, effects.v, m), effects.y, effects.v, m, model)
    listed = bm.pool(bm.Effects.from_arrays(np.repeat(effects.y, m), np.repeat(effects.v, m)), model)
    assert (batch.low, batch.high, batch.p) == pytest.approx((*listed.ci, listed.p), rel=1e-9)


def test_a_batch_row_of_one_study_has_its_own_interval():
    """Of two studies, leaving one out leaves the other with its normal interval."""
    y, v, out = np.array([0.5, 0.9]), np.array([0.04, 0.09]), 1 - np.eye(2)
    for ci in ("Wald", "t", "HK", "HK-adhoc"):
        found = intervals(fit(y, v, out), y, v, out, bm.RandomEffects(ci=ci))
        assert found.high == pytest.approx([0.9 + 0.3 * ndtri(0.975), 0.5 + 0.2 * ndtri(0.975)])


@pytest.mark.parametrize("ci", get_args(CiName))
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_p_and_interval_agree(ci, level, effects_of):
    """The interval at level 1 - p ends at 0, so p < alpha exactly when the interval leaves 0 out."""
    effects = effects_of("gibson2002_smd")
    result = bm.pool(effects, bm.RandomEffects(ci=ci, level=level, prediction="none"))
    assert (result.p < 1 - level) == (not result.ci[0] <= 0 <= result.ci[1])
    if ci != "permutation":
        at_p = bm.pool(effects, bm.RandomEffects(ci=ci, level=1 - result.p, prediction="none"))
        assert min(map(abs, at_p.ci)) == pytest.approx(0, abs=1e-8)
