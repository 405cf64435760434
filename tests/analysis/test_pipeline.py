"""The pipeline on the project's own data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import bupmeta as bm
from bupmeta.analysis import record
from bupmeta.table import json_text

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def bupropion(analysed):
    return analysed("bupropion")


@pytest.fixture(scope="module")
def antidepressants(analysed):
    return analysed("antidepressants")


def test_bupropion_has_three_trials_and_one_effect(bupropion):
    """One extractable effect, one result in words, one not obtained (bupropion.md, headline)."""
    e = bupropion.evidence
    assert (e.known, e.with_effect, e.without_numbers, e.not_obtained) == (3, 1, 1, 1)
    assert (e.percent_only, e.never_pooled) == (0, 0)


def test_a_condition_of_interest_without_a_trial_is_listed(bupropion):
    """Fibromyalgia has no eligible trial, and a section that says so."""
    total = bupropion.section("fibromyalgia").total
    assert (total.known, total.result) == (0, None)


def test_one_trial_is_reported_and_not_pooled(bupropion):
    """Semenchuk alone: no heterogeneity, no prediction interval, no other methods."""
    total = bupropion.section("neuropathic pain").total
    assert total.result.status == "one trial"
    assert total.result.tau2 is None
    assert total.result.prediction is None
    assert total.conventions == ()
    assert total.checks == ()


def test_farajirad_and_the_open_study_are_narrative_only(bupropion):
    """The active-comparator trial and the uncontrolled study are shown apart and never counted."""
    assert {trial.trial for trial in bupropion.narrative} == {"farajirad2013", "semenchuk2000"}


def test_evidence_adds_up(antidepressants):
    """Every known trial is counted once."""
    e = antidepressants.evidence
    parts = (e.with_effect, e.percent_only, e.without_numbers, e.not_obtained, e.never_pooled)
    assert sum(parts) == e.known == e.with_effect + len(e.silent)


def test_no_trial_enters_a_pool_twice(antidepressants):
    """Labels, and the rows behind them, are in a pool once."""
    for section in antidepressants.sections:
        for pool in section.pools:
            rows = [row for origin in pool.effects.origin for row in origin.rows]
            assert len(rows) == len(set(rows))
            trials = [origin.trial for origin in pool.effects.origin]
            assert len(trials) == len(set(trials))


def test_subgroups_hold_the_trials_of_their_section(antidepressants):
    """A trial of a subgroup is in the total, where classes that share a control are one effect."""
    for section in antidepressants.of("MD"):
        total = {origin.trial for origin in section.total.effects.origin}
        parts = {origin.trial for pool in section.subgroups for origin in pool.effects.origin}
        assert parts == total


@pytest.mark.parametrize("measure", ["SMD", "percent"])
def test_endpoint_and_change_are_never_mixed_in_one_smd(antidepressants, measure):
    """A pool of SMDs or percentages holds one kind of score, and there is no total over kinds."""
    for section in antidepressants.of(measure):
        assert section.total is None
        for pool in section.subgroups:
            assert len({origin.kind for origin in pool.effects.origin}) == 1


def test_statsmodels_agrees_on_every_pool(bupropion, antidepressants):
    """DL and PM of every pool are recomputed by statsmodels 0.15; a negative DL tau2 is explained, nothing differs."""
    checks = [
        check
        for analysis in (bupropion, antidepressants)
        for section in analysis.sections
        for pool in section.pools
        for check in pool.checks
    ]
    assert len(checks) >= 20
    assert all(check.agrees for check in checks)
    untruncated = [check for check in checks if check.tau2_statsmodels < 0]
    assert untruncated
    assert all(check.tau2 == 0 and "fall below 0" in check.explanation for check in untruncated)


def test_sensitivity_rows_say_something(antidepressants):
    """Every alternative that is listed changes the model or the effects of its pool."""
    for section in antidepressants.of("MD"):
        for pool in section.pools:
            for other in pool.alternatives:
                assert other.result is not None or other.reason
                if other.result is not None:
                    changed = other.result.model != pool.result.model
                    same = other.result.effects.labels == pool.effects.labels
                    same = same and (other.result.effects.v == pool.effects.v).all()
                    assert changed or not same


def test_the_record_is_plain_json_and_the_same_twice(antidepressants):
    """results.json has no NaN, its keys are stable, and a second run writes the same text."""
    text = json_text(record(antidepressants))
    again = json_text(record(bm.analyse(ROOT / "analyses" / "antidepressants.toml")))
    assert text == again
    assert json.loads(text)["schema_version"] == 1
    assert "NaN" not in text


def test_the_headline_is_the_totals(antidepressants):
    """The headline holds the numbers of the section totals at ten digits."""
    found = bm.headline(antidepressants)
    for section in antidepressants.of("MD"):
        result = section.total.result
        assert found[section.title]["k"] == result.k
        assert found[section.title]["mu"] == pytest.approx(result.mu, rel=1e-9)
