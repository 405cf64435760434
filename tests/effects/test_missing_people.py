"""People without an outcome: who is known to be missing, and what they do to a ratio."""

from __future__ import annotations

from math import log
from pathlib import Path

import numpy as np
import pytest

import bupmeta as bm
from bupmeta.analysis.missing import missing_grid
from bupmeta.effects.missing_people import MissingPeople, effects_with_missing, missing_people
from bupmeta.errors import DataError

TRIALS = bm.read_trials(str(Path(__file__).parents[2] / "data" / "trials.csv"))
# Beasley and Selman of the example of metasens::metamiss (haloperidol against placebo): responders, others, missing.
TABLES = bm.Tables.from_counts([29, 17], [47, 18], [20, 7], [34, 11], ["Beasley", "Selman"])
LOST = [MissingPeople("Beasley", 22, 34, "counted"), MissingPeople("Selman", 11, 18, "counted")]


def found(outcome: str) -> dict[str, MissingPeople]:
    return {one.label: one for one in missing_people(TRIALS, bm.event_tables(TRIALS, outcome=outcome))}


def test_missing_people_are_known_from_crossovers_and_percentages_and_other_rows():
    """Kishore-Kumar 1990: 19 of 26; Skljarevski 2010a: 109 of 115 fit 38.5 %; Miki 2016: 211 and 211 of 215 and 215."""
    relief = found("responder_moderate_relief")["Kishore-Kumar 1990"]
    assert (relief.active, relief.control, relief.how) == (
        7,
        7,
        "a crossover of 26 people, each to get every treatment",
    )
    half = found("responder_50")["Skljarevski 2010a"]
    assert (half.active, half.control) == (6, 0)
    third = found("responder_30")
    assert (third["Miki 2016"].active, third["Miki 2016"].control) == (4, 4)
    assert not third["Arnold 2005"].any  # 118 + 116 + 120 are the 354 randomized


def test_two_treatments_of_one_crossover_miss_the_same_people_twice():
    """Vrethem 1997: 33 of 37 on amitriptyline, on maprotiline and on placebo."""
    one = found("responder_any_relief")["Vrethem 1997"]
    assert (one.active, one.control) == (8, 4)


def test_what_was_not_printed_is_not_guessed():
    """Max 1991 does not say how many were randomized, Carette 1994 not how many of 208 to each group."""
    assert found("responder_moderate_relief")["Max 1991"].active is None
    one = found("responder_composite")["Carette 1994"]
    assert (one.active, one.control) == (None, None)
    assert "208 were randomized in the whole trial" in one.how


def test_failures_give_the_ratio_of_all_randomized_and_alike_the_observed():
    """Odds ratio 0: 29/69 against 20/68. Odds ratio 1: the table itself, estimate and variance."""
    failures = effects_with_missing(TABLES, LOST, (0, 0), "RR")
    assert failures.y[0] == pytest.approx(log(29 / 69 / (20 / 68)), rel=1e-12)
    assert failures.v[0] == pytest.approx((1 - 29 / 69) / 29 + (1 - 20 / 68) / 20, rel=1e-12)
    for measure in ("RR", "OR", "RD"):
        alike, observed = effects_with_missing(TABLES, LOST, (1, 1), measure), TABLES.effects(measure)
        np.testing.assert_allclose(alike.y, observed.y, rtol=1e-12)
        np.testing.assert_allclose(alike.v, observed.v, rtol=1e-12)


def test_an_odds_ratio_of_two_is_what_it_says():
    """The missing 22 of Beasley have odds 2 * 29/18, so a risk of 58/76; all 69: (29 + 22 * 58/76)/69."""
    p1, p2 = (29 + 22 * 58 / 76) / 69, 20 / 34
    y = effects_with_missing(TABLES, LOST, (2, 1), "RR").y[0]
    assert y == pytest.approx(log(p1 / p2), rel=1e-12)


def test_best_and_worst_cases_bound_everything_between():
    """All missing responders on active and none on control, and the other way around."""
    best = effects_with_missing(TABLES, LOST, (np.inf, 0), "RR").y
    worst = effects_with_missing(TABLES, LOST, (0, np.inf), "RR").y
    assert best[0] == pytest.approx(log(51 / 69 / (20 / 68)), rel=1e-12)
    assert worst[0] == pytest.approx(log(29 / 69 / (54 / 68)), rel=1e-12)
    for imor in ((0.5, 2), (1, 1), (2, 0.5)):
        assert (worst < effects_with_missing(TABLES, LOST, imor, "RR").y).all()
        assert (effects_with_missing(TABLES, LOST, imor, "RR").y < best).all()


def test_a_negative_odds_ratio_and_another_number_of_trials_are_refused():
    """One sentence each."""
    with pytest.raises(DataError, match="negative odds ratio"):
        effects_with_missing(TABLES, LOST, (-1, 0))
    with pytest.raises(DataError, match="1 numbers of missing people for 2 trials"):
        effects_with_missing(TABLES, LOST[:1], (1, 1))


def test_the_grid_crosses_both_groups_and_names_its_span():
    """Four odds ratios per group make 16 pools; missing failures on active alone give the lowest ratio."""
    tables = bm.event_tables(TRIALS, outcome="responder_moderate_relief")
    grid = missing_grid(TRIALS, tables, "RR", [1.0, 0.5, 2.0, 0.0], 0.95)
    assert grid is not None
    assert len(grid.rows) == 16
    assert grid.span is not None
    assert [row.imor for row in grid.span] == [(0.0, 2.0), (2.0, 0.0)]
    assert missing_grid(TRIALS, tables, "RR", [], 0.95) is None


def test_where_nobody_is_missing_nothing_is_crossed():
    """Withdrawals of Gao 2010 are of all who started."""
    tables = bm.event_tables(TRIALS.select(trial="gao2010"), outcome="withdrawal_any")
    grid = missing_grid(TRIALS, tables, "RR", [1.0, 0.0], 0.95)
    assert grid is not None
    assert (grid.rows, grid.span) == ((), None)
