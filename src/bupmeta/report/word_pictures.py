"""Pictures of a Word file: with their words, as wide as the page, tall ones in slices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

from bupmeta.report.word_parts import BESIDE, Page, bare_cell, bare_row, bare_table, twips

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.text.paragraph import Paragraph

__all__ = ["add_picture", "stack_of_pictures"]


def add_picture(paragraph: Paragraph, png: bytes, said: str, page: Page) -> None:
    """Put a picture in a paragraph, as large as the page allows; `said` is its alternative text."""
    from docx.shared import Emu

    shape = paragraph.add_run().add_picture(BytesIO(png))
    scale = min(page.width / shape.width, page.height / shape.height)
    shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))
    inline = shape._inline  # noqa: SLF001 - python-docx has no way to set alternative text
    inline.docPr.set("descr", said)
    for side in "TBLR":  # where it is not said, LibreOffice leaves an eighth of an inch free
        inline.set(f"dist{side}", "0")


def stack_of_pictures(out: Docx, slices: Sequence[tuple[bytes, str]], page: Page) -> Any:
    """Slices of one picture, each with its words, without a gap; pages break between them and repeat the first."""
    from docx.text.paragraph import Paragraph

    width = twips(page.width)
    tbl = bare_table([width])
    inside = replace(page, width=page.width - 2 * BESIDE * 635)
    for i, (png, said) in enumerate(slices):
        cell = bare_cell(bare_row(tbl, repeated=i == 0), width)
        add_picture(Paragraph(cell, out._body), png, said, inside)  # noqa: SLF001 - where pictures are kept
    return tbl
