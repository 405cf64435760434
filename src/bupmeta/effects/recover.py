"""Contrast -> reading: the same difference in 0-10 points, as an SMD, or in percent of baseline."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

from bupmeta.effects import crossover, measures
from bupmeta.effects.contrast import contrast
from bupmeta.effects.difference import Contrast, Unusable, within_person_r
from bupmeta.effects.readings import GRID, PRIMARY, Choice, Grid, Reading, Recovery, over
from bupmeta.effects.scales import points_of, score_kind, sign
from bupmeta.effects.tested import SE_AT_BOUND, SIZE_AT_BOUND
from bupmeta.trials import Result, Trials

__all__ = ["MEASURES", "Measure", "MeasureText", "Reading", "read", "reading_of", "readings", "recover"]

_ADJUSTED = (
    "t of an adjusted comparison: the size of g is overstated to the extent that adjustment narrows the SE"
)
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


def recover(result: Result, measure: Measure, r: float = 0.5) -> Reading | Unusable:
    """What one result of the data file says in `measure`: active minus control, negative = less pain.

    The primary reading; `readings` gives all of them over a grid.
    """
    return read(result, measure, Choice(r=r))


def read(
    result: Result, measure: Measure, choice: Choice = PRIMARY, comparable: Trials | None = None
) -> Reading | Unusable:
    """What one result says in `measure` at one value of each declared choice."""
    found = contrast(result, choice, comparable)
    if isinstance(found, Unusable):
        return found
    s = sign_of(result)
    return reading_of(result, replace(found, difference=s * found.difference), measure, s, choice)


def readings(
    result: Result, measure: Measure, grid: Grid = GRID, comparable: Trials | None = None
) -> Recovery | Unusable:
    """All readings of one result over a declared grid, the primary first.

    >>> from bupmeta.trials import read_trials
    >>> trials = read_trials("data/trials.csv")
    >>> found = readings(trials["carette1995_haeuser_t2"], "MD")  # a crossover with SDs: r is open
    >>> [(one.at["r"], round(one.v**0.5, 2)) for one in found.readings]
    [(0.5, 0.62), (0.3, 0.72), (0.7, 0.49), (0.9, 0.32)]
    """

    def at(choice: Choice) -> Reading | None:
        one = read(result, measure, choice, comparable)
        return one if isinstance(one, Reading) else None

    found = over(grid, at)
    if found is None:
        why = read(result, measure, grid.primary, comparable)
        assert isinstance(why, Unusable)
        return why
    return found


def reading_of(
    result: Result, found: Contrast, measure: Measure, s: int = 1, choice: Choice = PRIMARY
) -> Reading | Unusable:
    """The same for a contrast already signed as active minus control with negative = less pain."""
    percent = score_kind(result.value).startswith("percent")
    match measure:
        case "MD" if percent:
            return Unusable("percent of baseline only", "printed in percent of baseline, not in points")
        case "MD":
            points = points_of(result.scale)
            if points is None:
                return Unusable("scale range not printed", "the range of the scale was not printed")
            y, v = found.difference * points.per_unit, (found.se * points.per_unit) ** 2
            own = "" if points.assumption in found.assumption else points.assumption
            notes = "; ".join(filter(None, (found.assumption, own)))
            return Reading(y, v, found.formula, notes, found.axes)
        case "percent" if not percent:
            return Unusable("another outcome only", "printed in points, not in percent of baseline")
        case "percent":
            return Reading(found.difference, found.se**2, found.formula, found.assumption, found.axes)
        case "SMD":
            return _standardized(result, found, s, choice)


def _standardized(result: Result, found: Contrast, s: int, choice: Choice) -> Reading | Unusable:
    if not found.n:
        return Unusable("sizes not printed", "the number of patients, which an SMD needs, was not printed")
    paired = len(found.n) == 1
    df = (found.n[0] - 1) if paired else sum(found.n) - 2
    if df < 2:
        few = " and ".join(f"{n:g}" for n in found.n)
        return Unusable("sizes too small", f"{few} patients are too few for an SMD")
    assumption, axes = found.assumption, found.axes
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
        assumption = assumption.replace(SE_AT_BOUND, SIZE_AT_BOUND)
        if result.adjusted:
            assumption = "; ".join(filter(None, (assumption, _ADJUSTED)))
        if paired:
            rho, text, on_r = within_person_r(result, choice)
            y, v = crossover.paired_smd_from_t(t, found.n[0], rho)
            how = "paired g from t"
            if text not in assumption:
                assumption = "; ".join(filter(None, (assumption, f"{text}, for the SD")))
            axes = tuple(dict.fromkeys((*axes, *on_r)))
        else:
            y, v = measures.smd_from_t(t, *found.n)
            how = "Hedges g from t"
    return Reading(float(y), float(v), f"{found.formula}; {how}", assumption, axes)


def sign_of(result: Result) -> int:
    """Factor that makes the printed contrast of a result active minus control, negative = less pain."""
    form = result.form
    means = (getattr(form, "mean_active", None), getattr(form, "mean_control", None))
    printed = result.report_form.startswith("difference") or (
        getattr(form, "difference", None) is not None and None in means
    )
    form_sign = getattr(form, "difference_sign", None) if printed else None
    return sign(result.value, result.scale.higher_is, form_sign)
