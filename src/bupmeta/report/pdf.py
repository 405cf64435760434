"""A report as PDF: its texts are data of a Typst document, so that nothing a paper printed can be a command."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from itertools import groupby, starmap
from pathlib import Path
from typing import Any

from bupmeta.errors import LibraryError
from bupmeta.report.characters import breakable, on_the_web, one_line
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
from bupmeta.report.slices import svg_slices
from bupmeta.report.templating import template_text

__all__ = ["pdf"]


def pdf(document: Document, drawings: Drawings) -> bytes:
    """Set the document as a tagged PDF (PDF/UA-1) with bookmarks and page numbers; figures are vector graphics.

    The fonts are those that matplotlib brings and no date is written: the same document gives the same bytes.
    Raises LibraryError when Typst is not installed, or refuses the document.
    """
    try:
        import typst
    except ImportError:
        raise LibraryError("PDF needs the package typst: pip install 'bupmeta[pdf]'") from None
    from matplotlib import get_data_path

    fonts = typst.Fonts(include_system_fonts=False, font_paths=[Path(get_data_path()) / "fonts" / "ttf"])
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        files: dict[str, list[str]] = {}
        for name, drawing in drawings.items():
            slices = svg_slices(drawing)
            files[name] = [f"{name}-{i}.svg" for i in range(len(slices))]
            for file, svg in zip(files[name], slices):
                (folder / file).write_bytes(svg)
        (folder / "document.json").write_text(
            json.dumps({**_data(document), "files": files}), encoding="utf-8"
        )
        source = folder / "report.typ"
        source.write_text(template_text("report.typ"), encoding="utf-8")
        compiler = typst.Compiler(source, root=folder, font_paths=fonts)
        try:
            made = compiler.compile(format="pdf", pdf_standards="ua-1")
        except typst.TypstError as error:
            raise LibraryError(f"PDF was refused by Typst: {error.message}") from None
    assert isinstance(made, bytes)
    return made


def _data(document: Document) -> dict[str, Any]:
    return {
        "title": one_line(document.title),
        "kind": one_line(document.kind),
        "question": _block(document.question),
        "parts": [
            {"title": one_line(part.title), "blocks": _sequence(part.blocks)} for part in document.parts
        ],
    }


def _sequence(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """The blocks in order, the tables behind a picture after it; wide ones that follow each other share a page."""
    flat = [
        (one, level)
        for block, level in levels(blocks)
        for one in (block, *(block.data if isinstance(block, Picture) else ()))
    ]
    found: list[dict[str, Any]] = []
    for turned, group in groupby(starmap(_block, flat), lambda one: one.get("turned", False)):
        together = list(group)
        found += [{"kind": "Turned", "blocks": together}] if turned else together
    return found


def _block(block: Block, level: int = 1) -> dict[str, Any]:
    kind = type(block).__name__
    match block:
        case Paragraph():
            return {"kind": kind, "text": breakable(block.text), "tone": block.tone}
        case Heading():
            return {"kind": kind, "text": breakable(block.text)}
        case Listing():
            return {
                "kind": kind,
                "items": [[breakable(text), link if on_the_web(link) else ""] for text, link in block.items],
            }
        case Terms():
            return {"kind": kind, "pairs": [[breakable(text) for text in pair] for pair in block.pairs]}
        case Strip():
            counts = [[str(n), one_line(label), what] for n, label, what in block.counts]
            return {"kind": kind, "counts": counts}
        case Tabled(table=table):
            laid = layout(table)
            return {
                "kind": kind,
                "caption": breakable(table.caption),
                "size": laid.size,
                "turned": laid.turned,
                "shares": laid.shares,
                "numeric": [column.numeric for column in table.columns],
                "head": [[breakable(line) for line in lines] for lines in laid.titles],
                "rows": [[breakable(cell, 12) for cell in row] for row in table.cells()],
                "notes": [breakable(note) for note in table.notes],
            }
        case Picture():
            return {
                "kind": kind,
                "name": block.name,
                "alt": one_line(f"{block.title}. {block.says}"),
                "continued": one_line(f"{block.title}, continued"),
                "caption": breakable(block.caption),
            }
        case Filed():
            return {"kind": "Paragraph", "text": breakable(block.text), "tone": "aid"}
        case Explorer():
            return {"kind": kind}  # for screens only
        case Folded():
            inner = [_block(one) for one in block.blocks]
            turned = any(one.get("turned", False) for one in inner)
            title = breakable(block.title)
            return {"kind": kind, "title": title, "level": 1 + level, "blocks": inner, "turned": turned}
        case Register():
            return {"kind": kind, "entries": [_entry(entry) for entry in block.entries]}


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "label": breakable(entry.label),
        "text": breakable(entry.text),
        "address": entry.address if on_the_web(entry.address) else "",
        "rows": breakable(", ".join(entry.rows)),
    }
