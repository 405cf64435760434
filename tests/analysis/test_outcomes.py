"""Responders and harms in the pipeline: what is pooled, what is only shown, and what is said of both."""

from __future__ import annotations

import json
from math import log
from pathlib import Path
from typing import get_args

import pytest

import bupmeta as bm
from bupmeta.analysis import read_spec, record
from bupmeta.analysis.outcomes import MODELS, outcome_section
from bupmeta.analysis.spec import Outcome, OutcomeModel
from bupmeta.pooling import AssumedRisk, RandomEffects

ROOT = Path(__file__).parents[2]
TRIALS = bm.read_trials(str(ROOT / "data" / "trials.csv"))
CONDITIONS = ("neuropathic pain", "chronic low back pain", "fibromyalgia")
PLACEBOS = ("placebo", "active placebo")


def ask(name, event="harm", rows=TRIALS, r=0.5, **more):
    chosen = [row for row in rows if row.comparator_type in PLACEBOS]
    others = [row for row in rows if row.comparator_type not in PLACEBOS]
    part = lambda kept: type(rows)(tuple(kept), rows.path, rows.sha256, rows.warnings)  # noqa: E731 (short and local)
    return outcome_section(
        Outcome(name, name, event, **more),
        part(chosen),
        part(others),
        comparators=PLACEBOS,
        model=RandomEffects(),
        titles=CONDITIONS,
        r=r,
    )


@pytest.fixture(scope="module")
def bupropion(analysed):
    return analysed("bupropion")


def test_every_model_that_a_specification_may_name_is_there():
    """The words of the specification are the models."""
    assert set(get_args(OutcomeModel)) == set(MODELS)


def test_a_pool_is_mantel_haenszel_from_the_counts_as_they_are():
    """Ginsberg 1998, 18/45 and 16/44, and Miki 2016, 148/215 and 122/215: RR = sum(a n2/N) / sum(c n1/N)."""
    pool = ask("any_adverse_event").pools[-1]
    assert (pool.title, pool.tables.labels) == ("fibromyalgia", ("Ginsberg 1998", "Miki 2016"))
    expected = (18 * 44 / 89 + 148 * 215 / 430) / (16 * 45 / 89 + 122 * 215 / 430)
    assert pool.main.result.mu == pytest.approx(log(expected), rel=1e-12)
    risk = (16 / 44 + 122 / 215) / 2  # the median of two control groups
    assert pool.main.absolute.difference[0] == pytest.approx(risk * (expected - 1), rel=1e-12)


def test_other_models_stand_beside_it_and_say_the_same_in_people():
    """Inverse variance, Peto and GLMM at the same control risk; a crossover is also paired, and left out."""
    total = ask("any_adverse_event", conditions="together").total
    names = [way.name for way in total.others]
    assert names == ["IV", "Peto", "GLMM", "IV, crossovers as paired", "MH, without crossovers"]
    found = [total.main, *total.others]
    assert [way.result.effects.measure for way in found] == ["RR", "RR", "OR", "OR", "RR", "RR"]
    assert len({way.absolute.assumed for way in found}) == 1
    assert all(
        80 < 1000 * way.absolute.difference[0] < 140 for way in found
    )  # all of one order, none of them lost


def test_withdrawals_are_not_taken_as_paired():
    """Who left the first period was not seen in the second: Goldenberg 1996 counts 1/22 and 1/20, not 1/19 and 1/19."""
    total = ask("withdrawal_any", conditions="together").total
    assert "IV, crossovers as paired" not in [way.name for way in total.others]
    at = total.tables.labels.index("Goldenberg 1996")
    assert (total.tables.events_active[at], total.tables.n_active[at]) == (5, 48)  # 1/22 and 4/26 added up


def test_one_trial_is_reported_and_not_pooled():
    """Miki 2016 alone tells of somnolence: 32.1 % and 7.4 % of 215, so 69 and 16; its own difference stands beside."""
    pool = ask("ae_somnolence").pools[0]
    assert (pool.main.result.k, pool.main.result.status, pool.others) == (1, "one trial", ())
    assert pool.alone.difference == pytest.approx(69 / 215 - 16 / 215)
    assert [one.source for one in pool.people] == ["control group of this trial"]
    assert pool.people[0].needed == "NNTH 5 (NNTH 4 to NNTH 6)"


def test_each_definition_of_a_responder_is_its_own_outcome():
    """No trial of one outcome comes from rows of another."""
    for name in ("responder_30", "responder_50", "responder_any_relief", "responder_moderate_relief"):
        section = ask(name, "benefit")
        rows = [row for pool in section.pools for one in pool.effects.origin for row in one.rows]
        assert rows
        assert {TRIALS[row].outcome for row in rows} == {name}


def test_every_trial_with_the_outcome_is_somewhere():
    """With counts, or silent with its reason; ratios and needed numbers without counts say so."""
    section = ask("responder_50", "benefit")
    known = {row.trial for row in TRIALS if row.outcome == "responder_50" and row.comparator_type in PLACEBOS}
    found = {origin.trial for pool in section.pools for origin in pool.effects.origin}
    silent = {one.trial: one for pool in section.pools for one in pool.effects.silent}
    assert found | set(silent) == known
    assert section.known == len(known)
    assert silent["rowbotham2004"].reason == "NNT 4.5, and no counts"
    assert {one.kind for one in silent.values()} == {"ratio without counts", "significant, no numbers"}


def test_the_risk_of_the_specification_stands_before_that_of_the_control_groups():
    """Both keep their source."""
    section = ask("responder_30", "benefit", control_risk=AssumedRisk(0.38, "a review"))
    absolute = section.pools[-1].main.absolute
    assert absolute.assumed[0].source == "a review"
    assert absolute.assumed[1].source.startswith("median of 2 control groups")


def test_one_group_gives_a_share_and_never_a_needed_number(bupropion):
    """Semenchuk 2001 printed 30 of 41 on bupropion and nothing on placebo (bupropion.csv, sem2001_resp_active)."""
    section = bupropion.outcomes[0]
    one = section.groups[0]
    assert (one.trial.label, one.events, one.n, one.risk) == ("Semenchuk 2001", 30, 41, 30 / 41)
    assert all(pool.main is None and pool.tables is None for pool in section.pools)
    assert '"needed":' not in json.dumps(record(bupropion)["outcomes"][0])


def test_completers_are_no_denominator_of_withdrawals():
    """Sindrup 1990: 5 withdrew from imipramine, 19 completed; 5 of 19 would be a number nobody reported."""
    found = {one.trial.trial: one for one in ask("withdrawal_ae").groups}
    assert (found["sindrup1990"].events, found["sindrup1990"].risk) == (5, None)
    assert (found["otto2008"].events, found["otto2008"].n) == (5, 48)


def test_trials_outside_pain_are_in_no_pool(bupropion):
    """External safety counts stand apart, each with its own ratio and difference: dry mouth, 28/189 and 8/186."""
    for section in bupropion.outcomes:
        assert all(origin.trial != "external2013" for pool in section.every for origin in pool.effects.origin)
        assert all(silent.trial != "external2013" for pool in section.every for silent in pool.effects.silent)
    dry = next(one for one in bupropion.outcomes if one.outcome.outcome == "ae_dry_mouth")
    assert (dry.known, dry.pools, dry.total) == (0, (), None)
    (outside,) = dry.outside
    assert outside.effects.y[0] == pytest.approx(log(28 / 189 / (8 / 186)), rel=1e-12)
    assert outside.risks == (28 / 189, 8 / 186)


def test_a_group_without_events_has_a_difference_and_a_corrected_ratio(bupropion):
    """Tremor, 9/189 and 0/186: what was added to the ratio is said, the difference needs nothing added."""
    tremor = next(one for one in bupropion.outcomes if one.outcome.outcome == "ae_tremor")
    (outside,) = tremor.outside
    assert outside.difference == 9 / 189
    assert outside.effects.origin[0].assumption == "0.5 in trials with a zero"


def test_no_count_of_seizures_is_invented(bupropion):
    """The outcome is there, with its note and without a number."""
    found = record(bupropion)["outcomes"][-1]
    assert (found["outcome"], found["known"], found["pools"], found["outside_pain"]) == (
        "ae_seizure",
        0,
        [],
        [],
    )
    assert "No count of seizures was seen" in found["note"]


def test_active_comparators_and_further_outcomes_are_shown_beside():
    """Max 1992 compares two drugs; Arnold 2010 printed a global impression beside its pain score."""
    assert [one.label for one in ask("responder_moderate_relief", "benefit").beside] == ["Max 1992"]
    assert [one.label for one in ask("global_improvement", "benefit").beside] == ["Arnold 2010 (duloxetine)"]


def test_a_model_that_refuses_leaves_its_reason():
    """Max 1992 (fluoxetine) without main rows, then one trial with no control events: no risk ratio, and the words."""
    rows = TRIALS.select(trial="graffradford2000")
    pool = ask("withdrawal_ae", rows=rows).pools[0]
    assert pool.main.result is None
    assert "no finite estimate" in pool.main.reason
    assert pool.alone.risks == (1 / 12, 0.0)


def test_both_analyses_name_outcomes_that_the_codebook_knows():
    """Each outcome of the shipped specifications is one of the words of trials.csv."""
    from bupmeta.trials.words import MEANINGS

    for name in ("bupropion", "antidepressants"):
        spec = read_spec(ROOT / "analyses" / f"{name}.toml")
        assert spec.outcomes
        assert {one.outcome for one in spec.outcomes} <= set(MEANINGS["outcome"])


def test_crossovers_as_paired_take_the_correlation_of_the_specification():
    """A higher within-person correlation makes the paired reading more precise, and leaves the main model alone."""
    rows = TRIALS.select(drug_class="TCA")
    found = []
    for r in (0.3, 0.9):
        section = ask("responder_moderate_relief", "benefit", rows, r=r)
        (pool,) = section.pools
        (paired,) = [way.result for way in pool.others if way.name == "IV, crossovers as paired"]
        found.append((pool.main.result.se, paired.se))
    assert found[0][0] == found[1][0]
    assert found[1][1] < found[0][1]
