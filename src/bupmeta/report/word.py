"""A report as a Word file: headings, tables and pictures that Word knows as such."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, assert_never

from bupmeta.errors import LibraryError
from bupmeta.report.characters import on_the_web, one_line
from bupmeta.report.columns import layout
from bupmeta.report.document import (
    Block,
    Document,
    Entry,
    Explorer,
    Filed,
    Folded,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Register,
    Strip,
    Tabled,
    Terms,
    levels,
)
from bupmeta.report.drawings import Drawings
from bupmeta.report.slices import png_slices
from bupmeta.report.word_parts import Page, link, new_page, page_numbers, plain_zip, small, table_element
from bupmeta.report.word_pictures import add_picture, stack_of_pictures

if TYPE_CHECKING:
    from docx.document import Document as Docx

__all__ = ["word"]


def word(document: Document, drawings: Drawings) -> bytes:
    """Write the document as .docx; pictures carry their words as alternative text, wide tables turn their page.

    No date is written and the archive is packed in one fixed way: the same document gives the same bytes. Raises
    LibraryError when python-docx is not installed.
    """
    try:
        import docx
    except ImportError:
        raise LibraryError("Word needs the package python-docx: pip install 'bupmeta[word]'") from None
    writer = _Writer(docx.Document(), drawings)
    writer.begin(document)
    for part in document.parts:
        writer.out.add_heading(one_line(part.title), 1)
        for block, level in levels(part.blocks):
            writer.write(block, level)
    buffer = BytesIO()
    writer.out.save(buffer)
    return plain_zip(buffer.getvalue())


class _Writer:
    """Puts one block after the other into a Word document."""

    def __init__(self, out: Docx, drawings: Drawings) -> None:
        self.out = out
        self.drawings = drawings
        self.page: Page = new_page(out, None, turned=False)

    def begin(self, document: Document) -> None:
        from docx.shared import Pt

        normal = self.out.styles["Normal"]
        normal.font.name, normal.font.size, normal.paragraph_format.space_after = "Calibri", Pt(10.5), Pt(5)
        properties = self.out.core_properties
        properties.title = one_line(document.title)[:255]  # Word's own limit
        properties.author, properties.comments = "bupmeta", ""
        properties.language = "en"
        for child in list(properties._element):  # noqa: SLF001 - there is no other way to leave a date out
            if child.tag.endswith(("created", "modified", "lastModifiedBy", "revision")):
                properties._element.remove(child)  # noqa: SLF001 - as above
        page_numbers(self.out, one_line(document.title))
        self.say(document.kind, "Subtitle")
        self.out.add_heading(one_line(document.title), 0)
        self.write(document.question)

    def say(self, text: str, style: str = "Normal") -> Any:
        return self.out.add_paragraph(one_line(text), style)

    def turn(self, *, turned: bool) -> None:
        if self.page.turned != turned:
            self.page = new_page(self.out, self.page, turned=turned)

    def write(self, block: Block, level: int = 1) -> None:
        if not isinstance(block, Tabled | Folded):
            self.turn(turned=False)
        match block:
            case Paragraph(text=text, tone=tone):
                self.say(text, "Quote" if tone in ("remark", "aid") else "Normal")
            case Heading(text=text):
                self.out.add_heading(one_line(text), 2)
            case Listing(items=items):
                for text, address in items:
                    paragraph = self.say(text, "List Bullet")
                    if on_the_web(address):
                        paragraph.add_run(" ")
                        link(paragraph, address, address)
            case Terms(pairs=pairs):
                for term, text, code in pairs:
                    paragraph = self.out.add_paragraph()
                    paragraph.add_run(f"{one_line(term)}: ").bold = True
                    paragraph.add_run(one_line(f"{text} {code}".rstrip()))
            case Strip(label=label, counts=counts):
                said = "; ".join(f"{n} {what}" for n, what, _ in counts)
                self.say(f"{label}: {said}.")
            case Tabled():
                self.tabled(block)
            case Filed(text=text):
                small(self.say(text))
            case Picture():
                self.picture(block)
            case Explorer():
                pass  # for screens only
            case Folded(title=title, blocks=blocks):
                self.turn(turned=any(isinstance(one, Tabled) and layout(one.table).turned for one in blocks))
                self.out.add_heading(one_line(title), 1 + level)
                for one in blocks:
                    self.write(one)
            case Register(entries=entries):
                for entry in entries:
                    self.entry(entry)
            case _:
                assert_never(block)

    def tabled(self, block: Tabled) -> None:
        table = block.table
        laid = layout(table)
        self.turn(turned=laid.turned)
        if table.caption:
            self.say(table.caption, "Caption").paragraph_format.keep_with_next = True
        self.out.element.body.insert_element_before(table_element(table, laid, self.page.width), "w:sectPr")
        for note in table.notes:
            small(self.say(note))
        self.say("")

    def picture(self, block: Picture) -> None:
        first, *others = png_slices(self.drawings[block.name])
        said, continued = one_line(f"{block.title}. {block.says}"), one_line(f"{block.title}, continued")
        if others:
            slices = [(first, said), *((png, continued) for png in others)]
            stack = stack_of_pictures(self.out, slices, self.page)
            self.out.element.body.insert_element_before(stack, "w:sectPr")
        else:
            add_picture(self.out.add_paragraph(), first, said, self.page)
            self.out.paragraphs[-1].paragraph_format.keep_with_next = True
        self.say(block.caption, "Caption")
        for one in block.data:
            self.write(one)

    def entry(self, entry: Entry) -> None:
        paragraph = self.out.add_paragraph(style="List Bullet")
        paragraph.add_run(one_line(entry.label)).bold = True
        paragraph.add_run(one_line(f": {entry.text}") + " ")
        if on_the_web(entry.address):
            link(paragraph, f"Source of {one_line(entry.label)}", entry.address)
            paragraph.add_run(". ")
        paragraph.add_run(f"Rows: {one_line(', '.join(entry.rows))}")
        small(paragraph)
