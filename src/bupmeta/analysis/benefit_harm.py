"""Benefits and harms side by side: each outcome as what treatment gains or costs, on its absolute scale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from bupmeta.analysis.bodies import OUTSIDE_PAIN
from bupmeta.analysis.outcome_results import EventPool, OutcomeSection, People
from bupmeta.analysis.results import Analysis
from bupmeta.effects import Effects

__all__ = ["Balance", "Kind", "balance"]

Pair = tuple[float, float]
Kind: TypeAlias = Literal["score", "benefit", "harm", "outside"]


@dataclass(frozen=True, slots=True)
class Balance:
    """One outcome in one condition: `k` trials behind the number, and what treatment gains (negative: costs).

    `gain` and `ci` are in points of the main scale, or in people of 1,000, None where no number is known; `people` are
    the counts behind it, `why` says why there is none. `kind` "outside" is of one trial that is not about pain, which
    `condition` then names. `certainty` is that of its row in the Summary of Findings, empty where it has none.
    """

    outcome: str
    condition: str
    kind: Kind
    k: int
    gain: float | None = None
    ci: Pair | None = None
    people: People | None = None
    why: str = ""
    certainty: str = ""


def balance(analysis: Analysis) -> tuple[Balance, ...]:
    """Give the main outcome per condition, then every further outcome: in pain, and outside it apart.

    An outcome that is pooled over all conditions has that row only; one that nobody counted has a row without a
    number. Scores have a row per condition and none over all of them.

    >>> from bupmeta.analysis import analyse
    >>> rows = balance(analyse("analyses/bupropion.toml"))
    >>> [(one.outcome, one.condition, round(one.gain, 1)) for one in rows if one.kind == "score" and one.k]
    [('pain intensity', 'neuropathic pain', 1.7)]
    """
    rated = {(one.outcome, one.condition): one.certainty.level for one in analysis.findings if one.known}
    rows = (*_scores(analysis), *(row for section in analysis.outcomes for row in _events(section)))
    return tuple(replace(row, certainty=rated.get((row.outcome, _where(row)), "")) for row in rows)


def _where(row: Balance) -> str:
    """The condition as the Summary of Findings names it."""
    return OUTSIDE_PAIN if row.kind == "outside" else row.condition


def _scores(analysis: Analysis) -> Iterator[Balance]:
    outcome = analysis.spec.question.outcome
    for section in analysis.of(analysis.spec.measures[0]):
        total = section.total
        if total is None or section.title == analysis.spec.groups.overall:
            continue
        result = total.result
        if result is None:
            yield Balance(outcome, section.title, "score", 0, why=_why(total.effects))
        else:  # a lower score is less pain
            low, high = result.ci
            yield Balance(outcome, section.title, "score", result.k, -result.mu, (-high, -low))


def _events(section: OutcomeSection) -> Iterator[Balance]:
    title, kind = section.outcome.title, section.outcome.event
    for pool in (section.total,) if section.total is not None else section.pools:
        yield _row(title, kind, pool)
    if not section.known:
        yield Balance(title, "", kind, 0, why="no trial counted it by group")
    for one in section.outside:
        yield _counted(title, one.label, "outside", kind, 1, one.people)


def _why(effects: Effects) -> str:
    kinds = dict.fromkeys(trial.kind for trial in effects.silent)
    return "; ".join(kinds) if kinds else "no eligible trial"


def _row(title: str, kind: Literal["benefit", "harm"], pool: EventPool) -> Balance:
    if pool.tables is None or not pool.people:
        return Balance(title, pool.title, kind, 0, why=_why(pool.effects))
    return _counted(title, pool.title, kind, kind, len(pool.tables), pool.people[0])


def _counted(
    title: str, condition: str, kind: Kind, event: Literal["benefit", "harm"], k: int, people: People
) -> Balance:
    low, high = people.ci
    if event == "benefit":
        return Balance(title, condition, kind, k, people.difference, (low, high), people)
    return Balance(title, condition, kind, k, -people.difference, (-high, -low), people)
