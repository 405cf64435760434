"""Every pool before and after a change of the data: two intervals each, and a sign on those that moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from bupmeta.errors import DataError
from bupmeta.plots.axis import Axis, axis
from bupmeta.plots.forest_grid import GAP, LEADING, MARGIN, tick_spacing
from bupmeta.plots.forest_layout import MEASURES, RATIOS
from bupmeta.plots.forest_parts import clean
from bupmeta.plots.forest_words import Show
from bupmeta.plots.style import ACCENT, FONT, INK, LINE, MUTED, RULE, Picture, house_style
from bupmeta.plots.text import fit, width

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from bupmeta.living import Diff, PoolChange, PoolState

__all__ = ["BeforeAfterLayout", "Line", "Mark", "Panel", "before_after", "before_after_layout"]

WIDE, PLOT = 720.0, 250.0  # points: the page, and the narrowest plot
ROW, STILL, APART = (
    30.0,
    20.0,
    5.0,
)  # points: a row that moved, one that did not, its two lines from its middle
HEAD, SCALE = 22.0, 38.0  # points over and under the rows of a panel
NAME = 250.0  # points for the name of a pool at most
NOTHING = "nothing pooled"
HEAD_WORDS = ("Pool", "Trials", "Estimate (interval)")
When: TypeAlias = Literal["before", "after"]
MOST = 120  # pools that still make a page


@dataclass(frozen=True, slots=True)
class Mark:
    """One estimate with its interval, in data units and in words."""

    mu: float
    ci: tuple[float, float]
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One pool before and after; None where nothing was pooled. One that did not move is drawn once."""

    name: str
    trials: str
    before: Mark | None
    after: Mark | None
    moved: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """The pools of one measure on one axis."""

    axis: Axis
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class BeforeAfterLayout:
    """Panels from top to bottom, and the words below."""

    panels: tuple[Panel, ...]
    note: str


def before_after_layout(diff: Diff) -> BeforeAfterLayout:
    """Lay out every pool that has an estimate on either side; raises DataError for none, or more than a page holds."""
    lines: dict[tuple[str, str], list[Line]] = {}
    for change in diff.pools:
        state = change.new or change.old
        assert state is not None
        found = [line for line in _lines(change, state.measure) if line.before or line.after]
        lines.setdefault((state.measure, state.unit), []).extend(found)
    lines = {key: found for key, found in lines.items() if found}
    count = sum(map(len, lines.values()))
    if not count:
        raise DataError("no pool has an estimate before or after, so there is nothing to draw")
    if count > MOST:
        raise DataError(
            f"{count} pools do not fit a page (at most {MOST}); name one specification with --spec"
        )
    return BeforeAfterLayout(
        tuple(Panel(_axis(found, *key), tuple(found)) for key, found in lines.items()),
        "Grey ring: before. Square: after. Orange and bold: a pool of which a number moved; the others are drawn once.",
    )


def _lines(change: PoolChange, measure: str) -> Iterator[Line]:
    """Yield the extractable pool, and all evidence where there is such a result."""
    name = change.name.removesuffix(f" ({measure})")
    for prefix, shown in (("", name), ("all_", f"{name}, all evidence")):
        show = Show(2, measure in RATIOS)
        before, after = (_mark(state, prefix, show) for state in (change.old, change.new))
        counts = [getattr(state, f"{prefix}k", None) or 0 for state in (change.old, change.new)]
        trials = f"{counts[0]} → {counts[1]}" if counts[0] != counts[1] else str(counts[1])
        own = [field for field in change.moved if field.startswith("all_") == bool(prefix)]
        yield Line(clean(shown), trials, before, after, bool(own))


def _mark(state: PoolState | None, prefix: str, show: Show) -> Mark | None:
    mu, ci = getattr(state, f"{prefix}mu", None), getattr(state, f"{prefix}ci", None)
    if mu is None or ci is None:
        return None
    return Mark(mu, ci, show.estimate(mu, ci))


def _axis(lines: list[Line], measure: str, unit: str) -> Axis:
    marks = [mark for line in lines for mark in (line.before, line.after) if mark is not None]
    words = MEASURES.get(measure, measure)
    label = f"{words}, {unit}" if unit and unit not in (measure, words) else words
    estimates, intervals = [mark.mu for mark in marks], [mark.ci for mark in marks]
    return axis(estimates, intervals, label=clean(label), ratio=measure in RATIOS)


def before_after(diff: Diff) -> Figure:
    """Draw every pool of a comparison before and after, one panel per measure, 10 inches wide.

    Raises DataError where no pool has an estimate, or more than a page holds.

    >>> from bupmeta.living import diff
    >>> figure = before_after(diff("data/trials.csv", "data/trials.csv", spec="analyses/bupropion.toml"))
    >>> round(float(figure.get_figwidth()))
    10
    """
    layout = before_after_layout(diff)
    with house_style():
        place = _place([line for panel in layout.panels for line in panel.lines])
        small = FONT["small"]
        note = fit(layout.note, WIDE - 2 * MARGIN, small, lines=3)
        rows = sum(_height(line, place) for panel in layout.panels for line in panel.lines)
        high = rows + len(layout.panels) * (HEAD + SCALE) + len(note) * small * LEADING + 2 * MARGIN
        figure = Picture(figsize=(WIDE / 72, high / 72))
        page = figure.add_axes((0, 0, 1, 1), label="words")
        page.set(xlim=(0, WIDE), ylim=(high, 0))
        page.set_axis_off()
        y = MARGIN
        for i, panel in enumerate(layout.panels, start=1):
            size = (place.right - place.left) / WIDE, (sum(_height(x, place) for x in panel.lines)) / high
            plot = figure.add_axes((place.left / WIDE, 1 - (y + HEAD) / high - size[1], *size), label="plot")
            y = _panel(page, plot, panel, place, y, str(i))
        for i, one in enumerate(note):
            _write(page, MARGIN, y + (i + 0.5) * small * LEADING, one, color=MUTED, size=small)
    return figure


@dataclass(frozen=True, slots=True)
class _Place:
    """Points from the left: where the plot begins and ends; and how wide the name of a pool may be."""

    left: float
    right: float
    room: float


def _place(lines: list[Line]) -> _Place:
    """Measure the columns of text; the plot has what they leave."""
    small, text = FONT["small"], FONT["text"]
    words = [NOTHING, *(mark.words for line in lines for mark in (line.before, line.after) if mark)]
    right = (
        WIDE
        - MARGIN
        - GAP
        - max(width(HEAD_WORDS[2], small, bold=True), *(width(one, small) for one in words))
    )
    counts = max(width(one, small, bold=True) for one in (HEAD_WORDS[1], *(line.trials for line in lines)))
    room = min(NAME, right - PLOT - counts - 2 * GAP - MARGIN)
    names = (part for line in lines for part in fit(line.name, room, text, lines=2, bold=True))
    name = max(width(part, text, bold=True) for part in names)
    return _Place(MARGIN + name + GAP + counts + GAP, right, room)


def _height(line: Line, place: _Place) -> float:
    broken = len(fit(line.name, place.room, FONT["text"], lines=2, bold=line.moved)) > 1
    return ROW if line.moved or broken else STILL


def _panel(page: Axes, plot: Axes, panel: Panel, place: _Place, y: float, gid: str) -> float:
    """Draw one panel from `y` down, its words on the page, and return where it ends."""
    small, text = FONT["small"], FONT["text"]
    left, right = place.left - GAP, place.right + GAP
    for x, title, align in zip((MARGIN, left, right), HEAD_WORDS, ("left", "right", "left")):
        _write(page, x, y + HEAD / 2 - 2, title, ha=align, color=MUTED, size=small, weight="bold")
    page.plot([MARGIN, WIDE - MARGIN], [y + HEAD - 4] * 2, color=RULE, lw=LINE["rule"])
    top = y = y + HEAD
    for i, line in enumerate(panel.lines, start=1):
        middle = y + _height(line, place) / 2
        names = fit(line.name, place.room, text, lines=2, bold=line.moved)
        for j, part in enumerate(names):
            at = middle + (j - (len(names) - 1) / 2) * text * LEADING
            colour, weight = (ACCENT, "bold") if line.moved else (INK, "normal")
            _write(page, MARGIN, at, part, size=text, color=colour, weight=weight)
        _write(page, left, middle, line.trials, ha="right", size=small)
        for mark, when, at in _marks(line, middle):
            colour = MUTED if when == "before" else ACCENT if line.moved else INK
            _write(page, right, at, NOTHING if mark is None else mark.words, size=small, color=colour)
            if mark is not None:
                _draw(plot, mark, panel.axis, at, colour, f"{when}-{gid}-{i}")
        y += _height(line, place)
    ticks = panel.axis.apart(tick_spacing(panel.axis, place.right - place.left))
    limits = {"xlim": (panel.axis.low, panel.axis.high), "ylim": (y, top)}
    plot.set(**limits, yticks=[], facecolor="none", xlabel=panel.axis.label)
    plot.set_xticks([x for x, _ in ticks], [label for _, label in ticks], size=small)
    plot.xaxis.label.set(size=small, color=MUTED)
    plot.spines["left"].set_visible(False)
    plot.axvline(panel.axis.reference, color=INK, lw=LINE["axis"], zorder=1)
    return y + SCALE


def _marks(line: Line, middle: float) -> Iterator[tuple[Mark | None, When, float]]:
    """Yield each mark of a row, when it was, and its height."""
    if not line.moved:
        yield line.after, "after", middle
        return
    yield line.before, "before", middle - APART
    yield line.after, "after", middle + APART


def _draw(plot: Axes, mark: Mark, scale: Axis, y: float, colour: str, gid: str) -> None:
    """Draw an interval with a ring (before) or a square (after), and arrows where it goes on past the axis."""
    (low, high), below, above = scale.clip(mark.ci)
    if low <= high:
        plot.plot([low, high], [y, y], color=colour, lw=LINE["interval"], zorder=2, gid=f"{gid}-interval")
    for past, end, sign in ((below, scale.low, "<"), (above, scale.high, ">")):
        if past:
            plot.plot([end], [y], marker=sign, ms=4, mew=0, color=colour, clip_on=False, zorder=3)
    if scale.low <= mark.mu <= scale.high:
        face, shape = ("white", "o") if gid.startswith("before") else (colour, "s")
        plot.plot([mark.mu], [y], marker=shape, ms=5, mfc=face, mec=colour, mew=1, zorder=3, gid=gid)


def _write(page: Axes, x: float, y: float, text: str, **look: Any) -> None:
    page.text(x, y, text, va="center_baseline", parse_math=False, **look)
