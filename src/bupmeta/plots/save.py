"""Figures to files and to inline SVG: the same figure always gives the same bytes."""

from __future__ import annotations

import html
import os
import re
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from bupmeta.errors import DataError
from bupmeta.files import write_whole
from bupmeta.plots.style import PALETTE, RC, house_style

__all__ = ["figure_bytes", "inline_svg", "save", "svg_text"]

# Without dates and program versions; matplotlib takes the ids of an SVG from style.RC["svg.hashsalt"].
METADATA: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": "bupmeta"},
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "ModDate": None, "Creator": "bupmeta", "Producer": None},
}
FONTS = ", ".join(f"'{name}'" for name in RC["font.sans-serif"]) + ", sans-serif"
NAMED = {colour: f"var(--figure-{name}, {colour})" for name, colour in PALETTE.items()}


def figure_bytes(figure: Figure, kind: str) -> bytes:
    """The figure as "svg", "png" or "pdf", with the same bytes every time; DataError for another kind."""
    if kind not in METADATA:
        raise DataError(f"a figure cannot be written as {kind!r}; choose one of {', '.join(METADATA)}")
    buffer = BytesIO()
    with house_style():
        figure.savefig(buffer, format=kind, metadata=METADATA[kind])
    return buffer.getvalue()


def save(figure: Figure, path: str | os.PathLike[str]) -> Path:
    """Write the figure to `path` (.svg, .png or .pdf) in one step, so that no half-written file is ever seen.

    Raises DataError, naming the path, for another suffix or a folder that cannot be written.
    """
    return write_whole(path, figure_bytes(figure, Path(path).suffix.lstrip(".").lower()))


def svg_text(figure: Figure, title: str = "", desc: str = "", name: str = "") -> str:
    """The figure as one `<svg>` element to put in a page; `inline_svg` says how."""
    return inline_svg(figure_bytes(figure, "svg"), title, desc, name)


def inline_svg(drawn: bytes, title: str = "", desc: str = "", name: str = "") -> str:
    """A drawn SVG file as one `<svg>` element to put in a page, as wide as its container.

    `title` and `desc` are what a screen reader says; with neither the picture counts as decoration. Every id
    starts with `name`, by default made from what is drawn, so that several figures fit in one page. Its role is
    an image, or a group when it holds links. Each house colour is `var(--figure-NAME, COLOUR)`, which the page may set.
    """
    svg = drawn.decode("utf-8")
    svg = re.sub(r"\s*<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], count=1, flags=re.S)
    # matplotlib's rule `* {...}` would style the whole page: the same settings go on the element, and are inherited
    svg = re.sub(r"\s*<style type=\"text/css\">.*?</style>", "", svg, count=1, flags=re.S)
    svg = svg.replace(" <defs>\n </defs>\n", "", 1)
    svg = re.sub(r"<[^>]*>", lambda tag: _restyled(tag[0]), svg)
    prefix = name or "f" + _digest(svg + title)
    svg = _prefix_ids(svg, prefix)
    viewbox = re.search(r'viewBox="([^"]+)"', svg)
    assert viewbox is not None
    words = [(tag, text) for tag, text in (("title", title), ("desc", desc)) if text]
    named = " ".join(f"{prefix}-figure-{tag}" for tag, _ in words)
    kind = "group" if "<a " in svg else "img"  # what is inside an image cannot be reached, a link must be
    role = f'role="{kind}" aria-labelledby="{named}"' if words else 'aria-hidden="true"'
    said = "".join(f'<{tag} id="{prefix}-figure-{tag}">{html.escape(text)}</{tag}>\n' for tag, text in words)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="{viewbox[1]}" width="100%" stroke-linejoin="round" stroke-linecap="butt" '
        f'font-family="{FONTS}" {role}>\n'
        f"{said}{svg[svg.index('>') + 1 :].lstrip()}"
    )


def _restyled(tag: str) -> str:
    """One tag with its colours by name, its font left to the whole picture, and hundredths of a point at most."""
    tag = re.sub(r"font-family: [^;\"]*; ", "", tag)
    tag = re.sub(r"(fill|stroke): (#[0-9a-f]{6})", lambda hit: f"{hit[1]}: {NAMED.get(hit[2], hit[2])}", tag)
    return re.sub(
        r' (?:d|x|y|transform|points)="[^"]*"',
        lambda place: re.sub(r"\d+\.\d{3,}", lambda x: f"{float(x[0]):.2f}", place[0]),
        tag,
    )


def _prefix_ids(svg: str, prefix: str) -> str:
    """Put `prefix` before every id and every reference to one; a link to elsewhere in the page stays."""
    ids = set(re.findall(r'\bid="([^"]+)"', svg))

    def renamed(match: re.Match[str]) -> str:
        before, name, after = match.groups()
        return f"{before}{prefix}-{name}{after}" if name in ids else match[0]

    # only inside tags: the same characters in a label are text
    pattern = re.compile(r'(\bid="|href="#|url\(#)([^")]+)("|\))')
    return re.sub(r"<[^>]*>", lambda tag: pattern.sub(renamed, tag[0]), svg)


def _digest(text: str) -> str:
    from hashlib import sha256

    return sha256(text.encode()).hexdigest()[:8]
