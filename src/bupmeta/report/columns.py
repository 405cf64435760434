"""How the columns of a table are laid out on paper, where nobody can scroll."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import sqrt
from textwrap import wrap

from bupmeta.table import Table

__all__ = ["Layout", "layout"]

_SHORT = 16  # a text of so many characters stays on one line
_CAPPED = 30  # what a longer one asks for at most when the page is chosen
_UPRIGHT = 125  # characters side by side on an upright page


@dataclass(frozen=True, slots=True)
class Layout:
    """Titles broken into lines, widths in characters, which columns share what is left, and whether to turn the page.

    A column with a share of 0 is as wide as its longest cell.
    """

    titles: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    shares: tuple[float, ...]
    turned: bool


def layout(table: Table) -> Layout:
    """Lay a table out: numbers stay on one line, and long texts share the rest by the root of their length.

    >>> from bupmeta.table import Column
    >>> table = Table((Column("t", "Trial"), Column("note", "Note")), ({"t": "A 2001", "note": "x " * 200},))
    >>> layout(table)
    Layout(titles=(('Trial',), ('Note',)), widths=(6, 400), shares=(0.0, 20.0), turned=False)
    """
    cells = table.cells()
    titles, found, shares = [], [], []
    for j, column in enumerate(table.columns):
        longest = max((len(row[j]) for row in cells), default=0)
        word = max(len(part) for part in column.title.split(" "))
        titles.append(tuple(wrap(column.title, max(longest, word, 10), break_long_words=False)) or ("",))
        found.append(max(longest, word))
        words = [len(part) for row in cells for part in re.split(r"(?<=[_/-])|\s+", row[j])]
        share = max(sqrt(longest), 0.5 * max(words, default=0))
        shares.append(0.0 if column.numeric or longest <= _SHORT else round(share, 3))
    turned = sum(min(width, _CAPPED) + 1 for width in found) > _UPRIGHT
    if turned or sum(found) > _UPRIGHT:
        return Layout(tuple(titles), tuple(found), tuple(shares), turned)
    return Layout(tuple(titles), tuple(found), tuple(0.0 for _ in found), turned=False)
