"""The collection of results: lookup, selection, table and frame."""

from __future__ import annotations

import dataclasses

import pytest

from bupmeta.errors import DataError, SpecError
from bupmeta.trials import read_trials


@pytest.fixture
def trials(row, write):
    rows = [
        row(),
        row("not_significant", row="a2001_relief", outcome="pain_relief"),
        row("p_only", row="b2002_pain", trial="b2002", study="Trial B 2002", year="2002", drug_class="SNRI",
            drug="duloxetine", condition="neuropathic pain"),
    ]  # fmt: skip
    return read_trials(write(rows))


def test_rows_are_found_by_name_and_by_trial(trials):
    assert len(trials) == 3
    assert "a2001_pain" in trials
    assert "c" not in trials
    assert trials["b2002_pain"].study == "Trial B 2002"
    assert [r.row for r in trials.trial("a2001")] == ["a2001_pain", "a2001_relief"]
    assert trials.keys == ("a2001", "b2002")


def test_a_name_that_is_not_there_is_refused_with_a_guess(trials):
    with pytest.raises(DataError, match="has no row `a2001_pian`; did you mean `a2001_pain`"):
        trials["a2001_pian"]
    with pytest.raises(DataError, match="has no trial `a2011`; did you mean `a2001`"):
        trials.trial("a2011")


def test_select_takes_a_value_or_several_and_empty(trials):
    assert len(trials.select(outcome="pain_intensity")) == 2
    assert len(trials.select(drug_class=("SNRI", "NDRI"), year=2001)) == 2
    assert len(trials.select(superseded_by="")) == len(trials.select(superseded_by=None)) == 3
    assert len(trials.select(use="subgroup")) == 0


def test_select_refuses_columns_and_words_that_do_not_exist(trials):
    with pytest.raises(SpecError, match="no column `druk`; did you mean `drug`"):
        trials.select(druk="bupropion")
    with pytest.raises(SpecError, match="`fibromialgia` is not a word of column `condition`; did you mean"):
        trials.select(condition="fibromialgia")


def test_results_are_frozen(trials):
    with pytest.raises(dataclasses.FrozenInstanceError):
        trials["a2001_pain"].year = 2000


def test_frame_and_table_show_the_rows(trials):
    frame = trials.to_frame()
    assert frame.shape == (3, 74)  # rows of the fixture, columns of the schema
    assert frame.loc[0, "difference"] == -0.5
    assert "Bupropion" not in str(trials.table())
    assert "duloxetine" in str(trials.table())
    assert repr(trials).startswith("<Trials: 3 results of 2 trials")
