"""Reports at the edge of what can be used: an effect or a reason, never a silent 0 and never a crash."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import bupmeta as bm
from bupmeta.effects import measures, readings
from bupmeta.effects.difference import Unusable
from bupmeta.effects.one_arm import one_arm
from bupmeta.effects.recover import Reading, recover
from bupmeta.effects.statement import statement
from bupmeta.trials import forms as f

PARALLEL = "vollmer2014_pain"


def _arm_means(p, relation="=", sizes=(50, 50)):
    return f.ArmMeansP(
        mean_active=-2.0,
        mean_control=-1.0,
        p=p,
        p_relation=relation,
        p_about="between",
        n_active=sizes[0],
        n_control=sizes[1],
    )


@pytest.mark.parametrize("p", [0.0, 1.0])
@pytest.mark.parametrize("relation", ["=", "<"])
@pytest.mark.parametrize("measure", ["MD", "SMD"])
def test_a_p_value_of_0_or_1_gives_a_difference_no_standard_error(row, trials, p, relation, measure):
    """t would be infinite or 0, and 1 / 0 no standard error."""
    found = readings(row(_arm_means(p, relation), PARALLEL), measure, comparable=trials)
    assert isinstance(found, Unusable)
    assert found.kind == "means without a standard error"


def test_a_tiny_p_value_keeps_its_digits():
    """t of p = 1e-20 with 98 df is 11.896 and of 1e-300 far larger: nothing is rounded to p = 0."""
    t = measures.t_from_p([1e-20, 1e-300], 98)
    assert t[0] == pytest.approx(11.896, abs=5e-4)  # scipy.stats.t.isf(5e-21, 98)
    assert t[1] > 100
    assert np.isfinite(t).all()


@pytest.mark.parametrize(("sizes", "usable"), [((2, 1), False), ((1, 1), False), ((2, 2), True)])
def test_an_smd_needs_two_degrees_of_freedom(row, sizes, usable):
    """J is 0 with one degree of freedom; with two it is the square root of 1/pi (Hedges 1981)."""
    form = f.ArmMeansSD(
        n_active=sizes[0], n_control=sizes[1], mean_active=4, sd_active=2, mean_control=5, sd_control=2
    )
    found = recover(row(form, PARALLEL), "SMD")
    assert isinstance(found, Reading) == usable
    if usable:
        assert found.y == pytest.approx(-0.5 / np.pi**0.5)
    else:
        assert found.kind == "sizes too small"
    assert np.isnan(measures.exact_j(1.0))


def test_a_test_of_too_few_patients_says_nothing(row):
    """One patient per arm leaves no degree of freedom."""
    found = recover(row(_arm_means(0.5, sizes=(1, 1)), PARALLEL), "MD")
    assert isinstance(found, Unusable)
    assert found.kind == "sizes too small"
    said = statement(row(f.NotSignificant(n_paired=1)), 0)
    assert isinstance(said, Unusable)
    assert said.kind == "sizes too small"
    zero = f.POnly(p=0.0, p_relation="=", p_about="between", favours="active")
    assert isinstance(statement(row(zero), 40), Unusable)


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_one_arm_with_a_p_value_of_0_or_1_has_no_standard_error(row, p):
    """A mean change with p = 1 against baseline leaves its standard error open."""
    form = f.OneArmMeans(mean_active=-1.0, p=p, p_relation="=", p_about="within", n_active=22)
    assert isinstance(one_arm(row(form, value="change")), Unusable)


def test_endpoints_and_changes_of_one_trial_are_combined_in_points_and_never_in_an_smd(row, trials):
    """Their SDs mean different things (Cochrane Handbook 6, 10.5.2): the SMD is of the first row's kind alone."""
    sizes = {"n_active": 50, "n_control": 50, "sd_active": 2.0, "sd_control": 2.0}
    endpoint = row(f.ArmMeansSD(mean_active=4.0, mean_control=5.0, **sizes), PARALLEL, value="endpoint")
    change = row(
        f.ArmMeansSD(mean_active=-2.0, mean_control=-1.5, **sizes), PARALLEL, row="other", value="change"
    )
    both = replace(trials, results=(endpoint, change))
    smd, alone = (
        bm.effect_sizes(part, measure="SMD") for part in (both, replace(trials, results=(endpoint,)))
    )
    assert smd.y == alone.y
    assert smd.v == alone.v
    assert smd.origin[0].rows == (PARALLEL,)
    assert smd.origin[0].kind == "endpoint"
    assert "of another kind of score, not combined with it: other (change)." in smd.origin[0].remark
    assert bm.effect_sizes(both, measure="MD").origin[0].rows == (PARALLEL, "other")


@pytest.mark.parametrize("measure", ["MD", "SMD"])
def test_a_spread_of_0_is_no_standard_error(row, measure):
    """SDs of 0, declared to be the report's own, give an infinite weight to no trial."""
    means = {"mean_active": 4.0, "sd_active": 0.0, "mean_control": 5.0, "sd_control": 0.0}
    test = {"p": 0.01, "p_relation": "=", "p_about": "between"}
    for form, like in (
        (f.ArmMeansSD(n_active=50, n_control=50, **means), PARALLEL),
        (f.PairedMeansSD(n_paired=41, **means), "semenchuk2001_pain"),
        (f.PairedMeansSD(n_paired=41, **means, **test), "semenchuk2001_pain"),
    ):
        found = recover(row(form, like), measure)
        assert isinstance(found, Unusable)
        assert found.kind == "means without a standard error"
