"""Risk of bias as a traffic-light plot: one row a trial, one column a domain; what nobody judged is an empty ring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from bupmeta.errors import DataError
from bupmeta.plots.forest_parts import clean
from bupmeta.plots.judgements import LOOKS, columns, draw_mark, key, meanings
from bupmeta.plots.style import FONT, LINE, MUTED, RULE, Picture, house_style
from bupmeta.plots.text import fit, width
from bupmeta.trials.risk_of_bias import TOOLS, Assessment, Judged, ToolName

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["TrafficLightLayout", "traffic_light", "traffic_light_layout"]

MOST = 12  # trials that nobody judged; more share one row that counts them
LONGEST = 200.0  # points for the name of a trial
WORDED, CODED, ROW, RADIUS = 68.0, 46.0, 25.0, 9.0  # points: columns named by words or by codes, rows, marks
EDGE, GAP = 9.0, 12.0  # points: around everything, and before the overall judgement


@dataclass(frozen=True, slots=True)
class TrafficLightLayout:
    """Headings, one row of judgements per trial, and the words below."""

    tool: ToolName
    headings: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Judged, ...]], ...]
    note: str

    @property
    def present(self) -> tuple[Judged, ...]:
        """The judgements that occur, in the order of the key."""
        found = {one for _, judged in self.rows for one in judged}
        return tuple(one for one in LOOKS if one in found)


def traffic_light_layout(
    assessments: Mapping[str, Assessment], tool: ToolName | None = None
) -> TrafficLightLayout:
    """Lay out trials, named by their labels, that were judged by `tool` (by default the one most trials have).

    Trials that nobody judged follow, one row each, or in one row that counts them when there are many. Raises
    DataError when no trial was judged (by that tool): nothing is drawn as if there were judgements.
    """
    used = Counter(one.tool for one in assessments.values() if one.tool is not None)
    if not used or (tool is not None and tool not in used):
        what = f" by {tool}" if tool in get_args(ToolName) else ""
        raise DataError(f"no trial was judged{what}; there is no risk of bias to draw")
    main = max(used, key=lambda name: used[name])
    tool = tool or main
    names = columns(tool)

    rows = [
        (label, (*(one.of(name) for name in names[:-1]), one.overall))
        for label, one in assessments.items()
        if one.tool == tool
    ]
    if tool == main:  # those that nobody judged stand once, beside most of the others
        rest = [label for label, one in assessments.items() if not one.assessed]
        none: tuple[Judged, ...] = tuple("not assessed" for _ in names)
        rows += (
            [(label, none) for label in rest]
            if len(rest) <= MOST
            else [(f"{len(rest)} further trials", none)]
        )
    return TrafficLightLayout(
        tool, names, tuple(rows), " ".join(filter(None, (TOOLS[tool].title + ".", meanings(tool))))
    )


def traffic_light(assessments: Mapping[str, Assessment], tool: ToolName | None = None) -> Figure:
    """Draw the judgements of each trial in each domain of a tool.

    >>> from bupmeta.trials.risk_of_bias import read_risk_of_bias
    >>> judged = read_risk_of_bias("data/risk_of_bias.csv")
    >>> trials = {"Katz 2005": "katz2005", "Semenchuk 2001": "semenchuk2001"}
    >>> figure = traffic_light({label: judged.of(trial, "all") for label, trial in trials.items()})
    >>> [text.get_text() for text in figure.axes[0].texts if text.get_text() in trials]
    ['Katz 2005', 'Semenchuk 2001']
    """
    layout = traffic_light_layout(assessments, tool)
    with house_style():
        size = FONT["text"]
        labels = [fit(clean(label), LONGEST, size)[0] for label, _ in layout.rows]
        left = EDGE + max(width(label, size) for label in labels) + 14
        step = CODED if max(map(len, layout.headings[:-1])) <= 2 else WORDED
        wide = max(left + step * len(layout.headings) + GAP + EDGE, 420.0)
        notes = fit(layout.note, wide - 2 * EDGE, FONT["small"], lines=4)
        foot = EDGE + 12.0 * len(notes) + 2 * RADIUS + 16
        heads = [fit(heading, step - 4, FONT["small"], lines=3) for heading in layout.headings]
        head = 12.0 * max(map(len, heads)) + 10
        high = foot + ROW * len(layout.rows) + head + EDGE
        figure = Picture(figsize=(wide / 72, high / 72))
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, wide), ylim=(0, high))
        axes.set_axis_off()
        at = [
            left + step * (i + 0.5) + (GAP if i == len(layout.headings) - 1 else 0)
            for i in range(len(layout.headings))
        ]
        top = high - EDGE - head
        for x, lines in zip(at, heads):
            axes.text(x, top + 6, "\n".join(lines), ha="center", va="bottom", size=FONT["small"], color=MUTED)
        for i, (label, (_, judged)) in enumerate(zip(labels, layout.rows)):
            y = top - ROW * (i + 0.5)
            axes.plot([EDGE, wide - EDGE], [y + ROW / 2] * 2, color=RULE, lw=LINE["rule"])
            axes.text(EDGE, y, label, va="center_baseline", size=size)
            for x, one in zip(at, judged):
                draw_mark(axes, x, y, one, RADIUS)
        bottom = top - ROW * len(layout.rows)
        axes.plot([EDGE, wide - EDGE], [bottom] * 2, color=RULE, lw=LINE["rule"])
        key(axes, EDGE, bottom - RADIUS - 9, layout.present, RADIUS - 2)
        axes.text(EDGE, EDGE, "\n".join(notes), va="bottom", size=FONT["small"], color=MUTED, linespacing=1.2)
    return figure
