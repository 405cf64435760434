"""What is known and stays out of every pool: other comparisons, and trials of which only other outcomes are known."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.analysis import Analysis
from bupmeta.report.document import Paragraph, Part, Tabled
from bupmeta.report.tables import silent_table

__all__ = ["shown"]

_NARRATIVE = (
    "These results do not compare with placebo: the control was another active drug or an add-on, or there was none. "
    "They say nothing about the difference from placebo."
)
_OTHER = "These trials compare the same treatments, and what was read of them reports other outcomes only."


def shown(analysis: Analysis) -> Iterator[Part]:
    """Show results that are never pooled, and eligible trials without this outcome."""
    if analysis.narrative:
        table = Tabled("never_pooled", silent_table(analysis.narrative, "Never pooled"))
        yield Part("narrative", "Other studies, shown and never pooled", (Paragraph(_NARRATIVE), table))
    if analysis.other_outcomes:
        caption = "Known trials with other outcomes"
        table = Tabled("other_outcomes", silent_table(analysis.other_outcomes, caption))
        yield Part("other-outcomes", "Eligible trials without this outcome", (Paragraph(_OTHER), table))
