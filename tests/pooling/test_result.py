"""Results show the same fields everywhere."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, fields

import pytest

import bupmeta as bm


@pytest.fixture
def result(effects_of):
    """BCG log risk ratios under the default model."""
    return bm.pool(effects_of("bcg_rr"))


def test_text(result):
    """The terminal shows the caption and one row."""
    assert str(result).splitlines() == [
        "Random-effects (REML) meta-analysis of 13 trials, HK-adhoc interval",
        "",
        "Trials  Effect            95% CI      p  Prediction interval   tau²    95% CI of tau²  I² (from τ²)      Q  p of Q",  # noqa: E501 - as it is printed
        "──────  ──────  ────────────────  ─────  ───────────────────  ─────  ────────────────  ────────────  ─────  ──────",  # noqa: E501 - as it is printed
        "    13   −0.71  (−1.11 to −0.32)  0.002      (−2.00 to 0.57)  0.313  (0.120 to 1.111)           92%  152.2  <0.001",  # noqa: E501 - as it is printed
    ]


def test_one_trial_is_shown_with_empty_cells():
    """What one trial cannot tell is left empty, and the note says that nothing was pooled."""
    text = str(bm.pool(bm.Effects.from_arrays([0.5], [0.04])))
    assert text.startswith("One trial\n")
    assert text.endswith("one trial: reported, not pooled")
    assert "nan" not in text


def test_terminal_notebook_json_and_frame_have_one_set_of_fields(result):
    """Columns of the table, its JSON, HTML and DataFrame are the same fields."""
    table = result.table()
    keys = [column.key for column in table.columns]
    assert list(table.to_dict()["rows"][0]) == keys
    assert all(column.title in result._repr_html_() for column in table.columns)
    assert {name.removesuffix("_low").removesuffix("_high") for name in result.to_frame().columns} == set(
        keys
    )
    assert result.to_frame()["mu"].item() == result.mu


def test_dict_is_json_and_complete(result):
    """Every field but the effects' own text is there under its name, at ten digits."""
    named = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert set(named) == {f.name for f in fields(result)} - {"effects"} | {"studies", "measure", "unit"}
    assert named["ci"] == [-1.108443714, -0.3206209706]
    assert len(named["weights"]) == len(named["studies"]["y"]) == 13


def test_scalars_are_python_numbers(result):
    """No numpy scalar leaks out of a field."""
    for f in fields(result):
        value = getattr(result, f.name)
        parts = value if isinstance(value, tuple) else (value,)
        if f.name not in ("effects", "model", "weights"):
            assert all(type(part) in (int, float, str, type(None)) for part in parts), f.name


def test_study_table(result):
    """One row per trial with its interval and weight; the weights add to 100."""
    table = result.study_table()
    assert len(table.rows) == 13
    assert sum(row["weight"] for row in table.rows) == pytest.approx(100)
    assert table.rows[0]["ci"][0] < result.effects.y[0] < table.rows[0]["ci"][1]


def test_the_unit_is_in_the_title():
    """Effects in points say so in the column's title."""
    effects = bm.Effects.from_arrays([0.5, 0.2], [0.04, 0.1], unit="points")
    assert "Effect (points)" in str(bm.pool(effects))


def test_a_result_cannot_be_changed(result):
    """A result is a frozen value."""
    with pytest.raises(FrozenInstanceError):
        result.mu = 0.0


def test_heterogeneity_names_both_kinds_of_i2(effects_of):
    """BCG: I2 from tau2 92.2 %, from Q 100 (1 - 12/Q), H2 12.9 (metafor's I2, H2, QE in bcg_rr.json)."""
    result = bm.pool(effects_of("bcg_rr"))
    rows = {row["measure"]: row["estimate"] for row in result.heterogeneity().rows}
    assert list(rows) == ["τ²", "I² (from τ²), percent", "I² (from Q), percent", "H²"]
    assert rows["I² (from Q), percent"] == pytest.approx(100 * (1 - 12 / result.q))
    assert (rows["I² (from τ²), percent"], rows["H²"]) == (result.i2, result.h2)
    common = bm.pool(result.effects, bm.RandomEffects(tau2="EE"))
    assert "I² (from Q)" in [column.title for column in common.table().columns]
    assert [row["measure"] for row in common.heterogeneity().rows] == ["I² (from Q), percent", "H²"]
