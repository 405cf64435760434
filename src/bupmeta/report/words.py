"""Sentences about an analysis; they choose words and place numbers, and compute none."""

from __future__ import annotations

from bupmeta.analysis import Analysis, Pool, Section
from bupmeta.effects import MEASURES
from bupmeta.pooling import MetaResult
from bupmeta.report.counting import count, has, listed, percent_level
from bupmeta.report.evidence_words import all_evidence
from bupmeta.report.silent_words import silent_clauses
from bupmeta.table import capital, decimals, interval, number, p_value

__all__ = [
    "answer",
    "count",
    "estimate",
    "evidence_words",
    "heterogeneity",
    "how_to_read",
    "listed",
    "measure_title",
    "pool_sentence",
    "prediction",
    "scale_sentence",
]


def estimate(result: MetaResult, digits: int = 2) -> str:
    """The estimate and its interval."""
    return f"{number(result.mu, digits)} {interval(result.ci, digits)}"


def answer(analysis: Analysis) -> tuple[str, ...]:
    """The opening paragraph: how much evidence there is, and what it says, condition by condition."""
    question, evidence = analysis.spec.question, analysis.evidence
    known = count(evidence.known, "randomized trial")
    opening = (
        f"{capital(known)} of {question.intervention} against {question.comparator} that measured "
        f"{question.outcome} {'is' if evidence.known == 1 else 'are'} known here: {evidence_words(analysis)}."
    )
    sections = analysis.of(analysis.spec.measures[0])
    overall = analysis.spec.groups.overall
    parts = (
        (pool_sentence(section, again=section.title == overall), all_evidence(section.total))
        for section in sections
        if section.total
    )
    return (opening, *(" ".join(filter(None, part)) for part in parts))


def evidence_words(analysis: Analysis) -> str:
    """The size of the evidence by what can be had from it."""
    e = analysis.evidence
    usable = f"{count(e.with_effect, 'of them', 'of them')} {has(e.with_effect)}".replace(
        "no of them", "none"
    )
    return listed([f"{usable} an effect that can be extracted", *silent_clauses(e.silent)])


def pool_sentence(section: Section, *, again: bool = False) -> str:
    """What the trials of one condition say, by the rules for the number of trials.

    `again` leaves out the assumptions behind a single trial, where they have been said before.
    """
    pool = section.total
    assert pool is not None
    name, unit = capital(section.title), pool.effects.unit
    silent = listed(silent_clauses(pool.effects.silent))
    result = pool.result
    if result is None:
        if not pool.effects.silent:
            return f"{name}: no eligible trial was found."
        return f"{name}: no trial printed an effect that can be extracted; {silent}."
    also = f" Beside {'it' if result.k == 1 else 'them'}, {silent}." if silent else ""
    digits = decimals(result.se)
    if result.k == 1:
        origin = pool.effects.origin[0]
        note = f" ({origin.assumption})" if origin.assumption and not again else ""
        return (
            f"{name}: one trial has an effect, {pool.effects.labels[0]}: {number(result.mu, digits)} {unit}, "
            f"{percent_level(result)} interval {interval(result.ci, digits)}{note}. "
            f"One trial is reported here, not pooled.{also}"
        )
    doubt = {
        2: " Two trials cannot show how much effects differ between trials.",
        3: " With three trials the interval and the heterogeneity rest on very little.",
        4: " With four trials the interval and the heterogeneity rest on very little.",
    }.get(result.k, "")
    return (
        f"{name}: {count(result.k, 'trial')} with an effect, pooled {number(result.mu, digits)} {unit}, "
        f"{percent_level(result)} interval {interval(result.ci, digits)}.{doubt}{also}"
    )


def scale_sentence(analysis: Analysis, pool: Pool) -> str:
    """What the number means to a reader of a 0-10 scale."""
    result = pool.result
    if result is None or pool.measure != "MD":
        return ""
    digits = decimals(result.se)
    question = analysis.spec.question
    direction = "lower" if result.mu < 0 else "higher"
    size = number(abs(result.mu), digits)
    who = "In this trial" if result.k == 1 else "On average over these trials"
    low, high = (number(abs(end), digits) for end in result.ci)
    ends = tuple("less" if end < 0 else "more" for end in result.ci)
    span = (
        f"from {low} to {high} points {ends[0]} pain"
        if ends[0] == ends[1]
        else f"from {low} points {ends[0]} to {high} points {ends[1]} pain"
    )
    return (
        f"{who}, pain on a 0-10 scale was {size} points {direction} with {question.intervention} than with "
        f"{question.comparator}; values {span} agree with the data at the {percent_level(result)} level."
    )


def heterogeneity(pool: Pool) -> str:
    """The heterogeneity line of one pool."""
    r = pool.result
    if r is None or r.k < 2 or r.tau2 is None:
        return ""
    digits = decimals(r.tau2, 3)
    tau2_ci = interval(r.tau2_ci, digits) if r.tau2_ci else "(interval empty: Q is smaller than expected)"
    return (
        f"How much results differ between trials: tau² = {number(r.tau2, digits)} {tau2_ci}; "
        f"I² = {number(r.i2, 0)} % from tau², {number(r.i2_q, 0)} % from Q; "
        f"Q = {number(r.q, 2)} with {r.q_df} df, p {_p(r.q_p)}."
    )


def _p(p: float | None) -> str:
    text = p_value(p)
    return text if text[:1] in {"<", ">"} else f"= {text}"


def prediction(pool: Pool) -> str:
    """Where the effect in a new trial is expected, or why that is not said."""
    r = pool.result
    if r is None or r.k < 2:
        return ""
    if r.prediction is None:
        return "With two trials no prediction interval is given." if r.k == 2 else ""
    shown = interval(r.prediction, decimals(r.se))
    warning = f" With {count(r.k, 'trial')} that is unreliable." if r.k < 5 else ""
    return (
        f"The true effect of a new trial like these is expected in {shown} "
        f"({percent_level(r)} prediction interval).{warning}"
    )


def how_to_read(pool: Pool) -> str:
    """A few words beside an estimate in a summary table."""
    result, silent = pool.result, pool.effects.silent
    if not pool.known:
        return "no eligible trial"
    notes = []
    if result is not None and result.k == 1:
        notes.append("one trial, not pooled")
        if "upper bound" in pool.effects.origin[0].assumption:
            notes.append("its SE is an upper bound")
    elif result is not None and result.k < 5:
        notes.append(f"{count(result.k, 'trial')} only")
    kinds = dict.fromkeys(trial.kind for trial in silent)
    if len(kinds) > 2:
        notes.append(f"{count(len(silent), 'trial')} without an effect")
    else:
        notes.extend(f"{count(sum(t.kind == kind for t in silent), 'trial')}: {kind}" for kind in kinds)
    return "; ".join(notes)


def measure_title(measure: str) -> str:
    """The name of a measure with its unit."""
    text = next(text for key, text in MEASURES.items() if key == measure)
    return f"{text.title}, {text.unit}"
