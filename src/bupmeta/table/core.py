"""The table itself: a frozen value that every renderer reads and none changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from bupmeta.table.data import csv_text, frame, json_text, native, table_dict
from bupmeta.table.html import html_text
from bupmeta.table.latex import latex_text
from bupmeta.table.markdown import markdown_text
from bupmeta.table.numbers import Kind, Value, cell
from bupmeta.table.text import plain_text

if TYPE_CHECKING:
    import pandas as pd

Format = Literal["text", "html", "markdown", "latex", "json", "csv"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key of its values, the title people read, what it holds and its decimals."""

    key: str
    title: str
    kind: Kind = "text"
    digits: int = 2

    @property
    def numeric(self) -> bool:
        """Whether its cells line up on the right."""
        return self.kind != "text"

    def show(self, row: Mapping[str, Value]) -> str:
        """Write this column's cell of `row` for a person; a missing key is an empty cell."""
        return cell(native(row.get(self.key)), self.kind, self.digits)


@dataclass(frozen=True, slots=True)
class Table:
    """Columns, rows, a caption and notes; the one thing bupmeta shows numbers with.

    >>> columns = Column("trial", "Trial"), Column("y", "Estimate", "number")
    >>> print(Table(columns, ({"trial": "A", "y": -0.5},)))
    Trial  Estimate
    ─────  ────────
    A         −0.50
    """

    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Value], ...]
    caption: str = ""
    notes: tuple[str, ...] = ()

    def cells(self) -> list[list[str]]:
        """Give every cell as a person reads it, row by row."""
        return [[column.show(row) for column in self.columns] for row in self.rows]

    def to_text(self, width: int = 120) -> str:
        """Render aligned columns of at most `width` characters where wrapping words allows it."""
        return plain_text(self, width)

    def to_html(self) -> str:
        """Render one escaped `<table>` element with caption and header scopes."""
        return html_text(self)

    def to_markdown(self) -> str:
        """Render a pipe table with the caption above and the notes below."""
        return markdown_text(self)

    def to_latex(self) -> str:
        """Render a `table` environment that needs no package."""
        return latex_text(self)

    def to_dict(self) -> dict[str, Any]:
        """Give caption, columns, rows and notes as JSON knows them: 10 significant digits, NaN as None."""
        return table_dict(self)

    def to_json(self) -> str:
        """Render `to_dict()` as JSON, keys in the order of the columns."""
        return json_text(self.to_dict())

    def to_csv(self) -> str:
        """Render the values with their keys as header; an interval becomes KEY_low and KEY_high."""
        return csv_text(self)

    def to_frame(self) -> pd.DataFrame:
        """Give a DataFrame of the values at full precision, with the columns of `to_csv()`."""
        return frame(self)

    def __str__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        return self.to_html()


#: A table as text in every form it can take.
RENDERERS: dict[Format, Callable[[Table], str]] = {
    "text": Table.to_text,
    "html": Table.to_html,
    "markdown": Table.to_markdown,
    "latex": Table.to_latex,
    "json": Table.to_json,
    "csv": Table.to_csv,
}
