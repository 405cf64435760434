"""A table as a Markdown pipe table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bupmeta.table.text import printable

if TYPE_CHECKING:
    from bupmeta.table.core import Table


def markdown_text(table: Table) -> str:
    """Render `table` with the caption in bold above it and one paragraph per note below."""
    rows = [[c.title for c in table.columns], *table.cells()]
    head, *body = ("| " + " | ".join(markdown_words(text) for text in row) + " |" for row in rows)
    rule = "|" + "|".join(" ---: " if c.numeric else " --- " for c in table.columns) + "|"
    above = [f"**{markdown_words(table.caption)}**", ""] if table.caption else []
    below = [line for note in table.notes for line in ("", markdown_line(note))]
    return "\n".join([*above, head, rule, *body, *below])


def markdown_words(text: str) -> str:
    r"""Escape a text inside a line so that Markdown shows it as it is: no tags, links, entities or formulas.

    >>> markdown_words("<b> & &lt; | $x$")
    '\\<b> & \\&lt; \\| \\$x\\$'
    """
    return re.sub(r"([\\|*_`<\[\]~$]|&(?=#?\w+;))", r"\\\1", printable(text))


def markdown_line(text: str) -> str:
    r"""Escape a whole line, which is then no title, list, quotation or rule either.

    >>> markdown_line("- 1"), markdown_line("12. mg"), markdown_line("0.5")
    ('\\- 1', '12\\. mg', '0.5')
    """
    return re.sub(r"^(?=[#>+=-])|(?<=^\d)(?=[.)] )|(?<=^\d\d)(?=[.)] )", r"\\", markdown_words(text))
