"""The figures of a report as bytes, each drawn once for all formats and files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TypeAlias

from bupmeta.plots import figure_bytes
from bupmeta.report.document import Document, Picture, walk

__all__ = ["Drawing", "Drawings", "draw"]


@dataclass(frozen=True, slots=True)
class Drawing:
    """One figure as SVG and as PNG."""

    svg: bytes
    png: bytes


#: Every figure by the name of its picture.
Drawings: TypeAlias = Mapping[str, Drawing]


def draw(document: Document) -> Drawings:
    """Draw every picture of the document."""
    return {
        picture.name: Drawing(
            figure_bytes(picture.figure, "svg"), _few_colours(figure_bytes(picture.figure, "png"))
        )
        for picture in walk(document, Picture)
    }


def _few_colours(png: bytes) -> bytes:
    """The same picture with at most 128 colours, a third of the bytes: lines and letters need no more."""
    from PIL import Image

    buffer = BytesIO()
    with Image.open(BytesIO(png)) as image:
        few = image.convert("RGB").quantize(128, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.save(buffer, "png", dpi=image.info["dpi"])
    return buffer.getvalue()
