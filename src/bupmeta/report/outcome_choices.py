"""What the declared choices do to an outcome of people with an event: a sentence and a specification curve per pool."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.analysis import Analysis
from bupmeta.analysis.outcome_results import EventPool, OutcomeSection
from bupmeta.report.counting import count, listed
from bupmeta.report.document import Block, Folded, Paragraph, Picture, Tabled, slug
from bupmeta.report.evidence_words import NO_PROBABILITY
from bupmeta.report.outcome_figures import outcome_curve
from bupmeta.report.outcome_words import MEASURES
from bupmeta.table import number

__all__ = ["choices", "choices_sentence"]

_CAPTION = (
    "Every combination of the declared choices, in order of its estimate; the mark shows the one specified."
)
_MANY = 3  # as many choices that differ are drawn
_DETAILS = ("estimator of tau²", "interval")  # of one model


def choices(analysis: Analysis, section: OutcomeSection) -> Iterator[Block]:
    """Tell of every pool that was crossed: drawn where many choices differ, else folded as a table."""
    for pool in section.every:
        found = pool.multiverse
        if found is None:
            continue
        title = f"{section.outcome.title}, {pool.title}"
        name = f"multiverse_{slug(section.outcome.outcome)}_{slug(pool.title)}"
        said, table = choices_sentence(section, pool), Tabled(name, found.table())
        if len([axis for axis in found.axes if axis not in _DETAILS]) >= _MANY:
            yield Paragraph(said)
            figure, words = outcome_curve(analysis, section, found), f"Specification curve: {title}"
            yield Picture(name, figure, words, said, _CAPTION, (table,))
        else:
            yield Folded(f"What the choices do: {pool.title}", (Paragraph(said), table))


def choices_sentence(section: OutcomeSection, pool: EventPool) -> str:
    """How much the declared choices about counts matter, which of them most, and which not at all."""
    found = pool.multiverse
    if found is None:
        return ""
    name = next(words for measure, words in MEASURES.items() if measure == found.measure)
    asked = "" if found.measure == section.outcome.measure else f", all as {name}s so that models compare"
    null = "1" if found.is_ratio else "0"
    low, high = (number(found.shown(x)) for x in found.range)
    above, below = (number(100 * share, 0) for share in (found.share_above, found.share_clear))
    moves = listed([f"{axis} ({number(found.shown(size))})" for axis, size in found.moving()[:3]])
    how = "as the factor" if found.is_ratio else "as the difference"
    most = f" What moves it most, {how} between mean estimates of two levels: {moves}." if moves else ""
    idle = f" These change nothing here: {listed(found.idle)}." if found.idle else ""
    return (
        f"What the choices do, {pool.title}: {count(len(found), 'combination')} of declared choices were "
        f"computed{asked}. The {name} lies from {low} to {high}; its whole interval is above {null} in {above} % of "
        f"them and below {null} in {below} %.{most}{idle} {NO_PROBABILITY}"
    )
