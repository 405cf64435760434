"""The Summary of Findings: each outcome that matters, in people, with its certainty and why."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.analysis import Analysis
from bupmeta.report.document import Folded, Paragraph, Part, Tabled
from bupmeta.report.figures import slug
from bupmeta.report.findings_tables import certainty_table, findings_table, rules_table

__all__ = ["summary"]

_PROPOSALS = (
    "The certainty is a proposal. It begins at high, as for randomized trials, and each domain of GRADE takes off "
    "levels by a rule that is stated below, with the number that triggered it. A reviewer may decide otherwise in the "
    "specification, with a reason, which then stands beside the proposal."
)
_SIGNS = "⊕⊕⊕⊕ high, ⊕⊕⊕◯ moderate, ⊕⊕◯◯ low, ⊕◯◯◯ very low. (−1) and (−2) are the levels taken off."


def summary(analysis: Analysis) -> Iterator[Part]:
    """Show the Summary of Findings, and behind it the proposals and their rules."""
    if not analysis.findings:
        return
    why = [
        Tabled(f"certainty_{slug(one.outcome)}_{slug(one.condition)}", certainty_table(one))
        for one in analysis.findings
        if one.known
    ]
    yield Part(
        "findings",
        "Summary of findings",
        (
            Paragraph(_PROPOSALS),
            Tabled("summary_of_findings", findings_table(analysis)),
            Paragraph(_SIGNS, "remark"),
            Folded("How each certainty came about", (*why, Tabled("certainty_rules", rules_table()))),
        ),
    )
