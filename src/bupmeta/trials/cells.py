"""One cell: from its text to its value, or to what is wrong with it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bupmeta.errors import closest
from bupmeta.trials.schema import Column

__all__ = ["BadCell", "Severity", "Value", "parse_cell", "tidy_number"]

Severity: TypeAlias = Literal["error", "warning"]
Value: TypeAlias = str | int | float | None

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class BadCell:
    """What is wrong with a cell, and what would be right."""

    code: str
    wrong: str
    right: str
    severity: Severity = "error"


def tidy_number(text: str, *, decimal_comma: bool = False) -> str:
    """Return a number's text with ASCII minus and decimal point.

    Examples
    --------
    >>> tidy_number("\u22120,43", decimal_comma=True)
    '-0.43'

    """
    text = text.replace("\u2212", "-")
    return text.replace(",", ".") if decimal_comma and text.count(",") == 1 else text


def parse_cell(column: Column, text: str) -> Value | BadCell:
    """Return the value of a cell: None when empty, else of the column's kind.

    Examples
    --------
    >>> from bupmeta.trials.schema import COLUMNS
    >>> use, year = COLUMNS[4], COLUMNS[3]
    >>> parse_cell(year, "2001")
    2001
    >>> parse_cell(use, "mian").right
    'did you mean `main`?'

    """
    if text == "":
        return BadCell("empty", "empty", _expected(column)) if column.required else None
    match column.kind:
        case "integer" | "number":
            return _number(column, text)
        case "word":
            return _word(column, text)
        case "text":
            if column.pattern and not re.fullmatch(column.pattern, text):
                return BadCell("bad-text", "not of the form this column holds", _expected(column))
            return text


def _number(column: Column, text: str) -> Value | BadCell:
    if not _NUMBER.fullmatch(text):
        return BadCell("not-a-number", f"not {_article(column)}", _expected(column))
    value = float(text)
    if not math.isfinite(value):
        return BadCell("out-of-range", "outside what is possible", _expected(column))
    if column.kind == "integer":
        if value != int(value):
            return BadCell("not-a-number", "not a whole number", _expected(column))
        value = int(value)
    low, high = column.minimum, column.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        return BadCell("out-of-range", "outside what is possible", _expected(column))
    return value


def _word(column: Column, text: str) -> Value | BadCell:
    if text in column.words:
        return text
    guess = closest(text, column.words)
    right = f"did you mean `{guess}`?" if guess else _expected(column)
    if column.open:
        return BadCell("new-word", "not among the usual words of this column", right, "warning")
    return BadCell("unknown-word", "not a word of this column", right)


def _article(column: Column) -> str:
    return "a whole number" if column.kind == "integer" else "a number"


def _expected(column: Column) -> str:
    if column.words:
        shown = ", ".join(f"`{w}`" for w in column.words[:8])
        return f"one of {shown}{', ...' if len(column.words) > 8 else ''}"
    if column.kind in ("integer", "number"):
        low, high = column.minimum, column.maximum
        limits = " to ".join(f"{x:g}" for x in (low, high) if x is not None)
        bound = f" {'from ' if high is None or low is not None else 'up to '}{limits}" if limits else ""
        return f"{_article(column)}{bound}, with a decimal point and without a unit"
    return f"text that matches {column.pattern}" if column.pattern else column.description
