"""A trial without an estimate: the interval in which its effect must lie, and the standard error it goes with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bupmeta.effects.core import Admissible, Axes
from bupmeta.effects.difference import Unusable, is_paired, pairs_note, sizes_of, within_person_r
from bupmeta.effects.readings import Choice
from bupmeta.effects.recover import Measure, reading_of, sign_of
from bupmeta.effects.scales import points_of, score_kind
from bupmeta.effects.shared_control import correlation_of, gls_weights
from bupmeta.effects.spread import comparable_sds
from bupmeta.effects.statement import statement
from bupmeta.effects.tested import imputed, unit_se
from bupmeta.trials import Result, Trials
from bupmeta.trials import forms as f

__all__ = ["admissible", "admissible_row"]


def admissible(
    rows: Sequence[Result], measure: Measure, choice: Choice, comparable: Trials | None
) -> Admissible | Unusable:
    """What the rows of one trial, none with an effect, say of its effect together.

    Several arms against one control: their effect as one arm is the weighted mean of theirs, so its limits are the
    weighted means of their limits, which claims no more than the report, and its standard error is that of the combined
    arms. Rows that say nothing count for nothing.
    """
    found = [(row, admissible_row(row, measure, choice, comparable, arms=len(rows) + 1)) for row in rows]
    said = [(row, one) for row, one in found if isinstance(one, _Sized)]
    if not said:
        return next(one for _, one in found if isinstance(one, Unusable))
    if len(said) == 1:
        return said[0][1].limits
    return _together([row for row, _ in said], [one for _, one in said])


@dataclass(frozen=True, slots=True)
class _Sized:
    limits: Admissible
    n: tuple[float, ...]


def admissible_row(
    result: Result, measure: Measure, choice: Choice, comparable: Trials | None, arms: int = 2
) -> _Sized | Unusable:
    """Limits of the effect of one row: those of its statement times the standard error.

    The standard error is that of the arm sizes for an SMD, and times the SD of comparable trials for points.
    """
    exact = _imputed_estimate(result, measure, choice, comparable)
    if exact is not None:
        return exact
    n, stands_in = _sizes(result, arms)
    if not n:
        said = statement(result, 30.0)  # whether it says anything at all comes before its size
        return (
            said if isinstance(said, Unusable) else Unusable("sizes not printed", "its size was not printed")
        )
    df = n[0] - 1 if len(n) == 1 else sum(n) - 2
    said = statement(result, df)
    if isinstance(said, Unusable):
        return said
    scale = _standard_error(result, measure, n, choice, comparable)
    if isinstance(scale, Unusable):
        return scale
    se, notes, axes = scale
    assumption = "; ".join(filter(None, (said.assumption, stands_in, *notes)))
    limits = Admissible(said.lower * se, said.upper * se, se, said.formula, assumption, axes)
    return _Sized(limits, n)


def _standard_error(
    result: Result, measure: Measure, n: tuple[float, ...], choice: Choice, comparable: Trials | None
) -> tuple[float, list[str], Axes] | Unusable:
    kind = score_kind(result.value)
    if measure == "percent" or kind not in ("endpoint", "change"):
        return Unusable("percent of baseline only", "no standard deviation stands in for one in percent")
    sd, notes, rho, axes = 1.0, [], 0.0, Choice().on()
    if measure == "MD":
        sds = comparable_sds(comparable, result.condition, kind) if comparable is not None else None
        if sds is None:
            return Unusable(
                "means without a standard error", "no comparable trial at hand prints a standard deviation"
            )
        sd, axes = sds.at(choice.sd), choice.on("sd")
        notes.append(sds.named(choice.sd))
        if points_of(result.scale) is None:
            notes.append("its scale, whose range was not printed, is taken to have that SD on 0-10 points")
    if result.value is None:
        notes.append("endpoint scores assumed")
    if len(n) == 1:
        rho, text, on_r = within_person_r(result, choice)
        axes = (*axes, *on_r)
        notes.append(text)
    return sd * unit_se(n, rho), notes, axes


def _imputed_estimate(
    result: Result, measure: Measure, choice: Choice, comparable: Trials | None
) -> _Sized | None:
    """Means without a standard error: an exact estimate, given that of comparable trials."""
    form = result.form
    if not isinstance(form, f.ArmMeansOnly | f.ArmMeansP | f.PairedMeansP | f.DifferenceP):
        return None
    difference: float | None = getattr(form, "difference", None)
    if form.mean_active is not None and form.mean_control is not None:
        difference = form.mean_active - form.mean_control
    if difference is None:
        return None
    found = imputed(result, sign_of(result) * difference, choice, comparable)
    reading = found if isinstance(found, Unusable) else reading_of(result, found, measure, 1, choice)
    if isinstance(reading, Unusable) or isinstance(found, Unusable):
        return None
    y = reading.y
    limits = Admissible(y, y, reading.v**0.5, reading.formula, reading.assumption, reading.axes)
    return _Sized(limits, found.n)


def _sizes(result: Result, arms: int) -> tuple[tuple[float, ...], str]:
    """Patients behind the words, or those randomized where only they are printed, said to stand in."""
    n, total = sizes_of(result), result.n_randomized
    if n or not total:
        return n, pairs_note(result)
    if is_paired(result):
        return (float(total),), f"all {total} randomized taken as analysed"
    known = result.form.n_active or result.form.n_control
    if known and known < total and arms == 2:
        rest = total - known
        sizes = (known, rest) if result.form.n_active else (rest, known)
        return (float(sizes[0]), float(sizes[1])), f"the other arm taken as {rest} of {total} randomized"
    printed = re.search(r"(\d+)(?:-arm| groups| arms)", f"{result.design_note} {result.source.note}")
    arms = max(arms, int(printed[1]) if printed else 2)
    each = total / arms
    if each < 2:
        return (), ""
    return (each, each), f"{total} randomized taken as {arms} equal arms of {each:.4g}"


def _together(rows: list[Result], said: list[_Sized]) -> Admissible:
    correlation, how = correlation_of(rows, [one.n for one in said])
    limits = [one.limits for one in said]
    weights, se = gls_weights([one.se**2 for one in limits], correlation)
    ends = np.array([(one.lower, one.upper) for one in limits])
    ends[weights < 0] = ends[weights < 0, ::-1]
    lower, upper = (weights[:, None] * ends).sum(axis=0).tolist()
    formula = f"{len(said)} comparisons combined by {how}: " + "; ".join(
        dict.fromkeys(one.formula for one in limits)
    )
    assumption = "; ".join(dict.fromkeys(one.assumption for one in limits if one.assumption))
    axes = tuple(dict.fromkeys(axis for one in limits for axis in one.axes))
    return Admissible(lower, upper, se, formula, assumption, axes)
