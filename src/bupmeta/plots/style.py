"""The one place for matplotlib settings: fonts, colours, line widths, and a Figure that needs no pyplot."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

__all__ = [
    "ACCENT",
    "BAND",
    "CAUTION",
    "INK",
    "LINE",
    "MUTED",
    "PALETTE",
    "PAPER",
    "POOLED",
    "RULE",
    "STUDY",
    "TINTS",
    "Picture",
    "house_style",
]

# Few colours, told apart by the colour blind and in grey print; each text colour has a contrast above 5:1 on white.
INK = "#1a1a1a"  # text, axes
MUTED = "#595959"  # headers, notes, trials without an effect
RULE = "#b8b8b8"  # thin lines of the table
BAND = "#eef0e4"  # a range of differences to read against
STUDY = "#0b6ca8"  # squares and their intervals
POOLED = "#14304a"  # diamonds and prediction intervals
ACCENT = "#a34700"  # what was recovered from words: admissible intervals, highlighted rows
CAUTION = "#f0d58c"  # a judgement between good and bad
PAPER = "#ffffff"  # behind everything
TINTS = (
    "#cfe3ef",
    "#f3f3f0",
    "#f3d9c4",
)  # regions below, between and above: light study colour, grey, light accent

#: Every colour by name; a page may give each another value, say on a dark screen.
PALETTE: dict[str, str] = {
    "ink": INK,
    "muted": MUTED,
    "rule": RULE,
    "band": BAND,
    "study": STUDY,
    "pooled": POOLED,
    "accent": ACCENT,
    "caution": CAUTION,
    "tint-below": TINTS[0],
    "tint-between": TINTS[1],
    "tint-above": TINTS[2],
    "paper": PAPER,
}

LINE = {"rule": 0.6, "axis": 0.8, "interval": 1.3, "prediction": 2.2}
FONT = {"text": 10.0, "small": 9.0, "title": 12.0}

RC: dict[str, Any] = {
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans", "Verdana"],  # DejaVu is bundled; a browser without it takes Verdana
    "font.size": FONT["text"],
    "text.color": INK,
    "text.parse_math": False,  # a label with a dollar sign is a label
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.linewidth": LINE["axis"],
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "xtick.color": INK,
    "ytick.color": INK,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "savefig.dpi": 200,
    "svg.hashsalt": "bupmeta",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
    "ps.fonttype": 42,
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw and save with the house settings and nothing of the caller's; afterwards theirs are as before.

    A character that the bundled font lacks is drawn as a box in PNG and PDF and is text in SVG: no warning.

    >>> with house_style():
    ...     mpl.rcParams["svg.fonttype"]
    'none'
    """
    settings: dict[Any, Any] = {**mpl.rcParamsDefault, **RC}
    del settings["backend"]  # asking for a backend would load one
    with mpl.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from font", category=UserWarning)
        yield


class Picture(Figure):
    """A matplotlib Figure that shows itself in a notebook without pyplot, as the same SVG as in a report."""

    def _repr_html_(self) -> str:
        from bupmeta.plots.save import svg_text

        return svg_text(self)
