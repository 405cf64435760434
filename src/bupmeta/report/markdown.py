"""A report as Markdown: the same words and tables for editors, repositories and plain eyes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from bupmeta.report.characters import on_the_web, one_line
from bupmeta.report.document import (
    Block,
    Document,
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
from bupmeta.table import markdown_line, markdown_words

__all__ = ["markdown"]


def markdown(document: Document) -> str:
    r"""Write the document as GitHub-flavoured Markdown; pictures are the files in figures/.

    >>> from bupmeta.report.document import Part
    >>> page = Document("Pain & *drugs*", "Report", Terms(()), (Part("a", "A", (Paragraph("1. x_y"),)),))
    >>> print(markdown(page).strip())
    # Pain & \*drugs\*
    <BLANKLINE>
    *Report*
    <BLANKLINE>
    ## A
    <BLANKLINE>
    1\. x\_y
    """
    pieces = [f"# {_words(document.title)}", f"*{_words(document.kind)}*", *_block(document.question)]
    for part in document.parts:
        pieces.append(f"## {_words(part.title)}")
        for block, level in levels(part.blocks):
            pieces += _block(block, level)
    return "\n\n".join(pieces) + "\n"


def _words(text: str) -> str:
    return markdown_words(one_line(text))


def _block(block: Block, level: int = 1) -> Iterator[str]:
    match block:
        case Paragraph(text=text, tone=tone):
            yield ("> " if tone in ("remark", "aid") else "") + markdown_line(one_line(text))
        case Heading(text=text):
            yield f"### {_words(text)}"
        case Listing(items=items):
            yield "\n".join(
                f"- {_words(text)}" + (f" <{link}>" if on_the_web(link) else "") for text, link in items
            )
        case Terms(pairs=pairs):
            if pairs:
                yield "\n".join(_term(*pair) for pair in pairs)
        case Strip(label=label, counts=counts):
            said = "; ".join(f"**{n}** {_words(what)}" for n, what, _ in counts)
            yield f"{_words(label)}: {said}."
        case Tabled(table=table):
            yield table.to_markdown()
        case Picture():
            alt = _words(f"{block.title}. {block.says}")
            yield f"![{alt}](figures/{block.name}.svg)"
            yield f"*{_words(block.caption)}*"
            for behind in block.data:
                yield from _block(behind)
        case Filed():
            yield markdown_line(one_line(block.text))
        case Explorer():
            return  # for screens only
        case Folded(title=title, blocks=blocks):
            yield f"{'##' + level * '#'} {_words(title)}"
            for one in blocks:
                yield from _block(one)
        case Register(entries=entries):
            for entry in entries:
                link = (
                    f" [Source of {_words(entry.label)}](<{entry.address}>)."
                    if on_the_web(entry.address)
                    else ""
                )
                rows = _words(", ".join(entry.rows))
                yield f"- **{_words(entry.label)}**: {_words(entry.text)}{link} Rows: {rows}"
        case _:
            assert_never(block)


def _term(term: str, text: str, code: str) -> str:
    return f"- **{_words(term)}**: {_words(text)}" + (f" `{one_line(code)}`" if code else "")
