"""Tables: columns, rows, caption, notes; shown as text, HTML, Markdown, LaTeX, JSON, CSV or DataFrame."""

from __future__ import annotations

from bupmeta.table.core import RENDERERS, Column, Format, Table
from bupmeta.table.data import json_text, plain
from bupmeta.table.markdown import markdown_line, markdown_words
from bupmeta.table.numbers import FORMATS, Kind, Value, decimals, interval, number, p_value
from bupmeta.table.shown import Shown
from bupmeta.table.words import capital, in_percent, quantity

__all__ = [
    "FORMATS",
    "RENDERERS",
    "Column",
    "Format",
    "Kind",
    "Shown",
    "Table",
    "Value",
    "capital",
    "decimals",
    "in_percent",
    "interval",
    "json_text",
    "markdown_line",
    "markdown_words",
    "number",
    "p_value",
    "plain",
    "quantity",
]
