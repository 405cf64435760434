"""What conditions say about each other."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.analysis import Analysis
from bupmeta.plots import partial_pooling
from bupmeta.report.across_words import across_words, condition_words
from bupmeta.report.document import Paragraph, Part, Picture, Tabled

__all__ = ["across"]

_CAPTION = "Squares: each condition by itself; diamonds: with the others; bars: weight of its own trials."


def across(analysis: Analysis) -> Iterator[Part]:
    """Show each condition by itself and with the others, where the specification asks for it."""
    found = analysis.across
    if found is None:
        return
    said = across_words(found)
    picture = Picture(
        "across_conditions",
        partial_pooling(found),
        "Conditions by themselves and with the others",
        said,
        _CAPTION,
        (Tabled("across_conditions", found.table()), Tabled("across_weights", found.weights())),
    )
    sentences = (Paragraph(condition_words(found, one)) for one in found.conditions)
    yield Part("across", "What other conditions say", (Paragraph(said), picture, *sentences))
