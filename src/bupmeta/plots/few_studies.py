"""The few-studies panel as a picture: an interval per method, the one to read in full colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bupmeta.plots.chart import Tick, effect_ticks, effect_words
from bupmeta.plots.forest_layout import RATIOS
from bupmeta.plots.forest_parts import clean
from bupmeta.plots.style import FONT, INK, LINE, MUTED, POOLED, RULE, STUDY, Picture, house_style
from bupmeta.plots.text import fit, width
from bupmeta.table import interval, number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from bupmeta.pooling.panel import Panel

__all__ = ["FewStudiesLayout", "Line", "few_studies", "few_studies_layout"]

WIDE, STEP, TOP, FOOT, GAP = 620.0, 20.0, 26.0, 62.0, 10.0  # points
LONGEST = 220.0
CROWDED = 1.6  # the axis shows this many times the second widest interval; wider ones get an arrow


@dataclass(frozen=True, slots=True)
class Line:
    """One row: words, and the interval where there is one (`low`, `high`), its estimate, whether it is to be read."""

    name: str
    words: str
    mu: float | None
    low: float
    high: float
    read: bool
    trial: bool


@dataclass(frozen=True, slots=True)
class FewStudiesLayout:
    """Rows from above, the trials first, the ends of the axis, ticks and words."""

    lines: tuple[Line, ...]
    limits: tuple[float, float]
    ticks: tuple[Tick, ...]
    words: str
    note: str


def few_studies_layout(panel: Panel) -> FewStudiesLayout:
    """Lay out the trials and the methods; call it within `house_style`, whose font measures the names.

    >>> from bupmeta import Effects
    >>> from bupmeta.pooling import few_studies as panel_of
    >>> found = few_studies_layout(panel_of(Effects.from_arrays([-0.9, -0.2], [0.05, 0.04], measure="SMD")))
    >>> [line.name for line in found.lines if line.read]
    ['Bayes, τ ~ HalfNormal(0.5)']
    """
    effects = panel.effects

    def words(mu: float, low: float, high: float) -> str:
        if effects.measure in RATIOS:
            mu, low, high = (float(np.exp(x)) for x in (mu, low, high))
        return f"{number(mu)} {interval((low, high))}"

    lines = [
        Line(clean(label), words(y, *ends), y, *ends, read=False, trial=True)
        for label, y, ends in zip(effects.labels, effects.y.tolist(), effects.limits(panel.level))
    ]
    for row in panel.rows if panel.k > 1 else ():
        if row.result is None:
            lines.append(Line(row.method, "not given", None, 0.0, 0.0, read=False, trial=False))
        else:
            found = row.result
            text = words(found.mu, *found.ci)
            lines.append(Line(row.method, text, found.mu, *found.ci, read=row is panel.read, trial=False))
    drawn = [line for line in lines if line.mu is not None]
    ends = sorted((line.high - line.low for line in drawn), reverse=True)
    reach = CROWDED * ends[min(2, len(ends) - 1)]
    middle = panel.read.result.mu if panel.read and panel.read.result else float(effects.y[0])
    low = max(min(0.0, *(line.low for line in drawn)), middle - reach)
    high = min(max(0.0, *(line.high for line in drawn)), middle + reach)
    room = 0.04 * (high - low)
    limits = (low - room, high + room)
    note = f"{100 * panel.level:g}% intervals." + (" Bold: the row to read." if panel.read else "")
    if any(line.low < limits[0] or line.high > limits[1] for line in drawn):
        note += " Arrows: beyond the axis."
    return FewStudiesLayout(tuple(lines), limits, effect_ticks(effects, *limits), effect_words(effects), note)


def few_studies(panel: Panel) -> Figure:
    """Draw the trials and what each method makes of them, on one axis.

    >>> from bupmeta import Effects
    >>> from bupmeta.pooling import few_studies as panel_of
    >>> figure = few_studies(panel_of(Effects.from_arrays([-0.9, -0.2], [0.05, 0.04], measure="SMD")))
    >>> figure.axes[0].get_xlabel()
    'Standardized mean difference'
    """
    with house_style():
        layout = few_studies_layout(panel)
        names = [fit(line.name, LONGEST, FONT["text"])[0] for line in layout.lines]
        left = max(width(name, FONT["text"]) for name in names) + 2 * GAP
        right = max(width(line.words, FONT["text"]) for line in layout.lines) + 2 * GAP
        high = TOP + FOOT + STEP * len(names)
        figure = Picture(figsize=(WIDE / 72, high / 72))
        box = (left / WIDE, FOOT / high, 1 - (left + right) / WIDE, 1 - (TOP + FOOT) / high)
        axes = figure.add_axes(box)
        axes.set(xlim=layout.limits, ylim=(len(names) - 0.5, -0.5), xlabel=layout.words)
        axes.set_xticks([x for x, _ in layout.ticks], [text for _, text in layout.ticks])
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.tick_params(color=RULE, labelsize=FONT["small"])
        axes.axvline(0, color=RULE, lw=LINE["axis"], zorder=0)
        trials = sum(line.trial for line in layout.lines)
        if trials < len(names):
            axes.axhline(trials - 0.5, color=RULE, lw=LINE["rule"])
        for i, (name, line) in enumerate(zip(names, layout.lines)):
            colour = STUDY if line.trial else POOLED if line.read else MUTED
            y = (FOOT + STEP * (len(names) - 0.5 - i)) / high
            weight = "bold" if line.read else "normal"
            ink = INK if line.trial or line.read else MUTED
            figure.text(GAP / WIDE, y, name, va="center", weight=weight, color=ink)
            figure.text(1 - GAP / WIDE, y, line.words, va="center", ha="right", weight=weight, color=ink)
            if line.mu is None:
                continue
            ends = max(line.low, layout.limits[0]), min(line.high, layout.limits[1])
            lw = LINE["prediction"] if line.read else LINE["interval"]
            axes.plot(ends, [i, i], color=colour, lw=lw, solid_capstyle="butt", gid=f"interval-{i}")
            axes.plot(line.mu, i, marker="s" if line.trial else "D", ms=6 if line.read else 4.5, color=colour)
            for end, beyond, mark in (
                (ends[0], line.low < ends[0], "<"),
                (ends[1], line.high > ends[1], ">"),
            ):
                if beyond:
                    axes.plot(end, i, marker=mark, ms=6, color=colour, clip_on=False)
        figure.text(GAP / WIDE, 10 / high, layout.note, color=MUTED, size=FONT["small"])
    return figure
