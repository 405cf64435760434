"""From a forest layout to a matplotlib Figure: one axes for the words, one in data units for the plot."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from matplotlib.transforms import ScaledTranslation

from bupmeta.plots.axis import Axis
from bupmeta.plots.forest_grid import MARGIN, Grid, Words, grid
from bupmeta.plots.forest_parts import ForestLayout, Row
from bupmeta.plots.look import HOUSE, Look
from bupmeta.plots.style import BAND, LINE, RULE, Picture, house_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["arrows", "draw", "marks"]

LARGEST, SMALLEST = 11.0, 3.5  # sides of squares in points
DIAMOND, BRACKET = 5.5, 4.5  # half heights in points


def draw(layout: ForestLayout, *, width: float = 10.0, links: str = "") -> Picture:
    """Draw a layout as a figure `width` inches wide and as high as its rows need.

    With `links` (such as "#trial-") the name of a trial links to that address followed by its data row.
    """
    with house_style():
        place = grid(layout, 72 * width)
        figure = Picture(figsize=(place.width / 72, place.height / 72))
        page = figure.add_axes((0, 0, 1, 1), label="words")
        page.set(xlim=(0, place.width), ylim=(place.height, 0))
        page.set_axis_off()
        page.set_zorder(2)  # words over the lines of the plot
        (left, right), (top, bottom) = place.plot_x, place.plot_y
        box = (left / place.width, 1 - bottom / place.height)
        size = ((right - left) / place.width, (bottom - top) / place.height)
        plot = figure.add_axes((*box, *size), label="plot")
        plot.set_visible(not layout.empty)
        plot.set(xlim=(layout.axis.low, layout.axis.high), ylim=(bottom, top), yticks=[], facecolor="none")
        plot.spines["left"].set_visible(False)
        # the labels of the ticks are words of the page, placed with everything else
        plot.set_xticks([x for x, _ in layout.axis.ticks], [""] * len(layout.axis.ticks))
        _background(layout, place, page, plot)
        for number, (row, middle) in enumerate(zip(layout.rows, place.middles), start=1):
            marks(plot, row, middle, layout.axis, f"{row.kind}-{number}", look=layout.look)
        for words in place.words:
            _write(page, words, links)
    return figure


def _background(layout: ForestLayout, place: Grid, page: Axes, plot: Axes) -> None:
    for y in place.rules:
        page.plot([MARGIN, place.width - MARGIN], [y, y], color=layout.look.rule, lw=LINE["rule"], gid="rule")
    if layout.empty:
        return
    if layout.band is not None:
        low, high = max(layout.band.low, layout.axis.low), min(layout.band.high, layout.axis.high)
        if low < high:
            plot.axvspan(low, high, facecolor=BAND, edgecolor="none", zorder=0, gid="band")
        if (at := place.band_swatch) is not None:
            xs, ys = [MARGIN, MARGIN + 16, MARGIN + 16, MARGIN], [at - 4, at - 4, at + 4, at + 4]
            page.fill(xs, ys, facecolor=BAND, edgecolor=RULE, lw=LINE["rule"])
    plot.axvline(
        layout.axis.reference, color=layout.look.reference, lw=LINE["axis"], zorder=1, gid="reference"
    )


def _write(page: Axes, words: Words, links: str) -> None:
    text = page.text(
        words.x,
        words.y,
        words.text,
        ha=words.align,
        va="center_baseline",
        size=words.size,
        weight="bold" if words.bold else "normal",
        style="italic" if words.italic else "normal",
        color=words.colour,
        parse_math=False,
        zorder=5,
    )
    if words.opaque:
        text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 1.5})
    if links and words.link:
        text.set_url(links + words.link)


def marks(
    plot: Axes, row: Row, y: float, axis: Axis, gid: str = "", point: float = 1.0, look: Look = HOUSE
) -> None:
    """Draw what a row has on the axis: interval and square, diamond, thin bar or brackets, and arrows past its ends.

    `point` is how much of the vertical scale one point is.
    """
    if row.interval is None:
        return
    arrows(plot, row, y, axis, gid, look)
    (low, high), below, above = axis.clip(row.interval)
    if low > high:  # the whole interval is off the axis: only the arrow shows
        return
    if row.kind == "study":
        plot.plot(
            [low, high], [y, y], color=look.interval, lw=LINE["interval"], zorder=3, gid=f"{gid}-interval"
        )
        if row.estimate is not None and axis.low <= row.estimate <= axis.high:
            side = max(SMALLEST, LARGEST * math.sqrt(row.area))
            (square,) = plot.plot(
                [row.estimate], [y], marker="s", ms=side, mew=0, color=_square(look, axis), gid=gid
            )
            square.set(zorder=2.5, clip_on=False)
    elif row.kind == "pooled":
        _diamond(plot, row, y, axis, gid, DIAMOND * point, look)
    elif row.kind == "prediction":
        plot.plot(
            [low, high], [y, y], color=look.prediction, lw=LINE["prediction"], solid_capstyle="butt", gid=gid
        )
    elif row.kind == "admissible":
        plot.plot([low, high], [y, y], color=look.accent, lw=LINE["axis"], ls=(0, (2, 2)), zorder=3, gid=gid)
        serif, half = 0.008 * (axis.high - axis.low), BRACKET * point
        for past, end, inwards in ((below, low, serif), (above, high, -serif)):
            if not past:
                xs, ys = [end + inwards, end, end, end + inwards], [y - half, y - half, y + half, y + half]
                plot.plot(xs, ys, color=look.accent, lw=LINE["interval"], solid_joinstyle="miter", zorder=3)


def _square(look: Look, axis: Axis) -> str:
    return look.ratio if axis.ratio else look.study


def arrows(plot: Axes, row: Row, y: float, axis: Axis, gid: str = "", look: Look = HOUSE) -> None:
    """An arrowhead just outside the axis on each side where the row's interval goes on."""
    if row.interval is None:
        return
    _, below, above = axis.clip(row.interval)
    size = 8.0 if row.kind == "pooled" else 5.0
    own = {"study": _square(look, axis), "admissible": look.accent, "prediction": look.prediction}
    colour = own.get(row.kind, look.diamond if look.edge == "none" else look.edge)
    for past, end, marker, side in ((below, axis.low, "<", -1), (above, axis.high, ">", 1)):
        if past:
            outwards = ScaledTranslation(side * (size / 2 - 0.5) / 72, 0, plot.figure.dpi_scale_trans)
            (head,) = plot.plot([end], [y], marker=marker, ms=size, mew=0, color=colour, clip_on=False)
            head.set(transform=plot.transData + outwards, gid=f"{gid}-arrow-{'low' if side < 0 else 'high'}")


def _diamond(plot: Axes, row: Row, y: float, axis: Axis, gid: str, half: float, look: Look) -> None:
    """A diamond from one end of the interval to the other, cut straight where the axis ends."""
    assert row.estimate is not None
    assert row.interval is not None
    (low, high), peak = row.interval, row.estimate

    def height(x: float, end: float) -> float:
        """Half the height there: full at the estimate, falling to nothing at the true end."""
        return half * (1.0 if math.isinf(end) else (end - x) / (end - peak) if end != peak else 0.0)

    corners = [(x, height(x, end)) for x, end in ((max(low, axis.low), low), (min(high, axis.high), high))]
    if axis.low <= peak <= axis.high:
        corners.insert(1, (peak, half))
    outline = [(x, y - h) for x, h in corners] + [(x, y + h) for x, h in reversed(corners)]
    plot.fill(*zip(*outline), facecolor=look.diamond, edgecolor=look.edge, lw=LINE["axis"], zorder=3, gid=gid)
