"""Report forms: one registry, one union, one vocabulary; each field a column."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import pytest

from bupmeta.trials import FORMS, ReportForm, read_trials
from bupmeta.trials.forms import NotSignificant, alternatives, needed, optional
from bupmeta.trials.schema import COLUMN_NAMES
from bupmeta.trials.words import ReportFormName


def test_vocabulary_union_and_registry_name_the_same_forms():
    assert get_args(ReportFormName) == tuple(FORMS)
    assert get_args(ReportForm) == tuple(FORMS.values())


def test_no_form_is_a_special_case_of_another_so_the_order_of_cases_cannot_matter():
    for form in FORMS.values():
        assert [other for other in FORMS.values() if issubclass(form, other)] == [form]


@pytest.mark.parametrize("form", FORMS.values())
def test_every_field_is_a_column(form):
    assert {f.name for f in fields(form)} <= set(COLUMN_NAMES)
    assert {c for choice in alternatives(form) for c in choice} <= set(optional(form))
    assert not set(needed(form)) & set(optional(form))


def test_not_significant_has_no_place_for_a_p_value():
    assert "p" not in {f.name for f in fields(NotSignificant)}


def test_each_form_reads_into_its_own_type_with_the_printed_numbers(examples, write):
    trials = read_trials(write(examples))
    assert [type(r.form) for r in trials] == list(FORMS.values())
    form = trials[examples[0]["row"]].form
    assert (form.n_active, form.mean_active, form.sd_control) == (50, -2.0, 2.0)  # the example's own cells
