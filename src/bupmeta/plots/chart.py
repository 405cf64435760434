"""What the diagnostic plots share: a chart, the words of an effect axis, and names placed beside points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Literal

import numpy as np

from bupmeta.plots.axis import axis
from bupmeta.plots.forest_layout import RATIOS
from bupmeta.plots.style import FONT, RULE, Picture
from bupmeta.plots.text import width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from bupmeta.effects import Effects

__all__ = ["WIDE", "Name", "Tick", "chart", "effect_ticks", "effect_words", "names_beside", "write_names"]

Tick = tuple[float, str]
WORDS = {"MD": "mean difference", "SMD": "standardized mean difference", "generic": "effect"}
WIDE, HIGH = 6.5, 4.6  # inches
REACH = 5.0  # points between a mark and its name


@dataclass(frozen=True, slots=True)
class Name:
    """A study's name beside its mark, in data units, moved by `dx`, `dy` points."""

    text: str
    x: float
    y: float
    dx: float
    dy: float
    align: Literal["left", "center", "right"]


def chart(wide: float = WIDE, high: float = HIGH) -> tuple[Picture, Axes]:
    """Make a figure with one pair of axes that leaves room for labels; call it within `house_style`."""
    figure = Picture(figsize=(wide, high))
    axes = figure.add_axes((0.75 / wide, 0.6 / high, 1 - 0.95 / wide, 1 - 0.75 / high))
    axes.set_axisbelow(True)
    axes.tick_params(color=RULE, labelsize=FONT["small"])
    return figure, axes


def effect_words(effects: Effects) -> str:
    """Name the scale of the effects, with its unit."""
    words = WORDS.get(effects.measure, effects.measure)
    return f"{words}, {effects.unit}" if effects.unit and effects.unit != effects.measure else words


def effect_ticks(effects: Effects, low: float, high: float) -> tuple[Tick, ...]:
    """Choose labelled ticks between two effects; ratios are labelled as ratios, not as logarithms.

    >>> from bupmeta import Effects
    >>> [text for _, text in effect_ticks(Effects.from_arrays([0], [1], measure="RR"), -1.7, 1.0)]
    ['0.2', '0.5', '1.0', '2.0']
    """
    return axis([], [], within=(low, high), ratio=effects.measure in RATIOS).ticks


def names_beside(
    names: Sequence[str],
    x: Sequence[float],
    y: Sequence[float],
    limits: tuple[float, float, float, float],
    size: tuple[float, float],
    order: Sequence[int],
) -> tuple[Name, ...]:
    """Place names beside marks without overlap, first those that come first in `order`; the rest stay nameless.

    `limits` (left, right, bottom, top) in data units is the area that measures `size` points; call it within
    `house_style`.
    """
    left, right, bottom, top = limits
    px = (np.asarray(x, dtype=float) - left) / (right - left) * size[0]
    py = (np.asarray(y, dtype=float) - bottom) / (top - bottom) * size[1]
    high = FONT["small"]
    taken = [(a - 3, b - 3, a + 3, b + 3) for a, b in zip(px, py)]
    found = []
    for i in order:
        wide = width(names[i], FONT["small"])
        for (sx, align), sy in sorted(product(SIDES, (0, 1, -1)), key=lambda c: abs(c[0][0] * c[1])):
            dx, dy = sx * REACH if sy == 0 else sx * 3.0, sy * (REACH + high / 2)
            start = px[i] + dx - {"left": 0.0, "center": wide / 2, "right": wide}[align]
            box = (start, py[i] + dy - high / 2, start + wide, py[i] + dy + high / 2)
            inside = box[0] >= 0 and box[2] <= size[0] and box[1] >= 0 and box[3] <= size[1]
            others = taken[:i] + taken[i + 1 :] if sx or sy else taken
            if inside and not any(_overlap(box, other) for other in others):
                taken.append(box)
                found.append(Name(names[i], float(x[i]), float(y[i]), dx, dy, align))
                break
    return tuple(found)


SIDES: tuple[tuple[int, Literal["left", "center", "right"]], ...] = (
    (1, "left"),
    (-1, "right"),
    (0, "center"),
)


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def write_names(axes: Axes, names: Sequence[Name]) -> None:
    """Write placed names."""
    for name in names:
        axes.annotate(
            name.text,
            (name.x, name.y),
            (name.dx, name.dy),
            textcoords="offset points",
            ha=name.align,
            va="center_baseline",
            size=FONT["small"],
            parse_math=False,
        )
