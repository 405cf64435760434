"""The pictures of responders and harms: forest plots per outcome, dots over all harms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bupmeta.analysis import Analysis
from bupmeta.analysis.outcome_results import Compared, EventPool, OutcomeSection
from bupmeta.plots import Block, EventRow, adverse_events, forest, multiverse
from bupmeta.report.outcome_words import MEASURES, model_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from bupmeta.robustness.multiverse_result import Multiverse

__all__ = ["harm_dots", "outcome_curve", "outcome_forest", "outside_dots"]


def outcome_forest(analysis: Analysis, section: OutcomeSection) -> Figure:
    """One block per condition, and the total where conditions go together."""
    question = analysis.spec.question
    measure = MEASURES[section.outcome.measure]
    return forest(
        [_block(pool, is_total=pool is section.total) for pool in section.every],
        favours=_favours(analysis, section),
        unit=f"{measure}: {section.outcome.title}; {question.intervention} against {question.comparator}",
        links="#trial-",
    )


def _favours(analysis: Analysis, section: OutcomeSection) -> tuple[str, str]:
    """What lies below and above no difference: more of a harm is worse."""
    active, control = analysis.spec.favours
    return (control, active) if section.outcome.event == "benefit" else (active, control)


def outcome_curve(analysis: Analysis, section: OutcomeSection, found: Multiverse) -> Figure:
    """The specification curve of one pool of an outcome."""
    words = next(words for measure, words in MEASURES.items() if measure == found.measure)
    return multiverse(found, unit=words, favours=_favours(analysis, section))


def _block(pool: EventPool, *, is_total: bool) -> Block:
    main = pool.main
    if main is None or main.result is None:
        return Block(pool.title, None, pool.effects, main.reason if main is not None else "")
    note = model_words(main, main.result) if main.result.k > 1 else ""
    title = f"All: {pool.title}" if is_total else pool.title
    return Block(title, main.result, pool.effects, note, studies=not is_total)


def harm_dots(analysis: Analysis, sections: Sequence[OutcomeSection]) -> Figure | None:
    """Every harm with counts in pain: the total where there is one, else each condition; None without any."""
    rows = [row for section in sections for pool in _shown(section) if (row := _row(section, pool))]
    if not rows:
        return None
    return adverse_events({"": rows}, arms=_arms(analysis), level=analysis.spec.model.level)


def _shown(section: OutcomeSection) -> tuple[EventPool, ...]:
    return (section.total,) if section.total is not None else section.pools


def _row(section: OutcomeSection, pool: EventPool) -> EventRow | None:
    main = pool.main
    if main is None or main.result is None or not pool.people or section.outcome.measure != "RR":
        return None
    first, result, title = pool.people[0], main.result, section.outcome.title
    where = "" if pool is section.total else f", {pool.title}"
    risks = pool.alone.risks if pool.alone is not None else first.risks
    return EventRow(f"{title}{where}", *risks, result.mu, result.ci, pooled=result.k > 1)


def outside_dots(analysis: Analysis, found: Sequence[tuple[OutcomeSection, Compared]]) -> Figure | None:
    """The events of trials that are not about pain, under the name of each trial."""
    groups: dict[str, list[EventRow]] = {}
    for section, one in found:
        if one.effects.measure == "RR":
            groups.setdefault(one.label, []).append(_outside(section, one))
    if not groups:
        return None
    return adverse_events(groups, arms=_arms(analysis), level=analysis.spec.model.level)


def _outside(section: OutcomeSection, one: Compared) -> EventRow:
    title = section.outcome.title
    if not len(one.effects):
        return EventRow(title, *one.risks, words=one.effects.silent[0].kind)
    ci = one.effects.limits(one.level)[0]
    corrected = bool(one.effects.origin[0].assumption)
    return EventRow(title, *one.risks, float(one.effects.y[0]), ci, corrected=corrected)


def _arms(analysis: Analysis) -> tuple[str, str]:
    question = analysis.spec.question
    return question.intervention, question.comparator
