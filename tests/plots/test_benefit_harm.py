"""Benefits and harms on one page: right is better, what nobody counted keeps its row, nothing is cut."""

from __future__ import annotations

import pytest

from bupmeta.errors import DataError
from bupmeta.plots.benefit_harm import Gain, benefit_harm, benefit_harm_layout
from bupmeta.plots.save import figure_bytes
from bupmeta.plots.style import house_style

LONG = "an outcome whose name is far too long to stand beside its interval " * 4
SCALES = {
    "points": {
        "Pain": [Gain("back", "0.8 less", 0.8, (0.2, 1.4), "low", pooled=True), Gain("nerve", "no number")]
    },
    "people of 1,000": {
        "Responders": [Gain("half the pain", "94 more", 94.0, (35.0, 166.0), "moderate")],
        "Harms": [Gain("dry mouth", "105 more", -105.0, (-166.0, -46.0)), Gain("seizure", "not counted")],
    },
}


def test_each_scale_has_its_axis_and_each_group_its_title():
    """Rows in their order, a rule between groups, and the note under the last axis only."""
    layout = benefit_harm_layout(SCALES, "95% intervals.")
    assert [len(one.lines) for one in layout.scales] == [3, 5]
    assert layout.titles == (("Pain", "", ""), ("Responders", "", "Harms", "", ""))
    assert layout.certainty[1] == ("", "moderate", "", "", "")
    assert layout.scales[1].rules == (2,)
    assert [one.note for one in layout.scales] == ["", "95% intervals."]


def test_looks_tell_trials_from_pools_and_from_nothing():
    """A diamond for a pool, a square for a trial, words and no mark where no number is known."""
    layout = benefit_harm_layout(SCALES)
    assert [line.look for line in layout.scales[0].lines] == ["head", "pooled", "other"]
    assert [line.mu for line in layout.scales[1].lines] == [None, 94.0, None, -105.0, None]


def test_worse_is_left_of_the_line():
    """The axis says which way is better, and a harm lies on the other side."""
    layout = benefit_harm_layout(SCALES)
    low, high = layout.scales[1].limits
    assert low < -105 < 0 < 94 < high
    assert layout.scales[1].words.index("worse") < layout.scales[1].words.index("better")


def test_nothing_is_cut_and_bytes_are_the_same():
    """Long names and certainties are shortened, no word leaves the page, drawing twice gives the same SVG."""
    scales = {"people": {LONG: [Gain(LONG, "94 more (35 to 166 more)", 94.0, (35.0, 166.0), LONG)]}}
    figure = benefit_harm(scales, "95% intervals.")
    with house_style():
        box = figure.get_tightbbox()
        wide, high = figure.get_size_inches()
    assert box is not None
    assert (box.x0 > -0.01, box.x1 < wide + 0.01, box.y0 > -0.01, box.y1 < high + 0.01) == (True,) * 4
    assert figure_bytes(benefit_harm(SCALES), "svg") == figure_bytes(benefit_harm(SCALES), "svg")


def test_nothing_to_draw_is_refused():
    """No outcome, no picture."""
    with pytest.raises(DataError, match="no outcome to draw"):
        benefit_harm({"people": {"Harms": []}})
