"""Every report is a set of readings over declared choices, and the first of them is the primary one."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import get_args

import numpy as np
import pytest

import bupmeta as bm
from bupmeta.effects import AXES, GRID, Choice, Grid, Reading, readings, recover, recoveries
from bupmeta.effects.contrast import contrast
from bupmeta.effects.readings import PAboutName, PBoundName, ScoreName, SdName, over
from bupmeta.errors import ModelError
from bupmeta.trials import forms as f


def test_the_axes_are_declared_once():
    """Choice, Grid and the words of the axes name the same, and the grid offers every option of each."""
    assert [x.name for x in fields(Choice)] == [x.name for x in fields(Grid)][:-1] == list(AXES)
    assert GRID.sd == get_args(SdName)
    assert GRID.p_about == get_args(PAboutName)
    assert GRID.p_bound == get_args(PBoundName)
    assert GRID.score == get_args(ScoreName)
    for name in AXES:
        assert getattr(GRID.primary, name) in getattr(GRID, name)


def test_the_grid_of_correlations_is_the_one_decided():
    """0.3, 0.5, 0.7, 0.9 with 0.5 as the primary reading (STATISTICS.md, crossover)."""
    assert GRID.r == (0.3, 0.5, 0.7, 0.9)
    assert GRID.primary.r == 0.5


@pytest.mark.parametrize("measure", ["MD", "SMD", "percent"])
def test_the_first_reading_is_what_recover_and_effect_sizes_give(trials, measure):
    """For every row and every trial of the file the primary reading is the number that is pooled."""
    for row in trials.select(outcome="pain_intensity"):
        one, all_ = recover(row, measure), readings(row, measure, comparable=trials)
        if isinstance(one, Reading):
            assert all_.primary == one
        else:
            assert all_ == one
    effects, found = bm.effect_sizes(trials, measure=measure), recoveries(trials, measure=measure)
    for label, y, v in zip(effects.labels, effects.y, effects.v):
        assert (found[label].primary.y, found[label].primary.v) == (y, v)
    assert [one.axes for one in effects.origin] == [found[label].primary.axes for label in effects.labels]
    for silent in effects.silent:
        assert (found[silent.label].primary if silent.label in found else None) == silent.admissible


def test_readings_are_distinct_and_each_is_what_its_choice_gives(trials):
    """No two readings of a trial stand at the same choices, and effect_sizes at a choice gives that reading."""
    found = recoveries(trials)
    for one in found.values():
        assert len({x.axes for x in one.readings}) == len(one)
    several = [r for r in found["Semenchuk 2001"].readings if isinstance(r, Reading)]
    for reading in several:
        effects = bm.effect_sizes(trials.select(trial="semenchuk2001"), comparable=trials, **reading.at)
        assert (effects.y[0], effects.v[0]) == (reading.y, reading.v)


def test_forms_that_need_no_choice_have_one_reading(trials):
    """Parallel arms with SDs, SEs, intervals or an exact p between the groups are read once."""
    for row in trials.select(outcome="pain_intensity", design="parallel"):
        found = readings(row, "MD", comparable=trials)
        if not isinstance(found, bm.effects.Recovery) or getattr(row.form, "p_about", None) == "not stated":
            continue
        if "score" in found.axes:  # its baseline is printed too
            continue
        if getattr(row.form, "p_relation", "=") != "=" and row.report_form.endswith("_p"):
            continue
        assert (len(found), found.axes) == (1, ()), row.row


def test_a_smaller_correlation_is_a_larger_standard_error(trials):
    """Over the grid the standard error of a crossover's points falls as r rises, and its estimate stays."""
    found = readings(trials["carette1995_haeuser_t2"], "MD")
    ordered = sorted(found.readings, key=lambda one: one.at["r"])
    assert np.all(np.diff([one.v for one in ordered]) < 0)
    assert len({one.y for one in ordered}) == 1


def test_change_scores_have_a_correlation_of_their_own(trials):
    """Dinat 2015 printed changes: 0 is primary, the grid holds the correlations -0.04 and -0.01 of its raw data."""
    found = readings(trials["dinat2015_naive_pain"], "MD")
    assert found.axes == ("r_change",)
    assert found.primary.at == {"r_change": 0.0}
    assert min(GRID.r_change) < -0.042 < max(GRID.r_change)
    # Printed change SDs and these correlations give 0.61, where the individual data have 0.63 (evidence notes, 6).
    errors = sorted(one.v**0.5 for one in found.readings)
    assert errors[0] < 0.63 < errors[-1]


def test_a_printed_baseline_gives_the_change_too(trials):
    """Cardenas 2002: 0.5 at the end, 0.5 at the start, so 0 in the change (evidence notes 7); an SE per r."""
    found = readings(trials["cardenas2002_pain"], "MD")
    assert (found.primary.y, found.primary.at) == (0.5, {"score": "printed"})
    changes = found.readings[1:]
    assert [one.at["r"] for one in changes] == [0.5, 0.3, 0.7, 0.9]
    assert all(abs(one.y) < 1e-12 for one in changes)
    variances = (1.8**2 + 1.9**2 - 1.8 * 1.9) / 44 + (1.7**2 + 2.0**2 - 1.7 * 2.0) / 40
    assert changes[0].v == pytest.approx(variances)


def test_a_change_is_never_called_an_endpoint(trials):
    """Read as changes, a trial's SMD is of changes; one without a baseline stays an endpoint score."""
    rows = trials.select(trial=("cardenas2002", "carette1986"))
    kinds = {
        score: {one.trial: one.kind for one in bm.effect_sizes(rows, measure="SMD", score=score).origin}
        for score in GRID.score
    }
    assert kinds["printed"] == {"cardenas2002": "endpoint", "carette1986": "endpoint"}
    assert kinds["change"] == {"cardenas2002": "change", "carette1986": "endpoint"}


def test_a_derived_correlation_leaves_nothing_to_choose(trials):
    """Schukro 2016 prints SDs and an exact p: r is derived and there is one reading."""
    assert len(readings(trials["schukro2016_pain"], "MD")) == 1


@pytest.fixture(name="found", scope="module")
def _found(trials):
    """Semenchuk 2001: -1.7, p < 0.001, n 41, and no word on what the p compares."""
    return readings(trials["semenchuk2001_pain"], "MD", comparable=trials)


def test_the_primary_reading_of_semenchuk_is_the_bound(found):
    """SE = 1.7/3.551 = 0.479 (evidence notes), said to be a bound."""
    assert found.primary.y == pytest.approx(-1.7)
    assert found.primary.v**0.5 == pytest.approx(0.479, abs=5e-4)
    assert found.primary.at == {"p_about": "between", "p_bound": "at"}


def test_a_p_against_baseline_removes_the_bound(found):
    """The SE is then that of comparable trials over r and SD, 3 x 4 readings, whatever the p says."""
    within = [one for one in found.readings if one.at["p_about"] == "within"]
    assert len(within) == len(GRID.sd) * len(GRID.r)
    assert all("baseline" in one.assumption and "SD of comparable trials" in one.formula for one in within)
    widest = max(within, key=lambda one: one.v)
    assert (widest.at["sd"], widest.at["r"]) == ("upper quartile", 0.3)


def test_an_imputed_error_stays_below_the_bound(found):
    """Where the p compares treatments, no reading has a larger SE than its bound."""
    between = [one for one in found.readings if one.at["p_about"] == "between"]
    assert max(between, key=lambda one: one.v) == found.primary
    assert {one.at["p_bound"] for one in between} == {"at", "below"}


def test_above_the_bound_there_is_no_imputed_reading(row, trials):
    """With p < 1e-20 the bound is under every imputed SE: the bound is the only reading of that p."""
    form = replace(trials["semenchuk2001_pain"].form, p=1e-20)
    found = readings(row(form, like="semenchuk2001_pain"), "MD", comparable=trials)
    assert {one.at.get("p_bound") for one in found.readings} == {"at", None}


def test_without_comparable_trials_only_the_bound_is_left(trials):
    """No SD at hand: one reading, and the reading against baseline is refused with the reason."""
    one = trials["semenchuk2001_pain"]
    assert len(readings(one, "MD")) == 1
    assert "no comparable trial" in contrast(one, Choice(p_about="within")).reason


def test_a_t_statistic_gives_the_standard_error_itself(row):
    """A difference of -1.4 with t = 3.327 has SE 0.421 whatever its p bound says (evidence notes 2.1)."""
    form = f.DifferenceP(
        difference=-1.4,
        difference_sign="active - control",
        p_relation="<",
        p=0.01,
        p_about="between",
        t=3.327,
        n_paired=22,
    )
    found = contrast(row(form, like="semenchuk2001_pain", report_form="difference_p"))
    assert found.se == pytest.approx(0.421, abs=5e-4)
    assert found.axes == ()


def test_nothing_is_read_where_the_primary_choice_gives_nothing():
    """A report without a primary reading has no recovery."""
    assert over(GRID, lambda choice: None) is None


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"r": -0.1}, "r=-0.1 is not a within-person correlation"),
        ({"r_change": 1.0}, "r_change=1.0 is not a correlation"),
        ({"sd": "mean"}, "sd='mean' is not known; the choices are lower quartile, median, upper quartile"),
        ({"p_about": "both"}, "p_about='both' is not known"),
        ({"p_bound": "above"}, "p_bound='above' is not known"),
        ({"score": "endpoint"}, "score='endpoint' is not known"),
    ],
)
def test_a_choice_that_is_none_is_refused(trials, bad, words):
    """Each axis says what it allows."""
    with pytest.raises(ModelError, match=words):
        bm.effect_sizes(trials, **bad)
    with pytest.raises(ModelError, match=words):
        recoveries(trials, grid=Grid(primary=Choice(**bad)))


def test_a_reading_that_is_remembered_is_the_one_that_would_be_read(trials):
    """Over choices of every axis, what `effect_sizes` remembers of a report equals a fresh reading of it."""
    from itertools import product

    from bupmeta.effects.sizes import _read_trial, _trial_effect, named_trials

    grid = product(
        (0.3, 0.7), (0.0, 0.5), ("lower quartile", "median"), ("between", "within"), ("at", "below")
    )
    choices = [Choice(*values, score) for values in grid for score in ("printed", "change")]
    rows = trials.select(condition="neuropathic pain")
    for _, results in named_trials(rows, "pain_intensity", ("placebo", "active placebo")):
        for choice in choices:
            remembered = _trial_effect(results, "MD", choice, trials)
            assert remembered == _read_trial(results, "MD", choice, trials)


def test_a_reading_that_holds_only_beside_another_choice_is_found(trials):
    """Raja 2002: below the bound of its p value only where comparable SDs are small and r of changes is high."""
    found = recoveries(trials.select(trial="raja2002"), comparable=trials)["Raja 2002"]
    below = [one for one in found.readings if one.at.get("p_bound") == "below"]
    assert below
    assert all(one.v < found.primary.v for one in below)
