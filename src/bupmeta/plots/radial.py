"""The radial (Galbraith) plot: every effect is a slope, and precise studies lie far to the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from bupmeta.plots.chart import Name, Tick, chart, effect_ticks, effect_words, names_beside, room, write_names
from bupmeta.plots.style import BAND, FONT, INK, LINE, MUTED, POOLED, RULE, STUDY, house_style
from bupmeta.robustness import radial as coordinates
from bupmeta.table import in_percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from bupmeta.effects.core import FloatArray
    from bupmeta.pooling import MetaResult

__all__ = ["RadialLayout", "radial", "radial_layout"]


RIGHT = 0.85  # inches for the axis of effects


@dataclass(frozen=True, slots=True, eq=False)
class RadialLayout:
    """Marks (K,), slope and interval of the pooled effect, half height of the band, limits, ticks of slopes."""

    x: FloatArray
    z: FloatArray
    slope: float
    ci: tuple[float, float]
    band: float
    limits: tuple[float, float, float]  # right, bottom, top
    ticks: tuple[Tick, ...]
    names: tuple[Name, ...]
    words: tuple[str, str, str]
    note: str


def radial_layout(result: MetaResult) -> RadialLayout:
    """Lay out the plot; call it within `house_style`, whose font measures the names."""
    found, band = coordinates(result), -float(ndtri((1 - result.model.level) / 2))
    right = 1.06 * float(found.x.max())
    lines = np.array([0.0, result.mu * right])
    bottom = float(min(found.z.min(), (lines - band).min()))
    top = float(max(found.z.max(), (lines + band).max()))
    span = 0.5 * (top - bottom)  # the interval of few trials may be too wide to show
    bottom = min(bottom, max(result.ci[0] * right, bottom - span))
    top = max(top, min(result.ci[1] * right, top + span))
    low, high = bottom - 0.06 * (top - bottom), top + 0.06 * (top - bottom)
    away = np.argsort(-np.abs(found.z - result.mu * found.x), kind="stable").tolist()
    limits = (0, right, low, high)
    marks, line = (found.x.tolist(), found.z.tolist()), (0.0, result.mu * right)
    names = names_beside(result.effects.labels, *marks, limits, room(RIGHT), away, line)
    under = "standard error" if result.model.common_effect else "√(v + τ²)"
    words = (f"Precision, 1 / {under}", f"Effect / {under}", effect_words(result.effects))
    ticks = effect_ticks(result.effects, low / right, high / right)
    ends = (right, float(low), float(high))
    level = f"{in_percent(result.model.level)}%"
    note = f"Bar at the right: {level} CI of the pooled effect. Band: trials that agree with it at the {level} level."
    return RadialLayout(found.x, found.z, result.mu, result.ci, band, ends, ticks, names, words, note)


def radial(result: MetaResult) -> Figure:
    """Draw standardised effects against precision, so that effects are slopes (Galbraith 1988).

    A line from the left end of zero through a study meets the right-hand axis at its effect; the thick bar there
    is the interval of the pooled effect. In the band lie studies that agree with it at the level of the model.

    >>> from bupmeta import Effects, pool
    >>> figure = radial(pool(Effects.from_arrays([0.1, 0.4, 1.9], [0.1, 0.1, 0.2])))
    >>> figure.axes[0].get_xlabel()
    'Precision, 1 / √(v + τ²)'
    """
    with house_style():
        layout = radial_layout(result)
        right, bottom, top = layout.limits
        figure, axes = chart(layout.note, RIGHT)
        ends, middle = np.array([0.0, right]), np.array([0.0, layout.slope * right])
        axes.fill_between(ends, middle - layout.band, middle + layout.band, color=BAND, lw=0, gid="band")
        axes.axhline(0, color=RULE, lw=LINE["rule"])
        axes.plot(ends, middle, color=POOLED, lw=LINE["interval"], gid="pooled")
        axes.plot(layout.x, layout.z, "o", ms=5, color=STUDY, mew=0, gid="studies")
        write_names(axes, layout.names)
        axes.plot(
            [right] * 2, np.multiply(layout.ci, right), color=POOLED, lw=5, solid_capstyle="butt", gid="ci"
        )
        axes.set(xlim=(0, right), ylim=(bottom, top), xlabel=layout.words[0], ylabel=layout.words[1])
        slopes = axes.twinx()
        slopes.set(ylim=(bottom, top))
        slopes.set_yticks([right * s for s, _ in layout.ticks], [text for _, text in layout.ticks], color=INK)
        slopes.tick_params(color=RULE, labelsize=FONT["small"])
        slopes.spines["right"].set_visible(True)
        slopes.set_ylabel(layout.words[2], color=MUTED, rotation=270, va="bottom")
    return figure
