"""What the diagnostic plots share: a chart, the words of an effect axis, and names placed beside points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from bupmeta.plots.axis import axis
from bupmeta.plots.forest_layout import MEASURES, RATIOS
from bupmeta.plots.forest_parts import clean
from bupmeta.plots.style import FONT, MUTED, RULE, Picture
from bupmeta.plots.text import fit, width
from bupmeta.table import capital, interval, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from bupmeta.effects import Effects

__all__ = [
    "Name",
    "Tick",
    "chart",
    "effect_ticks",
    "effect_words",
    "interval_words",
    "names_beside",
    "room",
    "write_names",
]

Tick: TypeAlias = tuple[float, str]
Box: TypeAlias = tuple[float, float, float, float]
LONGEST, EDGE = 150.0, 3.0  # points for a name, and between a name and the edge
WIDE, HIGH = 6.5, 4.8  # inches
LEFT, RIGHT, FOOT, TOP = 0.75, 0.2, 0.85, 0.15  # room around the axes
REACHES = (5.0, 15.0, 27.0, 42.0)  # points between a mark and its name; a far one gets a line


@dataclass(frozen=True, slots=True)
class Name:
    """A study's name beside its mark, in data units, moved by `dx`, `dy` points."""

    text: str
    x: float
    y: float
    dx: float
    dy: float
    align: Literal["left", "center", "right"]

    @property
    def far(self) -> bool:
        """Whether a line must lead to the mark."""
        return bool(np.hypot(self.dx, self.dy) > REACHES[1])


def chart(note: str, right: float = RIGHT) -> tuple[Picture, Axes]:
    """Make a figure with one pair of axes and a note below, `right` inches from its edge, in `house_style`."""
    figure = Picture(figsize=(WIDE, HIGH))
    box = (LEFT / WIDE, FOOT / HIGH, 1 - (LEFT + right) / WIDE, 1 - (FOOT + TOP) / HIGH)
    axes = figure.add_axes(box)
    axes.tick_params(color=RULE, labelsize=FONT["small"])
    figure.text(0.12 / WIDE, 0.12 / HIGH, note, color=MUTED, size=FONT["small"], parse_math=False)
    return figure, axes


def room(right: float = RIGHT) -> tuple[float, float]:
    """Say how many points wide and high the axes of `chart` are."""
    return 72 * (WIDE - LEFT - right), 72 * (HIGH - FOOT - TOP)


def effect_words(effects: Effects) -> str:
    """Name the scale of the effects, with its unit.

    >>> from bupmeta import Effects
    >>> effect_words(Effects.from_arrays([0], [1], measure="MD", unit="points"))
    'Mean difference, points'
    """
    words = MEASURES.get(effects.measure, effects.measure)
    words = f"{words}, {effects.unit}" if effects.unit and effects.unit != effects.measure else words
    return capital(words)


def effect_ticks(effects: Effects, low: float, high: float) -> tuple[Tick, ...]:
    """Choose labelled ticks between two effects; ratios are labelled as ratios, not as logarithms.

    >>> from bupmeta import Effects
    >>> [text for _, text in effect_ticks(Effects.from_arrays([0], [1], measure="RR"), -1.7, 1.0)]
    ['0.2', '0.5', '1', '2']
    """
    return axis([], [], within=(low, high), ratio=effects.measure in RATIOS).ticks


def interval_words(effects: Effects, mu: float, ends: tuple[float, float]) -> str:
    """Write an effect with its interval, a ratio as a ratio.

    >>> from bupmeta import Effects
    >>> interval_words(Effects.from_arrays([0], [1], measure="RR"), 0.0, (-0.7, 0.7))
    '1.00 (0.50 to 2.01)'
    """
    low, high = ends
    if effects.measure in RATIOS:
        mu, low, high = (float(np.exp(x)) for x in (mu, low, high))
    return f"{number(mu)} {interval((low, high))}"


def names_beside(
    names: Sequence[str],
    x: Sequence[float],
    y: Sequence[float],
    limits: tuple[float, float, float, float],
    size: tuple[float, float],
    order: Sequence[int],
    line: tuple[float, float] | None = None,
) -> tuple[Name, ...]:
    """Place names beside marks without overlap, first those that come first in `order`; the rest stay nameless.

    `limits` (left, right, bottom, top) in data units is the area that measures `size` points; names keep off the
    `line` (height at its left and right end). Call it within `house_style`, whose font measures the names.
    """
    left, right, bottom, top = limits
    px = (np.asarray(x, dtype=float) - left) / (right - left) * size[0]
    py = (np.asarray(y, dtype=float) - bottom) / (top - bottom) * size[1]
    taken = [(a - 3, b - 3, a + 3, b + 3) for a, b in zip(px.tolist(), py.tolist())]
    barred: list[Box] = []
    if line is not None:
        along = np.linspace(0, 1, 120)
        heights = (line[0] + along * (line[1] - line[0]) - bottom) / (top - bottom) * size[1]
        barred = [(a, b, a, b) for a, b in zip((along * size[0]).tolist(), heights.tolist())]
    texts = [fit(clean(name), LONGEST, FONT["small"])[0] for name in names]
    found = []
    for i in order:
        for place in _places(texts[i], float(x[i]), float(y[i])):
            box, line_to = _box(place, float(px[i]), float(py[i]))
            inside = (
                box[0] >= EDGE and box[2] <= size[0] - EDGE and box[1] >= EDGE and box[3] <= size[1] - EDGE
            )
            others = [other for j, other in enumerate(taken) if j != i]
            free = not any(_overlap(mine, other) for mine in (box, *line_to) for other in others)
            if inside and free and not any(_overlap(box, other) for other in barred):
                taken += [box, *line_to]
                found.append(place)
                break
    return tuple(found)


def _places(text: str, x: float, y: float) -> Iterator[Name]:
    """Try right, left, above and below, then the corners, then the same further away."""
    half = FONT["small"] / 2
    for reach in REACHES:
        for sx, sy in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)):
            align: Literal["left", "center", "right"] = "left" if sx > 0 else "right" if sx else "center"
            yield Name(text, x, y, sx * reach * (0.6 if sy else 1), sy * (reach + half), align)


def _box(name: Name, px: float, py: float) -> tuple[Box, list[Box]]:
    """The box of a name and, if it stands away, the line to its mark as a row of points."""
    wide, half = width(name.text, FONT["small"]), FONT["small"] / 2
    start = px + name.dx - {"left": 0.0, "center": wide / 2, "right": wide}[name.align]
    steps = np.linspace(0.2, 0.9, 12 if name.far else 0)
    line_to = [(px + s * name.dx, py + s * name.dy) * 2 for s in steps.tolist()]
    return (start, py + name.dy - half, start + wide, py + name.dy + half), line_to


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def write_names(axes: Axes, names: Sequence[Name]) -> None:
    """Write placed names, with a thin line to the mark where they stand away from it."""
    for name in names:
        line = {"arrowstyle": "-", "color": MUTED, "lw": 0.5, "shrinkA": 1, "shrinkB": 3}
        axes.annotate(
            name.text,
            (name.x, name.y),
            (name.dx, name.dy),
            textcoords="offset points",
            ha=name.align,
            va="center_baseline",
            size=FONT["small"],
            parse_math=False,
            arrowprops=line if name.far else None,
        )
