"""Proposals of certainty: each step follows from its number, at its limit and not below it."""

from __future__ import annotations

from dataclasses import replace
from math import log, sqrt
from typing import get_args

import pytest
from scipy.stats import norm

from bupmeta.analysis.certainty import (
    DOMAINS,
    LEVELS,
    PROPOSALS,
    Body,
    Domain,
    InformationSize,
    Level,
    Override,
    Rules,
    Unseen,
    of_difference,
    of_ratio,
    rate,
)
from bupmeta.errors import ModelError

#: Nothing to object to: five trials at low risk of bias, precise and alike.
SOUND = Body(
    k=5, persons=1000, judged=("low",) * 5, weights=(20.0,) * 5, ci=(-1.9, -1.1), prediction=(-2.2, -1.05),
    i2=0.0, important=(-1.0, 1.0), needed=InformationSize(400, "one point"), unseen=Unseen(0, 5, 0, 1000),
)  # fmt: skip


def step(domain, body=SOUND, **changes):
    """Give what is proposed for one domain when the sound body is changed."""
    return PROPOSALS[domain](replace(body, **changes), Rules())


def test_options_are_the_keys_of_their_tables():
    """Every domain has a rule, a source and a place; every level a sign."""
    assert set(get_args(Domain)) == set(DOMAINS) == set(PROPOSALS)
    assert set(get_args(Level)) == set(LEVELS)


def test_sound_evidence_is_high():
    """No domain takes a level, and the words say nothing else."""
    assert rate(SOUND).words == "⊕⊕⊕⊕ high"


@pytest.mark.parametrize(
    ("judged", "weights", "wanted"),
    [
        (("low", "unclear"), (51.0, 49.0), 0),
        (("low", "unclear"), (50.0, 50.0), -1),
        (("low", "not assessed"), (50.0, 50.0), -1),
        (("low", "high"), (76.0, 24.0), 0),
        (("low", "high"), (75.0, 25.0), -1),
        (("low", "high"), (50.0, 50.0), -2),
        (("low", "high", "high"), (), -2),
        ((), (), 0),
    ],
)
def test_risk_of_bias_follows_the_weight(judged, weights, wanted):
    """A quarter at high risk costs one level, half two, half not known to be low one; without weights trials count."""
    assert step("risk of bias", judged=judged, weights=weights).step == wanted


@pytest.mark.parametrize(
    ("k", "i2", "prediction", "wanted"),
    [
        (5, 49.9, (-2.2, -1.05), 0),
        (5, 50.0, (-2.2, -1.05), -1),
        (5, 10.0, (-2.9, -0.9), -1),  # across the threshold of one point
        (5, 10.0, (-2.9, 0.2), -1),  # and across no effect
        (5, 75.0, (-2.9, 0.2), -2),  # from much benefit to harm
        (5, 75.0, (-2.9, -0.2), -1),  # some benefit everywhere
        (4, 10.0, (-9.0, 9.0), 0),  # the interval is not relied on
        (2, 60.0, None, -1),
        (1, None, None, 0),
    ],
)
def test_inconsistency_follows_i2_and_the_prediction_interval(k, i2, prediction, wanted):
    """I² of 50 costs one level, 75 two if new trials may show no effect; a line crossed anew costs one."""
    assert step("inconsistency", k=k, i2=i2, prediction=prediction).step == wanted


def test_a_line_that_the_mean_crosses_is_not_counted_as_inconsistency():
    """It is imprecision, and counted there."""
    wide = replace(SOUND, ci=(-1.4, 0.1), prediction=(-1.9, 0.6))
    assert step("inconsistency", wide).step == 0
    assert step("imprecision", wide).step == -2


@pytest.mark.parametrize(
    ("flags", "flagged", "wanted"),
    [
        ({}, 0.0, 0),
        ({"a": 0.49}, 0.49, 0),
        ({"a": 0.5}, 0.5, -1),
        ({"a": 0.3, "b": 0.3}, 0.6, -1),
        ({"a": 1.0, "b": 0.5}, 1.0, -2),
    ],
)
def test_indirectness_follows_the_flagged_weight(flags, flagged, wanted):
    """Half of the weight costs one level, for two reasons two."""
    assert step("indirectness", flags=flags, flagged=flagged).step == wanted


@pytest.mark.parametrize(
    ("ci", "persons", "wanted"),
    [
        ((-1.9, -1.1), 400, 0),
        ((-1.9, -1.1), 399, -1),  # below the optimal information size
        ((-1.9, -0.9), 9000, -1),
        ((-0.9, -0.1), 9000, 0),
        ((-0.9, 0.1), 9000, -1),
        ((-1.1, 0.1), 9000, -2),
        ((-2.0, 2.0), 9000, -2),
        (None, 0, -2),
    ],
)
def test_imprecision_follows_the_lines_crossed_then_the_information_size(ci, persons, wanted):
    """Each line inside the interval costs a level, two at most; only without one do the persons count."""
    assert step("imprecision", ci=ci, persons=persons).step == wanted


def test_ratios_have_the_thresholds_of_grade():
    """0.75 and 1.25 (Guyatt 2011), and are shown as ratios."""
    found = step("imprecision", ci=(log(0.7), log(0.8)), ratio=True, important=None)
    assert (found.step, "(0.70 to 0.80) crosses the threshold of 0.75" in found.trigger) == (-1, True)


@pytest.mark.parametrize(
    ("unseen", "k", "p", "wanted"),
    [
        (Unseen(1, 10, 99, 1000), 5, None, 0),
        (Unseen(1, 10, 100, 1000), 5, None, -1),
        (Unseen(1, 10, 0, 1000, unsized=1), 5, None, -1),  # a tenth of the trials, of unknown size
        (Unseen(1, 11, 0, 1000, unsized=1), 5, None, 0),
        (Unseen(0, 10, 0, 1000), 10, 0.1, 0),
        (Unseen(0, 10, 0, 1000), 10, 0.099, -1),
        (Unseen(0, 10, 0, 1000), 9, 0.001, 0),  # too few trials for the test
        (Unseen(), 0, None, 0),
    ],
)
def test_reporting_bias_follows_missing_persons_or_the_small_study_test(unseen, k, p, wanted):
    """At most one level."""
    assert step("reporting bias", unseen=unseen, k=k, small_study_p=p).step == wanted


def test_one_trial_is_very_low_and_the_words_say_why_first():
    """However sound it is."""
    one = rate(replace(SOUND, k=1, judged=("low",), weights=(100.0,), prediction=None, i2=None))
    assert one.words == "⊕◯◯◯ very low: one trial with an effect"
    none = rate(Body(0, 0, ("high",)))
    assert none.level == "very low"
    assert none.words.startswith("⊕◯◯◯ very low: no trial with an effect; risk of bias (−2)")


def test_a_reviewers_step_counts_and_the_proposal_stays_beside_it():
    """Also for the rule about one trial, which is not GRADE's."""
    found = rate(
        replace(SOUND, judged=("not assessed",) * 5), [Override("risk of bias", 0, "all trials read")]
    )
    (own,) = [one for one in found.domains if one.override is not None]
    assert (own.step, own.proposal.step, own.override.reason) == (0, -1, "all trials read")
    assert (found.level, found.proposed) == ("high", "moderate")
    lifted = rate(replace(SOUND, k=1), [Override("number of trials", -1, "a large trial")])
    assert lifted.level == "moderate"


def test_levels_end_at_very_low():
    """Steps below it are not counted."""
    assert rate(Body(0, 0, ("high",), unseen=Unseen(1, 1, 9, 9))).level == "very low"


def power(effect, se, alpha=0.05):
    """The power of a two-sided z test (scipy), the far tail left out as sample-size formulas do."""
    return norm.cdf(abs(effect) / se - norm.ppf(1 - alpha / 2))


@pytest.mark.parametrize(("difference", "sd"), [(1.0, 2.0), (-1.0, 1.95), (0.5, 2.75)])
def test_the_information_size_of_a_difference_has_the_power_and_one_person_less_has_not(difference, sd):
    """Recomputed from the power function, not from the formula."""
    each = of_difference(difference, sd).persons // 2
    assert power(difference, sd * sqrt(2 / each)) >= 0.8 > power(difference, sd * sqrt(2 / (each - 1)))


@pytest.mark.parametrize(("risk", "ratio"), [(0.3, 0.75), (0.04, 0.75), (0.2, 1.25)])
def test_the_information_size_of_a_ratio_has_the_power_and_one_person_less_has_not(risk, ratio):
    """Recomputed from the power function, with unpooled variances."""
    each, other = of_ratio(risk, ratio).persons // 2, risk * ratio
    spread = sqrt(risk * (1 - risk) + other * (1 - other))
    assert power(risk - other, spread / sqrt(each)) >= 0.8 > power(risk - other, spread / sqrt(each - 1))


def test_other_alpha_and_power_need_other_sizes():
    """They are settings, and the words name them."""
    strict = of_difference(1.0, 2.0, Rules(alpha=0.01, power=0.9))
    assert strict.persons > of_difference(1.0, 2.0).persons
    assert "two-sided alpha 0.01, power 0.90" in strict.assumed


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: of_difference(0, 2),
        lambda: of_difference(1, 0),
        lambda: of_ratio(0, 0.75),
        lambda: of_ratio(0.3, 1),
        lambda: of_ratio(0.9, 2),
    ],
)
def test_impossible_sizes_are_refused(impossible):
    """With the values that make them so."""
    with pytest.raises(ModelError, match="no information size for"):
        impossible()
