"""What python-docx has no call for: fast tables with header rows, links, page numbers, turned pages, plain archives."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from bupmeta.report.characters import one_line
from bupmeta.report.columns import Layout
from bupmeta.table import Table

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.text.paragraph import Paragraph

__all__ = [
    "BESIDE",
    "Page",
    "bare_cell",
    "bare_row",
    "bare_table",
    "link",
    "new_page",
    "page_numbers",
    "plain_zip",
    "small",
    "table_element",
    "twips",
]

_A4 = (210, 297)  # mm
_MARGIN = 18
_CHARACTER = 11.5  # twentieths of a point that a character takes per point of its size
BESIDE = 50  # twentieths of a point left and right in a cell


@dataclass(frozen=True, slots=True)
class Page:
    """The room on a page in EMU, and whether its long side lies below."""

    width: int
    height: int
    turned: bool


def new_page(out: Docx, before: Page | None, *, turned: bool) -> Page:
    """Begin a page, upright or turned; the first one is there already."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    section = out.sections[-1] if before is None else out.add_section()
    width, height = _A4[::-1] if turned else _A4
    section.orientation = WD_ORIENT.LANDSCAPE if turned else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    for side in ("left", "right", "top", "bottom"):
        setattr(section, f"{side}_margin", Mm(_MARGIN))
    return Page(Mm(width - 2 * _MARGIN), Mm(height - 2 * _MARGIN - 25), turned)


def _element(name: str, parent: Any = None, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    if parent is not None:
        parent.append(made)
    return made


def table_element(table: Table, laid: Layout, room: int) -> Any:
    """A table with a header row that is repeated on every page and rows that are not torn apart."""
    sizes = _sizes(laid, twips(room))
    tbl = bare_table(sizes, one_line(table.caption))
    titles = [" ".join(lines) for lines in laid.titles]
    for i, cells in enumerate([titles, *table.cells()]):
        row = bare_row(tbl, repeated=i == 0)
        for text, column, size in zip(cells, table.columns, sizes):
            _write(bare_cell(row, size, 20), text, laid.size, bold=i == 0, right=column.numeric)
    return tbl


def twips(room: int) -> int:
    """EMU in twentieths of a point."""
    return room // 635


def bare_table(sizes: Sequence[int], caption: str = "") -> Any:
    """A table without rows, of columns of these widths in twentieths of a point; lines between rows if captioned."""
    tbl = _element("tbl")
    properties = _element("tblPr", tbl)
    _element("tblW", properties, w="5000", type="pct")
    if caption:
        borders = _element("tblBorders", properties)
        for side in ("bottom", "insideH"):
            _element(side, borders, val="single", sz="4", space="0", color="D0D7DE")
    _element("tblLayout", properties, type="fixed")
    margins = _element("tblCellMar", properties)
    for side in ("left", "right"):
        _element(side, margins, w=str(BESIDE), type="dxa")
    _element("tblCaption", properties, val=caption)
    grid = _element("tblGrid", tbl)
    for size in sizes:
        _element("gridCol", grid, w=str(size))
    return tbl


def bare_row(tbl: Any, *, repeated: bool) -> Any:
    """A row that is not torn apart, and is repeated on every page if wanted."""
    row = _element("tr", tbl)
    of_row = _element("trPr", row)
    _element("cantSplit", of_row)
    if repeated:
        _element("tblHeader", of_row)
    return row


def bare_cell(row: Any, size: int, room: int = 0) -> Any:
    """The paragraph in a new cell of a row, with so much room above and below in twentieths of a point."""
    cell = _element("tc", row)
    _element("tcW", _element("tcPr", cell), w=str(size), type="dxa")
    paragraph = _element("p", cell)
    spacing = {"before": str(room), "after": str(room), "line": "240", "lineRule": "auto"}
    _element("spacing", _element("pPr", paragraph), **spacing)
    return paragraph


def _sizes(laid: Layout, room: int) -> list[int]:
    """Widths in twentieths of a point that fill the page: numbers first, long texts share what is left."""
    character = _CHARACTER * laid.size
    fixed = [(width + 2) * character if not share else 0 for width, share in zip(laid.widths, laid.shares)]
    shared = sum(laid.shares)
    left = max(room - sum(fixed), room // 3) if shared else 0
    sizes = [size or left * share / shared for size, share in zip(fixed, laid.shares)]
    return [int(size * room / sum(sizes)) for size in sizes]


def _write(paragraph: Any, text: str, size: float, *, bold: bool, right: bool) -> None:
    if right:
        _element("jc", paragraph[0], val="right")
    run = _element("r", paragraph)
    of_run = _element("rPr", run)
    if bold:
        _element("b", of_run)
    _element("sz", of_run, val=f"{2 * size:g}")
    written = _element("t", run)
    written.text = one_line(text)
    written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def link(paragraph: Paragraph, text: str, address: str) -> None:
    """Add a link to a page on the web."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml.ns import qn

    made = _element("hyperlink", paragraph._p)  # noqa: SLF001 - links are not in python-docx
    made.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = _element("r", made)
    look = _element("rPr", run)
    _element("color", look, val="0B5CAD")
    _element("u", look, val="single")
    _element("t", run).text = text


def small(paragraph: Paragraph) -> None:
    """Set all runs of a paragraph in a small size."""
    from docx.shared import Pt

    for run in paragraph.runs:
        run.font.size = Pt(8)


def page_numbers(out: Docx, title: str) -> None:
    """Put the title and "page / pages" under every page."""
    paragraph = out.sections[0].footer.paragraphs[0]
    paragraph.add_run(f"{title}, ")
    for i, field in enumerate(("PAGE", "NUMPAGES")):
        if i:
            paragraph.add_run(" / ")
        simple = _element("fldSimple", paragraph._p, instr=field)  # noqa: SLF001 - fields are not in python-docx
        _element("t", _element("r", simple)).text = "1"
    small(paragraph)


def plain_zip(data: bytes) -> bytes:
    """Pack an archive again without dates, in the order it has."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, old.read(name))
    return buffer.getvalue()
