"""The few-studies panel as a picture: an interval per method, the one to read in full colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bupmeta.plots.chart import effect_ticks, effect_words, interval_words
from bupmeta.plots.forest_parts import clean
from bupmeta.plots.lines import Line, LinesLayout, Look, draw_lines, limits
from bupmeta.plots.style import house_style
from bupmeta.table import in_percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from bupmeta.pooling.panel import Panel

__all__ = ["few_studies", "few_studies_layout"]


def few_studies_layout(panel: Panel) -> LinesLayout:
    """Lay out the trials, first, and the methods.

    >>> from bupmeta import Effects
    >>> from bupmeta.pooling import few_studies as panel_of
    >>> found = few_studies_layout(panel_of(Effects.from_arrays([-0.9, -0.2], [0.05, 0.04], measure="SMD")))
    >>> [line.name for line in found.lines if line.look == "read"]
    ['Bayes, τ ~ HalfNormal(0.5)']
    """
    effects = panel.effects
    lines = [
        Line(clean(label), interval_words(effects, y, ends), "trial", y, *ends)
        for label, y, ends in zip(effects.labels, effects.y.tolist(), effects.limits(panel.level))
    ]
    for row in panel.rows if panel.k > 1 else ():
        if row.result is None:
            lines.append(Line(row.method, "not given", "other"))
        else:
            found = row.result
            text = interval_words(effects, found.mu, found.ci)
            look: Look = "read" if row is panel.read else "other"
            lines.append(Line(row.method, text, look, found.mu, *found.ci))
    ends = limits(lines, panel.read.result.mu if panel.read and panel.read.result else float(effects.y[0]))
    note = f"{in_percent(panel.level)}% intervals." + (" Bold: the row to read." if panel.read else "")
    if any(line.mu is not None and (line.low < ends[0] or line.high > ends[1]) for line in lines):
        note += " Arrows: beyond the axis."
    rules = (panel.k,) if panel.k < len(lines) else ()
    ticks = effect_ticks(effects, *ends)
    return LinesLayout(tuple(lines), ends, ticks, effect_words(effects), note, rules)


def few_studies(panel: Panel) -> Figure:
    """Draw the trials and what each method makes of them, on one axis.

    >>> from bupmeta import Effects
    >>> from bupmeta.pooling import few_studies as panel_of
    >>> figure = few_studies(panel_of(Effects.from_arrays([-0.9, -0.2], [0.05, 0.04], measure="SMD")))
    >>> figure.axes[0].get_xlabel()
    'Standardized mean difference'
    """
    with house_style():
        return draw_lines(few_studies_layout(panel))[0]
