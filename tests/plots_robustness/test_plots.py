"""The plots of refits and diagnostics: what they lay out, what they refuse, and that they draw the same each time."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pytest
from matplotlib.figure import Figure

from bupmeta import Effects, RandomEffects, designs, pool, refit
from bupmeta.errors import DataError, ModelError
from bupmeta.plots.baujat import baujat, baujat_layout
from bupmeta.plots.chart import effect_words, names_beside
from bupmeta.plots.drapery import drapery, drapery_layout
from bupmeta.plots.funnel import funnel, funnel_layout
from bupmeta.plots.gosh import WORDS, Heterogeneity, colours, gosh, gosh_layout
from bupmeta.plots.influence import influence, influence_layout
from bupmeta.plots.qq import qq, qq_layout
from bupmeta.plots.radial import radial, radial_layout
from bupmeta.plots.refits import refits, refits_layout
from bupmeta.plots.save import figure_bytes
from bupmeta.plots.style import house_style
from bupmeta.robustness import influence as diagnostics

RNG = np.random.default_rng(11)
EFFECTS = Effects.from_arrays(np.append(RNG.normal(0, 0.4, 9), 2.5), RNG.uniform(0.02, 0.3, 10), measure="OR")
RESULT = pool(EFFECTS)
LEFT_OUT, SUBSETS = refit(RESULT, designs.leave_one_out()), refit(RESULT, designs.subsets())
SMALL = pool(EFFECTS.take([0, 4, 9]))
DRAWN: dict[str, Callable[[Any], Figure]] = {
    "refits": lambda r: refits(refit(r, designs.leave_one_out())),
    "cumulative": lambda r: refits(refit(r, designs.cumulative("precision"))),
    "gosh": lambda r: gosh(refit(r, designs.subsets()), r.effects.labels[-1]),
    "gosh plain": lambda r: gosh(refit(r, designs.subsets()), y="tau2"),
    "baujat": baujat,
    "funnel": funnel,
    "radial": radial,
    "influence": influence,
    "qq": qq,
    "drapery": drapery,
}


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("result", [RESULT, SMALL], ids=["k=10", "k=3"])
def test_a_plot_has_the_same_bytes_every_time(name: str, result: Any) -> None:
    """Drawing twice gives the same SVG, without dates or random ids."""
    assert figure_bytes(DRAWN[name](result), "svg") == figure_bytes(DRAWN[name](result), "svg")


@pytest.mark.parametrize("name", DRAWN)
def test_text_stays_inside_the_page(name: str) -> None:
    """No word is cut off at the edge, with ten studies, with three, and with very long names."""
    long = Effects.from_arrays(SMALL.effects.y, SMALL.effects.v, [c * 60 for c in "abc"])
    for result in (RESULT, SMALL, pool(long)):
        figure = DRAWN[name](result)
        with house_style():
            box = figure.get_tightbbox()
            wide, high = figure.get_size_inches()
        assert box is not None
        assert box.x0 > -0.01
        assert box.y0 > -0.01
        assert box.x1 < wide + 0.01
        assert box.y1 < high + 0.01


def test_no_plot_needs_pyplot() -> None:
    """Figures are made without matplotlib's global state."""
    code = "import sys, bupmeta.plots.gosh, bupmeta.plots.refits, bupmeta.plots.drapery, bupmeta.plots.qq\n"
    code += "assert 'matplotlib.pyplot' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_refits_show_each_data_set_and_the_whole() -> None:
    """One row per study left out, on the scale of the ratio, and the pooled result with its interval as the band."""
    layout = refits_layout(
        LEFT_OUT, favours=("left", "right"), unit="odds", title="T", digits=3, limits=(-1.0, 1.0)
    )
    assert [row.cells["label"] for row in layout.rows] == [*EFFECTS.labels, "All trials"]
    assert layout.rows[0].estimate == LEFT_OUT.mu[0]
    assert layout.rows[0].cells["effect"].startswith(f"{math.exp(LEFT_OUT.mu[0]):.3f} (")
    assert layout.rows[-1].interval == RESULT.ci
    assert layout.band is not None
    assert (layout.band.low, layout.band.high) == RESULT.ci
    assert (layout.title, layout.favours, layout.axis.label) == ("T", ("left", "right"), "odds")
    assert (layout.axis.low, layout.axis.high) == (-1.0, 1.0)
    assert refits(LEFT_OUT, width=12.0).get_figwidth() == 12
    with pytest.raises(DataError, match=r"draw plots\.gosh"):
        refits_layout(SUBSETS)


def test_cumulative_refits_leave_one_study_without_heterogeneity() -> None:
    """The first row of a cumulative plot has no tau2 and no I2 to print."""
    layout = refits_layout(refit(RESULT, designs.cumulative()))
    assert layout.columns[0].title == "Trials added"
    assert layout.rows[0].cells["tau2"] == layout.rows[0].cells["i2"] == ""
    narrow = refits_layout(refit(RESULT, designs.cumulative()), limits=(-0.1, 0.1))
    assert ("Arrow" in narrow.key[0], "Arrow" in refits_layout(LEFT_OUT, limits=(-9.0, 9.0)).key[0]) == (
        True,
        False,
    )


def test_gosh_counts_every_data_set_of_two_or_more_studies_once() -> None:
    """With and without the study add up to 2^10 - 1 - 10, and the share with it is 2^9 - 1 of them."""
    layout = gosh_layout(SUBSETS, "study 10")
    assert layout.counts.sum() == 2**10 - 1 - 10
    assert layout.counts[1].sum() == 2**9 - 1
    assert layout.dots is None
    assert gosh_layout(SUBSETS).counts[1].sum() == 0


def test_gosh_reads_its_options() -> None:
    """`y` chooses the heterogeneity, `bins` the grain; what cannot be is refused."""
    layout = gosh_layout(SUBSETS, y="tau2", bins=31)
    assert layout.counts.shape == (2, 31, 31)
    assert layout.words[1] == "τ²"
    assert gosh(SUBSETS, bins=20).axes[0].get_images()[0].get_array().shape == (20, 20, 3)
    for wrong, said in (
        (lambda: gosh(SUBSETS, "nobody"), "no study 'nobody'"),
        (lambda: gosh(SUBSETS, y="q"), "no heterogeneity 'q'"),
        (lambda: gosh(SUBSETS, bins=1), "1 bins"),
        (lambda: gosh(refit(pool(EFFECTS.take([0])), designs.subsets())), "two studies"),
    ):
        with pytest.raises(DataError, match=said):
            wrong()
    assert set(get_args(Heterogeneity)) == set(WORDS)


def test_gosh_colours_say_share_and_number() -> None:
    """Empty cells are white, mixed ones lie between the hues, fuller ones are darker."""
    counts = np.array([[[0.0, 10, 0, 5, 1]], [[0.0, 0, 10, 5, 0]]])
    empty, without, present, mixed, few = colours(counts)[0]
    assert empty.tolist() == [1, 1, 1]
    assert mixed == pytest.approx((without + present) / 2)
    assert few.sum() > without.sum()


def test_gosh_draws_few_data_sets_as_dots() -> None:
    """Three studies have four subsets of two or more."""
    dots = gosh_layout(refit(SMALL, designs.subsets())).dots
    assert dots is not None
    assert dots.shape == (3, 4)


def test_baujat_names_what_stands_out() -> None:
    """The outlier has a name; marks lie inside the axes, which start at 0."""
    with house_style():
        layout = baujat_layout(RESULT)
    assert "study 10" in {name.text for name in layout.names}
    assert (layout.x < layout.limits[0]).all()
    assert (layout.y < layout.limits[1]).all()
    assert baujat_words(RandomEffects(tau2="EE", ci="Wald")) == "Contribution to Q"


def baujat_words(model: RandomEffects) -> str:
    with house_style():
        return baujat_layout(pool(EFFECTS, model)).words[0]


def test_names_never_overlap_each_other_or_a_mark() -> None:
    """In a crowd some marks stay nameless, and the first in order are served first."""
    x, y = np.tile(np.arange(6.0), 6) / 6, np.repeat(np.arange(6.0), 6) / 6
    with house_style():
        names = names_beside(["a rather long name"] * 36, x, y, (0, 1, 0, 1), (400, 300), range(36))
    assert 1 < len(names) < 36
    assert (names[0].x, names[0].y) == (0, 0)


def test_radial_reads_the_level_and_the_model() -> None:
    """The band is the normal quantile of the level; the axis of slopes is labelled with ratios."""
    with house_style():
        wide = radial_layout(pool(EFFECTS, RandomEffects(level=0.99)))
        common = radial_layout(pool(EFFECTS, RandomEffects(tau2="EE", ci="Wald")))
    assert wide.band == pytest.approx(2.5758293)  # standard normal tables, 0.995
    assert common.words[0] == "Precision, 1 / standard error"
    assert "1" in [text for _, text in common.ticks]
    assert wide.slope == pool(EFFECTS, RandomEffects(level=0.99)).mu


def test_influence_has_a_panel_per_diagnostic() -> None:
    """The values are those of robustness.influence, with its limits; the influential study is marked."""
    found = diagnostics(RESULT)
    with house_style():
        layout = influence_layout(RESULT)
    titles = {panel.title: panel for panel in layout.panels}
    assert titles["DFFITS"].values.tolist() == found.dffits.tolist()
    assert titles["DFFITS"].flags == (-found.limits["dffits"], found.limits["dffits"])
    assert titles["Leverage"].neutral == 0.1
    assert layout.influential.tolist() == found.influential.tolist()
    for panel in layout.panels:
        assert panel.ends[0] < panel.values.min() <= panel.values.max() < panel.ends[1]


def test_qq_marks_points_outside_the_band() -> None:
    """A narrower band has more points outside; the level is written under the plot."""
    with house_style():
        wide, narrow = qq_layout(RESULT, 0.99), qq_layout(RESULT, 0.5)
    assert narrow.outside.sum() > wide.outside.sum()
    assert any("50%" in text.get_text() for text in qq(RESULT, 0.5).texts)


def test_drapery_names_stand_apart_in_the_order_of_effects() -> None:
    """Names keep the order of the effects and a distance; heavier studies have heavier lines."""
    with house_style():
        layout = drapery_layout(RESULT)
    places = [place for _, _, place in layout.names]
    effects = [effect for _, effect, _ in layout.names]
    assert effects == sorted(EFFECTS.y.tolist())
    assert (np.diff(places) > 0).all()
    assert int(np.argmax(layout.widths)) == int(np.argmax(RESULT.weights))
    with house_style():
        many = drapery_layout(pool(Effects.from_arrays(RNG.normal(size=60), np.ones(60))))
    assert many.names == ()
    with pytest.raises(ModelError, match="PL"):
        drapery(pool(EFFECTS, RandomEffects(ci="PL")))


def test_effects_are_named_in_words() -> None:
    """A measure is spelled out, with its unit; an unknown one is named as it is."""
    assert effect_words(EFFECTS) == "Odds ratio"
    assert effect_words(Effects.from_arrays([1], [1], measure="SMCRP")) == "SMCRP"


def test_the_funnel_names_the_trials_outside_its_lines():
    """The last of ten effects is far from the others: it lies outside and is named; the lines are 1.96 wide."""
    with house_style():
        layout = funnel_layout(RESULT)
    named = {name.text for name in layout.names}
    outside = np.abs(layout.y - layout.mu) > layout.z * layout.se
    assert named <= {label for label, out in zip(EFFECTS.labels, outside) if out}
    assert EFFECTS.labels[-1] in named
    assert layout.z == pytest.approx(1.959964, abs=1e-6)
