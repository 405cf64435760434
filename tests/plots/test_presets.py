"""Journal presets: data that change columns, words, notation and colours, and no number."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from bupmeta.errors import DataError
from bupmeta.plots import PRESETS, Preset, forest, forest_layout, svg_text
from bupmeta.plots.forest_grid import grid
from bupmeta.plots.look import Look
from bupmeta.plots.style import house_style
from bupmeta.pooling import RandomEffects, pool
from bupmeta.table.notation import NOTATIONS, PresetName

JOURNALS: tuple[PresetName, ...] = ("RevMan", "BMJ", "JAMA")


@pytest.fixture(params=JOURNALS)
def journal(request: pytest.FixtureRequest) -> PresetName:
    name: PresetName = request.param
    return name


def lines(layout: Any, kind: str) -> list[dict[str, str]]:
    return [dict(row.cells) for row in layout.rows if row.kind == kind]


def test_no_preset_moves_a_number(journal: PresetName, case: Any) -> None:
    """Estimates, intervals, areas and the axis are those of the house; only how they are written differs."""
    what, options = case
    house, other = forest_layout(what, **options), forest_layout(what, preset=journal, **options)
    for one, two in zip(house.rows, other.rows, strict=True):
        assert (one.kind, one.estimate, one.interval, one.area) == (
            two.kind,
            two.estimate,
            two.interval,
            two.area,
        )
    assert [x for x, _ in house.axis.ticks] == [x for x, _ in other.axis.ticks]


def test_no_words_collide_or_leave_the_page(journal: PresetName, case: Any, apart: Any) -> None:
    """No two lines of text overlap in any preset, whatever their length, and all stay on the page."""
    what, options = case
    apart(forest_layout(what, preset=journal, **options))


# How each journal writes these, by the settings of that name in R's package meta (settings.meta, meta 8.2): brackets
# "[., .]", "(. to .)", "(.-.)"; heads; digits and leading zeros of P. The numbers are those of the conftest.
WRITTEN: dict[PresetName, tuple[str, str, str]] = {
    "RevMan": (
        "-0.41 [-0.94, 0.11]",
        "Total (95% CI)",
        "Heterogeneity: Tau² = 0.040; Chi² = 5.2, df = 4 (P = 0.26); I² = 23%.",
    ),
    "BMJ": (
        "−0.41 (−0.94 to 0.11)",
        "Total (95% CI)",
        "Test for heterogeneity: τ²=0.040; χ²=5.2, df=4, P=0.26; I²=23%.",
    ),
    "JAMA": (
        "−0.41 (−0.94 to 0.11)",
        "Random-effects model",
        "Heterogeneity: χ² = 5.2, df = 4 (P = .26); I² = 23%.",
    ),
}


def test_each_journal_writes_in_its_way(journal: PresetName, cases: Any) -> None:
    """The pooled row, its label and the line of heterogeneity, which also names the model."""
    what, options = cases["five trials"]()
    layout = forest_layout(what, preset=journal, **options)
    effect, label, line = WRITTEN[journal]
    (pooled,) = lines(layout, "pooled")
    assert pooled["effect"] == effect
    assert pooled["label"].replace("\u00a0", " ") == label
    (note,) = [row.text for row in layout.rows if row.kind == "note"]
    assert note.replace("\u00a0", " ").startswith(line)
    assert note.replace("\u00a0", " ").endswith("REML, HK-adhoc interval.")


def test_subtotals_and_totals_are_told_apart(journal: PresetName, cases: Any) -> None:
    """Beside other blocks a pool is a subtotal, and what has no studies of its own is the total."""
    what, options = cases["total"]()
    labels = [
        cells["label"].split()[0] for cells in lines(forest_layout(what, preset=journal, **options), "pooled")
    ]
    assert labels == ["Subtotal", "Total"]


def test_the_model_is_called_what_it_is(cases: Any) -> None:
    """JAMA's label of a pool says fixed where one effect is assumed in all trials."""
    data = cases["five trials"]()[0].data
    for tau2, label in (("EE", "Fixed-effect model"), ("REML", "Random-effects model")):
        layout = forest_layout(pool(data, RandomEffects(tau2=tau2, ci="Wald")), preset="JAMA")  # type: ignore[arg-type]  # two of its names
        assert lines(layout, "pooled")[0]["label"] == label


def test_silent_trials_stay(journal: PresetName, cases: Any) -> None:
    """A trial without an effect keeps its row, its reason and what it printed, and one trial is not pooled."""
    what, options = cases["blocks"]()
    layout = forest_layout(what, preset=journal, **options)
    silent = [row for row in layout.rows if row.kind == "silent"]
    assert [row.text for row in silent] == ["results not obtained", "not significant, no numbers"]
    assert silent[1].detail == "no difference"
    assert "One trial: reported, not pooled." in [row.text for row in layout.rows]


def test_columns_stand_in_the_order_of_the_preset(journal: PresetName, cases: Any) -> None:
    """Titles hold the words of the arms and the measure, and an empty column does not stand."""
    what, options = cases["ratios"]()
    keys = [column.key for column in forest_layout(what, preset=journal, **options).columns]
    assert keys == [c.key for c in PRESETS[journal].columns if c.key not in ("n_active", "n_control")]
    what, _ = cases["five trials"]()
    titles = [
        column.title for column in forest_layout(what, preset=journal, arms=("drug", "placebo")).columns
    ]
    assert any("Mean difference" in title for title in titles)
    assert any("rug" in title for title in titles)


def test_where_words_stand(cases: Any) -> None:
    """The favours-labels stand over the plot of JAMA, the words of the axis over those of RevMan and BMJ."""
    what, options = cases["five trials"]()
    for name in PRESETS:
        with house_style():
            layout = forest_layout(what, preset=name, **options)
            place = grid(layout, 720.0)
        top, bottom = place.plot_y
        heights = {words.text: words.y for words in place.words}
        (favours,) = [y for text, y in heights.items() if "favours bupropion" in text]
        assert (favours < top) == (name == "JAMA")
        assert (favours > bottom) == (name != "JAMA")
        above = [t for t, y in heights.items() if y < top and t == layout.axis.label]
        assert bool(above) == (name in ("RevMan", "BMJ"))


def test_hostile_labels_stay_text(journal: PresetName, cases: Any) -> None:
    """Markup, formulas, braces, 5,000 characters and text from right to left come out as characters."""
    what, options = cases["hostile"]()
    labels = ("{0.__class__}", "{k}{nobody}", *what.result.effects.labels[2:])
    named = replace(what.result.effects, labels=labels)
    shown = replace(what, result=replace(what.result, effects=named), title="{title}")
    options |= {"arms": ("{level}", "<i>"), "favours": ("{words}", "<script>alert(1)</script>")}
    svg = svg_text(forest(shown, preset=journal, **options))
    said = [
        element.text or "" for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    ]
    assert "<script" not in svg
    assert "{0.__class__}" in said
    assert "{k}{nobody}" in said
    assert "{title}" in said
    assert any("{words}" in text for text in said)
    assert any(text.startswith("=cmd()") for text in said)
    assert not re.search(r"x{400}", svg)


def test_a_preset_of_ones_own(cases: Any) -> None:
    """A changed copy of a preset is drawn like any other, with its colours in the figure."""
    what, options = cases["five trials"]()
    own = replace(PRESETS["BMJ"], look=Look("#123456"), pooled="All of them", notation=NOTATIONS["JAMA"])
    figure = forest(what, preset=own, **options)
    assert "#123456" in svg_text(figure)
    assert isinstance(own, Preset)
    assert [row["label"] for row in lines(forest_layout(what, preset=own, **options), "pooled")] == [
        "All of them"
    ]


def test_an_unknown_preset_is_refused(cases: Any) -> None:
    """The error names the presets there are."""
    with pytest.raises(DataError, match="house, RevMan, BMJ, JAMA"):
        forest(cases["one trial"]()[0], preset="Lancet")  # type: ignore[arg-type]  # what a caller may mistype


@pytest.mark.parametrize("name", list(PRESETS))
def test_every_preset_has_what_a_plot_needs(name: PresetName) -> None:
    """A name and an effect stand in every preset, and each key of a column is one that rows fill."""
    keys = [column.key for column in PRESETS[name].columns]
    assert (
        {"label", "effect"}
        <= set(keys)
        <= {"label", "year", "design", "n", "n_active", "n_control", "effect", "weight"}
    )
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("p", "written"),
    [
        (0.0701, " = .07"),
        (0.0042, " = .004"),
        (1e-9, " < .001"),
        (0.997, " > .99"),
        (1.0, " = 1.00"),
        (None, ""),
    ],
)
def test_p_values_of_jama(p: float | None, written: str) -> None:
    """Two digits, three below .01, never 0 or 1 when it is not, no leading zero (JAMA.pval of meta)."""
    assert NOTATIONS["JAMA"].p(p) == written
