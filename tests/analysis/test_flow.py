"""Rows and trials are counted from the data file to the conditions, and nobody is lost on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

import bupmeta as bm
from bupmeta.analysis.flow import eligibility

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def antidepressants(analysed):
    return analysed("antidepressants")


def test_each_step_starts_where_the_one_before_ended(antidepressants):
    """What a filter leaves out and what it keeps are what it was given."""
    found = antidepressants.flow
    rows, trials = found.rows, found.trials
    for step in found.steps:
        assert (step.rows_before, step.trials_before) == (rows, trials)
        rows, trials = rows - step.rows_out, trials - step.trials_out
        assert (step.rows, step.trials) == (rows, trials)
    assert found.steps[-1].kept == "outcome: pain intensity"


def test_the_counts_are_those_of_the_file(antidepressants):
    """Counting the rows by hand with pandas gives the same numbers."""
    frame = bm.read_trials(ROOT / "data" / "trials.csv").to_frame()
    chosen = frame[
        frame.drug_class.isin(antidepressants.spec.select["drug_class"])
        & frame.comparator_type.isin(["placebo", "active placebo"])
        & (frame.outcome == "pain_intensity")
    ]
    found = antidepressants.flow
    assert (found.rows, found.trials) == (len(frame), frame.trial.nunique())
    assert (found.steps[-1].rows, found.steps[-1].trials) == (len(chosen), chosen.trial.nunique())
    assert dict(found.sources) == chosen.source_kind.value_counts().to_dict()
    assert dict(found.extraction) == chosen.extraction.value_counts().to_dict()


def test_every_chosen_trial_ends_in_a_condition_once(antidepressants):
    """With an effect or without one for a stated reason: the parts add up to the trials that were chosen."""
    found = antidepressants.flow
    assert sum(part.trials for part in found.parts) == found.steps[-1].trials
    for part in found.parts:
        assert part.with_effect + sum(part.without.values()) == part.trials


def test_every_trial_has_a_fate_in_every_measure_it_was_asked_for(antidepressants):
    """Each trial is pooled, reported alone or has a reason, and no word is empty."""
    studies = eligibility(antidepressants)
    assert len(studies) == antidepressants.flow.steps[-1].trials
    assert all(fate for study in studies for fate in study.fates.values())
    pooled = sum(study.fates.get(("fibromyalgia", "MD")) == "pooled" for study in studies)
    assert pooled == antidepressants.section("fibromyalgia").total.result.k


def test_every_chosen_trial_is_described(antidepressants):
    """The trials described are those chosen, and the number randomized is the one the file prints."""
    described = {one.trial: one for one in antidepressants.characteristics}
    assert len(described) == antidepressants.flow.steps[-1].trials
    frame = bm.read_trials(ROOT / "data" / "trials.csv").to_frame()
    printed = frame.groupby("trial").n_randomized.max()
    for trial, one in described.items():
        assert one.n is None or one.n == printed[trial]
    assert "crossover" in described["schukro2016"].design
