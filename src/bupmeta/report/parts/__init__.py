"""The parts of a report, one idea per file, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bupmeta.analysis import Analysis
from bupmeta.report.document import Document, Part, Terms
from bupmeta.report.parts.across import across
from bupmeta.report.parts.ahead import ahead
from bupmeta.report.parts.answer import answer
from bupmeta.report.parts.appendix import appendix
from bupmeta.report.parts.balance import benefits_and_harms
from bupmeta.report.parts.checklist import checked
from bupmeta.report.parts.conditions import conditions
from bupmeta.report.parts.findings import certainty, summary
from bupmeta.report.parts.flow import flow
from bupmeta.report.parts.harms import harms
from bupmeta.report.parts.measures import measures
from bupmeta.report.parts.methods import how
from bupmeta.report.parts.outside import outside
from bupmeta.report.parts.parity import parity
from bupmeta.report.parts.redo import redo
from bupmeta.report.parts.register import register
from bupmeta.report.parts.responders import responders
from bupmeta.report.parts.risk_of_bias import risk_of_bias
from bupmeta.report.parts.sensitivity import sensitivity
from bupmeta.report.parts.shown import shown

__all__ = ["PARTS", "document"]

# The answer, benefits and harms, and certainty come first; how they came about follows. A part that has nothing to say
# gives nothing.
PARTS: tuple[Callable[[Analysis], Iterable[Part]], ...] = (
    answer,
    benefits_and_harms,
    summary,
    conditions,
    responders,
    harms,
    outside,
    across,
    ahead,
    shown,
    measures,
    sensitivity,
    risk_of_bias,
    certainty,
    flow,
    how,
    appendix,
    parity,
    register,
)


def document(analysis: Analysis) -> Document:
    """Put the parts of a report together.

    >>> from bupmeta.analysis import analyse
    >>> [part.title for part in document(analyse("analyses/bupropion.toml")).parts][:3]
    ['The answer', 'Benefits and harms on one page', 'Summary of findings']
    """
    asked = analysis.spec.question
    question = Terms(
        (
            ("Population", asked.population, ""),
            ("Intervention", asked.intervention, ""),
            ("Comparator", asked.comparator, ""),
            ("Outcome", asked.outcome, ""),
        )
    )
    parts = tuple(part for make in PARTS for part in make(analysis))
    last = tuple(redo(analysis))
    # the checklist says of every other part what it answers
    checks = checked(analysis, (*parts, *last))
    return Document(analysis.spec.title, "Meta-analysis report", question, (*parts, checks, *last))
