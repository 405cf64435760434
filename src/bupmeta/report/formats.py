"""What a report can be written as: one row per format."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from bupmeta.errors import SpecError
from bupmeta.report.document import Document
from bupmeta.report.drawings import Drawings
from bupmeta.report.html import html
from bupmeta.report.markdown import markdown
from bupmeta.report.pdf import pdf
from bupmeta.report.word import word
from bupmeta.trials.csvfile import shown

__all__ = ["ALL_FORMATS", "FORMATS", "FormatName", "chosen"]

FormatName = Literal["html", "pdf", "word", "markdown"]
ALL_FORMATS: tuple[FormatName, ...] = get_args(FormatName)


@dataclass(frozen=True, slots=True)
class Format:
    """The name of the file and how a document becomes its bytes."""

    file: str
    render: Callable[[Document, Drawings], bytes]


#: Every format; a LibraryError of one leaves its file out and no other.
FORMATS: dict[FormatName, Format] = {
    "html": Format("report.html", lambda document, drawings: html(document, drawings).encode()),
    "pdf": Format("report.pdf", pdf),
    "word": Format("report.docx", word),
    "markdown": Format("report.md", lambda document, _: markdown(document).encode()),
}


def chosen(names: Sequence[str]) -> tuple[FormatName, ...]:
    """Check names of formats and give them in one order; SpecError, naming those there are, for another name.

    >>> chosen(["pdf", "html", "pdf"])
    ('html', 'pdf')
    """
    for name in names:
        if name not in FORMATS:
            raise SpecError(f"there is no format {shown(name)!r}; choose from {', '.join(FORMATS)}")
    return tuple(name for name in FORMATS if name in names)
