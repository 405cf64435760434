"""Events in their report forms: counts, percentages, ratios, both treatments in one person, one arm."""

from __future__ import annotations

import math

import pytest

from bupmeta.effects.counts import risk_difference
from bupmeta.effects.difference import Unusable
from bupmeta.effects.events import event_readings
from bupmeta.effects.one_arm import one_arm
from bupmeta.effects.readings import GRID, Recovery
from bupmeta.trials import forms as f

MEASURES = ("OR", "RR", "RD")


def test_every_row_of_events_is_readings_or_a_reason(trials):
    """No report of events fails: each gives finite readings, the same first one each time, or says why not."""
    kinds = (f.Counts, f.Percentages, f.CrossoverCounts, f.Ratio, f.NumberNeededToTreat)
    rows = [row for row in trials if isinstance(row.form, kinds)]
    assert len(rows) > 40
    for row in rows:
        for measure in MEASURES:
            found = event_readings(row, measure)
            if isinstance(found, Unusable):
                assert found.reason
                continue
            assert len({one.axes for one in found.readings}) == len(found)
            assert all(math.isfinite(one.y) and one.v > 0 for one in found.readings)


def test_counts_of_two_groups_are_one_reading(trials):
    """28/189 against 8/186 with a dry mouth: RR 3.44 (1.61 to 7.36) as the evidence notes derive."""
    found = event_readings(trials["external2013_dry_mouth"], "RR")
    (one,) = found.readings
    assert math.exp(one.y) == pytest.approx(3.44, abs=5e-3)
    assert math.exp(one.y - 1.96 * one.v**0.5) == pytest.approx(1.61, abs=5e-3)
    assert math.exp(one.y + 1.96 * one.v**0.5) == pytest.approx(7.36, abs=5e-3)


def test_a_percentage_is_every_whole_number_that_fits(row):
    """57 % of 263 is 149 to 151 people, 32 % of 267 is 85 or 86: six readings, the nearest first."""
    form = f.Percentages(percent_active=57, percent_control=32, n_active=263, n_control=267)
    found = event_readings(row(form, design="parallel"), "RD")
    pairs = {one.at["events"] for one in found.readings}
    assert pairs == {f"{a} and {c}" for a in (149, 150, 151) for c in (85, 86)}
    assert found.primary.at["events"] == "150 and 85"
    y, v = risk_difference(150, 263, 85, 267)
    assert (found.primary.y, found.primary.v) == (float(y), float(v))


def test_a_percentage_of_fewer_patients_is_said_to_be(row):
    """57.8 % is no number of 112 and 63 of 109 (Skljarevski 2009): the denominator is lowered and named."""
    form = f.Percentages(percent_active=57.8, percent_control=43.4, n_active=112, n_control=113)
    found = event_readings(row(form, design="parallel"), "OR")
    assert "63/109 against 49/113" in found.primary.formula
    assert "percentages taken of 109 and 113, not 112 and 113" in found.primary.assumption


def test_impossible_percentages_are_refused(row):
    """99.99 % of 12 patients is nobody's result."""
    form = f.Percentages(percent_active=99.99, percent_control=10, n_active=12, n_control=12)
    found = event_readings(row(form, design="parallel"), "OR")
    assert "no whole numbers" in found.reason


def test_a_crossover_has_a_reading_per_correlation_that_its_margins_allow(trials):
    """Kishore-Kumar 1990: 12 and 2 of 19 allow a correlation of at most 0.26, so larger ones are cut to it."""
    found = event_readings(trials["kishorekumar1990_relief"], "OR")
    assert [one.at["r"] for one in found.readings] == [0.5, 0.3, 0.7, 0.9]
    assert len({one.v for one in found.readings}) == 1
    assert "0.26 of the two events of a person, the most that the counts allow" in found.primary.assumption
    other = event_readings(trials["vrethem1997_mapr_relief"], "OR")
    assert len({round(one.v, 9) for one in other.readings}) > 1


def test_nobody_and_everybody_say_nothing_about_a_ratio(row):
    """No events in both arms: a risk difference, and no ratio."""
    form = f.Counts(events_active=0, events_control=0, n_active=30, n_control=30)
    one = row(form, design="parallel")
    assert isinstance(event_readings(one, "OR"), Unusable)
    assert isinstance(event_readings(one, "RD"), Recovery)


def test_a_ratio_comes_with_its_interval_or_its_p(row):
    """RR 2.0 (1.0 to 4.0): SE log(4)/3.92; with p = .05 instead, log(2)/1.96, the same."""
    wide = f.Ratio(ratio_measure="RR", ratio=2.0, ratio_ci_low=1.0, ratio_ci_high=4.0, ci_level=95)
    exact = f.Ratio(ratio_measure="RR", ratio=2.0, p_relation="=", p=0.05, p_about="between")
    one, two = (event_readings(row(form), "RR").primary for form in (wide, exact))
    assert one.y == two.y == math.log(2)
    assert one.v**0.5 == pytest.approx(math.log(4) / (2 * 1.959964), rel=1e-6)
    assert two.v == pytest.approx(one.v)
    assert isinstance(event_readings(row(wide), "OR"), Unusable)
    bound = f.Ratio(ratio_measure="RR", ratio=2.0, p_relation="<", p=0.05, p_about="between")
    assert "upper bound" in event_readings(row(bound), "RR").primary.assumption
    assert isinstance(event_readings(row(f.Ratio(ratio_measure="RR", ratio=2.0)), "RR"), Unusable)


def test_a_number_needed_to_treat_is_a_risk_difference(row):
    """NNT 4 (2.5 to 10): 0.25 (0.1 to 0.4)."""
    form = f.NumberNeededToTreat(
        ratio_measure="NNT", ratio=4, ratio_ci_low=2.5, ratio_ci_high=10, ci_level=95
    )
    one = event_readings(row(form), "RD").primary
    assert one.y == 0.25
    assert one.v**0.5 == pytest.approx(0.3 / (2 * 1.959964), rel=1e-6)
    assert isinstance(event_readings(row(form), "OR"), Unusable)
    bare = f.NumberNeededToTreat(ratio_measure="NNT", ratio=4)
    assert "without its interval" in event_readings(row(bare), "RD").reason


def test_sizes_are_asked_for(row):
    """Percentages or paired counts without patients give the reason."""
    form = f.Percentages(percent_active=57, percent_control=32)
    assert event_readings(row(form, design="parallel"), "OR").kind == "sizes not printed"
    assert event_readings(row(f.NotObtained()), "OR").kind == "another outcome only"


def test_the_grid_of_a_crossover_is_the_declared_one(trials):
    """The readings follow the grid of r."""
    found = event_readings(trials["vrethem1997_amit_relief"], "RD")
    assert {one.at["r"] for one in found.readings} == set(GRID.r)


@pytest.mark.parametrize(
    ("form", "y", "se"),
    [
        (f.OneArmMeans(mean_active=4.0, sd_active=2.0, n_active=25), 4.0, 0.4),
        (f.OneArmMeans(mean_active=4.0, se_active=0.3), 4.0, 0.3),
        (f.OneArmMeans(mean_active=-1.4, t=3.327, n_active=22), -1.4, 0.4208),
        (
            f.OneArmMeans(mean_active=-1.4, p_relation="=", p=0.003, p_about="within", n_active=22),
            -1.4,
            0.418,
        ),
        (f.OneArmMeans(mean_active=5.0, ci_low_active=4.0, ci_high_active=6.0, n_active=25), 5.0, 0.4845),
        (f.OneArmCounts(events_active=15, n_active=22), math.log(15 / 7), math.sqrt(1 / 15 + 1 / 7)),
        (f.OneArmCounts(percent_active=68, n_active=22), math.log(15 / 7), math.sqrt(1 / 15 + 1 / 7)),
        (f.OneArmCounts(events_active=0, n_active=22), math.log(0.5 / 22.5), math.sqrt(2 + 1 / 22.5)),
    ],
)
def test_one_arm_holds_its_own_mean_or_share(row, form, y, se):
    """Means by SD, SE, t, exact p or interval, shares on the logit; Semenchuk 2000's change has SE 0.421 by its t."""
    found = one_arm(row(form, value="change", design="single arm"))
    assert found.y == pytest.approx(y)
    assert found.v**0.5 == pytest.approx(se, rel=2e-3)
    assert found.assumption == "one arm: no comparison"


def test_one_arm_without_a_spread_or_with_two_arms_is_refused(row):
    """A bare mean, an ambiguous percentage and a comparison are not readings of one arm."""
    assert isinstance(one_arm(row(f.OneArmMeans(mean_active=5.0, n_active=20))), Unusable)
    assert isinstance(one_arm(row(f.OneArmCounts(percent_active=50, n_active=300))), Unusable)
    assert isinstance(one_arm(row(f.OneArmCounts(events_active=5))), Unusable)
    assert isinstance(one_arm(row(f.NotSignificant())), Unusable)
