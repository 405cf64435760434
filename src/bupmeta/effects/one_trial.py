"""The rows of one trial as one effect or one silent trial, with where it came from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bupmeta.effects.contrast import contrast
from bupmeta.effects.core import Origin, Silent
from bupmeta.effects.difference import Arm, Contrast, Unusable
from bupmeta.effects.measures import combine_arms, mean_difference
from bupmeta.effects.readings import Choice, Reading
from bupmeta.effects.recover import Measure, reading_of
from bupmeta.effects.scales import ScoreKind, score_kind, sign
from bupmeta.effects.shared_control import are_strata, combine_correlated, correlation_of
from bupmeta.trials import Result, Trials

__all__ = ["combined", "kind_of", "notes_of", "origin_of", "silent_of"]

_SENTENCE_END = re.compile(r"(?<=[.])\s+(?=[A-Z])")


def combined(
    usable: list[tuple[Result, Reading]], measure: Measure, choice: Choice, comparable: Trials
) -> Reading:
    """Several comparisons of one trial with the same control as one: combined arms, else by their covariance."""
    rows = [row for row, _ in usable]
    contrasts = [found for row in rows if isinstance(found := contrast(row, choice, comparable), Contrast)]
    joined = _joined_arms(contrasts)
    same = len({(row.value, row.scale, row.population) for row in rows}) == 1
    if joined is not None and same:
        s = sign(rows[0].value, rows[0].scale.higher_is)
        reading = reading_of(rows[0], replace(joined, difference=s * joined.difference), measure, s, choice)
        if isinstance(reading, Reading):
            return reading
    readings = [reading for _, reading in usable]
    g = [one.y for one in readings] if measure == "SMD" else None
    correlation, how = correlation_of(rows, [found.n for found in contrasts], g)
    y, v = combine_correlated([one.y for one in readings], [one.v for one in readings], correlation)
    assumptions = "; ".join(dict.fromkeys(one.assumption for one in readings if one.assumption))
    formula = f"{len(readings)} comparisons combined by {how}; {readings[0].formula}"
    axes = tuple(dict.fromkeys(axis for one in readings for axis in one.axes))
    return Reading(y, v, formula, assumptions, axes)


def _joined_arms(contrasts: list[Contrast]) -> Contrast | None:
    """The active arms as one arm, when all of them stand against the same parallel control."""
    arms = [found.arms for found in contrasts if found.arms is not None and len(found.n) == 2]
    if len(arms) < len(contrasts) or len({control for _, control in arms}) != 1:
        return None
    active = Arm(*combine_arms(*zip(*((a.n, a.mean, a.sd) for a, _ in arms))))
    control = arms[0][1]
    y, v = mean_difference(active.n, active.mean, active.sd, control.n, control.mean, control.sd)
    formula = f"{len(arms)} arms combined into one; {contrasts[0].formula}"
    notes = "; ".join(dict.fromkeys(found.assumption for found in contrasts if found.assumption))
    axes = tuple(dict.fromkeys(axis for found in contrasts for axis in found.axes))
    n = (active.n, control.n)
    return Contrast(float(y), float(v) ** 0.5, formula, n, notes, (active, control), None, axes)


def kind_of(row: Result, reading: Reading) -> ScoreKind:
    """The kind of score a reading is of: what the row prints, or a change where endpoints were read as changes."""
    return "change" if ("score", "change") in reading.axes else score_kind(row.value)


def origin_of(
    kept: list[Result], poolable: list[Result], reading: Reading, apart: Sequence[Result] = ()
) -> Origin:
    """Where an effect came from: the rows `kept` among those that could be pooled.

    Rows `apart` have an effect of another kind of score, which is named and not combined.
    """
    first = kept[0]
    paired = first.design == "crossover"
    others = [row.row for row in poolable if row not in kept and row not in apart]
    without = f"Rows of the same trial without an effect: {', '.join(others)}." if others else ""
    strata = are_strata(kept)
    active, control = (
        [row.form.n_paired or own for row, own in zip(kept, sizes)] if paired else sizes
        for sizes in ([row.form.n_active for row in kept], [row.form.n_control for row in kept])
    )
    return Origin(
        rows=tuple(row.row for row in kept),
        year=first.year,
        n=_persons(poolable),
        n_active=active[0] if paired and not strata else _total(active),
        n_control=_total(control) if strata else control[0],
        design=first.design or "",
        treatment=_treatment(kept),
        printed=" | ".join(dict.fromkeys(row.source.as_printed for row in kept)),
        formula=reading.formula,
        assumption=reading.assumption,
        address=first.source.address,
        remark=" ".join(filter(None, (notes_of(kept), without, _named_apart(apart)))),
        trial=first.trial,
        kind=kind_of(first, reading),
        axes=reading.axes,
    )


def _named_apart(rows: Sequence[Result]) -> str:
    if not rows:
        return ""
    named = ", ".join(f"{row.row} ({score_kind(row.value)})" for row in rows)
    return f"Rows of the same trial of another kind of score, not combined with it: {named}."


def notes_of(results: Sequence[Result]) -> str:
    """The notes of rows, each sentence once.

    >>> from bupmeta.trials import read_trials
    >>> notes_of(list(read_trials("data/trials.csv").select(trial="katz2005", outcome="analysed")))
    '54 randomized (Cochrane CD014682-tblf-0083).'
    """
    sentences = (one for row in results for one in _SENTENCE_END.split(row.source.remark) if one)
    return " ".join(dict.fromkeys(sentences))


def _total(sizes: Sequence[int | None]) -> int | None:
    return sum(n for n in sizes if n) or None


def silent_of(results: list[Result], why: Unusable) -> Silent:
    """A trial that is shown and has no effect, and why."""
    first, note = results[0], notes_of(results)
    return Silent(
        label=first.study,
        kind=why.kind,
        reason=why.reason,
        rows=tuple(row.row for row in results),
        year=first.year,
        n=_persons(results),
        design=first.design or "",
        treatment=_treatment(results),
        printed=" | ".join(dict.fromkeys(row.source.as_printed for row in results)),
        address=first.source.address,
        trial=first.trial,
        score=score_kind(first.value) if first.value else "",
        note="" if note == why.reason else note,
    )


def _persons(results: list[Result]) -> int | None:
    """Patients randomized in the whole trial, else those behind the printed figures."""
    first = results[0].form
    randomized = next((row.n_randomized for row in results if row.n_randomized), None)
    if randomized or results[0].design in ("crossover", "single arm"):
        return randomized or first.n_paired or first.n_active
    active = [row.form.n_active for row in results]
    return sum(n for n in active if n) + first.n_control if first.n_control and all(active) else None


def _treatment(results: list[Result]) -> str:
    return ", ".join(dict.fromkeys(row.drug for row in results))
