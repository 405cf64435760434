"""Intervals under each other on one axis, with a name on the left and words on the right of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from bupmeta.plots.chart import Tick
from bupmeta.plots.style import FONT, INK, LINE, MUTED, POOLED, RULE, STUDY, Picture
from bupmeta.plots.text import fit, width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "FOOT",
    "GAP",
    "LOOKS",
    "STEP",
    "TOP",
    "WIDE",
    "Line",
    "LinesLayout",
    "Look",
    "draw_lines",
    "draw_stack",
    "height",
    "limits",
]

WIDE, STEP, TOP, FOOT, GAP = 620.0, 20.0, 26.0, 62.0, 10.0  # points
BARE = 40.0  # below an axis without a note
LONGEST = 220.0
CROWDED = 1.6  # the axis shows this many times the third widest interval; wider ones get an arrow


Look = Literal["trial", "read", "other", "pooled", "guess", "head"]


class _Style(NamedTuple):
    """Colour of the interval, of words, their weight, and the mark with its size."""

    colour: str
    ink: str = INK
    weight: str = "normal"
    mark: str = "D"
    size: float = 4.5
    line: float = LINE["interval"]


#: A row is observed, the one to read, one of the others, an equal beside the observed, without observation, or a title.
LOOKS: dict[Look, _Style] = {
    "trial": _Style(STUDY, mark="s"),
    "read": _Style(POOLED, weight="bold", size=6, line=LINE["prediction"]),
    "other": _Style(MUTED, MUTED),
    "pooled": _Style(POOLED, size=6, line=LINE["prediction"]),
    "guess": _Style(MUTED, MUTED),
    "head": _Style(INK, weight="bold"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row: words, the interval where there is one (`low`, `high`) with its estimate, and what the row is."""

    name: str
    words: str
    look: Look
    mu: float | None = None
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True)
class LinesLayout:
    """Rows from above, the ends of the axis, ticks and words; a thin rule stands before each row of `rules`."""

    lines: tuple[Line, ...]
    limits: tuple[float, float]
    ticks: tuple[Tick, ...]
    words: str
    note: str
    rules: tuple[int, ...] = ()


def limits(lines: Sequence[Line], middle: float) -> tuple[float, float]:
    """Choose the ends of the axis: 0 and every interval, but of the widest only as much as leaves the rest readable."""
    drawn = [line for line in lines if line.mu is not None]
    widths = sorted((line.high - line.low for line in drawn), reverse=True)
    reach = CROWDED * widths[min(2, len(widths) - 1)]
    low = max(min(0.0, *(line.low for line in drawn)), middle - reach)
    high = min(max(0.0, *(line.high for line in drawn)), middle + reach)
    room = 0.04 * (high - low)
    return low - room, high + room


def height(layout: LinesLayout) -> float:
    """Return how many points high the picture is."""
    return TOP + _foot(layout) + STEP * len(layout.lines)


def _foot(layout: LinesLayout) -> float:
    """Room for the axis and, where there is one, the note."""
    return FOOT if layout.note else BARE


def draw_lines(layout: LinesLayout, beside: float = 0.0, before: float = 0.0) -> tuple[Picture, Axes]:
    """Draw the rows; call it within `house_style`.

    `beside` points are left free on the right, and the picture is `before` points wider, free between the names and
    the axis.
    """
    figure, (axes,) = draw_stack((layout,), beside, before)
    return figure, axes


def draw_stack(
    layouts: Sequence[LinesLayout],
    beside: float = 0.0,
    before: float = 0.0,
    *,
    longest: float = LONGEST,
    narrowest: float = 0.0,
) -> tuple[Picture, tuple[Axes, ...]]:
    """Draw several layouts under each other, each with an axis of its own, names and words in line.

    Names are cut at `longest` points; the picture is as wide as leaves the axis `narrowest` points.
    """
    lines = [line for layout in layouts for line in layout.lines]
    names = {line: fit(line.name, longest, FONT["text"])[0] for line in lines}
    room = max(width(name, FONT["text"], bold=True) for name in names.values())
    left = room + 2 * GAP + before
    right = (
        max(width(line.words, FONT["text"], bold=line.look == "read") for line in lines) + 2 * GAP + beside
    )
    wide, high = max(WIDE + before, left + narrowest + right), sum(map(height, layouts))
    figure = Picture(figsize=(wide / 72, high / 72))
    found: list[Axes] = []
    foot, above = high, 0
    for layout in layouts:
        foot -= height(layout)
        bottom = foot + _foot(layout)
        box = (left / wide, bottom / high, 1 - (left + right) / wide, STEP * len(layout.lines) / high)
        found.append(_axes(figure, layout, box, above))
        above += len(layout.lines)
        for i, line in enumerate(layout.lines):
            y = (bottom + STEP * (len(layout.lines) - 0.5 - i)) / high
            style: dict[str, Any] = {
                "va": "center",
                "weight": LOOKS[line.look].weight,
                "color": LOOKS[line.look].ink,
            }
            figure.text(GAP / wide, y, names[line], **style)
            figure.text(1 - (GAP + beside) / wide, y, line.words, ha="right", **style)
        figure.text(GAP / wide, (foot + 10) / high, layout.note, color=MUTED, size=FONT["small"])
    return figure, tuple(found)


def _axes(figure: Picture, layout: LinesLayout, box: tuple[float, float, float, float], above: int) -> Axes:
    """One axis with its intervals; `above` rows of the picture are before it."""
    axes = figure.add_axes(box)
    axes.set(xlim=layout.limits, ylim=(len(layout.lines) - 0.5, -0.5), xlabel=layout.words)
    axes.set_xticks([x for x, _ in layout.ticks], [text for _, text in layout.ticks])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(color=RULE, labelsize=FONT["small"])
    axes.axvline(0, color=RULE, lw=LINE["axis"], zorder=0)
    for row in layout.rules:
        axes.axhline(row - 0.5, color=RULE, lw=LINE["rule"])
    for i, line in enumerate(layout.lines):
        if line.mu is not None:
            _interval(axes, i, line, line.mu, layout.limits, f"interval-{above + i}")
    return axes


def _interval(axes: Axes, i: int, line: Line, mu: float, limits: tuple[float, float], gid: str) -> None:
    style, guess = LOOKS[line.look], line.look == "guess"
    ends = max(line.low, limits[0]), min(line.high, limits[1])
    dashes = (0, (3, 1.5)) if guess else "-"
    axes.plot(ends, [i, i], color=style.colour, lw=style.line, ls=dashes, solid_capstyle="butt", gid=gid)
    face = "white" if guess else style.colour
    axes.plot(mu, i, marker=style.mark, ms=style.size, color=style.colour, mfc=face)
    for end, beyond, arrow in ((ends[0], line.low < ends[0], "<"), (ends[1], line.high > ends[1], ">")):
        if beyond:
            axes.plot(end, i, marker=arrow, ms=6, color=style.colour, clip_on=False)
