"""The multiverse of counts: every cell is a pool that can be made by hand, and what changes nothing is said."""

from __future__ import annotations

from math import log, sqrt
from pathlib import Path

import numpy as np
import pytest

import bupmeta as bm
from bupmeta.analysis import read_spec
from bupmeta.analysis.outcome_multiverse import Crossing, cross_outcome
from bupmeta.analysis.outcomes import MODELS
from bupmeta.analysis.spec import Outcome, OutcomeAxes
from bupmeta.effects.paired_counts import marginal
from bupmeta.errors import SpecError

ROOT = Path(__file__).parents[2]
TRIALS = bm.read_trials(str(ROOT / "data" / "trials.csv"))
ROWS = TRIALS.select(condition="fibromyalgia")
NERVES = TRIALS.select(condition="neuropathic pain")
THIRD = Outcome("at least 30 % less pain", "responder_30", "benefit", imor=(1.0, 0.0, 2.0))
RELIEF = Outcome("at least moderate relief", "responder_moderate_relief", "benefit", imor=(1.0, 0.0))


def crossed(outcome, axes, rows=ROWS, r=(0.5,), without=None):
    return cross_outcome(
        outcome,
        rows,
        TRIALS,
        Crossing(axes, r, without),
        comparators=("placebo", "active placebo"),
        model=bm.RandomEffects(),
        poolers=MODELS,
    )


def cell(found, **chosen):
    """The one cell whose choices hold these words."""
    words = set(chosen.values())
    (at,) = [i for i in range(len(found)) if words <= set(found.choices(i).values())]
    return at


@pytest.fixture(scope="module")
def third():
    axes = OutcomeAxes(
        ("MH", "IV", "Peto"), ("REML", "DL"), ("HK-adhoc", "Wald"), ("as parallel", "left out"),
        ("as analysed", "as failures", "imor"), "OR",
    )  # fmt: skip
    return crossed(THIRD, axes)


def test_failures_are_counted_among_all_who_were_randomized(third):
    """Miki 2016, 96/211 and 65/211 of 215 and 215 randomized; Arnold 2005 lost nobody: Mantel-Haenszel by hand."""
    tables = bm.event_tables(ROWS, outcome="responder_30")
    assert tables.labels == ("Arnold 2005", "Miki 2016")
    a, c, n1, n2 = (
        np.array([first, second])
        for first, second in (
            (tables.events_active[0], 96),
            (tables.events_control[0], 65),
            (tables.n_active[0], 215),
            (tables.n_control[0], 215),
        )
    )
    expected = (a * (n2 - c) / (n1 + n2)).sum() / (c * (n1 - a) / (n1 + n2)).sum()
    at = cell(third, model="Mantel-Haenszel", people="as failures")
    assert third.mu[at] == pytest.approx(log(expected), rel=1e-12)


def test_an_imor_cell_is_the_inverse_variance_of_its_effects_by_hand(third):
    """Arnold's log OR as it is, Miki's with missing people of the active group at twice the odds: p2 = 2p/(1-p+2p)."""
    tables = bm.event_tables(ROWS, outcome="responder_30")
    own = tables.effects("OR")

    def arm(events, n, lost, odds):
        p, share = events / n, lost / (n + lost)
        among = p * odds / (1 - p + p * odds)
        slope = 1 - share + share * odds / (1 - p + p * odds) ** 2
        var = slope**2 * p * (1 - p) / n + (among - p) ** 2 * share * (1 - share) / (n + lost)
        return (1 - share) * p + share * among, var

    (p1, v1), (p2, v2) = arm(96, 211, 4, 2.0), arm(65, 211, 4, 0.0)
    y = np.array([own.y[0], log(p1 * (1 - p2) / (p2 * (1 - p1)))])
    v = np.array([own.v[0], v1 / (p1 * (1 - p1)) ** 2 + v2 / (p2 * (1 - p2)) ** 2])
    w = 1 / v
    q = (w * (y - (w * y).sum() / w.sum()) ** 2).sum()
    tau2 = max(0.0, (q - 1) / (w.sum() - (w**2).sum() / w.sum()))  # DerSimonian & Laird 1986
    w = 1 / (v + tau2)
    mu, se = (w * y).sum() / w.sum(), 1 / sqrt(w.sum())
    at = cell(third, people="odds × 2 active, × 0 control", tau2="DL", ci="Wald")
    found = (third.mu[at], third.low[at], third.high[at])
    assert found == pytest.approx((mu, mu - 1.959963984540054 * se, mu + 1.959963984540054 * se), rel=1e-9)


def test_a_choice_that_changes_nothing_is_idle_and_adds_no_cell(third):
    """No trial is a crossover. Nine pairs of odds are two tables and seven more readings, which have no table."""
    assert third.idle == ("how crossovers count",)
    assert "These axes change nothing here: how crossovers count." in third.table().notes
    assert len(third.axes["people without an outcome"]) == 9
    assert len(third) == 9 * 4 + 2 * 2  # inverse variance four times, Mantel-Haenszel and Peto of two tables


def test_the_specified_cell_is_the_pool_of_the_report(third):
    """Mantel-Haenszel of people as analysed, in the declared measure, as `pool` has it."""
    result = bm.pool(bm.event_tables(ROWS, outcome="responder_30"), bm.MantelHaenszel("OR"))
    at = third.marked
    assert third.choices(at)["model"] == "Mantel-Haenszel"
    assert (third.mu[at], third.low[at], third.high[at]) == pytest.approx((result.mu, *result.ci), rel=1e-12)


def test_paired_crossovers_take_each_correlation_and_go_by_inverse_variance():
    """Kishore-Kumar 1990 and Max 1991 are crossovers of one comparison each: Becker & Balagtas 1993 at r = 0.05."""
    axes = OutcomeAxes(("MH", "IV"), ("EE",), ("Wald",), ("as parallel", "paired", "left out"), measure="OR")
    found = crossed(RELIEF, axes, NERVES, r=(0.05, 0.0))
    tables = bm.event_tables(NERVES, outcome="responder_moderate_relief")
    assert tables.labels == ("Kishore-Kumar 1990", "Max 1991")
    y, v = marginal("OR", tables.events_active, tables.events_control, tables.n_active, 0.05)
    at = cell(found, how="paired, correlation 0.05")
    assert found.mu[at] == pytest.approx((y / v).sum() / (1 / v).sum(), rel=1e-12)
    assert found.refused == (
        "No cell, for want of two trials or of a model that takes them: how crossovers count, left out.",
    )


def test_paired_crossovers_with_missing_people_are_read_as_analysed_only():
    """Kishore-Kumar 1990 lost 7 of 26: nothing says how they would have paired."""
    axes = OutcomeAxes(("IV",), crossovers=("as parallel", "paired"), missing=("as analysed", "as failures"))
    found = crossed(RELIEF, axes, NERVES)
    pairs = [set(found.choices(i).values()) for i in range(len(found))]
    assert {"paired, correlation 0.5", "as analysed"} <= set().union(*pairs)
    assert not any({"paired, correlation 0.5", "as failures"} <= pair for pair in pairs)


def test_levels_are_compared_only_where_both_occur():
    """Mantel-Haenszel is never asked of odds of missing people, so these are no difference of models."""
    axes = OutcomeAxes(("MH", "IV"), ("EE",), ("Wald",), missing=("as analysed", "imor"), measure="OR")
    found = crossed(RELIEF, axes, NERVES)
    both = [cell(found, model=name, people="as analysed") for name in ("Mantel-Haenszel", "inverse variance")]
    assert dict(found.moves())["model"] == pytest.approx(
        abs(found.mu[both[0]] - found.mu[both[1]]), rel=1e-12
    )


def test_models_of_odds_ratios_stay_out_of_another_measure():
    """Peto and the binomial-normal model have no risk ratio; the table says so."""
    found = crossed(THIRD, OutcomeAxes(("MH", "IV", "Peto", "GLMM")))
    assert found.axes == {"model": ("inverse variance", "Mantel-Haenszel")}
    assert found.refused == ("Peto gives odds ratios only.", "binomial-normal gives odds ratios only.")
    assert found.measure == "RR"


def test_row_filters_are_crossed():
    """Without Miki 2016 one trial is left, which is not pooled; without another trial nothing changes."""

    def drop(name):
        return lambda rows: type(rows)(
            tuple(row for row in rows if row.trial != name), rows.path, rows.sha256, rows.warnings
        )

    found = crossed(THIRD, OutcomeAxes(("MH",)), without={"no trial of these": drop("katz2005")})
    assert (len(found), found.idle) == (1, ("rows left out",))
    found = crossed(THIRD, OutcomeAxes(("MH",)), without={"Miki": drop("miki2016")})
    assert (len(found), found.idle) == (1, ())
    assert found.refused == (
        "No cell, for want of two trials or of a model that takes them: rows left out, Miki.",
    )


BAD = {
    "an axis that is none": ('colours = ["red"]', "the key 'outcome_multiverse.colours' is unknown"),
    "a level that is none": (
        'missing = ["as failure"]',
        "missing has 'as failure'; did you mean 'as failures'?",
    ),
    "an empty axis": ("models = []", "outcome_multiverse.models is empty"),
    "a level twice": ('models = ["MH", "MH"]', "outcome_multiverse.models has 'MH' twice"),
    "a measure that is none": ('measure = "ARR"', "outcome_multiverse.measure has 'ARR'"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_wrong_axis_is_one_sentence(tmp_path, case):
    """The file, the key, the value and what to do."""
    line, said = BAD[case]
    text = (ROOT / "analyses" / "bupropion.toml").read_text(encoding="utf-8")
    path = tmp_path / "bad.toml"
    path.write_text(f"{text}\n[outcome_multiverse]\n{line}\n", encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        read_spec(path)
    assert said in str(caught.value)
    assert str(caught.value).startswith(str(path))
