"""One document in every format: the same words, tables that are tables, pictures with words, and nothing that runs."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from typing import get_args

import pytest
from defusedxml import ElementTree
from matplotlib.figure import Figure
from pypdf import PdfReader

from bupmeta.errors import LibraryError, SpecError
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
    Part,
    Picture,
    Register,
    Strip,
    Tabled,
    Terms,
)
from bupmeta.report.drawings import draw
from bupmeta.report.formats import FORMATS, chosen
from bupmeta.table import Column, Table

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def small_table(label: str) -> Table:
    columns = (Column("trial", "Trial"), Column("n", "Persons", "integer"), Column("mu", "Effect", "number"))
    return Table(
        columns, ({"trial": label, "n": 41, "mu": -1.7},), f"Caption of {label}", (f"Note on {label}.",)
    )


def drawing(words: str) -> Figure:
    figure = Figure(figsize=(3, 1))
    figure.text(0.1, 0.5, words)
    return figure


def one_of_each(label: str) -> tuple[Block, ...]:
    """Every kind of block, each with the label in its words."""
    behind = (Tabled("behind", small_table(f"{label} behind")),)
    return (
        Paragraph(f"{label} plain"),
        Paragraph(f"{label} leads", "lead"),
        Paragraph(f"{label} remarks", "remark"),
        Paragraph(f"{label} aids", "aid"),
        Heading(f"{label} heads"),
        Listing(((f"{label} cited", "https://doi.org/10.1000/x_1"), (f"{label} bare", ""))),
        Terms(((f"{label} term", "means", "0123abcd"),)),
        Strip(f"{label} counted", ((3, "trials known", "known"), (1, "obtained", "missing"))),
        Tabled("front", small_table(label)),
        Filed(f"{label} filed", Tabled("filed", small_table("nowhere"))),
        Picture("drawn", drawing("Drawn"), f"{label} drawn", "It falls.", f"{label} captioned", behind),
        Explorer("explorer", "Switch", "On a screen.", {}),
        Folded(
            f"{label} folded", (Paragraph(f"{label} inside"), Tabled("inner", small_table(f"{label} inner")))
        ),
        Register(
            (Entry(f"{label} 2001", "printed p < 0.05.", "https://doi.org/10.1000/y", ("row_1", "row_2")),)
        ),
    )


def document(label: str = "Semenchuk") -> Document:
    return Document(
        f"Title of {label}",
        "Report",
        Terms((("Outcome", "pain", ""),)),
        (Part("p", "Part one", one_of_each(label)),),
    )


def rendered(name: str, report: Document) -> bytes:
    return FORMATS[name].render(report, draw(report))


class _Words(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.words.append(data)


def word_xml(data: bytes, part: str = "word/document.xml"):
    return ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read(part))


def of_html(data: bytes) -> str:
    return " ".join(_Words(data.decode()).words)


def of_pdf(data: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def of_word(data: bytes) -> str:
    return " ".join(node.text or "" for node in word_xml(data).iter(f"{W}t"))


def of_markdown(data: bytes) -> str:
    return re.sub(r"\\([\\|*_`<\[\]~$#>+=.-])", r"\1", data.decode())


TEXT: dict[str, Callable[[bytes], str]] = {
    "html": of_html,
    "pdf": of_pdf,
    "word": of_word,
    "markdown": of_markdown,
}


def pdf_links(data: bytes) -> set[str]:
    annotations = [
        a.get_object() for page in PdfReader(io.BytesIO(data)).pages for a in page.get("/Annots", ())
    ]
    return {a["/A"]["/URI"] for a in annotations if "/URI" in a.get("/A", {})}


def word_links(data: bytes) -> set[str]:
    return {node.get("Target") for node in word_xml(data, "word/_rels/document.xml.rels")}


LINKS: dict[str, Callable[[bytes], set[str]]] = {
    "html": lambda data: set(re.findall(r'href="([^"]+)"', data.decode())),
    "pdf": pdf_links,
    "word": word_links,
    "markdown": lambda data: set(re.findall(r"<(https[^>]+)>", data.decode())),
}


def squeezed(text: str) -> str:
    """Without what only sets type: spaces and places to break."""
    return re.sub("[\\s\u200b\u200e]+", "", text)


def test_every_kind_of_block_is_in_the_document_of_these_tests():
    """A new kind of block must be added here, and is then looked for in every format."""
    assert {type(block) for block in one_of_each("x")} == set(get_args(Block))


@pytest.mark.parametrize("name", FORMATS)
def test_every_word_is_in_every_format(name):
    """Titles, sentences, lists, terms, counts, cells, captions, notes, folded parts, sources and addresses."""
    data = rendered(name, document())
    found = squeezed(TEXT[name](data))
    labelled = (
        "plain leads remarks aids heads cited bare term filed behind captioned folded inside inner 2001"
    )
    expected = (
        *("Title of Semenchuk", "Report", "Part one", "pain", "means", "0123abcd", "3", "trials known"),
        *("Caption of Semenchuk", "Trial", "Persons", "41", "−1.70", "Note on Semenchuk."),
        *("printed p < 0.05.", "row_1, row_2"),
        *(f"Semenchuk {word}" for word in labelled.split()),
    )
    assert [words for words in expected if squeezed(words) not in found] == []
    assert {"https://doi.org/10.1000/x_1", "https://doi.org/10.1000/y"} <= LINKS[name](data)
    assert "nowhere" not in found  # a filed table is named, and written as a file


HOSTILE = {
    "script": "<script>alert(1)</script>",
    "formula": '=cmd|"/c calc"!A1',
    "long": "x" * 5000,
    "many words": "word " * 1000,
    "right to left": "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "override": "safe\u202etxt.exe\u202c",
    "control": "a\x00b\x07c\x1b[31m\ufffe",
    "typst": '#panic("x") $x$ *b* _i_ @ref <label> \\ // `raw`',
    "jinja": "{{ 7 * 7 }} {% raw %}",
    "markdown": "[x](javascript:alert(1)) ![x](y) | cell\n# Title\n- item &lt;b&gt;",
    "far scripts": "\u4e2d\u6587 \U0001f600 \u0e44\u0e17\u0e22",
}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_label_is_only_words(name, what):
    """It opens as a file of its kind, with no tag, command, control character or change of direction from the label."""
    label = HOSTILE[what]
    data = rendered(name, document(label))
    text = TEXT[name](data)
    if what in ("script", "formula", "long", "jinja", "typst"):
        assert squeezed(label)[:200] in squeezed(text)
    assert not re.search("[\x00-\x08\x0e-\x1f\u202a-\u202e\u2066-\u2069\ufffe]", text) or name == "html"
    if name == "html":
        tags = _Words(data.decode()).tags
        assert tags.count("script") == _Words(rendered("html", document()).decode()).tags.count("script")
    if name == "markdown":
        assert not re.search(r"(?<!\\)<script|(?<!\\)\[x\]|^# Title$", data.decode(), re.MULTILINE)


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_document_gives_the_same_bytes(name):
    """Twice in one process; `test_report.py` does it in two."""
    assert rendered(name, document()) == rendered(name, document())


def test_the_pdf_can_be_read_out_searched_and_leafed_through():
    """It is tagged, declares PDF/UA, a title and a language, has bookmarks, page numbers and only its own fonts."""
    reader = PdfReader(io.BytesIO(rendered("pdf", document())))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "Title of Semenchuk"
    assert "/CreationDate" not in reader.metadata
    assert [entry.title for entry in reader.outline if not isinstance(entry, list)][-1] == "Part one"
    assert f"1 / {len(reader.pages)}" in reader.pages[0].extract_text()
    fonts = {
        font.get_object()["/BaseFont"].split("+")[-1]
        for page in reader.pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert all(font.startswith("DejaVuSans") for font in fonts)


def test_the_pdf_draws_figures_as_vectors_and_says_them():
    """No picture in it is made of pixels, and the figure carries its words."""
    reader = PdfReader(io.BytesIO(rendered("pdf", document())))
    assert all(not page.images for page in reader.pages)
    assert "Drawn" in of_pdf(rendered("pdf", document()))
    assert "Semenchuk drawn. It falls." in _alternatives(reader)


def _alternatives(reader: PdfReader) -> str:
    """Every alternative text in the structure of a tagged PDF."""
    found, waiting = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += [one for one in node if not isinstance(one, int)]
        elif isinstance(node, dict):
            found.append(str(node.get("/Alt", "")))
            if "/K" in node and not isinstance(node["/K"], int):
                waiting.append(node["/K"])
    return " ".join(found)


def test_word_knows_headings_tables_and_pictures_as_such():
    """Headings by style, header rows that repeat, alternative text, page fields, and no date anywhere."""
    data = rendered("word", document())
    body = word_xml(data)
    styles = {node.get(f"{W}val") for node in body.iter(f"{W}pStyle")}
    assert {"Title", "Heading1", "Heading2", "Heading3", "Caption", "ListBullet"} <= styles
    tables = list(body.iter(f"{W}tbl"))
    assert len(tables) == 3
    assert all(table.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None for table in tables)
    described = [node.get("descr") for node in body.iter() if node.tag.endswith("}docPr")]
    assert described == ["Semenchuk drawn. It falls."]
    footer = next(name for name in zipfile.ZipFile(io.BytesIO(data)).namelist() if "footer" in name)
    fields = [node.get(f"{W}instr") for node in word_xml(data, footer).iter(f"{W}fldSimple")]
    assert fields == ["PAGE", "NUMPAGES"]
    core = [node.tag.split("}")[-1] for node in word_xml(data, "docProps/core.xml")]
    assert {"created", "modified", "lastModifiedBy"}.isdisjoint(core)
    assert {item.date_time[0] for item in zipfile.ZipFile(io.BytesIO(data)).infolist()} == {1980}


@pytest.mark.parametrize(("columns", "turned"), [(6, False), (9, False), (11, True)])
def test_a_table_turns_its_page_only_when_small_letters_do_not_help(columns, turned):
    """In PDF and Word it then lies on its side, and what follows stands upright again."""
    made = tuple(Column(f"c{i}", f"Column {i}") for i in range(columns))
    wide = Table(made, ({column.key: "some words that wrap " * 3 for column in made},), "Wide")
    blocks = (Paragraph("Before."), Tabled("wide", wide), Paragraph("After."))
    report = Document("T", "Report", Terms(()), (Part("p", "Part", blocks),))
    expected = [False, True, False] if turned else [False]
    pages = PdfReader(io.BytesIO(rendered("pdf", report))).pages
    assert [page.mediabox.width > page.mediabox.height for page in pages] == expected
    body = word_xml(rendered("word", report))
    sheets = [int(size.get(f"{W}w")) > int(size.get(f"{W}h")) for size in body.iter(f"{W}pgSz")]
    assert sheets == expected
    letters = {node.get(f"{W}val") for node in body.iter(f"{W}tbl") for node in node.iter(f"{W}sz")}
    assert {"12", "14"} & letters == {"14" if columns != 9 else "12"}  # half points


def tall() -> Document:
    """A figure of 60 rows under one head: more than a sheet."""
    figure = Figure(figsize=(6, 18))
    figure.text(0.1, 0.99, "Trial", weight="bold")
    for i in range(60):
        figure.text(0.1, 0.97 - i * 0.016, f"Row {i:02} of it")
    picture = Picture("tall", figure, "Tall figure", "It falls.", "Captioned")
    return Document("T", "Report", Terms(()), (Part("p", "Part", (picture,)),))


def test_a_tall_figure_goes_over_several_pages_of_the_pdf_under_its_heads():
    """Every row is there once, the head on every page, and only the first slice says the whole."""
    reader = PdfReader(io.BytesIO(rendered("pdf", tall())))
    texts = [page.extract_text() for page in reader.pages]
    assert len(texts) == 3
    assert all("Trial" in text for text in texts)
    assert re.findall(r"Row (\d\d)", " ".join(texts)) == [f"{i:02}" for i in range(60)]
    said = _alternatives(reader)
    assert said.count("Tall figure. It falls.") == 1
    assert said.count("Tall figure, continued") > 3


def test_a_tall_figure_goes_over_several_pages_in_word_under_its_heads():
    """Its slices are rows without a gap as high as the figure together, the first of which is repeated."""
    body = word_xml(rendered("word", tall()))
    (stack,) = body.iter(f"{W}tbl")
    rows = list(stack.iter(f"{W}tr"))
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True] + [False] * (
        len(rows) - 1
    )
    described = [node.get("descr") for node in stack.iter() if node.tag.endswith("}docPr")]
    assert described == ["Tall figure. It falls."] + ["Tall figure, continued"] * (len(rows) - 1)
    sizes = [node for node in stack.iter() if node.tag.endswith("}extent")]
    shares = [int(node.get("cy")) / int(node.get("cx")) for node in sizes]
    assert sum(shares) == pytest.approx(18 / 6, rel=0.002)  # of pixels, each slice rounded
    assert max(shares) < 1


@pytest.mark.parametrize(("name", "module", "extra"), [("pdf", "typst", "pdf"), ("word", "docx", "word")])
def test_a_missing_library_is_one_sentence(name, module, extra, monkeypatch):
    """It says what to install."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(LibraryError, match=rf"pip install 'bupmeta\[{extra}\]'"):
        rendered(name, document())


def test_a_format_that_is_none_is_named():
    """With those there are."""
    with pytest.raises(SpecError, match="no format 'docx'; choose from html, pdf, word, markdown"):
        chosen(["html", "docx"])
