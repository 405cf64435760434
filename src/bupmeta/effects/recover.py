"""Contrast -> reading: the same difference in 0-10 points, as an SMD, or in percent of baseline."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

from bupmeta.effects import crossover, measures
from bupmeta.effects.contrast import Contrast, Unusable, contrast
from bupmeta.effects.scales import points_per_unit, score_kind, sign
from bupmeta.trials import Result

__all__ = ["MEASURES", "Measure", "MeasureText", "Reading", "recover"]

Measure: TypeAlias = Literal["MD", "SMD", "percent"]


@dataclass(frozen=True, slots=True)
class MeasureText:
    """How a measure is called in tables, and its unit."""

    title: str
    unit: str
    formula: str


MEASURES: dict[Measure, MeasureText] = {
    "MD": MeasureText("mean difference", "points of 0-10", "printed difference × 10 / scale range"),
    "SMD": MeasureText(
        "standardized mean difference",
        "standard deviations",
        "Hedges g, exact J, variance 1/n1 + 1/n2 + g²/(2N)",
    ),
    "percent": MeasureText(
        "difference in percent of baseline", "percentage points", "as printed, in percent"
    ),
}
assert tuple(MEASURES) == get_args(Measure)


@dataclass(frozen=True, slots=True)
class Reading:
    """One estimate and variance that a report supports, the formula that gave it and what was assumed."""

    y: float
    v: float
    formula: str
    assumption: str = ""


def recover(result: Result, measure: Measure, r: float = 0.5) -> Reading | Unusable:
    """What one result of the data file says in `measure`: active minus control, negative = less pain."""
    found = contrast(result, r)
    if isinstance(found, Unusable):
        return found
    form_sign = getattr(result.form, "difference_sign", None) if _printed_difference(result) else None
    s = sign(result.value, result.scale.higher_is, form_sign)
    return reading_of(result, replace(found, difference=s * found.difference), measure, s)


def reading_of(result: Result, found: Contrast, measure: Measure, s: int = 1) -> Reading | Unusable:
    """The same for a contrast already signed as active minus control with negative = less pain."""
    percent = score_kind(result.value).startswith("percent")
    match measure:
        case "MD" if percent:
            return Unusable("percent of baseline only", "printed in percent of baseline, not in points")
        case "MD":
            factor = points_per_unit(result.scale.minimum, result.scale.maximum)
            if factor is None:
                return Unusable("scale range not printed", "the range of the scale was not printed")
            return Reading(
                found.difference * factor, (found.se * factor) ** 2, found.formula, found.assumption
            )
        case "percent" if not percent:
            return Unusable("another outcome only", "printed in points, not in percent of baseline")
        case "percent":
            return Reading(found.difference, found.se**2, found.formula, found.assumption)
        case "SMD":
            return _standardized(found, s)


def _standardized(found: Contrast, s: int) -> Reading | Unusable:
    if not found.n:
        return Unusable("sizes not printed", "the number of patients, which an SMD needs, was not printed")
    paired = len(found.n) == 1
    assumption = found.assumption
    if found.arms is not None:
        a, c = found.arms
        if paired:
            y, v = crossover.paired_smd(found.n[0], a.mean, a.sd, c.mean, c.sd, found.r or 0.0)
            how = "paired g in units of the average SD (SMCRP)"
        else:
            y, v = measures.standardized_mean_difference(a.n, a.mean, a.sd, c.n, c.mean, c.sd)
            how = "Hedges g, exact J"
        y = s * y
    else:
        t = found.difference / found.se
        if paired:
            y, v = crossover.paired_smd_from_t(t, found.n[0], 0.5)
            how = "paired g from t"
            assumption = "; ".join(
                filter(None, (assumption, "within-person correlation 0.5 assumed for the SD"))
            )
        else:
            y, v = measures.smd_from_t(t, *found.n)
            how = "Hedges g from t"
    return Reading(float(y), float(v), f"{found.formula}; {how}", assumption)


def _printed_difference(result: Result) -> bool:
    """Whether the contrast came from a printed difference (whose sign is declared) rather than from two means."""
    form = result.form
    means = (getattr(form, "mean_active", None), getattr(form, "mean_control", None))
    return result.report_form.startswith("difference") or (
        getattr(form, "difference", None) is not None and None in means
    )
