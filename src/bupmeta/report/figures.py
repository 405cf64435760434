"""The forest plots of a report: which blocks stand in each, drawn by `bupmeta.plots`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bupmeta.analysis import Analysis, Pool, Section
from bupmeta.plots import Band, Block, forest
from bupmeta.report.words import heterogeneity, measure_title

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["section_figure", "slug"]


def slug(text: str) -> str:
    """Give a text as part of a file name or an id.

    >>> slug("chronic low back pain")
    'chronic_low_back_pain'
    """
    return "".join(c if c.isalnum() else "_" for c in text.lower()).strip("_")


def section_figure(analysis: Analysis, section: Section) -> Figure | None:
    """The forest plot of one condition, or None when no trial is known: nothing is drawn as if there were."""
    if not any(pool.known for pool in section.pools):
        return None
    aid = analysis.spec.reading_aid if section.measure == "MD" else None
    band = Band(-aid.points, aid.points, f"less than {aid.points:g} of 10 points") if aid else None
    question = analysis.spec.question
    return forest(
        [_block(pool, section) for pool in section.pools],
        favours=analysis.spec.favours,
        unit=f"{measure_title(section.measure)}; {question.intervention} minus {question.comparator}",
        band=band,
        links="#trial-",
    )


def _block(pool: Pool, section: Section) -> Block:
    is_total = pool is section.total and bool(section.subgroups)
    title = f"All: {section.title}" if is_total else pool.title
    return Block(title, pool.result, pool.effects, heterogeneity(pool), studies=not is_total)
