"""Benefits and harms side by side: signs, order, and rows for what nobody counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import bupmeta as bm
from bupmeta.analysis import read_spec
from bupmeta.analysis.benefit_harm import balance

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def rows(analysed):
    return balance(analysed("bupropion"))


def test_less_pain_is_a_gain_and_more_harm_a_cost(rows):
    """Semenchuk 2001: 1.7 points less. Dry mouth outside pain: 28/189 against 8/186, a cost of 105 of 1,000."""
    pain = next(one for one in rows if one.kind == "score" and one.k)
    assert (pain.condition, pain.gain) == ("neuropathic pain", pytest.approx(1.7))
    assert pain.ci[0] < pain.gain < pain.ci[1]
    dry = next(one for one in rows if one.outcome == "dry mouth" and one.kind == "outside")
    assert dry.gain == pytest.approx(-1000 * (28 / 189 - 8 / 186))
    assert dry.ci == (-dry.people.ci[1], -dry.people.ci[0])
    assert dry.ci[0] < dry.gain < dry.ci[1] < 0


def test_every_outcome_has_a_row(rows):
    """Also those that nobody counted, with the reason, and never a number."""
    spec = read_spec(ROOT / "analyses" / "bupropion.toml")
    assert {one.title for one in spec.outcomes} <= {one.outcome for one in rows}
    silent = {one.outcome: one.why for one in rows if one.gain is None}
    assert silent["seizure"] == "no trial counted it by group"
    assert silent["pain improved or much improved"] == "one group only"
    back = next(one for one in rows if one.condition == "chronic low back pain" and one.kind == "score")
    assert (back.gain, back.why) == (None, "not significant, no numbers")


def test_certainty_is_that_of_the_summary_of_findings(rows):
    """Rows of the summary have its level, in pain and outside it; the others have none."""
    rated = {(one.outcome, one.kind): one.certainty for one in rows if one.certainty}
    assert rated["pain intensity", "score"] in ("very low", "low", "moderate", "high")
    assert ("dry mouth", "outside") in rated
    assert ("dry mouth", "harm") not in rated
    assert ("constipation", "outside") not in rated


def test_a_benefit_keeps_its_sign():
    """At least half the pain in back pain: more responders are a gain."""
    spec = read_spec(ROOT / "analyses" / "antidepressants.toml")
    outcomes = tuple(one for one in spec.outcomes if one.outcome == "responder_50")
    small = replace(spec, multiverse=None, sensitivity=(), measures=("MD",), outcomes=outcomes, findings=())
    found = balance(bm.analyse(small))
    half = next(one for one in found if one.condition == "chronic low back pain" and one.kind == "benefit")
    assert half.gain == half.people.difference > 0
    assert half.k == 2
