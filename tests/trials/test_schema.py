"""Columns and vocabularies: in code, in the file, and as types the same."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from bupmeta.trials import COLUMNS, words
from bupmeta.trials.schema import COLUMN_NAMES, GROUPS, PRINTED_NUMBERS

_TYPES = {
    "use": words.Use, "condition": words.Condition, "drug_class": words.DrugClass, "design": words.Design,
    "comparator_type": words.ComparatorType, "blinding": words.Blinding, "higher_is": words.HigherIs,
    "scale_basis": words.ScaleBasis,
    "value": words.ValueKind, "difference_sign": words.DifferenceSign, "p_relation": words.Relation,
    "p_about": words.PAbout, "favours": words.Favours, "ratio_measure": words.RatioMeasure,
    "source_kind": words.SourceKind, "extraction": words.Extraction,
}  # fmt: skip


@pytest.mark.parametrize("name", words.MEANINGS)
def test_a_vocabulary_is_the_same_as_type_and_in_the_schema(name):
    column = next(c for c in COLUMNS if c.name == name)
    assert column.words == tuple(words.MEANINGS[name])
    assert column.open == (name not in _TYPES)
    if not column.open:
        assert get_args(_TYPES[name]) == column.words


def test_names_are_unique_and_groups_stand_together_in_order():
    assert len(set(COLUMN_NAMES)) == len(COLUMN_NAMES)
    assert list(dict.fromkeys(c.group for c in COLUMNS)) == list(GROUPS)


def test_the_data_file_has_exactly_these_columns_in_this_order():
    header = Path("data/trials.csv").read_text(encoding="utf-8").splitlines()[0]
    assert tuple(header.split(",")) == COLUMN_NAMES


def test_printed_numbers_are_those_a_report_prints():
    assert {"n_active", "p", "ratio_ci_high"} <= set(PRINTED_NUMBERS)
    assert not {"year", "weeks", "n_randomized", "scale_max"} & set(PRINTED_NUMBERS)
