"""How the columns of a table are laid out on paper, where nobody can scroll."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from textwrap import wrap

from bupmeta.table import Table

__all__ = ["Layout", "layout"]

_SHORT = 16  # a text of so many characters stays on one line
_NARROWEST = 14  # a longer one can be read from here on
_UPRIGHT, _TURNED = 115, 170  # characters side by side on a page


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
    """Lay a table out: numbers stay on one line, long texts share the rest, none narrower than its longest word.

    >>> from bupmeta.table import Column
    >>> table = Table((Column("t", "Trial"), Column("note", "Note")), ({"t": "A 2001", "note": "x " * 200},))
    >>> layout(table)
    Layout(titles=(('Trial',), ('Note',)), widths=(6, 400), shares=(0.0, 108.0), turned=False)
    """
    cells = table.cells()
    titles, widths, words = [], [], []
    for j, column in enumerate(table.columns):
        longest = max((len(row[j]) for row in cells), default=0)
        word = max(len(part) for part in column.title.split(" "))
        titles.append(tuple(wrap(column.title, max(longest, word, 10), break_long_words=False)) or ("",))
        widths.append(max(longest, word))
        parts = [len(part) for row in cells for part in re.split(r"(?<=[_/.-])|\s+", row[j])]
        words.append(min(max(parts, default=0) + 2, 20))
    shared = [not column.numeric and width > _SHORT for column, width in zip(table.columns, widths)]
    fixed = sum(width + 1 for width, shares in zip(widths, shared) if not shares)
    turned = fixed + (_NARROWEST + 1) * sum(shared) > _UPRIGHT
    room = (_TURNED if turned else _UPRIGHT) - fixed
    if sum(widths) <= _UPRIGHT or not any(shared):
        return Layout(tuple(titles), tuple(widths), (0.0,) * len(widths), turned)
    weights = [sqrt(width) if shares else 0.0 for width, shares in zip(widths, shared)]
    shares = _shares(weights, words, max(room, 1.0))
    return Layout(tuple(titles), tuple(widths), shares, turned)


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
