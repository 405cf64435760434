"""The drawing: read back from the figure and its SVG, never from pixels."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest

from bupmeta.plots import forest, forest_layout, svg_text
from bupmeta.plots.forest_draw import LARGEST, draw
from bupmeta.plots.forest_grid import grid
from bupmeta.plots.forest_parts import ForestLayout
from bupmeta.plots.style import house_style

SVG = "{http://www.w3.org/2000/svg}"


def test_no_words_collide_or_leave_the_page(layout: ForestLayout, apart: Any) -> None:
    """No two lines of text overlap, whatever their length, and all stay on the page."""
    assert apart(layout) == pytest.approx(720.0, abs=60)


def test_columns_of_text_stay_clear_of_the_plot(layout: ForestLayout, box: Any) -> None:
    """Only notes and headings, which hide what is behind them, may reach into the plot."""
    with house_style():
        place = grid(layout, 720.0)
        for words in place.words:
            left, right, _, _ = box(words)
            inside = right > place.plot_x[0] and left < place.plot_x[1]
            if inside and place.plot_y[0] < words.y < place.plot_y[1]:
                assert words.opaque, words.text


def test_every_word_is_text_in_the_svg(case: Any) -> None:
    """Names, numbers and reasons are text that can be selected, searched and read aloud."""
    what, options = case
    figure = forest(what, **options)
    with house_style():
        words = [w.text for w in grid(forest_layout(what, **options), 720.0).words]
    said = [element.text for element in ElementTree.fromstring(svg_text(figure)).iter(f"{SVG}text")]
    assert sorted(said) == sorted(words)


def test_hostile_labels_stay_text(cases: Any) -> None:
    """Markup, formulas and mathtext in labels come out as the characters they are."""
    what, options = cases["hostile"]()
    svg = svg_text(forest(what, **options), title="<script>", desc='"><script>alert(1)</script>')
    tags = {element.tag.removeprefix(SVG) for element in ElementTree.fromstring(svg).iter()}
    assert tags <= {"svg", "g", "defs", "path", "use", "clipPath", "rect", "text", "title", "desc"}
    assert "<script" not in svg
    assert "$x_1^2$ &amp; $" in svg


def artists(figure: Any, gid: str) -> Any:
    found = [a for a in figure.findobj() if a.get_gid() == gid]
    assert len(found) == 1, gid
    return found[0]


def test_marks_stand_where_the_numbers_say(cases: Any) -> None:
    """Squares, intervals, diamond and bar have the coordinates of the layout, in data units."""
    what, options = cases["five trials"]()
    layout, figure = forest_layout(what, **options), forest(what, **options)
    for i, row in enumerate(layout.rows, start=1):
        if row.kind == "study":
            assert row.interval is not None
            assert artists(figure, f"study-{i}").get_xdata()[0] == row.estimate
            assert artists(figure, f"study-{i}-interval").get_xdata() == pytest.approx(row.interval)
            side = artists(figure, f"study-{i}").get_markersize()
            assert side == pytest.approx(max(3.5, LARGEST * math.sqrt(row.area)))  # 3.5: the smallest side
    # mu -0.41 (-0.94 to 0.11), prediction -1.15 to 0.32: what the conftest gives
    xs = [
        x
        for i, r in enumerate(layout.rows, 1)
        if r.kind == "pooled"
        for x, _ in artists(figure, f"pooled-{i}").get_xy()
    ]
    assert sorted(set(xs)) == [-0.94, -0.41, 0.11]
    bar = next(i for i, r in enumerate(layout.rows, 1) if r.kind == "prediction")
    assert artists(figure, f"prediction-{bar}").get_xdata() == pytest.approx((-1.15, 0.32))


def test_an_arrow_marks_each_cut_end(cases: Any) -> None:
    """The wild trial and the prediction interval have two arrows each, the others none."""
    what, options = cases["extreme"]()
    gids = [a.get_gid() for a in forest(what, **options).findobj() if a.get_gid()]
    ends = [f"{row}-arrow-{end}" for row in ("prediction-6", "study-4") for end in ("high", "low")]
    assert sorted(gid for gid in gids if "arrow" in gid) == ends


def test_a_recovered_trial_has_a_bracket_at_its_closed_end(cases: Any) -> None:
    """An interval above -1.1 has one bracket, there, an arrow at the open end, and no square."""
    what, options = cases["recovered"]()
    figure = forest(what, **options)
    gids = [a.get_gid() for a in figure.findobj() if a.get_gid()]
    assert not [g for g in gids if g.startswith("study")]
    brackets = [line for line in figure.axes[1].lines if len(line.get_xdata()) == 4]
    assert [line.get_xdata()[1] for line in brackets] == [-1.1]
    assert [gid.split("-", 2)[2] for gid in gids if "arrow" in gid] == ["arrow-high"]


def test_all_silent_draws_no_axis(cases: Any) -> None:
    """Where nothing is known there is no zero line, no tick and no favours-label."""
    what, options = cases["all silent"]()
    figure = forest(what, **options)
    assert not figure.axes[1].get_visible()
    assert "favours" not in svg_text(figure)


def test_names_link_to_their_data_rows(cases: Any) -> None:
    """With `links` each trial's name is a link inside the page."""
    what, _ = cases["one trial"]()
    svg = svg_text(forest(what, links="#row-"))
    assert 'href="#row-semenchuk2001_pain"' in svg
    assert 'href="#row-eudract_pain"' in svg


def test_settings_of_the_caller_neither_change_nor_matter(cases: Any) -> None:
    """rcParams stay as they were, and a caller's style does not reach the figure."""
    what, options = cases["five trials"]()
    plain = svg_text(forest(what, **options))
    with mpl.rc_context(
        {"font.size": 30, "savefig.bbox": "tight", "axes.facecolor": "red", "text.color": "red"}
    ):
        before = dict(mpl.rcParams)
        assert svg_text(forest(what, **options)) == plain
        assert dict(mpl.rcParams) == before


def test_the_house_style_needs_no_pyplot() -> None:
    """Drawing and saving never load pyplot, which has global state and may want a screen."""
    code = (
        "import sys, bupmeta.plots as p; from bupmeta.effects import Effects\n"
        "f = p.forest(p.Block('', effects=Effects.from_arrays([0.1], [0.2], ['A'])))\n"
        "assert p.svg_text(f).startswith('<svg') and f._repr_html_()\n"
        "assert 'matplotlib.pyplot' not in sys.modules and 'forestplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_a_narrow_figure_grows_rather_than_collides(cases: Any) -> None:
    """Asked for 4 inches, the columns still get the width their numbers need."""
    what, options = cases["five trials"]()
    figure = draw(forest_layout(what, **options), width=4.0)
    assert figure.get_figwidth() > 4.0
    assert np.isfinite(figure.get_size_inches()).all()
