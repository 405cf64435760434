"""What a next trial could change."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.analysis import Analysis, Section
from bupmeta.analysis.across import Outlooks
from bupmeta.planning.next_trial import threshold_words
from bupmeta.plots import extended_funnel, next_trial
from bupmeta.report.ahead_words import (
    chance_table,
    chance_words,
    information_words,
    open_question,
    waiting_words,
)
from bupmeta.report.document import Block, Folded, Heading, Paragraph, Part, Picture, Tabled, slug

__all__ = ["ahead"]

_INTRODUCTION = (
    "How likely would one more trial settle the question? What it will find is predicted from the trials so far and "
    "from what is known of how trials differ; then each interval is computed again with it. A small chance says that "
    "one trial cannot settle it, whatever its size. It says nothing about whether the treatment works, and is no "
    "reason for or against a trial."
)
_CURVES = "Chance that each interval lies wholly on one side of {at} after one more trial, by its size."
_FUNNEL = (
    "Each place is one result that a next trial could have: its effect, and how precise it is. The colour says where "
    "the interval would then be."
)


def ahead(analysis: Analysis) -> Iterator[Part]:
    """Show chances, the information needed and the extended funnel, per condition that has an effect."""
    blocks: list[Block] = []
    for section in analysis.of(analysis.spec.measures[0]):
        plans = section.total.ahead if section.total is not None else None
        if plans is not None:
            blocks += _blocks(section, plans)
    if blocks:
        yield Part("next-trial", "What a next trial could change", (Paragraph(_INTRODUCTION), *blocks))


def _blocks(section: Section, plans: Outlooks) -> Iterator[Block]:
    name = slug(section.title)
    said = chance_words(plans)
    drawn = open_question(plans)
    yield Heading(f"A next trial: {section.title}")
    yield Paragraph(said)
    if waiting := waiting_words(section):
        yield Paragraph(waiting)
    title = f"Chances by size: {section.title}"
    caption = _CURVES.format(at=threshold_words(drawn.threshold, drawn.effects))
    chances = Tabled(f"next_trial_{name}", chance_table(plans))
    if drawn.settled:  # lines that lie on each other at 0 or 100 percent say nothing
        yield chances
    else:
        yield Picture(f"next_trial_{name}", next_trial(drawn), title, said, caption, (chances,))
    yield Paragraph(information_words(plans))
    funnel = Picture(
        f"extended_funnel_{name}",
        extended_funnel(plans.funnel),
        f"Extended funnel: {section.title}",
        _FUNNEL,
        _FUNNEL,
        (Tabled(f"extended_funnel_{name}", plans.funnel.table()),),
    )
    information = Tabled(f"information_{name}", plans.information.table())
    yield Folded(
        "Which results would turn the conclusion, and how much information is needed", (funnel, information)
    )
