"""What reviewers check, and where this report answers it."""

from __future__ import annotations

from collections.abc import Sequence

from bupmeta.analysis import Analysis
from bupmeta.report.checklist import checklist, checklist_sentence, checklist_table
from bupmeta.report.document import Paragraph, Part, Tabled

__all__ = ["checked"]


def checked(analysis: Analysis, parts: Sequence[Part]) -> Part:
    """Answer each item by the parts that the report has."""
    found = checklist(analysis, parts)
    blocks = (Paragraph(checklist_sentence(found)), Tabled("checklist", checklist_table(found)))
    return Part("checklist", "Checklist", blocks)
