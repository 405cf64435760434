"""The extended funnel: where one more trial would have to lie to turn the conclusion of a pool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bupmeta.planning.methods import method_words
from bupmeta.planning.next_trial import threshold_words
from bupmeta.plots.chart import Tick, chart, effect_ticks, effect_words
from bupmeta.plots.style import FONT, INK, LINE, MUTED, RULE, STUDY, TINTS, house_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from bupmeta.effects.core import FloatArray
    from bupmeta.planning import ExtendedFunnel

__all__ = ["ExtendedFunnelLayout", "extended_funnel", "extended_funnel_layout"]

BELOW, HOLDS, ABOVE = TINTS


@dataclass(frozen=True, slots=True, eq=False)
class ExtendedFunnelLayout:
    """The trials, (K,) each, the edges of the regions in `under` and `over` (S, Y): negative inside, and words."""

    y: FloatArray
    se: FloatArray
    across: FloatArray
    up: FloatArray
    under: FloatArray
    over: FloatArray
    ticks: tuple[Tick, ...]
    words: str
    regions: tuple[str, str, str]
    note: str


def extended_funnel_layout(found: ExtendedFunnel) -> ExtendedFunnelLayout:
    """Lay out the regions in which the interval would lie below the threshold, hold it, or lie above.

    >>> from bupmeta import Effects, planning, pool
    >>> result = pool(Effects.from_arrays([-0.4, -0.1, -0.6], [0.04, 0.03, 0.09], measure="SMD"))
    >>> extended_funnel_layout(planning.extended_funnel(result)).regions
    ('then below 0', 'then holds 0', 'then above 0')
    """
    effects = found.result.effects
    words = threshold_words(found.threshold, effects)
    now = ("lies below", "holds", "lies above")[found.side_now + 1]
    note = (
        f"Colours: where the interval ({method_words(found.method)}) would be after one more trial. "
        f"Now it {now} {words}. Dots: the trials."
    )
    far = 1e6 * (np.ptp(found.y) + np.ptp(found.se))
    under, over = (
        np.where(np.isnan(x), far, x) for x in (found.high - found.threshold, found.threshold - found.low)
    )
    ticks = effect_ticks(effects, float(found.y[0]), float(found.y[-1]))
    regions = (f"then below {words}", f"then holds {words}", f"then above {words}")
    return ExtendedFunnelLayout(
        effects.y,
        np.sqrt(effects.v),
        found.y,
        found.se,
        under,
        over,
        ticks,
        effect_words(effects),
        regions,
        note,
    )


def extended_funnel(found: ExtendedFunnel) -> Figure:
    """Draw the regions over effect and standard error, the most precise trials on top, with the trials so far.

    >>> from bupmeta import Effects, planning, pool
    >>> result = pool(Effects.from_arrays([-0.4, -0.1, -0.6], [0.04, 0.03, 0.09], measure="SMD"))
    >>> extended_funnel(planning.extended_funnel(result)).axes[0].get_ylabel()
    'Standard error of one more trial'
    """
    from matplotlib.patches import Patch

    from bupmeta.plots.text import fit

    with house_style():
        layout = extended_funnel_layout(found)
        figure, axes = chart("")
        axes.set_facecolor(HOLDS)
        for edge, colour in ((layout.under, BELOW), (layout.over, ABOVE)):
            if (edge < 0).any():
                axes.contourf(layout.across, layout.up, edge, levels=[-np.inf, 0], colors=[colour])
                axes.contour(
                    layout.across, layout.up, edge, levels=[0], colors=[MUTED], linewidths=LINE["axis"]
                )
        axes.axvline(found.threshold, color=RULE, lw=LINE["axis"])
        axes.plot(layout.y, layout.se, "o", ms=5.5, color=STUDY, mec="white", mew=0.6, gid="trials", zorder=4)
        axes.set(xlim=layout.across[[0, -1]], ylim=(layout.up[-1], layout.up[0]))
        axes.set_xticks([x for x, _ in layout.ticks], [text for _, text in layout.ticks])
        axes.set(xlabel=layout.words, ylabel="Standard error of one more trial")
        patches = [
            Patch(facecolor=colour, edgecolor=MUTED, lw=0.5, label=words)
            for side, colour, words in zip((-1, 0, 1), (BELOW, HOLDS, ABOVE), layout.regions)
            if (found.side == side).any()
        ]
        axes.legend(
            handles=patches, loc="upper right", fontsize=FONT["small"], framealpha=0.9, edgecolor=RULE
        )
        wide, high = figure.get_size_inches()
        for i, line in enumerate(fit(layout.note, 72 * (wide - 0.3), FONT["small"], lines=2)):
            figure.text(0.12 / wide, (0.28 - 0.16 * i) / high, line, color=MUTED, size=FONT["small"])
        axes.tick_params(labelcolor=INK)
    return figure
