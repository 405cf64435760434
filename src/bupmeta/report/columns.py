"""How the columns of a table are laid out on paper, where nobody can scroll."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from textwrap import wrap

from bupmeta.table import Table

__all__ = ["Layout", "layout"]

_SHORT = 16  # a text of so many characters stays on one line
_LONG = 40  # from here on it is more than a few words,
_NARROWEST = 14  # and can be read in a column of this width

#: Size of the letters in points, characters side by side, whether the long side of the page lies below: the first
#: that has room is taken, so that a page is turned only for what small letters do not fit on an upright one.
_PAGES = ((7.0, 115, False), (6.0, 146, False), (7.0, 170, True), (6.0, 212, True))


@dataclass(frozen=True, slots=True)
class Layout:
    """Titles broken into lines, widths in characters, which columns share what is left, and the page to set it on.

    A column with a share of 0 is as wide as its longest cell. `size` is that of the letters, in points.
    """

    titles: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    shares: tuple[float, ...]
    size: float
    turned: bool


def layout(table: Table) -> Layout:
    """Lay a table out: numbers stay on one line, long texts share the rest, none narrower than its longest word.

    >>> from bupmeta.table import Column
    >>> table = Table((Column("t", "Trial"), Column("note", "Note")), ({"t": "A 2001", "note": "x " * 200},))
    >>> layout(table)
    Layout(titles=(('Trial',), ('Note',)), widths=(6, 400), shares=(0.0, 108.0), size=7.0, turned=False)
    """
    cells = table.cells()
    titles, widths, words = [], [], []
    for j, column in enumerate(table.columns):
        longest = max((len(row[j]) for row in cells), default=0)
        word = ceil(1.15 * max(len(part) for part in column.title.split(" ")))  # titles are bold, and wider
        titles.append(tuple(wrap(column.title, max(longest, word, 10), break_long_words=False)) or ("",))
        widths.append(max(longest, word))
        parts = [len(part) for row in cells for part in re.split(r"(?<=[_/.-])|\s+", row[j])]
        words.append(max(min(max(parts, default=0) + 2, 20), word))
    shared = [not column.numeric and width > _SHORT for column, width in zip(table.columns, widths)]
    fixed = sum(width + 1 for width, shares in zip(widths, shared) if not shares)
    least = [max(word, _NARROWEST) if width > _LONG else word for width, word in zip(widths, words)]
    needed = fixed + sum(size + 1 for size, shares in zip(least, shared) if shares)
    fitting = (page for page in _PAGES if needed <= page[1])
    size, room, turned = next(fitting, _PAGES[-1])
    if sum(widths) <= room or not any(shared):
        return Layout(tuple(titles), tuple(widths), (0.0,) * len(widths), size, turned)
    weights = [sqrt(width) if shares else 0.0 for width, shares in zip(widths, shared)]
    shares = _shares(weights, words, max(room - fixed, 1.0))
    return Layout(tuple(titles), tuple(widths), shares, size, turned)


def _shares(weights: Sequence[float], least: Sequence[int], room: float) -> tuple[float, ...]:
    """Divide the room by weight; a column that would get less than its least gets that, before the others."""
    found = [0.0] * len(weights)
    free = {j for j, weight in enumerate(weights) if weight}
    while free:
        per_weight = room / sum(weights[j] for j in free)
        tight = {j for j in free if per_weight * weights[j] < least[j]} or free
        for j in tight:
            found[j] = max(per_weight * weights[j], float(least[j]))
        room = max(room - sum(found[j] for j in tight), 0.0)
        free -= tight
    return tuple(round(share, 2) for share in found)
