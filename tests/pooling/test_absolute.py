"""Absolute effects: worked examples of the Cochrane Handbook, and intervals that hold no effect."""

from __future__ import annotations

import math

import pytest

import bupmeta as bm
from bupmeta.errors import DataError, ModelError
from bupmeta.pooling.absolute import control_risk, nnt


def result(measure, y, v=0.01):
    return bm.pool(bm.Effects.from_arrays([y], [v], measure=measure))


@pytest.mark.parametrize(("measure", "ratio", "fewer"), [("RR", 0.92, 24), ("OR", 0.73, 62)])
def test_handbook_examples(measure, ratio, fewer):
    """Cochrane Handbook 15.4.4: at 300 per 1,000, a risk ratio of 0.92 is 24 fewer, an odds ratio of 0.73 62 fewer."""
    found = bm.absolute(result(measure, math.log(ratio)), 0.3, event="harm")
    assert round(-1000 * found.difference[0]) == fewer
    assert found.table().rows[0]["active"] == pytest.approx(300 - fewer, abs=0.5)


def test_a_risk_difference_is_the_same_at_every_risk():
    """RD 0.1 (0.02 to 0.18): NNTB 10 (6 to 50) at any control risk."""
    found = bm.absolute(
        result("RD", 0.1, (0.08 / 1.959964) ** 2), [0.2, bm.AssumedRisk(0.5, "a register")], event="benefit"
    )
    assert found.nnt == ("NNTB 10 (NNTB 6 to NNTB 50)",) * 2
    assert [row["source"] for row in found.table().rows] == ["assumed", "a register"]


@pytest.mark.parametrize(
    ("difference", "ci", "event", "words"),
    [
        (0.1, (0.05, 0.2), "benefit", "NNTB 10 (NNTB 5 to NNTB 20)"),
        (0.1, (0.05, 0.2), "harm", "NNTH 10 (NNTH 5 to NNTH 20)"),
        (-0.1, (-0.2, -0.05), "harm", "NNTB 10 (NNTB 5 to NNTB 20)"),
        (0.1, (-0.05, 0.25), "benefit", "NNTB 10 (NNTH 20 to ∞ to NNTB 4)"),
        (0.1, (-0.05, 0.25), "harm", "NNTH 10 (NNTH 4 to ∞ to NNTB 20)"),
        (0.1, (0.0, 0.25), "benefit", "NNTB 10 (∞ to NNTB 4)"),
        (0.0, (-0.1, 0.1), "benefit", "∞ (NNTH 10 to ∞ to NNTB 10)"),
    ],
)
def test_numbers_needed_to_treat_run_through_infinity(difference, ci, event, words):
    """Altman 1998: from harm over infinity to benefit where the interval of the difference holds 0."""
    assert nnt(difference, ci, event) == words


def test_risks_stay_between_0_and_1():
    """A risk ratio of 3 at a control risk of 0.5 is cut at certainty, and a note says so."""
    found = bm.absolute(result("RR", math.log(3)), 0.5, event="benefit")
    assert found.risk[0] == 1
    assert found.notes == ("at a control risk of 50.0% the risk with treatment is cut at 0 or 1",)
    assert "cut at 0 or 1" in str(found)


def test_prediction_intervals_come_along():
    """With five trials the prediction interval is shown too, and is wider than that of the mean."""
    effects = bm.Effects.from_arrays([-0.9, -1.6, -0.2, -1.4, -0.5], [0.3, 0.2, 0.1, 0.1, 0.1], measure="OR")
    found = bm.absolute(bm.pool(effects), 0.3, event="harm")
    assert (
        found.prediction[0][0]
        < found.ci[0][0]
        < found.difference[0]
        < found.ci[0][1]
        < found.prediction[0][1]
    )


def test_what_cannot_be_turned_into_risks_is_refused():
    """Another measure, a risk that is none, no risk, an unknown kind of event, a median risk of 0."""
    odds = result("OR", 0.1)
    for measure, risks, event, error in (
        ("MD", 0.2, "harm", ModelError), ("OR", 30, "harm", DataError), ("OR", [], "harm", DataError),
        ("OR", 0.2, "good", ModelError),
    ):  # fmt: skip
        with pytest.raises(error):
            bm.absolute(odds if measure == "OR" else result(measure, 0.1), risks, event=event)
    with pytest.raises(DataError, match="give AssumedRisk"):
        control_risk(bm.Tables.from_counts([1], [9], [0], [9]))
