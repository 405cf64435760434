"""Tables of counts: what is refused, what is added to empty cells, what stays silent."""

from __future__ import annotations

import numpy as np
import pytest

import bupmeta as bm
from bupmeta.effects.counts import COUNTS
from bupmeta.errors import DataError


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (([5], [4], [1], [9]), "'Ann' has 5 events among the 4 people of n_active"),
        (([1], [4], [-1], [9]), "events_control of 'Ann' is -1"),
        (([1.5], [4], [1], [9]), "events_active of 'Ann' is 1.5"),
        (([0], [0], [1], [9]), "n_active of 'Ann' is 0"),
        (([np.nan], [4], [1], [9]), "events_active of 'Ann' is nan"),
        (([1, 2], [4], [1], [9]), "events_active has 2 numbers and n_active has 1"),
        (([], [], [], []), "there is no trial"),
        (([[1]], [4], [1], [9]), "2 dimensions"),
        ((["x"], [4], [1], [9]), "sequence of whole numbers"),
    ],
)
def test_impossible_counts_are_refused_with_the_trial(counts, words):
    with pytest.raises(DataError, match=words.replace("(", r"\(")):
        bm.Tables.from_counts(*counts, labels=["Ann"])


def test_labels_must_be_as_many_as_trials_and_differ():
    for labels in (["Ann"], ["Ann", "Ann"]):
        with pytest.raises(DataError, match="label"):
            bm.Tables.from_counts([1, 2], [9, 9], [1, 2], [9, 9], labels)


@pytest.mark.parametrize("measure", COUNTS)
def test_estimates_are_those_of_single_reports(measure):
    """`effects` and the functions that read reports (effects/counts.py) give the same numbers, empty cells and all."""
    e1, n1, e2, n2 = [4, 0, 7], [123, 60, 12], [11, 5, 3], [139, 58, 15]
    effects = bm.Tables.from_counts(e1, n1, e2, n2).effects(measure)
    y, v = COUNTS[measure](e1, n1, e2, n2)
    np.testing.assert_allclose([effects.y, effects.v], [y, v])


def test_what_was_added_stands_with_the_trial():
    """The rule is named where it changed something, and only there; without one the trial is silent with the reason."""
    tables = bm.Tables.from_counts([0, 4], [40, 50], [3, 6], [41, 52], ["Ann", "Ben"])
    effects = tables.effects("OR")
    assert [one.assumption for one in effects.origin] == ["0.5 in trials with a zero", ""]
    assert effects.origin[0].formula == "OR of 0/40 against 3/41"
    bare = tables.effects("OR", "none")
    assert [(one.label, one.kind) for one in bare.silent] == [
        ("Ann", "an empty cell, and nothing added to it")
    ]
    assert tables.effects("AS").silent == tables.effects("PETO").silent == ()


def test_unknown_measures_and_rules_are_refused():
    tables = bm.Tables.from_counts([1], [9], [2], [9])
    for options in (("HR",), ("OR", "half")):
        with pytest.raises(DataError, match="not known"):
            tables.effects(*options)


def test_effects_of_nothing_but_empty_trials_hold_no_estimate():
    effects = bm.Tables.from_counts([0], [9], [0], [9]).effects("RR")
    assert (len(effects), len(effects.silent)) == (0, 1)
