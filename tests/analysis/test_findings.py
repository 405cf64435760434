"""The Summary of Findings of the project's analyses, and what a specification may say about it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bupmeta.analysis import record
from bupmeta.analysis.findings import findings
from bupmeta.analysis.spec import ReviewerStep, SummaryRow
from bupmeta.errors import SpecError
from bupmeta.trials import read_trials
from bupmeta.trials.risk_of_bias import Assessment, read_risk_of_bias


@pytest.fixture(scope="module")
def bupropion(analysed):
    return analysed("bupropion")


@pytest.fixture(scope="module")
def context(analysed):
    return analysed("antidepressants")


def again(analysis, **changes):
    """Make the findings again under another specification."""
    spec = replace(analysis.spec, **changes)
    sections = analysis.of("MD")
    trials = read_trials(spec.data)
    judged = None if spec.risk_of_bias is None else read_risk_of_bias(spec.risk_of_bias)
    return findings(spec, trials, judged, sections, analysis.outcomes)


def find(analysis, outcome, condition):
    """Give one finding by its words."""
    (one,) = [x for x in analysis.findings if (x.outcome, x.condition) == (outcome, condition)]
    return one


def test_one_trial_is_not_dressed_up(bupropion):
    """Semenchuk 2001 alone: very low, with its name and what its interval rests on."""
    one = find(bupropion, "pain intensity", "neuropathic pain")
    assert (one.body.k, one.known, one.certainty.level) == (1, 2, "very low")
    assert one.rating.startswith("⊕◯◯◯ very low: one trial with an effect")
    assert one.comments[0].startswith("Semenchuk 2001; the SE is an upper bound")


def test_a_trial_in_words_has_no_effect_and_the_judgement_that_was_published(bupropion):
    """Katz 2005 reported no significant difference and no numbers; Cochrane judged it at high risk in one domain."""
    one = find(bupropion, "pain intensity", "chronic low back pain")
    assert (one.estimate, one.ci, one.body.k, one.known) == (None, None, 0, 1)
    assert one.body.judged == ("high",)
    assert (one.body.unseen.trials, one.body.unseen.of_trials) == (1, 1)


def test_harms_of_people_without_pain_are_indirect(bupropion):
    """28 of 189 on bupropion SR 300 mg and 8 of 186 on placebo had a dry mouth (evidence note 3.4)."""
    one = find(bupropion, "dry mouth", "people without pain")
    assert one.body.flags == {"people without pain": 1.0}
    assert one.estimate == pytest.approx((28 / 189) / (8 / 186))
    assert (one.people.without, one.people.treated) == pytest.approx((8000 / 186, 28000 / 189))
    assert one.people.treated_ci[0] < one.people.treated < one.people.treated_ci[1]


def test_a_condition_without_any_trial_is_not_rated(bupropion):
    """There is nothing to be certain of."""
    rows = (SummaryRow("pain_intensity", "fibromyalgia"), SummaryRow("ae_insomnia", "fibromyalgia"))
    for one in again(bupropion, findings=rows):
        assert (one.known, one.rating) == (0, "not rated: no trial is known")


def test_without_rows_every_condition_has_one_for_the_main_outcome(bupropion):
    """So that any specification has a Summary of Findings; without judgements nothing is assessed."""
    found = again(bupropion, findings=(), risk_of_bias=None)
    assert [one.condition for one in found] == [
        "neuropathic pain",
        "chronic low back pain",
        "fibromyalgia",
        "all conditions",
    ]
    assert found[1].body.judged == ("not assessed",)


def test_bodies_hold_the_numbers_of_their_pools(context):
    """Weights, interval, I² and prediction interval are those of the pool; persons those of its trials."""
    one = find(context, "pain intensity", "neuropathic pain")
    total = context.section("neuropathic pain").total
    assert one.body.weights == tuple(total.result.weights)
    assert (one.ci, one.body.i2, one.body.prediction) == (
        total.result.ci,
        total.result.i2,
        total.result.prediction,
    )
    assert one.body.persons == sum(origin.n for origin in total.effects.origin)
    missing = [
        x for x in total.effects.silent if x.kind in ("results not obtained", "not significant, no numbers")
    ]
    assert one.body.unseen.trials == len(missing) > 0
    first = [i for i, o in enumerate(total.effects.origin) if o.design == "crossover, first period"]
    share = sum(total.result.weights[i] for i in first) / 100
    assert one.body.flags == pytest.approx({"first period of a crossover only": share})


def test_the_small_study_test_is_run_from_ten_trials(context):
    """Fibromyalgia has them, neuropathic pain has not."""
    assert find(context, "pain intensity", "fibromyalgia").body.small_study_p is not None
    assert find(context, "pain intensity", "neuropathic pain").body.small_study_p is None


def test_events_are_shown_in_people_at_the_risk_that_is_stated(context):
    """Risk with = risk ratio times the risk without, which has its source."""
    one = find(context, "at least 50 % less pain", "chronic low back pain")
    assert one.people.source.startswith("Duarte 2022")
    assert one.people.treated == pytest.approx(one.people.without * one.estimate)


def test_a_reviewers_step_is_that_of_its_condition_before_that_of_all(bupropion):
    """And it stands in results.json with its reason."""
    anywhere = ReviewerStep("pain_intensity", "number of trials", -1, "anywhere")
    here = ReviewerStep("pain_intensity", "number of trials", -2, "here", "neuropathic pain")
    found = replace(bupropion, findings=again(bupropion, certainty=(here, anywhere)))
    steps = [
        next(x["reviewer"] for x in one["certainty"]["domains"] if x["domain"] == "number of trials")
        for one in record(found)["findings"][:2]
    ]
    assert steps == [{"step": -2, "reason": "here"}, {"step": -1, "reason": "anywhere"}]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"findings": (SummaryRow("pain_intensty"),)}, "did you mean 'pain_intensity'?"),
        ({"findings": (SummaryRow("pain_intensity", "migraine"),)}, "this outcome has 'neuropathic pain'"),
        ({"findings": (SummaryRow("pain_intensity", "other"),)}, "this outcome has 'neuropathic pain'"),
        ({"certainty": (ReviewerStep("ae_nause", "imprecision", 0, "x"),)}, "did you mean 'ae_nausea'?"),
        (
            {"certainty": (ReviewerStep("ae_nausea", "imprecision", 0, "x", "migraine"),)},
            "'ae_nausea' in 'migraine'",
        ),
    ],
)
def test_what_the_analysis_has_not_is_one_sentence(bupropion, changes, sentence):
    """With what it has."""
    with pytest.raises(SpecError) as error:
        again(bupropion, **changes)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_risk_of_bias_holds_every_known_trial_once_with_its_share_of_the_weight(bupropion):
    """Katz 2005 is one of three trials and has no weight; the file's hash is kept."""
    found = bupropion.risk_of_bias
    assert {label: one.overall for label, one in found.everyone.items()} == {
        "Semenchuk 2001": "not assessed",
        "EudraCT 2019-000243-27": "not assessed",
        "Katz 2005": "high",
    }
    everything = found.pools[-1]
    assert everything.of_trials == pytest.approx({"high": 100 / 3, "not assessed": 200 / 3})
    assert everything.of_weight == {"not assessed": 100.0}
    assert found.pools[2].assessments == {}
    assert all(isinstance(one, Assessment) for one in found.everyone.values())
    assert len(found.sha256) == 64
