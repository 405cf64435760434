"""A table as a Markdown pipe table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bupmeta.table.core import Table


def markdown_text(table: Table) -> str:
    """Render `table` with the caption in bold above it and one paragraph per note below."""
    rows = [[c.title for c in table.columns], *table.cells()]
    head, *body = ("| " + " | ".join(_escape(text) for text in row) + " |" for row in rows)
    rule = "|" + "|".join(" ---: " if c.numeric else " --- " for c in table.columns) + "|"
    above = [f"**{_escape(table.caption)}**", ""] if table.caption else []
    below = [line for note in table.notes for line in ("", _escape(note))]
    return "\n".join([*above, head, rule, *body, *below])


def _escape(text: str) -> str:
    return re.sub(r"([\\|*_`<\[\]])", r"\\\1", " ".join(text.split()))
