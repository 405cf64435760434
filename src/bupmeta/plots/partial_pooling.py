"""Partial pooling as a picture: each condition by itself and with the others, and whose trials the mean is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from bupmeta.plots.chart import effect_ticks, effect_words, interval_words
from bupmeta.plots.forest_parts import clean
from bupmeta.plots.lines import (
    FOOT,
    GAP,
    STEP,
    TOP,
    WIDE,
    Line,
    LinesLayout,
    Look,
    draw_lines,
    height,
    limits,
)
from bupmeta.plots.style import ACCENT, FONT, MUTED, STUDY, house_style
from bupmeta.table import in_percent, number, quantity

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from bupmeta.pooling.partial_result import Condition, PartialPool

__all__ = ["PartialPoolingLayout", "partial_pooling", "partial_pooling_layout"]

BESIDE, BAR = 88.0, 44.0  # points: the column on the right, and the bar in it
THICK = 8.0


@dataclass(frozen=True, slots=True)
class PartialPoolingLayout:
    """The rows, and per row the share of the condition's own trials (None: no bar)."""

    rows: LinesLayout
    own: tuple[float | None, ...]


def partial_pooling_layout(found: PartialPool) -> PartialPoolingLayout:
    """Lay out three rows per condition: its name, by itself, with the others.

    >>> from bupmeta import Effects, PartialPooling, partial_pool, priors
    >>> one, two = Effects.from_arrays([-0.6], [0.04]), Effects.from_arrays([-0.2], [0.05])
    >>> model = PartialPooling(priors.HalfNormal(0.5), priors.HalfNormal(0.5))
    >>> laid_out = partial_pooling_layout(partial_pool({"back": one, "nerve": two}, model))
    >>> [line.name for line in laid_out.rows.lines][:3]
    ['back, 1 trial', '   by itself', '   with the others']
    """
    lines: list[Line] = []
    own: list[float | None] = []
    for one in found.conditions:
        lines += _lines(found, one)
        own += [None, None, one.own]
    ends = limits(lines, found.mean.median)
    note = f"{in_percent(found.model.level)}% intervals. "
    note += "Bars: weight of the condition's own trials; the rest is borrowed."
    if any(line.look == "guess" for line in lines):
        note += " Dashed: no effect of its own."
    effects = found.effects
    rules = tuple(range(3, len(lines), 3))
    layout = LinesLayout(tuple(lines), ends, effect_ticks(effects, *ends), effect_words(effects), note, rules)
    return PartialPoolingLayout(layout, tuple(own))


def _lines(found: PartialPool, one: Condition) -> list[Line]:
    level, effects = found.model.level, found.effects
    trials = quantity(one.k, "trial") if one.k else "no trial with an effect"
    out = [Line(f"{clean(one.name)}, {trials}", "", "head")]
    if one.alone is None:
        out.append(Line("   by itself", "no effect in numbers", "other"))
    else:
        ends = one.alone.interval(level)
        words = interval_words(effects, one.alone.median, ends)
        out.append(Line("   by itself", words, "trial", one.alone.median, *ends))
    ends = one.borrowed.interval(level)
    words = interval_words(effects, one.borrowed.median, ends)
    name, look = ("   with the others", "pooled") if one.k else ("   the others alone", "guess")
    out.append(Line(name, words, cast("Look", look), one.borrowed.median, *ends))
    return out


def partial_pooling(found: PartialPool) -> Figure:
    """Draw each condition by itself (square) and with the others (diamond), with the share of its own trials.

    >>> from bupmeta import Effects, PartialPooling, partial_pool, priors
    >>> one, two = Effects.from_arrays([-0.6], [0.04]), Effects.from_arrays([-0.2], [0.05])
    >>> model = PartialPooling(priors.HalfNormal(0.5), priors.HalfNormal(0.5))
    >>> len(partial_pooling(partial_pool({"back": one, "nerve": two}, model)).axes)
    1
    """
    from matplotlib.patches import Rectangle

    with house_style():
        layout = partial_pooling_layout(found)
        rows = layout.rows
        figure, _ = draw_lines(rows, BESIDE)
        high, left = height(rows), WIDE - GAP - BESIDE + 2 * GAP
        small: dict[str, Any] = {"va": "center", "color": MUTED, "size": FONT["small"]}
        figure.text(left / WIDE, 1 - (TOP + STEP / 2) / high, "own trials", **small)
        for i, own in enumerate(layout.own):
            if own is None:
                continue
            y = FOOT + STEP * (len(rows.lines) - 0.5 - i)
            for start, share, colour in ((0.0, own, STUDY), (own, 1 - own, ACCENT)):
                box = ((left + BAR * start) / WIDE, (y - THICK / 2) / high)
                bar = Rectangle(box, BAR * share / WIDE, THICK / high, facecolor=colour, lw=0)
                bar.set_transform(figure.transFigure)
                figure.add_artist(bar)
            figure.text((left + BAR + 5) / WIDE, y / high, f"{number(100 * own, 0)}%", **small)
    return figure
