"""Trials without numbers: exactly what their words say, and never 0."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import stdtr, stdtrit

import bupmeta as bm
from bupmeta.effects import Choice, Grid, recoveries
from bupmeta.effects.admissible import admissible
from bupmeta.effects.difference import Unusable
from bupmeta.effects.statement import statement
from bupmeta.effects.tested import unit_se
from bupmeta.kernels import fit
from bupmeta.trials import forms as f

KATZ = bm.read_trials(Path(__file__).parents[2] / "data" / "trials.csv")["katz2005_pain"]
SIZES = {"n_active": 50, "n_control": 50}
C98 = 1.984467  # two-sided 5 % t with 98 degrees of freedom, as tables print it


def said(row, form, **fields):
    return statement(row(form, design="parallel", **fields), 98)


@pytest.mark.parametrize(
    ("form", "lower", "upper"),
    [
        (f.NotSignificant(), -C98, C98),
        (f.NotSignificant(favours="active"), -C98, 0),
        (f.NotSignificant(favours="control"), 0, C98),
        (f.DirectionOnly(favours="active"), -math.inf, -C98),
        (f.DirectionOnly(favours="control"), C98, math.inf),
        (f.POnly(p_relation="<", p=0.01, p_about="between", favours="active"), -math.inf, -2.626931),
        (f.POnly(p_relation="=", p=0.01, p_about="between", favours="active"), -2.626931, -2.626931),
        (f.POnly(p_relation="=", p=0.01, p_about="between", favours="control"), 2.626931, 2.626931),
        (f.POnly(p_relation="=", p=0.124, p_about="between"), -1.551523, 1.551523),
        (f.POnly(p_relation=">", p=0.05, p_about="between"), -C98, C98),
        (f.POnly(p_relation=">=", p=0.05, p_about="between", favours="active"), -C98, 0),
    ],
)
def test_words_are_limits_in_standard_errors(row, form, lower, upper):
    """Each statement gives the limits of STATISTICS.md, by t quantiles with 98 df (R: qt)."""
    found = said(row, form)
    assert (found.lower, found.upper) == pytest.approx((lower, upper), abs=2e-6)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (f.DirectionOnly(), "direction was not printed"),
        (f.POnly(p_relation="<", p=0.05, p_about="between"), "direction was not printed"),
        (f.POnly(p_relation="<", p=0.05, p_about="within", favours="active"), "baseline"),
        (f.WithinGroupOnly(p_relation="<", p=0.001, p_about="within"), "no statement"),
        (f.NotObtained(), "no statement"),
    ],
)
def test_what_says_nothing_gives_no_interval(row, form, words):
    """Two half-lines, a change within a group and an unread result are no interval."""
    found = said(row, form)
    assert isinstance(found, Unusable)
    assert words in found.reason


@pytest.mark.parametrize(("sd", "limit"), [(1.6, 0.49), (2.0, 0.61), (2.5, 0.76)])
def test_katz_over_the_sd_of_paired_differences(trials, sd, limit):
    """|t(43)| < 2.017 of 44 patients: |MD| < 0.49, 0.61, 0.76 for these SDs of differences (evidence notes 1.2)."""
    found = statement(trials["katz2005_pain"], 43)
    assert found.upper == pytest.approx(2.017, abs=5e-4)
    # The SD of differences is that of scores at r = 0.5.
    assert found.upper * sd * unit_se((44.0,), 0.5) == pytest.approx(limit, abs=5e-3)


def test_katz_is_an_interval_over_the_declared_axes(trials):
    """In points over SD and r, in standard deviations over r alone; always around 0, never 0."""
    bupropion = trials.select(drug="bupropion")
    points = recoveries(bupropion, comparable=trials)["Katz 2005"]
    assert points.axes == ("sd", "r")
    assert len(points) == 12
    limits = [one.upper for one in points.readings]
    assert all(one.lower == -one.upper < 0 < one.upper for one in points.readings)
    assert min(limits) < 0.49 < 0.76 < max(limits)
    smd = recoveries(bupropion, measure="SMD")["Katz 2005"]
    assert smd.axes == ("r",)
    assert smd.primary.upper == pytest.approx(2.0167 * math.sqrt(2 * 0.5 / 44), abs=1e-4)


def test_katz_says_whose_sd_it_takes_and_what_it_assumes(trials):
    """The assumption names the SD, the fallback, the unknown scale and the correlation."""
    (katz,) = bm.effect_sizes(trials.select(trial="katz2005"), comparable=trials).silent
    for words in (
        "trials of all conditions",
        "range was not printed",
        "correlation 0.5",
        "endpoint scores assumed",
    ):
        assert words in katz.admissible.assumption


def test_every_silent_trial_with_a_statement_and_a_size_has_an_interval(trials):
    """The others say why: no size, no direction; kept-out and unread trials never have one."""
    for measure in ("MD", "SMD"):
        for trial in bm.effect_sizes(trials, measure=measure).silent:
            if trial.kind in (
                "results not obtained",
                "kept out of every pool",
                "subgroups only",
                "within groups only",
                "one group only",
            ):
                assert trial.admissible is None
            elif trial.kind in ("not significant, no numbers", "significant, no numbers", "p value only"):
                assert (trial.admissible is None) == ("no interval: " in trial.reason)


def test_a_missing_size_is_the_reason(trials):
    """Davidoff 1987 prints no size at all."""
    (davidoff,) = bm.effect_sizes(trials.select(trial="davidoff1987"), comparable=trials).silent
    assert davidoff.admissible is None
    assert davidoff.reason.endswith("no interval: its size was not printed")


def test_randomized_patients_stand_in_for_sizes_and_it_is_said(trials):
    """Kieburtz 1998: 145 in three arms (design note); Shlay 1998: 136, of whom 71 on amitriptyline."""
    silent = {one.trial: one.admissible for one in bm.effect_sizes(trials, measure="SMD").silent}
    assert "145 randomized taken as 3 equal arms" in silent["kieburtz1998"].assumption
    assert silent["kieburtz1998"].se == pytest.approx(math.sqrt(2 * 3 / 145))
    assert "the other arm taken as 65 of 136" in silent["shlay1998"].assumption
    assert silent["shlay1998"].se == pytest.approx(math.sqrt(1 / 71 + 1 / 65))


def test_several_arms_together_are_one_interval(trials):
    """Skljarevski 2009: no dose differed; the mean of three bounds, weighted by their patients, and one control."""
    silent = {one.trial: one.admissible for one in bm.effect_sizes(trials, measure="SMD").silent}
    n, control = np.array([59.0, 116, 112]), 117.0
    bounds = stdtrit(n + control - 2, 0.975) * np.sqrt(1 / n + 1 / control)
    found = silent["skljarevski2009"]
    assert found.upper == pytest.approx(n @ bounds / n.sum())
    assert found.lower == -found.upper
    assert found.se == pytest.approx(math.sqrt(1 / n.sum() + 1 / control))


def test_arms_that_differ_in_what_they_say_are_added(trials):
    """Goldstein 2005: one dose not significant in favour of the drug, two better: open below, bounded above."""
    (found,) = bm.effect_sizes(trials.select(trial="goldstein2005"), measure="SMD").silent
    n = 457 / 4
    limit = float(stdtrit(2 * n - 2, 0.975)) * math.sqrt(2 / n)
    assert found.admissible.lower == -math.inf
    assert found.admissible.upper == pytest.approx((0 - limit - limit) / 3)


def test_an_exact_p_with_direction_is_an_exact_statement(trials):
    """Vranken 2011, p = 0.056 in favour of duloxetine, 24 and 24: y = -t(p) s."""
    silent = {one.trial: one.admissible for one in bm.effect_sizes(trials, measure="SMD").silent}
    found = silent["vranken2011"]
    assert found.exact
    assert found.lower == pytest.approx(-1.961 * math.sqrt(2 / 24), abs=5e-4)


def test_means_without_a_spread_are_exact_given_the_sd_of_comparable_trials(trials, row):
    """Means of 4.0 and 5.0 in arms of 50: -1 point with the SE that the comparable SD gives."""
    form = f.ArmMeansOnly(mean_active=4.0, mean_control=5.0, **SIZES)
    one = row(form, like="cardenas2002_pain", report_form="arm_means")
    found = admissible([one], "MD", Choice(), trials)
    assert (found.lower, found.upper) == (-1.0, -1.0)
    # The median of three trials is Cardenas 2002's own: SDs 1.9 (n 44) and 2.0 (n 40) pooled; sqrt(1/50 + 1/50) = 0.2.
    sd = math.sqrt((43 * 1.9**2 + 39 * 2.0**2) / 82)
    assert found.se == pytest.approx(0.2 * sd)
    assert dict(found.axes) == {"sd": "median"}


def test_percentages_have_no_interval_in_points(trials):
    """A result in percent of baseline admits none, and the measure percent asks for none."""
    (sindrup,) = bm.effect_sizes(trials.select(trial="sindrup2003"), comparable=trials).silent
    assert sindrup.admissible is None
    assert all(one.admissible is None for one in bm.effect_sizes(trials, measure="percent").silent)


def test_without_comparable_sds_points_have_no_interval_and_smds_do(trials):
    """The bupropion rows alone hold no SD: the reason says so."""
    alone = trials.select(trial="katz2005")
    (points,), (smd,) = (bm.effect_sizes(alone, measure=m).silent for m in ("MD", "SMD"))
    assert points.admissible is None
    assert "no comparable trial at hand" in points.reason
    assert smd.admissible is not None


@given(
    st.floats(-2, 2),
    st.floats(0.5, 4),
    st.integers(3, 300),
    st.integers(3, 300),
    st.sampled_from(["ns", "direction", "bound", "exact"]),
)
def test_the_interval_always_holds_the_estimate_it_was_made_from(y, sd, n1, n2, words):
    """Whatever two arms gave, the interval of the words about their test holds the estimate."""
    s, df = sd * math.sqrt(1 / n1 + 1 / n2), n1 + n2 - 2
    p = max(float(2 * stdtr(df, -abs(y) / s)), 1e-300)
    favours = "active" if y < 0 else "control"
    if words in ("bound", "exact"):
        form = f.POnly(
            p_relation={"bound": "<=", "exact": "="}[words], p=p, p_about="between", favours=favours
        )
    elif p > 0.05:
        form = f.NotSignificant(favours=favours if words == "direction" else None)
    else:
        form = f.DirectionOnly(favours=favours)
    found = statement(replace(KATZ, form=form), df)
    slack = 1e-6 * max(1.0, abs(y))
    assert found.lower * s - slack <= y <= found.upper * s + slack


def test_weighting_arms_is_generalised_least_squares(trials):
    """The combined standard error is that of a common-effect fit where arms are strata of different patients."""
    rows = list(trials.select(trial="raskin2005", outcome="pain_intensity", use="main"))
    strata = [replace(row, population=f"part {i}") for i, row in enumerate(rows)]
    found = admissible(strata, "SMD", Choice(), trials)
    v = 2 / 116
    assert found.se**2 == pytest.approx(float(fit([0.0, 0.0], [v, v], tau2=0.0).var))


def test_the_grid_decides_the_readings(trials):
    """One SD and one correlation leave one reading."""
    grid = Grid(r=(0.5,), sd=("median",))
    found = recoveries(trials.select(trial="katz2005"), comparable=trials, grid=grid)
    assert len(found["Katz 2005"]) == 1


def test_a_silent_trial_says_which_score_its_words_are_about(trials):
    """Skljarevski 2009 tested changes; Katz 2005 does not say."""
    silent = {one.trial: one.score for one in bm.effect_sizes(trials).silent}
    assert (silent["skljarevski2009"], silent["katz2005"]) == ("change", "")
