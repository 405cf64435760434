"""A table as a LaTeX `table` environment without packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bupmeta.table.core import Table

#: Characters that LaTeX would read as commands or has no glyph for in its default fonts.
ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{c: "\\" + c for c in "#$%&_"},
        **{c: f"${command}$" for c, command in {
            "<": "<", ">": ">", "|": "|", "−": "-", "∞": r"\infty", "τ": r"\tau", "μ": r"\mu", "χ": r"\chi",
            "²": "^2", "≤": r"\leq", "≥": r"\geq", "×": r"\times", "±": r"\pm",
        }.items()},
    }
)  # fmt: skip


def latex_text(table: Table) -> str:
    """Render `table` with numbers right-aligned and the notes under it."""
    head, *body = (
        " & ".join(_escape(text) for text in row) + r" \\"
        for row in ([c.title for c in table.columns], *table.cells())
    )
    lines = [r"\begin{table}", r"\centering"]
    if table.caption:
        lines.append(rf"\caption{{{_escape(table.caption)}}}")
    lines.append(rf"\begin{{tabular}}{{{''.join('r' if c.numeric else 'l' for c in table.columns)}}}")
    lines += [r"\hline", head, r"\hline", *body, r"\hline", r"\end{tabular}"]
    lines += [rf"\par {_escape(note)}" for note in table.notes]
    return "\n".join([*lines, r"\end{table}"])


def _escape(text: str) -> str:
    return " ".join(text.split()).translate(ESCAPES)
