"""From the rows of data/trials.csv to effects, checked against figures derived apart from the program."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import bupmeta as bm
from bupmeta.effects import measures
from bupmeta.effects.contrast import Contrast, contrast
from bupmeta.effects.recover import Reading, recover
from bupmeta.errors import DataError, ModelError
from bupmeta.kernels import fit

ROOT = Path(__file__).parents[2]
DERIVED = json.loads((ROOT / "tests" / "reference" / "derived_effects.json").read_text())["rows"]
# Häuser 2009 entered these crossovers as independent groups; here they are analysed as paired data.
PAIRED_HERE = {"carette1995_haeuser_t2", "goldenberg1996_haeuser_t5", "goldenberg1996_haeuser_t6"}


@pytest.fixture(scope="module")
def trials():
    return bm.read_trials(ROOT / "data" / "trials.csv")


@pytest.mark.parametrize("expected", DERIVED, ids=lambda row: row["row"])
def test_every_extractable_row_gives_the_effect_derived_by_hand(trials, expected):
    """Effect and standard error on the printed scale equal those derived with the evidence, to the printed digits."""
    row = trials[expected["row"]]
    found = contrast(row)
    assert isinstance(found, Contrast)
    assert abs(abs(found.difference) - abs(expected["effect"])) < 0.006
    if row.row in PAIRED_HERE:
        assert found.se < expected["se"]
        assert "correlation 0.5 assumed" in found.assumption
    else:
        assert found.se == pytest.approx(expected["se"], abs=6e-5, rel=6e-5)


@pytest.mark.parametrize("expected", DERIVED, ids=lambda row: row["row"])
def test_the_sign_is_active_minus_control_and_negative_is_less_pain(trials, expected):
    """Whatever direction a report printed, the reading has the sign derived with the evidence."""
    row = trials[expected["row"]]
    found = next((one for m in ("MD", "percent", "SMD") if isinstance(one := recover(row, m), Reading)), None)
    assert found is not None
    assert np.sign(round(found.y, 6)) == np.sign(expected["effect"])


def test_semenchuk_is_one_reading_at_the_bound_of_p(trials):
    """-1.7 with SE at most 1.7 / t(0.9995, 40 df) = 0.479 (3.551 is the table's t), said to be a bound."""
    effects = bm.effect_sizes(trials.select(drug="bupropion"))
    assert effects.labels == ("Semenchuk 2001",)
    assert effects.y[0] == pytest.approx(-1.7)
    assert effects.v[0] ** 0.5 == pytest.approx(0.479, abs=5e-4)
    assert "upper bound" in effects.origin[0].assumption
    assert "which the report does not say" in effects.origin[0].assumption


def test_not_significant_is_never_zero(trials):
    """No row reported only as not significant gives an effect in any measure."""
    for row in trials.select(report_form="not_significant"):
        for measure in ("MD", "SMD", "percent"):
            assert not isinstance(recover(row, measure), Reading)


def test_trials_without_an_effect_stay_in_sight(trials):
    """Every known trial of a selection is either an effect or a silent trial, once."""
    rows = trials.select(condition="chronic low back pain", outcome="pain_intensity")
    rows = rows.select(comparator_type=("placebo", "active placebo"))
    for measure in ("MD", "SMD"):
        effects = bm.effect_sizes(rows, measure=measure)
        seen = [origin.trial for origin in effects.origin] + [trial.trial for trial in effects.silent]
        assert sorted(seen) == sorted(set(rows.keys))


def test_katz_and_the_danish_trial_are_silent_with_their_reason(trials):
    """The two bupropion trials without figures are named with what is known of them."""
    silent = {trial.trial: trial for trial in bm.effect_sizes(trials.select(drug="bupropion")).silent}
    assert silent["katz2005"].kind == "not significant, no numbers"
    assert silent["eudract2019_000243_27"].kind == "results not obtained"
    assert "farajirad2013" not in silent


def test_never_pool_rows_give_no_effect(trials):
    """A row the file keeps out of every pool is never an effect, whatever numbers it has."""
    kept_out = {row.row for row in trials if row.use == "never_pool"}
    everything = bm.effect_sizes(trials, measure="SMD")
    used = {row for origin in everything.origin for row in origin.rows}
    assert kept_out
    assert not kept_out & used


def test_arms_that_share_a_control_enter_once(trials):
    """Russell 2008 has three dose arms and one placebo arm: one effect, its control counted once."""
    effects = bm.effect_sizes(trials.select(trial="russell2008"))
    assert len(effects) == 1
    assert len(effects.origin[0].rows) == 3
    assert (effects.origin[0].n_active, effects.origin[0].n_control) == (79 + 150 + 147, 144)
    # the control alone has variance 2.52^2/144; three independent comparisons would claim less than that
    assert effects.v[0] > 2.52**2 / 144


def test_strata_of_different_patients_are_independent(trials):
    """Dinat 2015 reports two groups of different patients: inverse-variance combination of its two rows."""
    both = bm.effect_sizes(trials.select(trial="dinat2015"))
    one = [recover(row, "MD") for row in trials.select(trial="dinat2015", outcome="pain_intensity")]
    weights = [1 / reading.v for reading in one]
    assert both.v[0] == pytest.approx(1 / sum(weights))
    assert both.origin[0].n_active == 122


def test_percent_of_baseline_stays_apart_from_points(trials):
    """A trial printed in percent has no mean difference in points, and the other way round."""
    sindrup = trials.select(trial="sindrup2003")
    assert bm.effect_sizes(sindrup, measure="MD").silent[0].kind == "percent of baseline only"
    assert len(bm.effect_sizes(sindrup, measure="percent")) == 1


def test_schukro_gives_its_own_correlation(trials):
    """Means, SDs and an exact p of a crossover imply r: 0.59 (0.55 to 0.65 over rounding), as the evidence derives."""
    (row,) = trials.select(trial="schukro2016", outcome="pain_intensity", use="main")
    found = contrast(row)
    assert isinstance(found, Contrast)
    assert found.r == pytest.approx(0.59, abs=0.005)
    assert "derived from the SDs and the p value" in found.assumption


def test_haeuser_2009_is_reproduced_from_the_file(trials):
    """All 22 contrasts as Häuser 2009 entered them, DL: -0.43 (-0.55, -0.30) as published."""
    rows = [row for row in trials if "_haeuser_" in row.row and row.outcome == "pain_intensity"]
    assert len(rows) == 22
    arms = np.array(
        [
            (f.n_active, f.mean_active, f.sd_active, f.n_control, f.mean_control, f.sd_control)
            for f in (row.form for row in rows)
        ]
    ).T
    y, v = measures.standardized_mean_difference(*arms)
    result = bm.pool(bm.Effects.from_arrays(y, v, measure="SMD"), bm.RandomEffects(tau2="DL", ci="Wald"))
    assert (round(result.mu, 2), round(result.ci[0], 2), round(result.ci[1], 2)) == (-0.43, -0.55, -0.30)
    # metafor 5.1-12, haeuser2009_pain_smd.json
    reference = json.loads((ROOT / "tests" / "reference" / "haeuser2009_pain_smd.json").read_text())
    np.testing.assert_allclose(np.sort(y), np.sort(reference["yi"]), rtol=1e-10)
    assert float(fit(y, v, tau2="DL").mu) == pytest.approx(-0.427321, abs=1e-6)


def test_an_unknown_measure_and_an_impossible_correlation_are_refused(trials):
    """Both name the value and what is allowed."""
    with pytest.raises(ModelError, match="measure='WMD' is not known"):
        bm.effect_sizes(trials, measure="WMD")
    with pytest.raises(ModelError, match=r"r=1.5 is not a within-person correlation"):
        bm.effect_sizes(trials, r=1.5)


def test_the_correlation_and_the_comparators_change_the_effects(trials):
    """No parameter is decoration: each changes what comes out."""
    crossover = trials.select(trial="carette1995")
    assert bm.effect_sizes(crossover, r=0.3).v[0] > bm.effect_sizes(crossover, r=0.7).v[0]
    active = bm.effect_sizes(trials.select(trial="farajirad2013"), comparators=("active",))
    assert [trial.trial for trial in active.silent] == ["farajirad2013"]
    assert len(bm.effect_sizes(trials, outcome="responder_30").silent) > 0


def test_no_effect_at_all_can_be_shown_and_not_pooled(trials):
    """A selection of silent trials gives effects of length 0, which pool refuses in one sentence."""
    none = bm.effect_sizes(trials.select(trial="katz2005"))
    assert len(none) == 0
    assert len(none.silent) == 1
    with pytest.raises(DataError):
        bm.pool(none)
