"""Adverse events as dots: what stands in each row, and that nothing is cut."""

from __future__ import annotations

from math import log

import pytest

from bupmeta import Tables
from bupmeta.errors import DataError
from bupmeta.plots.adverse_events import EventRow, adverse_events, adverse_events_layout
from bupmeta.plots.save import figure_bytes
from bupmeta.plots.style import house_style

# Counts of the trial in data/trials.csv that is not about pain; the ratios are those of bupropion.md, section 3.4.
COUNTS = ([123, 28, 16, 19, 9, 0], [189] * 6, [103, 8, 15, 13, 0, 0], [186] * 6)
EVENTS = ("any", "dry mouth", "nausea", "headache", "tremor", "rash")
TRIAL = Tables.from_counts(*COUNTS, EVENTS)
LONG = "an event whose name is far too long to stand beside its dots " * 4


def test_ratios_are_the_published_ones_and_risks_are_percent():
    """RR 1.18 (1.00-1.39), 3.44 (1.61-7.36), 1.05 (0.53-2.06), 1.44 (0.73-2.83) of the evidence notes."""
    layout = adverse_events_layout(TRIAL)
    assert [line.words for line in layout.rows.lines][:4] == [
        "1.18 (1.00 to 1.39)",
        "3.44 (1.61 to 7.36)",
        "1.05 (0.53 to 2.06)",
        "1.44 (0.73 to 2.83)",
    ]
    assert layout.risks[1] == (pytest.approx(100 * 28 / 189), pytest.approx(100 * 8 / 186))


def test_groups_without_events_are_marked_and_have_no_invented_ratio():
    """One empty group: 1/2 is added, which a sign and the note say; none in both: words and no interval."""
    lines = adverse_events_layout(TRIAL).rows.lines
    assert (lines[4].name, lines[4].mu) == (
        "tremor †",
        pytest.approx(log(9.5 / 190 / (0.5 / 187)), rel=1e-12),
    )
    assert "1/2 added" in adverse_events_layout(TRIAL).rows.note
    assert (lines[5].name, lines[5].mu, lines[5].words) == ("rash", None, "no events in both arms")


def test_groups_have_titles_and_pools_are_diamonds():
    """What is not about pain stands under its own title, below a rule."""
    pooled = EventRow("withdrawal", 0.25, 0.125, 1.0, (0.6, 1.4), pooled=True)
    layout = adverse_events_layout(
        {"Pain": [pooled], "Not pain": [EventRow("nausea", 0.5, 0.5, 0.0, (-1, 1))]}
    )
    assert layout.titles == ("Pain", "", "Not pain", "")
    assert [line.look for line in layout.rows.lines] == ["head", "pooled", "head", "trial"]
    assert layout.rows.rules == (2,)
    assert layout.risks == (None, (25.0, 12.5), None, (50.0, 50.0))


def test_nothing_is_cut_and_bytes_are_the_same():
    """Long names are shortened, no word leaves the page, and drawing twice gives the same SVG."""
    what = {LONG: [EventRow(LONG, 0.2, 0.1, 0.7, (0.1, 1.3)), EventRow("none", 0.0, 0.0, words="no events")]}
    figure = adverse_events(what, arms=(LONG, "placebo"))
    with house_style():
        box = figure.get_tightbbox()
        wide, high = figure.get_size_inches()
    assert box is not None
    assert (box.x0 > -0.01, box.x1 < wide + 0.01, box.y0 > -0.01, box.y1 < high + 0.01) == (True,) * 4
    assert figure_bytes(figure, "svg") == figure_bytes(adverse_events(what, arms=(LONG, "placebo")), "svg")


def test_nothing_to_draw_is_refused():
    """No event, no picture."""
    with pytest.raises(DataError, match="no event to draw"):
        adverse_events({"Pain": []})
