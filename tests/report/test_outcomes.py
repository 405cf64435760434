"""Responders and harms in the report: what a reader is told, and what is never said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import bupmeta as bm
from bupmeta.analysis import read_spec
from bupmeta.analysis.outcome_results import People
from bupmeta.analysis.record_outcomes import outcome_record
from bupmeta.report.document import Paragraph, Picture, Tabled, walk
from bupmeta.report.outcome_choices import choices_sentence
from bupmeta.report.outcome_tables import outcomes_table
from bupmeta.report.outcome_words import absent, event_sentence, in_people, missing_sentence
from bupmeta.report.parts import document
from bupmeta.report.sources import sources

ROOT = Path(__file__).parents[2]
SOME = ("responder_30", "responder_50", "responder_moderate_relief", "withdrawal_ae", "any_adverse_event")


@pytest.fixture(scope="module")
def bupropion(analysed):
    return analysed("bupropion")


@pytest.fixture(scope="module")
def others():
    """Some outcomes of one measure, without sensitivity analyses, which are not asked here."""
    spec = read_spec(ROOT / "analyses" / "antidepressants.toml")
    outcomes = tuple(one for one in spec.outcomes if one.outcome in SOME)
    return bm.analyse(replace(spec, multiverse=None, sensitivity=(), measures=("MD",), outcomes=outcomes))


@pytest.fixture(scope="module")
def page(bupropion):
    return document(bupropion)


@pytest.fixture(scope="module")
def other_page(others):
    return document(others)


def test_parts_stand_in_their_order(page, other_page):
    """Responders, harms in pain, then what is not about pain, which only bupropion has."""
    keys = [part.key for part in page.parts]
    assert (
        keys.index("responders") < keys.index("harms") < keys.index("outside-pain") < keys.index("narrative")
    )
    assert "outside-pain" not in [part.key for part in other_page.parts]


def test_no_number_needed_to_treat_is_given_for_one_group(page):
    """Semenchuk 2001 is told with its 30 of 41 and with what does not follow."""
    part = next(part for part in page.parts if part.key == "responders")
    said = [block.text for block in part.blocks if isinstance(block, Paragraph)]
    assert any(
        "Semenchuk 2001: 30 of 41 on bupropion" in text and "no number needed to treat" in text
        for text in said
    )
    assert not any("NNTB" in text for text in said)
    assert not any(isinstance(block, Picture) for block in part.blocks)


def test_seizures_are_named_and_not_counted(page):
    """The note of the specification stands there; no sentence has a figure of seizures."""
    said = [block.text for block in walk(page, Paragraph) if "eizure" in block.text]
    assert any("No count of seizures was seen" in text for text in said)
    assert not any("%" in text for text in said)


def test_harms_outside_pain_stand_in_a_part_of_their_own(page):
    """Its table has the seven harms of the external trial, and the part of harms in pain has none of its rows."""
    outside = next(part for part in page.parts if part.key == "outside-pain")
    table = next(block.data[0].table for block in outside.blocks if isinstance(block, Picture))
    assert len(table.rows) == 7
    assert {row["trial"] for row in table.rows} == {"External bupropion SR trial 2013"}
    harms = next(part for part in page.parts if part.key == "harms")
    assert "External" not in str(harms)


def test_a_pool_is_told_as_a_ratio_and_in_people(others):
    """Arnold 2005 and Miki 2016 at the placebo risk of the specification: 0.38 times RR 1.55 is 589 of 1,000."""
    section = next(one for one in others.outcomes if one.outcome.outcome == "responder_30")
    said = event_sentence(section, section.pools[-1])
    assert "two trials with counts, pooled risk ratio 1.55 (1.29 to 1.87), 95 % interval" in said
    assert "as in Duarte 2022 (preprint), placebo groups of 50 trials" in said
    assert "of 1,000 people 589 with treatment and 380 without have it: 209 more (109 to 330 more)" in said
    assert "not pooled. Beside it, one trial (Skljarevski 2010b)" in event_sentence(section, section.pools[0])


def test_a_risk_that_had_to_be_cut_is_said_to_be(others):
    """RR 5.75 (2.19 to 15.08) at 102.6 of 1,000 would be up to 1,548 people of 1,000: the table says that it is cut."""
    (section,) = [one for one in others.outcomes if one.outcome.outcome == "responder_moderate_relief"]
    (row,) = outcomes_table([section], "").rows
    assert row["without"] + row["difference_ci"][1] == pytest.approx(1000)
    assert "10.3% the risk with treatment is cut at 0 or 1" in row["remark"]
    (pool,) = outcome_record(section)["pools"]
    assert pool["notes"] == [row["remark"]]


def test_an_interval_across_no_difference_names_both_sides():
    """Fewer to more, and one side only where both ends are on it."""
    across = People("x", 156.0, 145.0, -11.0, (-43.0, 28.0), "NNTB 87")
    assert "11 fewer (43 fewer to 28 more)" in in_people(across)
    below = People("x", 100.0, 70.0, -30.0, (-50.0, -10.0), "NNTB 34")
    assert "30 fewer (10 to 50 fewer)" in in_people(below)


def test_what_nobody_counted_is_said_once(bupropion):
    """By name, of the trials against placebo in pain."""
    harms = [one for one in bupropion.outcomes if one.outcome.event == "harm"]
    said = absent(bupropion.spec, harms)
    assert said.startswith(
        "No trial of bupropion against placebo in pain was seen to count, by treatment, people with"
    )
    assert "dry mouth" in said
    assert said.endswith("or seizure.")


def test_other_models_stand_beside_the_pool(other_page):
    """Four models of the same trials, and two that do something else with crossovers."""
    table = next(
        one.table for one in walk(other_page, Tabled) if one.name == "models_any_adverse_event_all_conditions"
    )
    assert [row["model"] for row in table.rows] == [
        "MH",
        "IV",
        "Peto",
        "GLMM",
        "IV, crossovers as paired",
        "MH, without crossovers",
    ]


def test_harms_in_pain_are_drawn_as_dots_and_forests(other_page):
    """One dot plot over all harms, one forest plot per outcome with counts."""
    names = {picture.name for picture in walk(other_page, Picture)}
    assert {"harms", *(f"forest_{name}" for name in SOME)} <= names


def test_every_link_of_a_forest_leads_to_a_source(others):
    """Rows of responders and harms are in the register, with what they printed."""
    rows = {row for trial in sources(others) for row in trial["rows"]}
    shown = {
        row
        for one in others.outcomes
        for pool in one.pools
        for origin in pool.effects.origin
        for row in origin.rows
    }
    assert shown
    assert shown <= rows
    gao = next(trial for trial in sources(others) if trial["label"] == "Gao 2010")
    assert "withdrawal because of adverse events: adverse event 15 vs 4" in gao["printed"]


def test_people_without_an_outcome_are_told(others, other_page):
    """Who is missing, from what that is known, and how far the pool could move."""
    section = next(one for one in others.outcomes if one.outcome.outcome == "responder_50")
    said = missing_sentence(section, section.pools[-1])
    assert said.startswith(
        "Chronic low back pain: over the declared odds ratios the risk ratio goes from 1.3"
    )
    tables = {one.name: one.table for one in walk(other_page, Tabled)}
    assert len(tables["missing_responder_50_chronic_low_back_pain"].rows) == 16
    row = tables["missing_people_responder_50_chronic_low_back_pain"].rows[0]
    assert (row["trial"], row["active"], row["handled"]) == ("Skljarevski 2010a", 6, "not printed")


def test_what_the_choices_do_is_told_of_every_outcome_with_two_trials(others, other_page):
    """A sentence and the table of levels per pool that was crossed, as ratios; few choices stay folded, undrawn."""
    crossed = [(one, pool) for one in others.outcomes for pool in one.every if pool.multiverse is not None]
    assert len(crossed) == sum(
        pool.tables is not None and len(pool.tables) > 1 for one in others.outcomes for pool in one.every
    )
    tables = {one.name: one.table for one in walk(other_page, Tabled)}
    section, pool = next(pair for pair in crossed if pair[0].outcome.outcome == "responder_50")
    said = choices_sentence(section, pool)
    assert said.startswith("What the choices do, chronic low back pain: 70 combinations")
    assert "These change nothing here: how crossovers count." in said
    assert said in [one.text for one in walk(other_page, Paragraph)]
    rows = tables["multiverse_responder_50_chronic_low_back_pain"].rows
    failures = next(row for row in rows if row["level"] == "as failures")
    assert 1.5 < failures["range"][0] < failures["middle"] < failures["range"][1] < 2  # no logarithms
    assert "multiverse_responder_50_chronic_low_back_pain" not in {
        one.name for one in walk(other_page, Picture)
    }


def test_benefits_and_harms_stand_on_one_page(page, other_page):
    """Every outcome of the specification is a row; where a number is known it is drawn."""
    rows = next(one.table.rows for one in walk(page, Tabled) if one.name == "benefit_harm")
    assert {"pain intensity", "dry mouth", "seizure"} <= {row["outcome"] for row in rows}
    seizure = next(row for row in rows if row["outcome"] == "seizure")
    assert (seizure["k"], seizure["difference"], seizure["without"]) == (
        0,
        "no trial counted it by group",
        None,
    )
    picture = next(one for one in walk(other_page, Picture) if one.name == "benefit_harm")
    assert "not counted is not the same as not occurring" in picture.says
