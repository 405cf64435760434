"""The influence panel: every deletion diagnostic of every study, on one line per study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import MaxNLocator

from bupmeta.plots.chart import Tick
from bupmeta.plots.forest_parts import clean
from bupmeta.plots.style import ACCENT, FONT, INK, LINE, MUTED, RULE, STUDY, Picture, house_style
from bupmeta.plots.text import fit, width
from bupmeta.robustness import influence as diagnostics
from bupmeta.table import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from bupmeta.effects.core import FloatArray
    from bupmeta.pooling import MetaResult

__all__ = ["InfluenceLayout", "Panel", "influence", "influence_layout"]

PAGE, ROW, HEAD, FOOT = 720.0, 17.0, 40.0, 52.0  # points
LONGEST, TICK = 150.0, FONT["small"] - 1  # points: the longest name, the size of ticks


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One diagnostic: its title, values (K,), where no influence is, limits that flag a study, and the ends."""

    title: str
    values: FloatArray
    neutral: float
    flags: tuple[float, ...]
    ends: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class InfluenceLayout:
    """Names, which studies are influential, the panels, and the sentence that explains the marks."""

    names: tuple[str, ...]
    influential: NDArray[np.bool_]
    panels: tuple[Panel, ...]
    note: str


def influence_layout(result: MetaResult) -> InfluenceLayout:
    """Lay out the panels of `robustness.influence`; call it within `house_style`, whose font measures names."""
    found = diagnostics(result)
    limits = found.limits
    both = {key: (-limits[key], limits[key]) for key in ("dffits", "dfbetas")}
    panels = [
        _panel("Studentised\nresidual", found.rstudent, 0.0, ()),
        _panel("DFFITS", found.dffits, 0.0, both["dffits"]),
        _panel("DFBETAS", found.dfbetas, 0.0, both["dfbetas"]),
        _panel("Cook's\ndistance", found.cook, 0.0, (limits["cook"],)),
        _panel("COVRATIO", found.covratio, 1.0, ()),
        _panel("τ² without", np.nan_to_num(found.tau2), result.tau2 or 0.0, ()),
        _panel("Q without", np.nan_to_num(found.q), result.q or 0.0, ()),
        _panel("Leverage", found.hat, 1 / result.k, (limits["hat"],)),
    ]
    names = tuple(fit(clean(label), LONGEST, FONT["small"])[0] for label in result.effects.labels)
    note = "Grey line: no influence (all trials, or equal weight). Dashed: beyond it a trial is influential (orange)."
    return InfluenceLayout(names, found.influential, tuple(panels), note)


def _panel(title: str, values: FloatArray, neutral: float, flags: tuple[float, ...]) -> Panel:
    """Let the axis hold the values; limits that lie far off stay outside."""
    low, high = min(neutral, float(values.min())), max(neutral, float(values.max()))
    near = [x for x in flags if low - 0.6 * (high - low) <= x <= high + 0.6 * (high - low)]
    low, high = min([low, *near]), max([high, *near])
    margin = 0.08 * (high - low) or 0.5
    return Panel(title, values, neutral, flags, (low - margin, high + margin))


def influence(result: MetaResult) -> Figure:
    """Draw the deletion diagnostics of every study, 10 inches wide (Viechtbauer & Cheung 2010).

    Influential studies are orange: DFFITS, Cook's distance, leverage or DFBETAS beyond their limit (dashed).
    Raises ModelError for one study.

    >>> from bupmeta import Effects, pool
    >>> figure = influence(pool(Effects.from_arrays([0.1, 0.4, 1.9], [0.1, 0.1, 0.2])))
    >>> len(figure.axes)
    8
    """
    with house_style():
        layout = influence_layout(result)
        k, n = len(layout.names), len(layout.panels)
        high = HEAD + ROW * k + FOOT
        figure = Picture(figsize=(PAGE / 72, high / 72))
        start = 14 + max(width(name, FONT["small"]) for name in layout.names)
        step = (PAGE - start - 8) / n
        for i, panel in enumerate(layout.panels):
            box = ((start + i * step) / PAGE, FOOT / high, (step - 12) / PAGE, ROW * k / high)
            axes = figure.add_axes(box, label=panel.title)
            _draw(axes, panel, layout.influential)
            ticks = _ticks(panel.ends, step - 12)
            axes.set_xticks([x for x, _ in ticks], [text for _, text in ticks])
            axes.set_yticks(range(k), layout.names if i == 0 else [""] * k, size=FONT["small"])
            if i == 0:
                for label, star in zip(axes.get_yticklabels(), layout.influential):
                    label.set(color=ACCENT if star else INK, parse_math=False)
        figure.text(8 / PAGE, 10 / high, layout.note, color=MUTED, size=FONT["small"])
    return figure


def _ticks(ends: tuple[float, float], room: float) -> list[Tick]:
    """Choose round numbers, fewer until their labels have room (points)."""
    ticks: list[Tick] = []
    for bins in (4, 3, 2):
        marks = MaxNLocator(bins, steps=[1, 2, 5, 10]).tick_values(*ends)
        inside = [float(x) for x in marks if ends[0] <= x <= ends[1]]
        digits = next((d for d in range(9) if all(abs(round(x, d) - x) <= 1e-9 * abs(x) for x in inside)), 9)
        ticks = [(x, number(x, digits)) for x in inside] or ticks
        if sum(width(text, TICK) + 7 for _, text in ticks) <= room:
            return ticks
    return ticks[len(ticks) // 2 :][:1]


def _draw(axes: Axes, panel: Panel, influential: NDArray[np.bool_]) -> None:
    rows = np.arange(len(panel.values))
    axes.axvline(panel.neutral, color=RULE, lw=LINE["axis"], zorder=0)
    for flag in panel.flags:
        axes.axvline(flag, color=MUTED, lw=LINE["rule"], ls=(0, (4, 3)), zorder=0)
    for chosen, colour in ((~influential, STUDY), (influential, ACCENT)):
        axes.hlines(rows[chosen], panel.neutral, panel.values[chosen], color=colour, lw=LINE["interval"])
        axes.plot(panel.values[chosen], rows[chosen], "o", ms=4.5, color=colour, mew=0)
    axes.set(xlim=panel.ends, ylim=(len(rows) - 0.5, -0.5))
    axes.set_title(panel.title, size=FONT["small"], weight="bold", color=MUTED, pad=6)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="x", color=RULE, labelsize=TICK)
    axes.tick_params(axis="y", length=0)
