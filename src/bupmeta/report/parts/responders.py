"""People whose pain became less: each definition of a responder by itself."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.analysis import Analysis
from bupmeta.report.document import Block, Paragraph, Part, Tabled
from bupmeta.report.outcome_blocks import outcome_blocks
from bupmeta.report.outcome_tables import outcomes_table
from bupmeta.report.outcome_words import absent

__all__ = ["responders"]

_INTRODUCTION = (
    "Each definition of a responder is an outcome of its own: at least 30 % less pain, at least half, any relief and "
    "an improved global impression count different people, and are never pooled with each other. Numbers needed to "
    "treat hold for the risk without treatment that stands beside them."
)


def responders(analysis: Analysis) -> Iterator[Part]:
    """Tell every outcome that is a benefit."""
    sections = [one for one in analysis.outcomes if one.outcome.event == "benefit"]
    if not sections:
        return
    blocks: list[Block] = [Paragraph(_INTRODUCTION)]
    if missing := absent(analysis.spec, sections):
        blocks.append(Paragraph(missing))
    table = outcomes_table(sections, "Responders, and what they mean among 1,000 people")
    if table.rows:
        blocks.append(Tabled("responders", table))
    for section in sections:
        if section.reported:
            blocks += outcome_blocks(analysis, section)
    yield Part("responders", "Responders", tuple(blocks))
