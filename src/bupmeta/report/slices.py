"""A figure taller than a sheet of paper, cut between its rows, so that it prints at its size over several sheets."""

from __future__ import annotations

import re
from itertools import pairwise

__all__ = ["slices"]

SHEET = 1.4  # height over width of what fits on one sheet
HEIGHT = 0.25  # of a slice at least, in widths: pages break between slices
GAP, ABOVE = 15.0, 11.0  # points between the lowest text of a row and the next one's, and above the latter


def slices(svg: str) -> str:
    """Give the slices of an inline SVG as `<svg>` elements that show parts of it; nothing when it fits on a sheet.

    >>> texts = "".join(f'<text x="1" y="{y}">' for y in range(20, 400, 20))
    >>> figure = f'<svg viewBox="0 0 200 400"><g id="f-figure_1">{texts}</g></svg>'
    >>> re.findall('viewBox="([^"]*)"', slices(figure))[:2]
    ['0 0.00 200 69.00', '0 69.00 200 60.00']
    """
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    whole = re.search(r'<g id="([^"]*figure_1)">', svg)
    if found is None or whole is None or float(found[2]) < SHEET * float(found[1]):
        return ""
    wide, high = float(found[1]), float(found[2])
    cuts = [0.0, *_cuts(svg, HEIGHT * wide), high]
    return "".join(
        f'<svg viewBox="0 {top:.2f} {found[1]} {end - top:.2f}" width="100%"><use href="#{whole[1]}"/></svg>'
        for top, end in pairwise(cuts)
    )


def _cuts(svg: str, least: float) -> list[float]:
    """Heights between two rows of text, each at least so far below the one before."""
    lines = sorted({float(y) for y in re.findall(r'<text [^>]*?\by="([\d.]+)"', svg)})
    cuts: list[float] = []
    for above, below in pairwise(lines):
        if below - above >= GAP and below - ABOVE - (cuts[-1] if cuts else 0.0) >= least:
            cuts.append(below - ABOVE)
    return cuts
