"""The flow diagram holds every word, however many boxes there are and however long the words."""

from __future__ import annotations

from bupmeta.plots import flow, svg_text
from bupmeta.plots.flow import Box, FlowLayout


def test_every_box_is_drawn_inside_the_figure():
    """Long and hostile words are broken inside their box, and no box leaves the page."""
    words = "<script>alert(1)</script> " + "word " * 80
    layout = FlowLayout(
        (Box("9 results", (words,)), Box("4 results")),
        (Box("5 left out", (words,)),),
        tuple(Box(t) for t in "abcd"),
    )
    figure = flow(layout)
    (axes,) = figure.axes
    right, bottom = axes.get_xlim()[1], axes.get_ylim()[0]
    boxes = [patch for patch in axes.patches if hasattr(patch, "get_height")]
    assert len(boxes) == 7
    for box in boxes:
        assert box.get_x() >= 0
        assert box.get_x() + box.get_width() <= right
        assert box.get_y() >= 0
        assert box.get_y() + box.get_height() <= bottom
    assert "<script>" not in svg_text(figure, "Flow", "d", "flow")


def test_a_flow_without_filters_or_conditions_is_still_drawn():
    """One box alone is a diagram."""
    assert len(flow(FlowLayout((Box("3 results"),), (), ())).axes[0].texts) == 1
