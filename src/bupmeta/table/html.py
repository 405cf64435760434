"""A table as one HTML element; looks are the page's business, so there is a class and no style."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bupmeta.table.core import Table


def html_text(table: Table) -> str:
    """Render `table` with the first column as row headers and the notes in its foot."""
    kinds = [' class="number"' if column.numeric else "" for column in table.columns]
    head = "".join(_header("col", k, escape(c.title)) for c, k in zip(table.columns, kinds))
    lines = ['<table class="bupmeta">']
    if table.caption:
        lines.append(f"<caption>{escape(table.caption)}</caption>")
    lines += [f"<thead><tr>{head}</tr></thead>", "<tbody>"]
    for cells in table.cells():
        first, *rest = (escape(text) for text in cells)
        data = "".join(f"<td{k}>{text}</td>" for text, k in zip(rest, kinds[1:]))
        lines.append(f"<tr>{_header('row', kinds[0], first)}{data}</tr>")
    lines.append("</tbody>")
    if table.notes:
        notes = "<br>".join(escape(note) for note in table.notes)
        lines.append(f'<tfoot><tr><td colspan="{len(table.columns)}"><div>{notes}</div></td></tr></tfoot>')
    return "\n".join([*lines, "</table>"])


def _header(scope: str, kind: str, text: str) -> str:
    """A header that says nothing heads nothing: then it is an empty cell."""
    return f'<th scope="{scope}"{kind}>{text}</th>' if text else f"<td{kind}></td>"
