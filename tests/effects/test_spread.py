"""The standard deviations of comparable trials."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bupmeta.effects import comparable_sds
from bupmeta.effects.measures import combine_arms
from bupmeta.effects.spread import FEWEST, printed_sds
from bupmeta.errors import ModelError


def test_they_are_named_and_one_per_trial(trials):
    """Endpoint scores of fibromyalgia: each trial once, named, within what 0-10 points can spread."""
    sds = comparable_sds(trials, "fibromyalgia", "endpoint")
    assert sds.of == "fibromyalgia"
    assert len(set(sds.trials)) == len(sds.trials) == len(sds.values) >= FEWEST
    assert all(0.5 < sd < 5 for sd in sds.values)
    assert sds.at("lower quartile") < sds.at("median") < sds.at("upper quartile")
    np.testing.assert_allclose(
        [sds.at("lower quartile"), sds.at("upper quartile")], np.quantile(sds.values, [0.25, 0.75])
    )


def test_arms_of_a_trial_are_pooled_and_scales_stretched(trials):
    """Graff-Radford 2000, 0-100: SDs 16.77 (n 11) and 24.99 (n 13) are 2.16 points together."""
    sds = comparable_sds(trials, "neuropathic pain", "endpoint")
    row = trials["graffradford2000_pain"]
    expected = math.sqrt((10 * 1.677**2 + 12 * 2.499**2) / 22)
    assert dict(zip(sds.trials, sds.values))[row.study] == pytest.approx(expected)


def test_a_shared_control_counts_once(trials):
    """Russell 2008: three dose arms and one placebo arm are four arms, not six."""
    rows = list(trials.select(trial="russell2008", outcome="pain_intensity", use="main"))
    arms = {arm for row in rows for arm in printed_sds(row)}
    assert len(arms) == 4
    n, sd = np.array(sorted(arms)).T
    _, _, together = combine_arms(n, np.zeros(4), sd)  # equal means: only the spread within arms
    sds = comparable_sds(trials, "fibromyalgia", "change")
    within = together * math.sqrt((n.sum() - 1) / (n.sum() - 4))
    assert dict(zip(sds.trials, sds.values))[rows[0].study] == pytest.approx(within)


def test_few_trials_give_way_to_all_conditions_and_it_is_said(trials):
    """Chronic low back pain has one trial with an endpoint SD: all conditions stand in, by name."""
    sds = comparable_sds(trials, "chronic low back pain", "endpoint")
    assert sds.of == "all conditions"
    assert "all conditions" in sds.named("median")
    assert len(sds.trials) > len(comparable_sds(trials, "neuropathic pain", "endpoint").trials)


def test_endpoint_and_change_are_kept_apart(trials):
    """No trial is in both, unless it printed both; percentages have no SD in points."""
    endpoint, change = (
        comparable_sds(trials, "fibromyalgia", kind).trials for kind in ("endpoint", "change")
    )
    assert not set(endpoint) & set(change)
    with pytest.raises(ModelError, match="in points"):
        comparable_sds(trials, "fibromyalgia", "percent change")


def test_nothing_at_hand_is_none(trials):
    """The bupropion rows print no SD."""
    assert comparable_sds(trials.select(drug="bupropion"), "neuropathic pain", "endpoint") is None


def test_one_trial_is_named_as_the_only_one(trials):
    """A single SD is no distribution, and the words say whose it is."""
    sds = comparable_sds(trials.select(trial="schukro2016"), "chronic low back pain", "endpoint")
    assert sds.named("median") == "SD 2.80 points of Schukro 2016, the only endpoint SD printed"


def test_the_table_shows_every_trial(trials):
    """One row per trial, smallest first, quartiles below."""
    sds = comparable_sds(trials, "neuropathic pain", "endpoint")
    text = str(sds.table())
    assert all(trial in text for trial in sds.trials)
    assert "median 1.95" in text
