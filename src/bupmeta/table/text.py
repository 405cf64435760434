"""A table for a terminal: aligned columns, words wrapped to the width."""

from __future__ import annotations

import textwrap
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bupmeta.table.core import Table

GAP = "  "
NARROWEST = 12  # a text column is not squeezed below this many characters


def columns_of(text: str) -> int:
    """Count the terminal cells that `text` takes."""
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF") for c in text)


def printable(text: str) -> str:
    """Put the text on one line and drop control characters, which could command a terminal."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())


def plain_text(table: Table, width: int) -> str:
    """Render `table` in at most `width` characters where wrapping its text columns allows it."""
    grid = [[printable(text) for text in row] for row in ([c.title for c in table.columns], *table.cells())]
    widths = [max(columns_of(row[j]) for row in grid) for j in range(len(table.columns))]
    _squeeze(widths, [j for j, column in enumerate(table.columns) if not column.numeric], width)
    lines = [line for row in grid[:1] for line in _row(table, row, widths)]
    lines += [GAP.join("─" * w for w in widths).rstrip()]
    lines += [line for row in grid[1:] for line in _row(table, row, widths)]
    caption = _wrap(table.caption, width) if table.caption else []
    notes = [line for note in table.notes for line in _wrap(note, width)]
    return "\n".join([*caption, *([""] if caption else []), *lines, *([""] if notes else []), *notes])


def _wrap(text: str, width: int) -> list[str]:
    return textwrap.wrap(printable(text), max(width, NARROWEST)) or [""]


def _squeeze(widths: list[int], texts: list[int], width: int) -> None:
    """Take characters from the widest text column until the row fits or all are at their narrowest."""
    excess = sum(widths) + len(GAP) * (len(widths) - 1) - width
    while excess > 0 and texts and widths[widest := max(texts, key=widths.__getitem__)] > NARROWEST:
        widths[widest] -= 1
        excess -= 1


def _row(table: Table, row: list[str], widths: list[int]) -> list[str]:
    """Lay out one row over as many lines as its longest wrapped cell needs."""
    wrapped = [[text] if columns_of(text) <= w else textwrap.wrap(text, w) for text, w in zip(row, widths)]
    lines = []
    for i in range(max(map(len, wrapped), default=0)):
        cells = []
        for column, parts, w in zip(table.columns, wrapped, widths):
            part = parts[i] if i < len(parts) else ""
            pad = " " * (w - columns_of(part))
            cells.append(pad + part if column.numeric else part + pad)
        lines.append(GAP.join(cells).rstrip())
    return lines
