"""A figure taller than a sheet of paper, cut between its rows, so that it prints at its size over several sheets."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

from bupmeta.report.drawings import Drawing

__all__ = ["Cut", "cut", "inline_slices", "png_slices", "svg_slices"]

SHEET = 1.4  # height over width of what fits on one sheet
HEIGHT = 0.25  # of a slice at least, in widths: pages break between slices
GAP, ABOVE = 15.0, 11.0  # points between the lowest text of a row and the next one's, and above the latter
_TEXT = re.compile(r'(<text [^>]*?\by="([\d.]+)"[^>]*>)')


@dataclass(frozen=True, slots=True)
class Cut:
    """The size of a tall figure, where its column heads end, and the edges of its slices from 0 to its height.

    All in points. The heads are in the first slice too, for where they cannot be repeated on every sheet.
    """

    width: float
    height: float
    head: float
    edges: tuple[float, ...]

    @property
    def rows(self) -> tuple[tuple[float, float], ...]:
        """Top and end of every slice below the heads, which may be repeated above any of them."""
        return tuple(pairwise((self.head, *self.edges[1:])))


def cut(svg: str) -> Cut | None:
    """Find where an SVG that matplotlib drew can be cut; None when it fits on a sheet.

    >>> texts = "".join(f'<text x="1" y="{y}">' for y in range(20, 400, 20))
    >>> cut(f'<svg viewBox="0 0 200 400">{texts}</svg>')
    Cut(width=200.0, height=400.0, head=29.0, edges=(0.0, 69.0, 129.0, 189.0, 249.0, 309.0, 400.0))
    """
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if found is None or float(found[2]) < SHEET * float(found[1]):
        return None
    width, height = float(found[1]), float(found[2])
    texts = [(float(y), "font-weight: 700" in tag) for tag, y in re.findall(_TEXT, svg)]
    bold = Counter(texts)
    lines = sorted({y for y, _ in texts})
    titles = {y for y in lines if bold[y, True] == 1 and not bold[y, False]}  # of groups: not cut off
    gaps = [(above, below - ABOVE) for above, below in pairwise(lines) if below - above >= GAP]
    edges = [0.0]
    for above, place in gaps:
        if above not in titles and min(place - edges[-1], height - place) >= HEIGHT * width:
            edges.append(place)
    return Cut(width, height, gaps[0][1], (*edges, height)) if edges[1:] else None


def inline_slices(svg: str) -> str:
    """Give the slices of an inline SVG as `<svg>` elements that show parts of it; nothing when it fits on a sheet.

    >>> texts = "".join(f'<text x="1" y="{y}">' for y in range(20, 400, 20))
    >>> figure = f'<svg viewBox="0 0 200 400"><g id="f-figure_1">{texts}</g></svg>'
    >>> re.findall('viewBox="([^"]*)"', inline_slices(figure))[:2]
    ['0 0.00 200 69.00', '0 69.00 200 60.00']
    """
    found, whole = cut(svg), re.search(r'<g id="([^"]*figure_1)">', svg)
    if found is None or whole is None:
        return ""
    return "".join(
        f'<svg viewBox="{_box(found, top, end)}" width="100%"><use href="#{whole[1]}"/></svg>'
        for top, end in pairwise(found.edges)
    )


def svg_slices(drawing: Drawing) -> tuple[bytes, ...]:
    """Give a tall figure as SVG files, its column heads first, each text in one of them; else the one it is."""
    svg = drawing.svg.decode()
    found = cut(svg)
    if found is None:
        return (drawing.svg,)
    return tuple(_svg(svg, found, top, end).encode() for top, end in ((0.0, found.head), *found.rows))


def _svg(svg: str, found: Cut, top: float, end: float) -> str:
    def kept(text: re.Match[str]) -> str:
        return text[0] if top <= float(text[1]) < end else ""

    svg = re.sub(r'<text [^>]*?\by="([\d.]+)".*?</text>', kept, svg, flags=re.DOTALL)
    size = f'width="{found.width:g}pt" height="{end - top:.2f}pt" viewBox="{_box(found, top, end)}"'
    return re.sub(r'width="[^"]*" height="[^"]*" viewBox="[^"]*"', size, svg, count=1)


def _box(found: Cut, top: float, end: float) -> str:
    return f"0 {top:.2f} {found.width:g} {end - top:.2f}"


def png_slices(drawing: Drawing) -> tuple[bytes, ...]:
    """Give a tall figure as PNG files, its column heads first; else the one it is."""
    from PIL import Image

    found = cut(drawing.svg.decode())
    if found is None:
        return (drawing.png,)
    slices = []
    with Image.open(BytesIO(drawing.png)) as image:
        for top, end in ((0.0, found.head), *found.rows):
            low, high = (round(edge * image.height / found.height) for edge in (top, end))
            buffer = BytesIO()
            image.crop((0, low, image.width, high)).save(buffer, "png", dpi=image.info["dpi"])
            slices.append(buffer.getvalue())
    return tuple(slices)
