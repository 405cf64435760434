"""What other choices would have given."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.analysis import Analysis
from bupmeta.report.document import Paragraph, Part, Tabled, slug
from bupmeta.report.tables import alternatives_table

__all__ = ["sensitivity"]

_INTRODUCTION = (
    "Each row changes one choice of the specification. Rows that would change nothing are left out."
)


def sensitivity(analysis: Analysis) -> Iterator[Part]:
    """Show the sensitivity analyses of the specification, one table per condition."""
    found = (
        Tabled(
            f"sensitivity_{slug(section.title)}_{section.measure}",
            alternatives_table(section, "alternatives"),
        )
        for section in analysis.of(analysis.spec.measures[0])
    )
    filled = [one for one in found if one.table.rows]
    if filled:
        yield Part("sensitivity", "Other choices, other numbers", (Paragraph(_INTRODUCTION), *filled))
