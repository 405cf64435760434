"""Where everything in a forest plot stands, in points from the top left, measured with the real font."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from bupmeta.plots.axis import Axis
from bupmeta.plots.forest_parts import Column, ForestLayout, Row
from bupmeta.plots.style import FONT, INK, MUTED
from bupmeta.plots.text import fit, width

__all__ = ["Grid", "Words", "grid", "tick_spacing"]

MARGIN, GAP, LEADING = (
    8.0,
    14.0,
    1.28,
)  # page margin and space between columns in points; line height in font sizes
PAD = 4.5  # space above and below the lines of a row together
NARROWEST_PLOT, WIDEST_PLOT, NARROWEST_COLUMN = 200.0, 330.0, 60.0
NOTE, REASON = 275.0, 160.0  # room for a note beside the plot, and for a reason in the column of effects
SUMMARIES = ("pooled", "prediction")
Span = tuple[float, float]
Align: TypeAlias = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text: anchor (left, centre or right end, middle of its height) and look."""

    x: float
    y: float
    text: str
    align: Align = "left"
    size: float = FONT["text"]
    bold: bool = False
    italic: bool = False
    colour: str = INK
    link: str = ""
    opaque: bool = False  # hides the lines of the plot behind it


@dataclass(slots=True)
class Grid:
    """Sizes and positions: the plot's box, the middle of each row, rules between blocks, and all words."""

    width: float
    height: float = 0.0
    plot_x: Span = (0.0, 0.0)
    plot_y: Span = (0.0, 0.0)
    middles: list[float] = field(default_factory=list)
    rules: list[float] = field(default_factory=list)
    band_swatch: float | None = None
    words: list[Words] = field(default_factory=list)


def grid(layout: ForestLayout, page: float) -> Grid:
    """Measure and place a layout on a page `page` points wide (wider when the numbers need it)."""
    widths = _column_widths(layout, page)
    beside = sum(widths[c.key] + GAP for c in layout.columns if c.side == "left") - GAP
    spare = page - 2 * MARGIN - WIDEST_PLOT - sum(widths.values()) - GAP * len(widths)
    widths["label"] += max(0.0, min(spare, NOTE - beside))  # rather than a plot wider than it needs to be
    text = sum(widths.values()) + GAP * len(widths)
    place = Grid(max(page, text + NARROWEST_PLOT + 2 * MARGIN))
    left = [c for c in layout.columns if c.side == "left"]
    start = MARGIN + sum(widths[c.key] + GAP for c in left)
    end = place.width - MARGIN - sum(widths[c.key] + GAP for c in layout.columns if c.side == "right")
    place.plot_x = (start, end)
    anchors: dict[str, float] = {}
    x = MARGIN
    for column in layout.columns:
        if column.side == "right" and x < end:
            x = end + GAP
        anchors[column.key] = x if column.align == "left" else x + widths[column.key]
        x += widths[column.key] + GAP
    y = _head(layout, place, anchors, widths)
    top = y
    previous = ""
    for row in layout.rows:
        y += 9 if previous == "note" != row.kind else 0  # air between blocks
        previous = row.kind
        y = _row(row, layout, place, anchors, widths, y)
    place.plot_y = (top, y + 3)
    place.height = _foot(layout, place, y + 3) + MARGIN
    return place


def _looks(row: Row) -> dict[str, bool]:
    return {"bold": row.kind in ("heading", "pooled"), "italic": row.kind in ("silent", "admissible")}


def _column_widths(layout: ForestLayout, page: float) -> dict[str, float]:
    """Natural widths; when they leave the plot too little, the flexible columns give way."""
    size, natural = layout.look.text, {}
    for column in layout.columns:
        cells = [
            width(row.cells.get(column.key, ""), size, **_looks(row))
            for row in layout.rows
            if not (column.key == "label" and row.kind in SUMMARIES)
        ]
        natural[column.key] = max([_header_width(column.title, layout.look.small), *cells])
    reasons = [width(row.text, layout.look.small, italic=True) for row in layout.rows if row.kind == "silent"]
    natural["effect"] = max([natural["effect"], *(min(reason, REASON) for reason in reasons)])
    lack = sum(natural.values()) + GAP * len(natural) + NARROWEST_PLOT + 2 * MARGIN - page
    for column in reversed([c for c in layout.columns if c.flexible]):  # the name of a trial last
        less = max(0.0, min(lack, natural[column.key] - NARROWEST_COLUMN))
        natural[column.key] -= less
        lack -= less
    # the name of a summary may run on over columns it leaves empty, and is never cut short
    for row in layout.rows:
        if row.kind in SUMMARIES:
            room = _span(row, layout.columns, natural)
            lack = width(row.cells.get("label", ""), size, **_looks(row)) - room
            natural["label"] += min(max(lack, 0.0), 200.0)
    return natural


def _span(row: Row, columns: tuple[Column, ...], widths: dict[str, float]) -> float:
    """The room for a row's label: for a summary row, up to the next cell that holds something."""
    room = widths["label"]
    for column in columns[1:]:
        if row.kind not in SUMMARIES or column.side == "right" or row.cells.get(column.key):
            break
        room += GAP + widths[column.key]
    return room


def _header_width(title: str, size: float) -> float:
    """The width of a title broken into two lines where that is narrowest."""
    words = title.split()
    splits = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words) + 1)]
    return min((max(width(part, size, bold=True) for part in pair) for pair in splits), default=0.0)


def _lines(words: list[str], middle: float, size: float) -> Iterator[tuple[float, str]]:
    """The lines of one text with their heights, centred around `middle`."""
    step = size * LEADING
    for i, line in enumerate(words):
        yield middle + (i - (len(words) - 1) / 2) * step, line


def _head(layout: ForestLayout, place: Grid, anchors: dict[str, float], widths: dict[str, float]) -> float:
    y, look = MARGIN, layout.look
    if layout.title:
        lines = fit(layout.title, place.width - 2 * MARGIN, look.title, lines=2, bold=True)
        step = look.title * LEADING
        for i, line in enumerate(lines):
            place.words.append(Words(MARGIN, y + (i + 0.5) * step, line, size=look.title, bold=True))
        y += len(lines) * step + 6
    if look.top_rule:
        place.rules.append(y)
        y += 4
    heads = {c.key: fit(c.title, widths[c.key], look.small, lines=2, bold=True) for c in layout.columns}
    step = look.small * LEADING
    above = list(_above(layout, place))
    bottom = y + max(*map(len, heads.values()), *(len(lines) for *_, lines in above)) * step
    for x, align, lines in above:
        for i, line in enumerate(lines):
            middle = bottom - (len(lines) - i - 0.5) * step
            place.words.append(Words(x, middle, line, align, look.small, bold=True, colour=look.titles))
    for column in layout.columns:
        lines = heads[column.key]
        for i, line in enumerate(lines):
            middle = bottom - (len(lines) - i - 0.5) * step
            place.words.append(
                Words(
                    anchors[column.key], middle, line, column.align, look.small, bold=True, colour=look.titles
                )
            )
    place.rules.append(bottom + 4)
    return bottom + 7


def _above(layout: ForestLayout, place: Grid) -> Iterator[tuple[float, Align, list[str]]]:
    """What stands over the plot beside the titles of the columns: x, alignment and lines of each."""
    if layout.empty:
        return
    (left, right), size = place.plot_x, layout.look.small
    if layout.look.axis_words == "above":
        lines = fit(layout.axis.label, right - left, size, lines=2, bold=True)
        yield (left + right) / 2, "center", lines
    elif layout.look.favours == "above":
        zero = _zero(layout.axis, place)
        sides: tuple[tuple[float, Align, float], ...] = (
            (zero - 7, "right", zero - 7 - left),
            (zero + 7, "left", right - zero - 7),
        )
        for words, (x, align, room) in zip(_favours(layout), sides):
            yield x, align, fit(words, room, size, lines=2, bold=True) if words and room > 0 else []


def _favours(layout: ForestLayout) -> tuple[str, str]:
    """The words left and right of zero as the preset writes them."""
    left, right = (
        side.replace("{}", words) if words else "" for side, words in zip(layout.look.sides, layout.favours)
    )
    return left, right


def _zero(axis: Axis, place: Grid) -> float:
    """Where the line of no difference stands, or the nearest end of the axis."""
    left, right = place.plot_x
    scale = (right - left) / (axis.high - axis.low)
    return min(max(left + (axis.reference - axis.low) * scale, left), right)


def _row(
    row: Row,
    layout: ForestLayout,
    place: Grid,
    anchors: dict[str, float],
    widths: dict[str, float],
    y: float,
) -> float:
    """Place one row from `y` down and return where the next begins."""
    looks, colour = _looks(row), MUTED if row.kind in ("silent", "note") else INK
    columns, small = layout.columns, layout.look.small
    size = small if row.kind == "note" else layout.look.text
    beside = place.plot_x[0] - MARGIN - GAP  # the room left of the plot
    if row.kind in ("heading", "note"):
        room = max(beside, NOTE)
        lines = fit(row.text, room, size, lines=4, **looks)
        height = len(lines) * size * LEADING + PAD
        place.words += [
            Words(MARGIN, at, line, size=size, colour=colour, bold=looks["bold"], opaque=room > beside)
            for at, line in _lines(lines, y + height / 2, size)
        ]
        place.middles.append(y + height / 2)
        return y + height + (2 if row.kind == "note" else 0)
    cells = {}
    for column in columns:
        room = _span(row, columns, widths) if column.key == "label" else widths[column.key]
        cells[column.key] = fit(
            row.cells.get(column.key, ""), room, size, lines=2 if column.flexible else 1, **looks
        )
    if row.kind == "silent":  # the reason stands where the effect would be, as "not estimable" does elsewhere
        cells["effect"] = fit(row.text, widths["effect"], small, lines=3, **looks)
    height = max(map(len, cells.values())) * size * LEADING + PAD
    middle = y + height / 2
    for column in columns:
        link = row.link if column.key == "label" else ""
        points = small if row.kind == "silent" and column.key == "effect" else size
        place.words += [
            Words(anchors[column.key], at, line, column.align, points, colour=colour, link=link, **looks)
            for at, line in _lines(cells[column.key], middle, points)
            if line
        ]
    place.middles.append(middle)
    y += height
    if row.detail:
        lines = fit(row.detail, beside, small, lines=2)
        high = len(lines) * small * LEADING
        place.words += [
            Words(MARGIN, at, line, size=small, colour=MUTED)
            for at, line in _lines(lines, y + high / 2 - PAD / 2, small)
        ]
        y += high
    return y


def _foot(layout: ForestLayout, place: Grid, y: float) -> float:
    """Everything under the axis; returns the lower end."""
    small, step = layout.look.small, layout.look.small * LEADING
    if layout.empty:
        return y
    y = _scale(layout, place, y + 4, step)
    y += 6 if layout.key or layout.band else 0
    texts = [(layout.band.label, 22.0)] if layout.band else []
    place.band_swatch = y + step / 2 if layout.band else None
    for text, indent in [*texts, *((text, 0.0) for text in layout.key)]:
        for line in fit(text, place.width - 2 * MARGIN - indent, small, lines=2):
            place.words.append(Words(MARGIN + indent, y + step / 2, line, size=small, colour=MUTED))
            y += step
    return y


def tick_spacing(axis: Axis, wide: float) -> float:
    """How far apart ticks must stand, in axis units, for their labels to fit on an axis `wide` points long."""
    widest = max((width(label, FONT["small"]) for _, label in axis.ticks), default=0.0)
    return (widest + 5) * (axis.high - axis.low) / wide


def _scale(layout: ForestLayout, place: Grid, y: float, step: float) -> float:
    """Tick labels, the words on both sides of zero, and what the axis measures."""
    axis, (left, right), small = layout.axis, place.plot_x, layout.look.small
    scale = (right - left) / (axis.high - axis.low)
    place.words += [
        Words(left + (value - axis.low) * scale, y + step / 2, label, "center", small)
        for value, label in axis.apart(tick_spacing(axis, right - left))
    ]
    y += step + 3
    zero = _zero(axis, place)
    deepest = 0
    below = _favours(layout) if layout.look.favours == "below" else ("", "")
    if below[0]:
        lines = fit(below[0], zero - 7 - MARGIN, small, lines=2)
        place.words += [
            Words(zero - 7, y + (i + 0.5) * step, line, "right", small) for i, line in enumerate(lines)
        ]
        deepest = len(lines)
    if below[1]:
        lines = fit(below[1], place.width - MARGIN - zero - 7, small, lines=2)
        place.words += [
            Words(zero + 7, y + (i + 0.5) * step, line, "left", small) for i, line in enumerate(lines)
        ]
        deepest = max(deepest, len(lines))
    y += deepest * step
    middle = (left + right) / 2
    room = 2 * min(middle - MARGIN, place.width - MARGIN - middle)
    said = axis.label if layout.look.axis_words == "below" else ""
    for line in fit(said, room, small, lines=2) if said else []:
        place.words.append(Words(middle, y + 1 + step / 2, line, "center", small, colour=MUTED))
        y += step
    return y
