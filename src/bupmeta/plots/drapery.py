"""The drapery plot: p-values of every hypothetical effect, for each study and for the pooled effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bupmeta.plots.chart import Tick, effect_ticks, effect_words
from bupmeta.plots.forest_parts import clean
from bupmeta.plots.style import BAND, FONT, LINE, MUTED, POOLED, RULE, STUDY, Picture, house_style
from bupmeta.plots.text import fit, width
from bupmeta.robustness import PValueFunctions, p_value_functions
from bupmeta.table import in_percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from bupmeta.effects.core import FloatArray
    from bupmeta.pooling import MetaResult

__all__ = ["DraperyLayout", "drapery", "drapery_layout"]

PAGE, HIGH, LEFT, RIGHT, FOOT = 540.0, 365.0, 48.0, 12.0, 60.0  # points
LEADER, LONGEST, STEP = 26.0, 130.0, 11.5  # from peak to name, of a name, between names


@dataclass(frozen=True, slots=True, eq=False)
class DraperyLayout:
    """The curves, one line width per study, where each name stands (in effects), ticks, words and the level."""

    curves: PValueFunctions
    widths: tuple[float, ...]
    names: tuple[
        tuple[str, float, float], ...
    ]  # text, effect of the study, effect above which the name stands
    head: float  # points that the names need
    ticks: tuple[Tick, ...]
    words: str
    level: float
    note: str


def drapery_layout(result: MetaResult) -> DraperyLayout:
    """Lay out the plot; call it within `house_style`, whose font measures the names."""
    curves = p_value_functions(result)
    low, high = float(curves.theta[0]), float(curves.theta[-1])
    per_point = (high - low) / (PAGE - LEFT - RIGHT)
    y, weight = result.effects.y, result.weights / result.weights.max()
    order = np.argsort(y, kind="stable")
    fits = len(y) * STEP <= PAGE - LEFT - RIGHT
    places = _spread(y[order] / per_point, STEP, low / per_point, high / per_point) * per_point
    texts = [fit(clean(label), LONGEST, FONT["small"])[0] for label in result.effects.labels]
    names = tuple((texts[i], float(y[i]), float(x)) for i, x in zip(order, places)) if fits else ()
    head = LEADER + max([width(name, FONT["small"]) for name, _, _ in names], default=0.0) + 10
    shaded = "Shaded: effect of a new trial. " if curves.prediction is not None else ""
    level = f"{in_percent(result.model.level)}%"
    note = (
        f"Thick: pooled effect. {shaded}Curves cross the dashed line at the ends of their {level} intervals."
    )
    return DraperyLayout(
        curves,
        tuple((0.5 + 1.0 * weight).tolist()),
        names,
        head,
        effect_ticks(result.effects, low, high),
        effect_words(result.effects),
        result.model.level,
        note,
    )


def _spread(x: FloatArray, step: float, low: float, high: float) -> FloatArray:
    """Move sorted places apart to at least `step`, as little as possible in the sum of squares."""
    blocks: list[list[float]] = []  # sum of (x - rank step), number of places
    for rank, value in enumerate(x):
        blocks.append([value - rank * step, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            total, count = blocks.pop()
            blocks[-1] = [blocks[-1][0] + total, blocks[-1][1] + count]
    bases = np.concatenate([np.full(int(count), total / count) for total, count in blocks])
    free = np.clip(bases, low + step / 2, high - step * (len(x) - 0.5))
    return np.asarray(free + step * np.arange(len(x)), dtype=np.float64)


def drapery(result: MetaResult) -> Figure:
    """Draw the p-value functions of the studies, of the pooled effect and of a new study (Rücker & Schwarzer 2021).

    A curve crosses the dashed line at the ends of the interval at the level of the model. Heavier lines weigh
    more. Raises ModelError for an interval that has no p-value function (PL, permutation, Henmi-Copas).

    >>> from bupmeta import Effects, pool
    >>> figure = drapery(pool(Effects.from_arrays([0.1, 0.4, 1.9], [0.1, 0.1, 0.2])))
    >>> figure.axes[0].get_ylabel()
    'p-value'
    """
    with house_style():
        layout = drapery_layout(result)
        curves = layout.curves
        high = HIGH + layout.head
        figure = Picture(figsize=(PAGE / 72, high / 72))
        box = (LEFT / PAGE, FOOT / high, (PAGE - LEFT - RIGHT) / PAGE, (HIGH - FOOT - 6) / high)
        axes = figure.add_axes(box)
        if curves.prediction is not None:
            axes.fill_between(curves.theta, curves.prediction, color=BAND, lw=0, gid="prediction")
        for curve, lw in zip(curves.studies, layout.widths):
            axes.plot(curves.theta, curve, color=STUDY, lw=lw, alpha=0.75, gid="study")
        axes.plot(curves.theta, curves.pooled, color=POOLED, lw=2.4, gid="pooled")
        axes.axhline(1 - layout.level, color=MUTED, lw=LINE["axis"], ls=(0, (4, 3)))
        axes.axvline(0, color=RULE, lw=LINE["axis"], zorder=0)
        axes.set(xlim=curves.theta[[0, -1]], ylim=(0, 1), xlabel=layout.words, ylabel="p-value")
        axes.set_xticks([x for x, _ in layout.ticks], [text for _, text in layout.ticks])
        axes.tick_params(color=RULE, labelsize=FONT["small"])
        point = 1 / (HIGH - FOOT - 6)  # of the height, in data units
        for text, peak, place in layout.names:
            xs, ys = [peak, place, place], [1 + 2 * point, 1 + 18 * point, 1 + LEADER * point]
            axes.plot(xs, ys, color=RULE, lw=LINE["rule"], clip_on=False)
            at = (place, 1 + (LEADER + 3) * point)
            axes.text(*at, text, rotation=90, ha="center", va="bottom", size=FONT["small"], parse_math=False)
        figure.text(8 / PAGE, 9 / high, layout.note, color=MUTED, size=FONT["small"])
    return figure
