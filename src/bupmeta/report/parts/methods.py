"""How the numbers came about."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.analysis import Analysis
from bupmeta.report.document import Paragraph, Part, Tabled
from bupmeta.report.methods import methods
from bupmeta.report.tables import conversions_table

__all__ = ["how"]


def how(analysis: Analysis) -> Iterator[Part]:
    """Tell the methods in words, and count every conversion."""
    said = (Paragraph(text) for text in methods(analysis))
    yield Part("methods", "Methods", (*said, Tabled("conversions", conversions_table(analysis))))
