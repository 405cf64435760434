"""A flow diagram: boxes of counts from top to bottom, what is left out at each step beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from matplotlib.patches import FancyArrowPatch, Rectangle

from bupmeta.plots.forest_parts import clean
from bupmeta.plots.style import FONT, INK, LINE, MUTED, RULE, Picture, house_style
from bupmeta.plots.text import fit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Box", "FlowLayout", "flow"]

WIDTH, MARGIN, GAP, PAD, LINE_HEIGHT = 720.0, 6.0, 26.0, 8.0, 13.5  # points
MAIN, ASIDE = 330.0, 290.0  # points: a box of the column, and what is left out beside it


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its first line is bold."""

    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FlowLayout:
    """The column from top to bottom, beside each box what is left out before the next, and the row at its end."""

    column: tuple[Box, ...]
    left_out: tuple[Box | None, ...]
    ends: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A box with its text broken to fit, and where it stands in points from the top left."""

    x: float
    y: float
    width: float
    lines: tuple[tuple[str, bool], ...]

    @property
    def height(self) -> float:
        return 2 * PAD + LINE_HEIGHT * len(self.lines)


def flow(layout: FlowLayout) -> Figure:
    """Draw a flow diagram, 10 inches wide, of any number of boxes with texts of any length.

    >>> layout = FlowLayout((Box("9 rows"), Box("4 rows")), (Box("5 rows left out"),), (Box("pain", ("2 trials",)),))
    >>> round(float(flow(layout).get_figwidth()))
    10
    """
    with house_style():
        column, left_out, ends = _place(layout)
        height = max(box.y + box.height for box in (*column, *left_out, *ends)) + MARGIN
        figure = Picture(figsize=(WIDTH / 72, height / 72))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, WIDTH), ylim=(height, 0))
        axes.axis("off")
        for one in (*column, *ends):
            _box(axes, one, INK)
        for one in left_out:
            _box(axes, one, RULE)
        for above, below in pairwise(column):
            _arrow(axes, (_middle(above), above.y + above.height), (_middle(below), below.y))
        for one in left_out:
            _arrow(axes, (MARGIN + MAIN / 2, one.y + one.height / 2), (one.x, one.y + one.height / 2))
        _fan(axes, column[-1], ends)
    return figure


def _place(layout: FlowLayout) -> tuple[list[_Placed], list[_Placed], list[_Placed]]:
    column: list[_Placed] = []
    asides: list[_Placed] = []
    y = MARGIN
    for i, box in enumerate(layout.column):
        column.append(_broken(box, MARGIN, y, MAIN))
        y += column[-1].height
        beside = layout.left_out[i] if i < len(layout.left_out) else None
        if beside is not None:
            placed = _broken(beside, WIDTH - MARGIN - ASIDE, y + GAP / 2, ASIDE)
            asides.append(placed)
            y += placed.height + GAP
        else:
            y += GAP
    y += GAP / 2
    room = (WIDTH - 2 * MARGIN + 12) / max(len(layout.ends), 1)
    ends = [_broken(box, MARGIN + i * room, y, room - 12) for i, box in enumerate(layout.ends)]
    return column, asides, ends


def _broken(box: Box, x: float, y: float, width: float) -> _Placed:
    lines: list[tuple[str, bool]] = []
    for text, bold in ((box.title, True), *((line, False) for line in box.lines)):
        broken = fit(clean(text), width - 2 * PAD, FONT["small"], lines=6, bold=bold)
        lines += [(line, bold) for line in broken]
    return _Placed(x, y, width, tuple(lines))


def _middle(box: _Placed) -> float:
    return box.x + box.width / 2


def _box(axes: Axes, box: _Placed, edge: str) -> None:
    axes.add_patch(Rectangle((box.x, box.y), box.width, box.height, fc="white", ec=edge, lw=LINE["axis"]))
    for i, (text, bold) in enumerate(box.lines):
        axes.text(
            box.x + PAD,
            box.y + PAD + LINE_HEIGHT * (i + 0.5),
            text,
            size=FONT["small"],
            weight="bold" if bold else "normal",
            color=INK if edge == INK else MUTED,
            va="center",
        )


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.add_patch(
        FancyArrowPatch(
            start, end, arrowstyle="-|>", mutation_scale=9, color=MUTED, lw=LINE["axis"], shrinkA=0, shrinkB=0
        )
    )


def _fan(axes: Axes, last: _Placed, ends: Sequence[_Placed]) -> None:
    """From the last box of the column to every box of the last row."""
    if not ends:
        return
    start, bar = last.y + last.height, ends[0].y - GAP / 2
    reach = [_middle(last), *(_middle(box) for box in ends)]
    axes.plot((_middle(last), _middle(last)), (start, bar), color=MUTED, lw=LINE["axis"])
    axes.plot((min(reach), max(reach)), (bar, bar), color=MUTED, lw=LINE["axis"])
    for box in ends:
        _arrow(axes, (_middle(box), bar), (_middle(box), box.y))
