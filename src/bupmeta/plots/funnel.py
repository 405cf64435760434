"""The funnel plot: effects against standard errors, with the zones in which one study alone would be significant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from bupmeta.plots.chart import Name, Tick, chart, effect_ticks, effect_words, names_beside, room, write_names
from bupmeta.plots.style import INK, LINE, MUTED, POOLED, RULE, STUDY, house_style
from bupmeta.table import in_percent, number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from bupmeta.effects.core import FloatArray
    from bupmeta.pooling import MetaResult

__all__ = ["FunnelLayout", "funnel", "funnel_layout"]

ZONES = (0.1, 0.05, 0.01)  # two-sided p values at whose borders the zones end


@dataclass(frozen=True, slots=True, eq=False)
class FunnelLayout:
    """Effects and standard errors (K,), the pooled effect, limits of the axes, ticks, names and words."""

    y: FloatArray
    se: FloatArray
    mu: float
    limits: tuple[float, float, float]  # left, right, largest standard error
    z: float
    ticks: tuple[Tick, ...]
    names: tuple[Name, ...]
    words: str
    note: str


def funnel_layout(result: MetaResult) -> FunnelLayout:
    """Lay out the plot; call it within `house_style`, whose font measures the names."""
    y, se = result.effects.y, np.sqrt(result.effects.v)
    z = -float(ndtri((1 - result.model.level) / 2))
    bottom = 1.08 * float(se.max())
    ends = [float(y.min()), float(y.max()), 0.0, result.mu - z * bottom, result.mu + z * bottom]
    pad = 0.04 * (max(ends) - min(ends))
    left, right = min(ends) - pad, max(ends) + pad
    away = np.argsort(-np.abs(y - result.mu) / se, kind="stable").tolist()
    outside = [i for i in away if abs(y[i] - result.mu) > z * se[i]]
    names = names_beside(
        result.effects.labels, y.tolist(), (-se).tolist(), (left, right, -bottom, 0.0), room(), outside
    )
    level = f"{in_percent(result.model.level)}%"
    note = (
        f"Lines: where {level} of trials would lie if all had the pooled effect. Shaded, from dark to light:\n"
        "single trials with p above 0.1, 0.05 and 0.01 against no effect. Named: trials outside the lines."
    )
    ticks = effect_ticks(result.effects, left, right)
    return FunnelLayout(
        y, se, result.mu, (left, right, bottom), z, ticks, names, effect_words(result.effects), note
    )


def funnel(result: MetaResult) -> Figure:
    """Draw effects against standard errors, the precise ones on top (Peters 2008: contours around no effect).

    A gap on one side of the funnel outside the shaded zones may have other causes than missing results.

    >>> from bupmeta import Effects, pool
    >>> figure = funnel(pool(Effects.from_arrays([0.1, 0.4, 1.9], [0.1, 0.1, 0.2])))
    >>> figure.axes[0].get_ylabel()
    'Standard error'
    """
    with house_style():
        layout = funnel_layout(result)
        left, right, bottom = layout.limits
        figure, axes = chart(layout.note)
        ends = np.array([0.0, bottom])
        for p in reversed(ZONES):  # the widest first; where they lie over each other they are darker
            reach = -float(ndtri(p / 2)) * ends
            axes.fill_betweenx(ends, -reach, reach, color=RULE, alpha=0.22, lw=0, gid=f"zone-{p:g}")
        axes.axvline(0, color=RULE, lw=LINE["axis"])
        axes.axvline(layout.mu, color=POOLED, lw=LINE["interval"], gid="pooled")
        for sign in (-1, 1):
            axes.plot(layout.mu + sign * layout.z * ends, ends, color=MUTED, lw=LINE["axis"], ls=(0, (4, 3)))
        axes.plot(layout.y, layout.se, "o", ms=5, color=STUDY, mew=0, gid="studies")
        write_names(axes, tuple(_turned(name) for name in layout.names))
        axes.set(xlim=(left, right), ylim=(bottom, 0), xlabel=layout.words, ylabel="Standard error")
        axes.set_xticks([x for x, _ in layout.ticks], [text for _, text in layout.ticks], color=INK)
        marks = [float(t) for t in axes.get_yticks() if 0 <= t <= bottom]
        axes.set_yticks(marks, [number(t) for t in marks])
    return figure


def _turned(name: Name) -> Name:
    """The same place on an axis that runs downwards."""
    return Name(name.text, name.x, -name.y, name.dx, name.dy, name.align)
