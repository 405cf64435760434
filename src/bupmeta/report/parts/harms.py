"""Withdrawals and adverse events in trials of pain."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.analysis import Analysis
from bupmeta.analysis.outcome_results import OutcomeSection
from bupmeta.report.document import Block, Paragraph, Part, Picture, Tabled
from bupmeta.report.outcome_blocks import outcome_blocks
from bupmeta.report.outcome_figures import harm_dots
from bupmeta.report.outcome_tables import outcomes_table
from bupmeta.report.outcome_words import absent
from bupmeta.table import capital

__all__ = ["harms"]

_INTRODUCTION = (
    "These are trials of pain; safety data of other trials stand in a part of their own. A trial that reported no "
    "count of a harm has not shown that it did not occur."
)
_CAPTION = "Withdrawals and harms, and what they mean among 1,000 people"
_DOTS = (
    "Dots: people with the event, percent, at the risk without treatment that the table names; right: risk ratio "
    "with its interval."
)


def harms(analysis: Analysis) -> Iterator[Part]:
    """Tell every outcome that is a harm, as far as trials of pain report it."""
    sections = [one for one in analysis.outcomes if one.outcome.event == "harm"]
    if not sections:
        return
    blocks: list[Block] = [Paragraph(_INTRODUCTION)]
    if missing := absent(analysis.spec, sections):
        blocks.append(Paragraph(missing))
    data = Tabled("harms", outcomes_table(sections, _CAPTION))
    if (figure := harm_dots(analysis, sections)) is not None:
        title = "Harms as dots: risk with and without treatment, and risk ratio"
        blocks.append(Picture("harms", figure, title, _DOTS, _DOTS, (data,)))
    elif data.table.rows:
        blocks.append(data)
    for section in sections:
        blocks += _one(analysis, section)
    yield Part("harms", "Withdrawals and harms", tuple(blocks))


def _one(analysis: Analysis, section: OutcomeSection) -> Iterator[Block]:
    if section.reported:
        yield from outcome_blocks(analysis, section)
    elif section.outcome.note:
        title = section.outcome.title
        yield Paragraph(f"{capital(title)}: {section.outcome.note}", "remark")
