"""The chance that a next trial moves the interval of a pool off a threshold, against the size of that trial."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bupmeta.planning.methods import method_words
from bupmeta.planning.next_trial import threshold_words
from bupmeta.plots.chart import chart
from bupmeta.plots.style import ACCENT, FONT, LINE, MUTED, POOLED, RULE, STUDY, house_style
from bupmeta.table import in_percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from bupmeta.kernels import FloatArray
    from bupmeta.planning import NextTrial

__all__ = ["NextTrialLayout", "next_trial", "next_trial_layout"]

COLOURS = (POOLED, STUDY, ACCENT, MUTED)
RIGHT = 1.7  # inches, for the names of the curves
FAINT = 0.5  # percent: a chance that never reaches it is not drawn


@dataclass(frozen=True, slots=True, eq=False)
class NextTrialLayout:
    """Curves of percent over `n`: (label, values, whether it is the interval above the threshold, colour)."""

    n: FloatArray
    curves: tuple[tuple[str, FloatArray, bool, str], ...]
    xlabel: str
    ylabel: str
    note: str


def next_trial_layout(found: NextTrial) -> NextTrialLayout:
    """Lay out a curve per interval, and one more where it may come to lie on the other side.

    >>> from bupmeta import Effects, planning, pool
    >>> result = pool(Effects.from_arrays([-0.4, -0.1, -0.6], [0.04, 0.03, 0.09], measure="SMD"))
    >>> [label for label, *_ in next_trial_layout(planning.next_trial(result, [50, 100])).curves]
    ['Hartung-Knapp, floored', 'Wald', 'Bayes']
    """
    curves = []
    for colour, one in zip(COLOURS, found.outlooks):
        for chances, above in ((one.below, False), (one.above, True)):
            if not above or (100 * chances > FAINT).any():
                curves.append((method_words(one.method), 100 * chances, above, colour))
    words = threshold_words(found.threshold, found.effects)
    each = "per arm" if found.spread.design == "parallel" else "persons crossing over"
    note = f"Chance that the pool's {in_percent(found.result.model.level)}% interval then lies wholly below {words}."
    if any(above for _, _, above, _ in curves):
        note = note[:-1] + "; dashed: above."
    label = f"Chance that the interval excludes {words}, percent"
    return NextTrialLayout(
        found.n.astype(float), tuple(curves), f"Size of the next trial, n {each}", label, note
    )


def next_trial(found: NextTrial) -> Figure:
    """Draw the chance of an interval wholly below the threshold against size; dashed, wholly above.

    >>> from bupmeta import Effects, planning, pool
    >>> result = pool(Effects.from_arrays([-0.4, -0.1, -0.6], [0.04, 0.03, 0.09], measure="SMD"))
    >>> next_trial(planning.next_trial(result, [50, 100])).axes[0].get_ylabel()
    'Chance that the interval excludes 0, percent'
    """
    with house_style():
        layout = next_trial_layout(found)
        figure, axes = chart(layout.note, RIGHT)
        for label, values, above, colour in layout.curves:
            style = (0, (4, 2)) if above else "-"
            words = None if above else label.replace(", ", ",\n")
            axes.plot(
                layout.n, values, color=colour, lw=LINE["prediction"], ls=style, label=words, marker="o", ms=3
            )
        axes.set(ylim=(0, 100), xlabel=layout.xlabel, ylabel=layout.ylabel)
        axes.set_xlim(0, layout.n.max() * 1.02)
        axes.set_yticks([0, 25, 50, 75, 100])
        axes.grid(axis="y", color=RULE, lw=LINE["rule"], alpha=0.6)
        axes.set_axisbelow(True)
        axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=FONT["small"])
    return figure
