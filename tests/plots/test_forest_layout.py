"""What a forest plot says: rows, columns, numbers and words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bupmeta.effects import Effects
from bupmeta.errors import DataError
from bupmeta.plots import Block, forest_layout
from bupmeta.plots.forest_parts import ForestLayout

GOLDEN = ["one trial", "five trials", "blocks", "recovered", "all silent", "extreme", "ratios", "total"]


@pytest.mark.parametrize("name", GOLDEN)
def test_layout_reads_as_the_golden_text(name: str, cases: Any, described: Any, snapshot: Any) -> None:
    """The layout, drawn with letters, is the text in __snapshots__ that a person has read."""
    what, options = cases[name]()
    assert described(forest_layout(what, **options)) == snapshot


def test_no_text_says_nan_or_none(layout: ForestLayout) -> None:
    """What is missing is left out."""
    texts = [text for row in layout.rows for text in (*row.cells.values(), row.text, row.detail)]
    assert not [text for text in texts if "nan" in text.lower().split() or "None" in text]


def test_every_trial_has_its_row(cases: Any) -> None:
    """Trials with an effect and silent trials are all named, in their order."""
    layout = forest_layout(cases["blocks"]()[0])
    names = [row.cells["label"] for row in layout.rows if row.kind in ("study", "silent")]
    first = ["Semenchuk 2001", "EudraCT 2019-000243-27 (2019)", "Katz 2005"]
    assert names == [*first, "Arnold 2004", "Arnold 2005", "Chappell 2008", "Russell 2008", "Gendreau 2005"]


def test_one_trial_is_not_called_pooled(cases: Any) -> None:
    """One trial has no diamond, no weight and no heterogeneity, but a sentence."""
    layout = forest_layout(cases["one trial"]()[0])
    assert {row.kind for row in layout.rows} == {"heading", "study", "silent", "note"}
    assert layout.rows[-1].text == "One trial: reported, not pooled."
    assert "weight" not in {column.key for column in layout.columns}


def test_squares_have_areas_in_proportion_to_weight(cases: Any) -> None:
    """The largest square of a block has area 1, the others their weight over the largest (40, 10, 25, 20, 5)."""
    areas = [row.area for row in forest_layout(cases["five trials"]()[0]).rows if row.kind == "study"]
    assert areas == pytest.approx([1, 10 / 40, 25 / 40, 20 / 40, 5 / 40])


def test_a_trial_outside_the_pool_has_no_weight(cases: Any) -> None:
    """A block may show more trials than its pool; the others keep their effect and have no weight."""
    block = cases["five trials"]()[0]
    more = Effects.from_arrays(
        [*block.result.effects.y, 0.3], [0.1] * 6, [*block.result.effects.labels, "Late 2020"]
    )
    rows = [row for row in forest_layout(Block("", block.result, more)).rows if row.kind == "study"]
    assert "weight" not in rows[-1].cells
    assert rows[0].cells["weight"] == "40.0%"


@pytest.mark.parametrize(
    ("labels", "shown", "column"),
    [
        (["Ann 2001", "NCT123"], ["Ann 2001", "NCT123 (2002)"], False),
        (["Max 2001 (desipramine)", "EudraCT 2002-000243-27"], ["Max 2001 (desipramine)"], False),
        (["Ann", "Ben"], ["Ann", "Ben"], True),
    ],
)
def test_a_year_is_said_once(labels: list[str], shown: list[str], column: bool) -> None:
    """Years have a column unless a label says its own; then they stand in all labels."""
    from bupmeta.effects.core import Origin

    origin = [Origin(year=2001), Origin(year=2002)]
    layout = forest_layout(
        Block("", effects=Effects.from_arrays([0.1, 0.2], [0.1, 0.1], labels, origin=origin))
    )
    assert [row.cells["label"] for row in layout.rows[:2]][: len(shown)] == shown
    assert ("year" in [c.key for c in layout.columns]) is column


def test_a_row_links_to_its_data_row(cases: Any) -> None:
    """The link of a trial is the first row of the data file it came from."""
    links = {row.cells["label"]: row.link for row in forest_layout(cases["one trial"]()[0]).rows if row.link}
    assert links == {"Semenchuk 2001": "semenchuk2001_pain", "EudraCT 2019-000243-27 (2019)": "eudract_pain"}


def test_interval_level_follows_the_model(cases: Any) -> None:
    """At level 0.9 the studies' intervals and the column say 90%; 1.644854 is the normal 0.95 quantile."""
    from dataclasses import replace

    block = cases["five trials"]()[0]
    result = replace(block.result, model=replace(block.result.model, level=0.9))
    layout = forest_layout(result)
    study = next(row for row in layout.rows if row.kind == "study")
    assert study.interval == pytest.approx((-0.5 - 1.644854 * 0.2, -0.5 + 1.644854 * 0.2), abs=1e-6)
    assert "Effect (90% CI)" in [column.title for column in layout.columns]


def test_ratios_beside_differences_are_refused(cases: Any) -> None:
    """One axis cannot hold both."""
    with pytest.raises(DataError, match="cannot share the axis"):
        forest_layout([cases["ratios"]()[0], cases["one trial"]()[0]])


def test_no_block_is_refused() -> None:
    """An empty list is an error in one sentence."""
    with pytest.raises(DataError, match="at least one"):
        forest_layout([])


def test_effects_without_a_result_are_shown_and_not_pooled() -> None:
    """Effects alone are drawn, with the sentence that says so."""
    data = Effects.from_arrays([0.1, 0.2], np.array([0.1, 0.2]), ["A", "B"])
    assert [row.kind for row in forest_layout(Block("", effects=data)).rows] == ["study", "study", "note"]
