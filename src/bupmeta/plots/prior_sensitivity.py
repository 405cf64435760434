"""The posterior interval of the mean effect against the scale of the prior of tau."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bupmeta.plots.chart import chart, effect_ticks, effect_words
from bupmeta.plots.style import BAND, FONT, LINE, MUTED, POOLED, RULE, house_style
from bupmeta.table import in_percent, number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from bupmeta.pooling.sensitivity import PriorSensitivity

__all__ = ["prior_sensitivity"]


def prior_sensitivity(found: PriorSensitivity) -> Figure:
    """Draw posterior median and interval over the scales; dashed lines stand at the two usual ones.

    >>> from bupmeta import Effects
    >>> from bupmeta.pooling import prior_sensitivity as sensitivity_of
    >>> effects = Effects.from_arrays([-0.9, -0.2], [0.05, 0.04], measure="SMD")
    >>> prior_sensitivity(sensitivity_of(effects)).axes[0].get_xlabel()
    'Scale of the half-normal prior of τ'
    """
    with house_style():
        note = (
            f"Line: posterior median; shaded: {in_percent(found.level)}% interval. Dashed: the usual scales, "
            f"{number(found.usual[0])} and {number(found.usual[1])}."
        )
        figure, axes = chart(note)
        axes.fill_between(found.scales, found.low, found.high, color=BAND, lw=0, gid="interval")
        for ends in (found.low, found.high):
            axes.plot(found.scales, ends, color=POOLED, lw=LINE["axis"])
        axes.plot(found.scales, found.mu, color=POOLED, lw=LINE["prediction"], gid="median")
        axes.axhline(0, color=RULE, lw=LINE["axis"], zorder=0)
        for usual in found.usual:
            if found.scales.min() <= usual <= found.scales.max():
                axes.axvline(usual, color=MUTED, lw=LINE["axis"], ls=(0, (4, 3)))
        low, high = min(0.0, float(found.low.min())), max(0.0, float(found.high.max()))
        room = 0.05 * (high - low)
        ticks = effect_ticks(found.effects, low - room, high + room)
        axes.set_yticks([y for y, _ in ticks], [text for _, text in ticks])
        right = float(found.scales.max())
        axes.set(xlim=(0, right), ylim=(low - room, high + room))
        axes.set_xticks(np.linspace(0, right, 5), [number(x) for x in np.linspace(0, right, 5).tolist()])
        axes.tick_params(color=RULE, labelsize=FONT["small"])
        axes.set(xlabel="Scale of the half-normal prior of τ", ylabel=effect_words(found.effects))
    return figure
