"""A difference and a test: its standard error from t or p, at the bound of p, or from comparable trials."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TypeAlias

from bupmeta.effects import measures
from bupmeta.effects.difference import Contrast, SilentKind, Unusable, sizes_of, within_person_r
from bupmeta.effects.readings import Choice
from bupmeta.effects.scales import points_of, score_kind
from bupmeta.effects.spread import comparable_sds
from bupmeta.trials import Result, Trials
from bupmeta.trials import forms as f

__all__ = ["SE_AT_BOUND", "SIZE_AT_BOUND", "exact_test", "from_test", "imputed", "unit_se"]

TestedForm: TypeAlias = f.ArmMeansP | f.PairedMeansP | f.DifferenceP | f.PairedMeansSD
NO_SE: SilentKind = "means without a standard error"
SE_AT_BOUND = "the SE is an upper bound, taken at the bound of p"
#: What the same bound means for g = t sqrt(1/n1 + 1/n2), whose variance grows with it.
SIZE_AT_BOUND = "the size of the effect is a lower bound, taken at the bound of p"
_TREATMENTS = "the p value is taken to compare the treatments, which the report does not say"


def from_test(
    result: Result, form: TestedForm, difference: float, choice: Choice, comparable: Trials | None
) -> Contrast | Unusable:
    """The standard error of a difference by its test, as the choice reads that test.

    A p of which the report does not say what it compares is read as `choice.p_about`; a bound of p gives the largest
    standard error it allows, or (`choice.p_bound` "below") that of comparable trials where it is smaller.
    """
    open_p = form.p_about == "not stated"
    within = form.p_about == "within" or (open_p and choice.p_about == "within")
    axes = choice.on("p_about") if open_p else ()
    if within:
        if not open_p:
            return Unusable(NO_SE, "the p value compares with baseline, not the groups")
        found = imputed(result, difference, choice, comparable)
        if isinstance(found, Unusable):
            return found
        note = "the p value is taken to compare with baseline, so that it says nothing of the standard error"
        return replace(found, assumption=f"{note}; {found.assumption}", axes=(*axes, *found.axes))
    bound = _by_test(result, form, difference)
    if isinstance(bound, Unusable):
        return bound
    if form.t is not None or form.p_relation == "=":
        return replace(bound, axes=axes)
    at = replace(bound, axes=(*axes, ("p_bound", "at")))
    if choice.p_bound == "at":
        return at
    found = imputed(result, difference, choice, comparable)
    if isinstance(found, Unusable) or found.se >= bound.se:
        return at
    notes = f"p bounds the SE at {bound.se:.3f} and comparable trials have less; {found.assumption}"
    if open_p:
        notes = f"{_TREATMENTS}; {notes}"
    return replace(found, assumption=notes, axes=(*axes, *choice.on("p_bound"), *found.axes))


def exact_test(result: Result, form: TestedForm, difference: float) -> Contrast | None:
    """The difference by an exact test between the treatments, None where that is not printed."""
    if form.p_about != "between" or (form.t is None and form.p_relation != "="):
        return None
    found = _by_test(result, form, difference)
    return None if isinstance(found, Unusable) else found


def _by_test(result: Result, form: TestedForm, difference: float) -> Contrast | Unusable:
    n = sizes_of(result)
    if difference == 0:
        return Unusable(NO_SE, "a difference of 0 has no standard error from its test")
    notes = [_TREATMENTS] if form.p_about == "not stated" else []
    if form.t:
        return Contrast(difference, abs(difference / form.t), "SE = |difference| / |t|", n, "; ".join(notes))
    if form.p_relation not in {"=", "<", "<="} or form.p is None:
        return Unusable(NO_SE, f"p {form.p_relation} {form.p:g} bounds no standard error")
    if not n:
        return Unusable("sizes not printed", "means and a p value without the number of patients")
    df = form.df or (n[0] - 1 if len(n) == 1 else sum(n) - 2)
    if df < 1:
        return Unusable("sizes too small", "too few patients for a test")
    t = float(measures.t_from_p(form.p, df))
    if not 0 < t < math.inf:
        return Unusable(NO_SE, f"p {form.p_relation} {form.p:g} gives a difference no standard error")
    se = abs(difference) / t
    formula = f"SE = |difference| / t from p {form.p_relation} {form.p:g} with {df:g} df"
    if form.p_relation != "=":
        notes.insert(0, SE_AT_BOUND)
    return Contrast(difference, se, formula, n, "; ".join(notes))


def unit_se(n: tuple[float, ...], r: float) -> float:
    """Standard error of a difference per standard deviation: sqrt(1/n1 + 1/n2), paired sqrt(2(1-r)/n).

    >>> round(unit_se((44.0,), 0.5), 4), round(unit_se((50.0, 50.0), 0.0), 4)
    (0.1508, 0.2)
    """
    return float((2 * (1 - r) / n[0] if len(n) == 1 else 1 / n[0] + 1 / n[1]) ** 0.5)


def imputed(
    result: Result, difference: float, choice: Choice, comparable: Trials | None
) -> Contrast | Unusable:
    """A difference with the standard error that the standard deviations of comparable trials give it."""
    n = sizes_of(result)
    if not n:
        return Unusable("sizes not printed", "means without the number of patients")
    kind = score_kind(result.value)
    points = points_of(result.scale)
    if kind not in ("endpoint", "change"):
        return Unusable("percent of baseline only", "printed in percent of baseline, not in points")
    if points is None:
        return Unusable("scale range not printed", "the range of the scale was not printed")
    sds = comparable_sds(comparable, result.condition, kind) if comparable is not None else None
    if sds is None:
        return Unusable(NO_SE, "no comparable trial at hand prints a standard deviation")
    sd = sds.at(choice.sd)
    axes, rho = choice.on("sd"), None
    notes = "; ".join(filter(None, (sds.named(choice.sd), points.assumption)))
    if len(n) == 1:
        rho, assumption, on_r = within_person_r(result, choice)
        axes, notes = (*axes, *on_r), f"{notes}; {assumption}"
    se = sd / points.per_unit * unit_se(n, rho or 0.0)
    formula = "SE² = SD² · 2(1 − r)/n" if len(n) == 1 else "SE² = SD² (1/n1 + 1/n2)"
    return Contrast(difference, se, f"{formula}, SD of comparable trials", n, notes, None, rho, axes)
