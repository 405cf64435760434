"""Safety data of trials that are not about pain: shown, and never pooled with trials of pain."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.analysis import Analysis
from bupmeta.report.document import Paragraph, Part, Picture, Tabled
from bupmeta.report.outcome_figures import outside_dots
from bupmeta.report.outcome_tables import compared_table

__all__ = ["outside"]

_INTRODUCTION = (
    "These counts come from trials of other conditions. They tell which harms the drug is known for at a like dose; "
    "people with pain may differ from them in age, illness and other drugs. They are in no pool of this report."
)
_DOTS = "Dots: people with the event, percent; right: risk ratio of the trial with its interval."


def outside(analysis: Analysis) -> Iterator[Part]:
    """Show the harms of trials that are not about pain."""
    found = [(section, one) for section in analysis.outcomes for one in section.outside]
    if not found:
        return
    table = Tabled("outside_pain", compared_table(found, "Trials that are not about pain: never pooled"))
    figure = outside_dots(analysis, found)
    title = "Harms in trials that are not about pain, as dots"
    block = table if figure is None else Picture("outside_pain", figure, title, _DOTS, _DOTS, (table,))
    yield Part("outside-pain", "Safety data from outside pain", (Paragraph(_INTRODUCTION), block))
