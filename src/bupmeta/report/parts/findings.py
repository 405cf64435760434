"""The Summary of Findings: each outcome that matters, in people, with its certainty and why."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.analysis import Analysis
from bupmeta.report.document import Folded, Paragraph, Part, Tabled, slug
from bupmeta.report.findings_tables import certainty_table, findings_table, rules_table

__all__ = ["certainty", "summary"]

_PROPOSALS = (
    "The certainty is a proposal: it begins at high, as for randomized trials, and levels are taken off by "
    "stated rules. How each came about is told further down. A reviewer may decide otherwise in the specification, "
    "with a reason, which then stands beside the proposal."
)
_SIGNS = "⊕⊕⊕⊕ high, ⊕⊕⊕◯ moderate, ⊕⊕◯◯ low, ⊕◯◯◯ very low. (−1) and (−2) are the levels taken off."
_RULES = (
    "Each domain of GRADE takes off levels by a rule; beside each step stands the number that triggered it."
)


def summary(analysis: Analysis) -> Iterator[Part]:
    """Show the Summary of Findings."""
    if not analysis.findings:
        return
    table = Tabled("summary_of_findings", findings_table(analysis))
    yield Part("findings", "Summary of findings", (Paragraph(_PROPOSALS), table, Paragraph(_SIGNS, "remark")))


def certainty(analysis: Analysis) -> Iterator[Part]:
    """Show how each certainty was proposed, and the rules."""
    if not analysis.findings:
        return
    why = tuple(
        Tabled(f"certainty_{slug(one.outcome)}_{slug(one.condition)}", certainty_table(one))
        for one in analysis.findings
        if one.known
    )
    rules = Tabled("certainty_rules", rules_table())
    blocks = (
        Paragraph(_RULES),
        Folded("Outcome by outcome", why),
        Folded("Rules and their sources", (rules,)),
    )
    yield Part("certainty", "How the certainty came about", blocks)
