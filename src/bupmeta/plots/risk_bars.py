"""How much of the evidence has which risk of bias: shares of trials and of weight in each domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bupmeta.plots.judgements import LOOKS, columns, key, meanings
from bupmeta.plots.style import FONT, INK, LINE, MUTED, PAPER, RULE, Picture, house_style
from bupmeta.plots.text import fit, width
from bupmeta.plots.traffic_light import traffic_light_layout
from bupmeta.table import quantity
from bupmeta.table.numbers import number
from bupmeta.trials.risk_of_bias import Assessment, Judged, ToolName, shares

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Bar", "RiskBarsLayout", "risk_bars", "risk_bars_layout"]

WIDE, BAR, GAP, EDGE, RADIUS = 640.0, 13.0, 11.0, 9.0, 7.0  # points


@dataclass(frozen=True, slots=True)
class Bar:
    """One domain: the share of each judgement, counted by trials and by weight (empty without weights)."""

    domain: str
    trials: Mapping[Judged, float]
    weight: Mapping[Judged, float]


@dataclass(frozen=True, slots=True)
class RiskBarsLayout:
    """One bar per domain, the overall judgement last, and the words below."""

    bars: tuple[Bar, ...]
    note: str

    @property
    def present(self) -> tuple[Judged, ...]:
        """The judgements that occur, in the order of the key."""
        found = {word for bar in self.bars for word in (*bar.trials, *bar.weight)}
        return tuple(one for one in LOOKS if one in found)


def risk_bars_layout(
    assessments: Mapping[str, Assessment], weights: Sequence[float] = (), tool: ToolName | None = None
) -> RiskBarsLayout:
    """Lay out the shares over all trials; a trial that was judged by another tool, or by nobody, is not assessed.

    `weights` are one per trial, 0 for those without an effect. Raises DataError when no trial was judged.
    """
    tool = traffic_light_layout(assessments, tool).tool
    found = [one if one.tool == tool else Assessment(one.trial) for one in assessments.values()]
    names = columns(tool)
    bars = []
    for name in names:
        judged = [one.overall if name == names[-1] else one.of(name) for one in found]
        bars.append(Bar(name, shares(judged), shares(judged, weights) if any(weights) else {}))
    count = quantity(len(found), "trial")
    upper = f"Upper bar: share of {count}; lower bar: share of the weight in the pool"
    said = upper if any(weights) else f"Share of {count}; no trial has a weight in a pool"
    note = f"{tool}. {said}. {meanings(tool)}"
    return RiskBarsLayout(tuple(bars), note.strip())


def risk_bars(
    assessments: Mapping[str, Assessment], weights: Sequence[float] = (), tool: ToolName | None = None
) -> Figure:
    """Draw the share of each judgement in each domain, by number of trials and by their weight.

    >>> from bupmeta.trials.risk_of_bias import read_risk_of_bias
    >>> judged = read_risk_of_bias("data/risk_of_bias.csv")
    >>> trials = {name: judged.of(name, "all") for name in ("katz2005", "semenchuk2001")}
    >>> dict(risk_bars_layout(trials, [0, 100]).bars[0].weight)
    {'not assessed': 1.0}
    >>> len(risk_bars(trials, [0, 100]).axes)
    1
    """
    layout = risk_bars_layout(assessments, weights, tool)
    with house_style():
        left = EDGE + max(width(bar.domain, FONT["text"]) for bar in layout.bars) + 12
        notes = fit(layout.note, WIDE - 2 * EDGE, FONT["small"], lines=4)
        foot = EDGE + 12.0 * len(notes) + 2 * RADIUS + 14
        both = any(bar.weight for bar in layout.bars)
        row = GAP + BAR * (2 if both else 1)
        high = foot + row * len(layout.bars) + EDGE
        figure = Picture(figsize=(WIDE / 72, high / 72))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, WIDE), ylim=(0, high))
        axes.set_axis_off()
        for i, bar in enumerate(layout.bars):
            y = high - EDGE - row * (i + 0.5)
            axes.text(EDGE, y, bar.domain, va="center_baseline", size=FONT["text"])
            _stack(axes, bar.trials, left, y + (BAR / 2 + 1 if both else 0))
            _stack(axes, bar.weight, left, y - BAR / 2 - 1)
        bottom = high - EDGE - row * len(layout.bars)
        key(axes, EDGE, bottom - RADIUS - 4, layout.present, RADIUS, _swatch)
        axes.text(EDGE, EDGE, "\n".join(notes), va="bottom", size=FONT["small"], color=MUTED, linespacing=1.2)
    return figure


def _stack(axes: Axes, parts: Mapping[Judged, float], left: float, y: float) -> None:
    whole, x = WIDE - EDGE - left, left
    for judged, share in parts.items():
        look, wide = LOOKS[judged], whole * share
        _box(axes, x, y, judged, wide)
        text = " ".join(filter(None, (look.sign, f"{number(100 * share, 0)}%")))
        if width(text, FONT["small"]) + 8 < wide:
            ink = INK if judged == "not assessed" else look.ink
            behind = (
                {"facecolor": PAPER, "edgecolor": "none", "pad": 0.3} if judged == "not assessed" else None
            )
            axes.text(
                x + wide / 2, y, text, ha="center", va="center_baseline", size=8.0, color=ink, bbox=behind
            )
        x += wide


def _box(axes: Axes, x: float, y: float, judged: Judged, wide: float) -> None:
    from matplotlib.patches import Rectangle

    hatch = "////" if judged == "not assessed" else None
    face = "none" if hatch else LOOKS[judged].face  # the paper shows through, on a dark screen too
    axes.add_patch(
        Rectangle((x, y - BAR / 2), wide, BAR, facecolor=face, edgecolor=RULE, lw=LINE["rule"], hatch=hatch)
    )


def _swatch(axes: Axes, x: float, y: float, judged: Judged, size: float) -> None:
    _box(axes, x - size, y, judged, 2 * size)
    look = LOOKS[judged]
    axes.text(x, y, look.sign, ha="center", va="center_baseline", size=8.0, color=look.ink)
