"""The same trials by other methods and by another program."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.analysis import Analysis
from bupmeta.report.document import Folded, Paragraph, Part, Tabled, slug
from bupmeta.report.tables import alternatives_table, checks_table

__all__ = ["appendix"]

_OTHER_METHODS = "Nothing but the method changes. Where a method refuses the data its reason is given."
_RECOMPUTED = (
    "statsmodels pools the same effects by DerSimonian-Laird and Paule-Mandel. Its DerSimonian-Laird tau² is not cut "
    "off at 0, which explains the only kind of difference that is expected."
)


def appendix(analysis: Analysis) -> Iterator[Part]:
    """Show every pool of the primary measure by other methods, and every pool recomputed by statsmodels."""
    others = [
        Tabled(
            f"other_methods_{slug(section.title)}_{section.measure}",
            alternatives_table(section, "conventions"),
        )
        for section in analysis.of(analysis.spec.measures[0])
    ]
    folds = (
        ("The same trials by other methods", _OTHER_METHODS, others),
        ("Independent recomputation", _RECOMPUTED, [Tabled("checks", checks_table(analysis))]),
    )
    blocks = tuple(
        Folded(title, (Paragraph(said), *filled))
        for title, said, found in folds
        if (filled := [one for one in found if one.table.rows])
    )
    if blocks:
        yield Part("appendix", "Appendix", blocks)
