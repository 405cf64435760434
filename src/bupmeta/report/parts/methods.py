"""How the numbers came about, and the works that the methods come from."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.analysis import Analysis
from bupmeta.report.document import Folded, Listing, Paragraph, Part, Tabled
from bupmeta.report.methods import methods
from bupmeta.report.references import cited
from bupmeta.report.tables import conversions_table

__all__ = ["how"]


def how(analysis: Analysis) -> Iterator[Part]:
    """Tell the methods in words, count every conversion, and list the works that are named."""
    said = methods(analysis)
    works = tuple((work.text, f"https://doi.org/{work.link}" if work.link else "") for work in cited(said))
    yield Part(
        "methods",
        "Methods",
        (
            *(Paragraph(text) for text in said),
            Tabled("conversions", conversions_table(analysis)),
            Folded("The works named here", (Listing(works),)),
        ),
    )
