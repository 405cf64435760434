"""One page for a decision that others make: every benefit and harm on an absolute scale."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.analysis import Analysis
from bupmeta.analysis.benefit_harm import balance
from bupmeta.report.benefit_harm import balance_figure, balance_table, numbered
from bupmeta.report.document import Block, Paragraph, Part, Picture, Tabled

__all__ = ["benefits_and_harms"]

_INTRODUCTION = (
    "Every outcome that the analysis asks for, on the scale on which it is felt: points of pain, and people of 1,000. "
    "Right of the line treatment is better, left of it worse. The rows rest on different trials and cannot be added "
    "up; an outcome that nobody counted keeps its row, because not counted is not the same as not occurring. Certainty "
    "is that of the Summary of Findings, a proposal where no reviewer decided; rows that are not in it are not rated."
)
_CAPTION = "Benefits and harms on an absolute scale, with intervals and, where it was rated, the certainty of evidence."


def benefits_and_harms(analysis: Analysis) -> Iterator[Part]:
    """Show all benefits and harms together; nothing without further outcomes."""
    if not analysis.outcomes:
        return
    rows = balance(analysis)
    data = Tabled("benefit_harm", balance_table(rows))
    block: Block = data
    if numbered(rows):
        figure = balance_figure(rows, analysis.spec.model.level)
        block = Picture("benefit_harm", figure, "Benefits and harms", _INTRODUCTION, _CAPTION, (data,))
    yield Part("benefit-harm", "Benefits and harms on one page", (Paragraph(_INTRODUCTION), block))
