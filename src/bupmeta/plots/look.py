"""What a preset decides about the drawing of a forest plot: colours, sizes, rules, and where words stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from bupmeta.plots.style import ACCENT, FONT, INK, MUTED, POOLED, RULE, STUDY

__all__ = ["HOUSE", "Look", "Place"]

Place: TypeAlias = Literal["above", "below"]


@dataclass(frozen=True, slots=True)
class Look:
    """Colours (squares of differences and of ratios, lines, diamond with its edge), sizes in points, rules and places.

    `axis_words` and `favours` stand above the plot, beside the titles of the columns, or below its axis; `sides` are
    how the words left and right of zero are written.
    """

    study: str = STUDY
    ratio: str = STUDY
    interval: str = POOLED
    diamond: str = POOLED
    edge: str = "none"
    prediction: str = POOLED
    reference: str = INK
    accent: str = ACCENT
    rule: str = RULE
    titles: str = MUTED
    text: float = FONT["text"]
    small: float = FONT["small"]
    title: float = FONT["title"]
    top_rule: bool = False
    axis_words: Place = "below"
    favours: Place = "below"
    sides: tuple[str, str] = ("← {}", "{} →")


HOUSE = Look()
