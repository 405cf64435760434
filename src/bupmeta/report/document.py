"""The report as a value: parts of blocks, which every output format renders in its own way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from bupmeta.table import Table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "Block",
    "Document",
    "Entry",
    "Explorer",
    "Filed",
    "Folded",
    "Heading",
    "Listing",
    "Paragraph",
    "Part",
    "Picture",
    "Register",
    "Strip",
    "Tabled",
    "Terms",
    "levels",
    "slug",
    "walk",
]

Tone = Literal["plain", "lead", "remark", "aid"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One or more sentences; the tone says how loudly they are set."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of what follows inside a part."""

    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """Texts as a list, each with an address or none."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """Words and what they mean; a text may end in a code such as a hash or a command, set apart."""

    pairs: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Strip:
    """A few counts side by side: number, what is counted, and which kind of evidence it is."""

    label: str
    counts: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True)
class Tabled:
    """A table of the page, also written as the file `name`.csv."""

    name: str
    table: Table


@dataclass(frozen=True, slots=True)
class Filed:
    """A table for programs that holds what the page says elsewhere: it is written as a file and only named here."""

    says: str
    tabled: Tabled

    @property
    def text(self) -> str:
        """The sentence that stands for it."""
        return f"{self.says}: tables/{self.tabled.name}.csv."


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure, also written as `name`.svg and `name`.png: what it is, what it says, and its numbers as tables.

    `title` and `says` are read out where the picture cannot be seen, `caption` stands under it.
    """

    name: str
    figure: Figure
    title: str
    says: str
    caption: str
    data: tuple[Tabled, ...] = ()


@dataclass(frozen=True, slots=True)
class Explorer:
    """Trials that a reader can switch off on a screen; only HTML shows it, the figure before it is for all formats.

    `data` is what the page looks up and draws (see `bupmeta.report.explorer`): all of it was computed before.
    """

    name: str
    title: str
    says: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Folded:
    """Blocks under a title that a reader opens on a screen; on paper they are open."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One trial of the register: its rows can be linked to, its text says what was printed and what became of it.

    `seen` are the figures it stands in, as their name and what they are about.
    """

    label: str
    text: str
    address: str
    rows: tuple[str, ...]
    seen: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Register:
    """Every trial with its source."""

    entries: tuple[Entry, ...]


Block: TypeAlias = (
    Paragraph | Heading | Listing | Terms | Strip | Tabled | Filed | Picture | Explorer | Folded | Register
)


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the report under a title; its `key` is what links lead to."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report, in the order in which it is read."""

    title: str
    kind: str
    question: Terms
    parts: tuple[Part, ...]


B = TypeVar("B", bound=Block)


def walk(document: Document, kind: type[B]) -> Iterator[B]:
    """Give every block of one kind, folded ones and the tables behind pictures too.

    >>> page = Document("t", "k", Terms(()), (Part("a", "A", (Folded("f", (Paragraph("x"),)),)),))
    >>> [block.text for block in walk(page, Paragraph)]
    ['x']
    """
    for part in document.parts:
        yield from _walk(part.blocks, kind)


def _walk(blocks: Iterable[Block], kind: type[B]) -> Iterator[B]:
    for block in blocks:
        if isinstance(block, kind):
            yield block
        if isinstance(block, Folded):
            yield from _walk(block.blocks, kind)
        elif isinstance(block, Picture):
            yield from _walk(block.data, kind)
        elif isinstance(block, Filed):
            yield from _walk((block.tabled,), kind)


def levels(blocks: Iterable[Block]) -> Iterator[tuple[Block, int]]:
    """Give each block of a part with the level of its title: a fold after a heading is one deeper than the heading.

    >>> [level for _, level in levels((Folded("a", ()), Heading("b"), Folded("c", ())))]
    [1, 1, 2]
    """
    level = 1
    for block in blocks:
        yield block, 1 if isinstance(block, Heading) else level
        if isinstance(block, Heading):
            level = 2


def slug(text: str) -> str:
    """Give a text as part of the name of a block, which is that of its file too.

    >>> slug("chronic low back pain")
    'chronic_low_back_pain'
    """
    return "".join(c if c.isalnum() else "_" for c in text.lower()).strip("_")
