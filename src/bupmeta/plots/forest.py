"""The forest plot: one call from a result, or blocks of results, to a figure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

from bupmeta.errors import DataError
from bupmeta.plots.forest_draw import draw
from bupmeta.plots.forest_layout import forest_layout
from bupmeta.plots.forest_parts import Band, Block, ForestLayout, Interval
from bupmeta.plots.presets import Preset, PresetName

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from bupmeta.pooling import MetaResult

__all__ = ["STYLES", "Style", "forest"]

Style = Literal["cochrane", "forestplot"]


def _cochrane(layout: ForestLayout, links: str) -> Figure:
    return draw(layout, links=links)


def _forestplot(layout: ForestLayout, links: str) -> Figure:  # noqa: ARG001 - that package draws no links
    from bupmeta.plots.forestplot_style import forestplot_figure

    return forestplot_figure(layout)


STYLES: dict[Style, Callable[[ForestLayout, str], Figure]] = {
    "cochrane": _cochrane,
    "forestplot": _forestplot,
}


def forest(
    what: MetaResult | Block | Sequence[Block],
    *,
    preset: PresetName | Preset = "house",
    style: Style = "cochrane",
    favours: tuple[str, str] = ("", ""),
    arms: tuple[str, str] = ("active", "control"),
    unit: str | None = None,
    title: str = "",
    band: Band | None = None,
    limits: Interval | None = None,
    digits: int = 2,
    links: str = "",
) -> Figure:
    """Draw the forest plot of one result, or of several blocks on one axis, 10 inches wide.

    `favours` are the words left and right of zero, `unit` the words under the axis (by default those of the
    effects), `preset` the columns, words, notation and colours (those of RevMan, BMJ or JAMA, or your own `Preset`),
    `arms` head the group sizes, `band` shades a range of effects, `limits` sets the axis (logarithms for ratios),
    `links` makes the trials' names link to that address followed by their data row. Raises DataError for an unknown
    style or preset, no block at all, or ratios beside differences.

    >>> from bupmeta import Effects, pool
    >>> result = pool(Effects.from_arrays([-0.4, -0.9, -0.2], [0.04, 0.09, 0.05]))
    >>> figure = forest(result, favours=("favours bupropion", "favours placebo"))
    >>> round(float(figure.get_figwidth()))
    10
    """
    if style not in STYLES:
        raise DataError(f"there is no forest plot style {style!r}; choose one of {', '.join(STYLES)}")
    layout = forest_layout(
        what,
        favours=favours,
        arms=arms,
        unit=unit,
        title=title,
        band=band,
        limits=limits,
        digits=digits,
        preset=preset,
    )
    return STYLES[style](layout, links)
