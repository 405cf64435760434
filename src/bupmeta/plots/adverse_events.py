"""Events as dots: the share of people with each in both groups on the left, the ratio with its interval right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bupmeta.effects import Effects, Tables
from bupmeta.errors import DataError
from bupmeta.plots.axis import axis
from bupmeta.plots.chart import Tick, effect_words, interval_words
from bupmeta.plots.forest_parts import clean
from bupmeta.plots.lines import FOOT, GAP, STEP, TOP, Line, LinesLayout, draw_lines
from bupmeta.plots.style import ACCENT, FONT, INK, LINE, RULE, STUDY, house_style
from bupmeta.plots.text import fit, width
from bupmeta.table import in_percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["AdverseEventsLayout", "EventRow", "adverse_events", "adverse_events_layout", "event_rows"]

BEFORE, RISKS = 200.0, 170.0  # points: the room between names and ratios, and the axis of risks in it
ROOM = 240.0  # the key may run on over the ratios
CORRECTED = "†"
Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event: the share of people with it, active and control, and the ratio with its interval, as logarithms.

    `mu` is None where there is no ratio, and `words` then say why; `pooled` draws a diamond, not the square of a trial;
    `corrected` tells of a ratio that needed 1/2 in empty cells.
    """

    name: str
    active: float
    control: float
    mu: float | None = None
    ci: Pair = (0.0, 0.0)
    words: str = ""
    pooled: bool = False
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class AdverseEventsLayout:
    """The rows of ratios, titles above groups of them, the risks in percent beside each, and the axis of risks."""

    rows: LinesLayout
    titles: tuple[str, ...]
    risks: tuple[Pair | None, ...]
    limits: Pair
    ticks: tuple[Tick, ...]
    arms: tuple[str, str]


def event_rows(tables: Tables, level: float = 0.95) -> tuple[EventRow, ...]:
    """Give each table as an event: of one trial, say, whose labels name its adverse events.

    The ratio is a risk ratio, with 1/2 added to all cells where one is empty.

    >>> rows = event_rows(Tables.from_counts([28, 0], [189, 9], [8, 0], [186, 9], ["dry mouth", "rash"]))
    >>> [(row.name, row.mu is None, row.words) for row in rows]
    [('dry mouth', False, ''), ('rash', True, 'no events in both arms')]
    """
    effects = tables.effects("RR")
    ends = dict(zip(effects.labels, effects.limits(level)))
    y = dict(zip(effects.labels, effects.y.tolist()))
    added = {label for label, origin in zip(effects.labels, effects.origin) if "0.5" in origin.assumption}
    why = {silent.label: silent.kind for silent in effects.silent}
    active, control = tables.events_active / tables.n_active, tables.events_control / tables.n_control
    return tuple(
        EventRow(
            label, a, c, y.get(label), ends.get(label, (0.0, 0.0)), why.get(label, ""), False, label in added
        )
        for label, a, c in zip(tables.labels, active.tolist(), control.tolist())
    )


def adverse_events_layout(
    what: Tables | Mapping[str, Sequence[EventRow]],
    *,
    measure: Literal["RR", "OR"] = "RR",
    arms: tuple[str, str] = ("active", "control"),
    level: float = 0.95,
) -> AdverseEventsLayout:
    """Lay out the events of a trial, or groups of events under titles ("" for none).

    `arms` names the two groups. Raises DataError when there is no event.

    >>> layout = adverse_events_layout(Tables.from_counts([28], [189], [8], [186], ["dry mouth"]))
    >>> layout.rows.lines[0].words, [round(x, 1) for x in layout.risks[0]]
    ('3.44 (1.61 to 7.36)', [14.8, 4.3])
    """
    groups = {"": event_rows(what, level)} if isinstance(what, Tables) else what
    if not any(groups.values()):
        raise DataError("there is no event to draw")
    effects = Effects.none(measure=measure)
    lines: list[Line] = []
    titles: list[str] = []
    risks: list[Pair | None] = []
    rules: list[int] = []
    for title, rows in groups.items():
        if title:
            rules += [len(lines)] if lines else []
            lines.append(Line("", "", "head"))
            titles.append(clean(title))
            risks.append(None)
        for row in rows:
            lines.append(_line(effects, row))
            titles.append("")
            risks.append((100 * row.active, 100 * row.control))
    drawn = [(line.mu, (line.low, line.high)) for line in lines if line.mu is not None]
    scale = axis([mu for mu, _ in drawn], [pair for _, pair in drawn], ratio=True)
    ends = (scale.low, scale.high)
    most = max(max(pair) for pair in risks if pair is not None)
    percent = axis([], [], within=(0.0, max(1.06 * most, 1.0)))
    note = f"{in_percent(level)}% intervals."
    if any(line.mu is not None and (line.low < ends[0] or line.high > ends[1]) for line in lines):
        note += " Arrows: beyond the axis."
    every = [row for rows in groups.values() for row in rows]
    if any(row.pooled for row in every):
        note += " Square: one trial; diamond: pooled."
    if any(row.corrected for row in every):
        note += f" {CORRECTED} One group had no event: 1/2 added to each cell."
    ratios = LinesLayout(tuple(lines), ends, scale.ticks, effect_words(effects), note, tuple(rules))
    names = (clean(arms[0]), clean(arms[1]))
    return AdverseEventsLayout(
        ratios, tuple(titles), tuple(risks), (percent.low, percent.high), percent.ticks, names
    )


def _line(effects: Effects, row: EventRow) -> Line:
    name = clean(f"{row.name} {CORRECTED}" if row.corrected else row.name)
    if row.mu is None:
        return Line(name, clean(row.words), "other")
    words = row.words or interval_words(effects, row.mu, row.ci)
    return Line(name, words, "pooled" if row.pooled else "trial", row.mu, *row.ci)


def adverse_events(
    what: Tables | Mapping[str, Sequence[EventRow]],
    *,
    measure: Literal["RR", "OR"] = "RR",
    arms: tuple[str, str] = ("active", "control"),
    level: float = 0.95,
) -> Figure:
    """Draw the risks of both groups and their ratio, event by event (after Amit, Heiberger & Lane 2008).

    >>> figure = adverse_events(Tables.from_counts([28], [189], [8], [186], ["dry mouth"]))
    >>> [axes.get_xlabel() for axes in figure.axes]
    ['Risk ratio', 'People with the event, %']
    """
    with house_style():
        layout = adverse_events_layout(what, measure=measure, arms=arms, level=level)
        rows = layout.rows
        figure, ratios = draw_lines(rows, before=BEFORE)
        wide, high = (72 * side for side in figure.get_size_inches())
        left = ratios.get_position().x0 * wide - BEFORE
        box = (left / wide, FOOT / high, RISKS / wide, 1 - (TOP + FOOT) / high)
        _risks(figure.add_axes(box), layout)
        for i, title in enumerate(layout.titles):
            y = (FOOT + STEP * (len(rows.lines) - 0.5 - i)) / high
            text = fit(title, wide - 4 * GAP, FONT["text"], bold=True)[0]
            figure.text(GAP / wide, y, text, va="center", weight="bold", color=INK)
        for sign, arm, colour in zip("●△", layout.arms, (STUDY, ACCENT)):
            text = fit(f"{sign} {arm}", (BEFORE + ROOM) / 2, FONT["small"])[0]
            at = (left / wide, 1 - TOP / 2 / high)
            figure.text(*at, text, va="center", size=FONT["small"], color=colour)
            left += width(text, FONT["small"]) + 2 * GAP
    return figure


def _risks(axes: Axes, layout: AdverseEventsLayout) -> None:
    rows = layout.rows
    axes.set(xlim=layout.limits, ylim=(len(rows.lines) - 0.5, -0.5), xlabel="People with the event, %")
    axes.set_xticks([x for x, _ in layout.ticks], [text for _, text in layout.ticks])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(color=RULE, labelsize=FONT["small"])
    for row in rows.rules:
        axes.axhline(row - 0.5, color=RULE, lw=LINE["rule"])
    for i, pair in enumerate(layout.risks):
        if pair is None:
            continue
        axes.plot(pair, [i, i], color=RULE, lw=LINE["axis"], zorder=1)
        axes.plot(pair[1], i, marker="^", ms=6, color=ACCENT, mfc="none", clip_on=False, gid=f"control-{i}")
        axes.plot(
            pair[0], i, marker="o", ms=5.5, color=STUDY, mew=0, clip_on=False, zorder=1.5, gid=f"active-{i}"
        )
