"""Sentences about responders and harms; they choose words and place numbers, and compute none."""

from __future__ import annotations

from collections.abc import Sequence

from bupmeta.analysis.outcome_results import EventPool, OutcomeSection, People, Way
from bupmeta.analysis.spec import AnalysisSpec, OutcomeModel
from bupmeta.effects.counts import CountMeasure
from bupmeta.effects.one_group import OneGroup
from bupmeta.pooling import MetaResult
from bupmeta.report.counting import count, listed, percent_level
from bupmeta.report.silent_words import silent_clauses
from bupmeta.table import capital, interval, number

__all__ = [
    "MEASURES",
    "MODELS",
    "absent",
    "event_sentence",
    "group_sentence",
    "in_people",
    "in_points",
    "missing_sentence",
    "model_words",
    "more_or_fewer",
    "ratio",
]

MEASURES: dict[CountMeasure, str] = {"OR": "odds ratio", "RR": "risk ratio", "RD": "risk difference"}
MODELS: dict[OutcomeModel, str] = {
    "MH": "Mantel-Haenszel",
    "IV": "inverse variance, random effects",
    "Peto": "Peto",
    "GLMM": "binomial-normal",
}


def ratio(found: tuple[float, tuple[float, float]]) -> str:
    """A ratio or difference with its interval."""
    return f"{number(found[0])} {interval(found[1])}"


def more_or_fewer(difference: float, ci: tuple[float, float]) -> str:
    """A difference among 1,000 people with its interval.

    >>> more_or_fewer(-11.0, (-43.0, 28.0)), more_or_fewer(94.0, (35.0, 166.0))
    ('11 fewer (43 fewer to 28 more)', '94 more (35 to 166 more)')
    """
    return f"{_more(difference)} ({_span(ci)})"


def in_points(gain: float, ci: tuple[float, float]) -> str:
    """A gain in points of pain with its interval.

    >>> in_points(1.7, (0.76, 2.64)), in_points(0.2, (-0.1, 0.5))
    ('1.70 less pain (0.76 to 2.64)', '0.20 less pain (−0.10 to 0.50)')
    """
    way, ends = ("less", ci) if gain >= 0 else ("more", (-ci[1], -ci[0]))
    return f"{number(abs(gain))} {way} pain {interval(ends)}"


def in_people(one: People) -> str:
    """How many of 1,000 people have the event, and how many more or fewer that is."""
    return (
        f"of 1,000 people {number(one.treated, 0)} with treatment and {number(one.without, 0)} without have it: "
        f"{more_or_fewer(one.difference, one.ci)}; number needed to treat: {one.needed}"
    )


def _more(x: float) -> str:
    return f"{number(abs(x), 0)} {'more' if x >= 0 else 'fewer'}"


def _span(ci: tuple[float, float]) -> str:
    low, high = ci
    if low < 0 <= high:
        return f"{_more(low)} to {_more(high)}"
    ends = (low, high) if low >= 0 else (high, low)
    return f"{number(abs(ends[0]), 0)} to {_more(ends[1])}"


def event_sentence(section: OutcomeSection, pool: EventPool) -> str:
    """What the trials of one condition, or of all, say about an outcome."""
    name = capital(pool.title)
    silent = listed(silent_clauses(pool.effects.silent))
    if pool.tables is None:
        return f"{name}: no trial printed counts of both groups; {silent}."
    also = f" Beside {'it' if len(pool.tables) == 1 else 'them'}, {silent}." if silent else ""
    if pool.alone is not None:
        t = pool.tables
        groups = (
            f"{number(t.events_active[0], 0)} of {number(t.n_active[0], 0)} against "
            f"{number(t.events_control[0], 0)} of {number(t.n_control[0], 0)}"
        )
        return (
            f"{name}: one trial has counts, {pool.alone.label}: {groups}; {in_people(pool.alone.people)}. "
            f"One trial is reported here, not pooled.{also}"
        )
    main, trials = pool.main, f"{count(len(pool.tables), 'trial')} with counts"
    if main is None or main.shown is None or main.result is None:
        return f"{name}: {trials}, not pooled: {main.reason if main else ''}.{also}"
    doubt = " Two trials cannot show how much effects differ between trials." if main.result.k == 2 else ""
    first = pool.people[0] if pool.people else None
    people = f" At a risk without treatment as in {_source(first)}, {in_people(first)}." if first else ""
    return (
        f"{name}: {trials}, pooled {MEASURES[section.outcome.measure]} {ratio(main.shown)}, "
        f"{percent_level(main.result)} interval.{people}{doubt}{also}"
    )


def missing_sentence(section: OutcomeSection, pool: EventPool) -> str:
    """How far people without an outcome could move a pool, or why nobody can say."""
    found = pool.missing
    if found is None:
        return ""
    name = pool.title[:1].upper() + pool.title[1:]
    unknown = [one.label for one in found.people if one.active is None]
    also = (
        f" How many are missing in {listed(unknown)} is not known; {_as_it_is(len(unknown))}."
        if unknown
        else ""
    )
    if found.span is None:
        if unknown:
            return f"{name}: no trial printed how many randomized people of each group have no outcome."
        return f"{name}: nobody who was randomized is known to be without an outcome."
    low, high = found.span
    return (
        f"{name}: over the declared odds ratios the {MEASURES[section.outcome.measure]} goes from "
        f"{ratio(low.shown)} to {ratio(high.shown)}.{also}"
    )


def _as_it_is(n: int) -> str:
    return "it is taken as it is" if n == 1 else "they are taken as they are"


def _source(one: People) -> str:
    return f"the {one.source}" if one.source.startswith(("median", "control")) else one.source


def group_sentence(one: OneGroup) -> str:
    """What a report of one group says, and what does not follow."""
    if one.events is None or one.risk is None or one.ci is None:
        return f"{one.trial.label}: {one.trial.printed}; how many people that is out of was not printed."
    low, high = one.ci
    return (
        f"{one.trial.label}: {one.events} of {one.n} on {one.trial.treatment}, a share of {number(one.risk)} "
        f"{interval((low, high))}; no figure of a control group is known, so no comparison and no number needed to "
        "treat follow."
    )


def absent(spec: AnalysisSpec, sections: Sequence[OutcomeSection]) -> str:
    """The outcomes of which no trial in pain printed anything."""
    names = [section.outcome.title for section in sections if not section.known]
    if not names:
        return ""
    question = spec.question
    who = f"{question.intervention} against {question.comparator}"
    return f"No trial of {who} in pain was seen to count, by treatment, people with {_or(names)}."


def _or(names: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def model_words(way: Way, result: MetaResult) -> str:
    """The line under a pool: model, and how much the trials differ."""
    words = MODELS.get(way.name, way.name)  # type: ignore[call-overload]  # ways beside the models have their own name
    parts = [f"{capital(words)}"]
    if result.q is not None:
        parts.append(f"Q = {number(result.q, 1)}, df = {result.q_df}")
    if result.i2 is not None:
        parts.append(f"I² = {number(result.i2, 0)}%")
    return f"{'; '.join(parts)}."
