"""Report form -> difference on the printed scale: one documented formula per form, or the reason there is none."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import assert_never

from bupmeta.effects import crossover, measures
from bupmeta.effects.core import Axes
from bupmeta.effects.difference import (
    Arm,
    Contrast,
    SilentKind,
    Unusable,
    is_paired,
    pairs_note,
    sizes_of,
    within_person_r,
)
from bupmeta.effects.prepost import change_sd
from bupmeta.effects.readings import PRIMARY, Choice
from bupmeta.effects.scales import score_kind
from bupmeta.effects.tested import exact_test, from_test
from bupmeta.trials import Result, Trials
from bupmeta.trials import forms as f

__all__ = ["Arm", "Contrast", "SilentKind", "Unusable", "contrast"]


def contrast(
    result: Result, choice: Choice | float = PRIMARY, comparable: Trials | None = None
) -> Contrast | Unusable:
    """The difference a result prints, at one value of each declared choice (a number is the correlation r).

    `comparable` are the trials whose standard deviations stand in where the choice asks for that; a choice that
    needs them and finds none is Unusable.
    """
    found = _contrast(result, choice if isinstance(choice, Choice) else Choice(r=choice), comparable)
    if isinstance(found, Unusable):
        return found
    if not 0 < found.se < math.inf:
        return Unusable(
            "means without a standard error", f"its figures give a standard error of {found.se:g}"
        )
    note = pairs_note(result)
    if not note:
        return found
    return replace(found, assumption="; ".join(filter(None, (found.assumption, note))))


def _contrast(result: Result, choice: Choice, comparable: Trials | None) -> Contrast | Unusable:
    form = result.form
    match form:
        case f.ArmMeansSD():
            printed = _from_arms(result, form, form.sd_active, form.sd_control, choice, "arm means and SDs")
            return _as_scored(result, form, printed, choice)
        case f.PairedMeansSD():
            return _paired_sd(result, form, choice)
        case f.ArmMeansSE():
            return _from_ses(result, form, form.se_active, form.se_control, choice, "arm means and SEs")
        case f.ArmMeansCI() | f.PairedMeansCI():
            low = (form.ci_low_active, form.ci_low_control)
            high = (form.ci_high_active, form.ci_high_control)
            n = sizes_of(result) * 2
            df = (n[0] - 1, n[1] - 1) if n else None
            active, control = measures.se_from_interval(low, high, form.ci_level / 100, df).tolist()
            what = f"arm means and {form.ci_level:g} % intervals (SE = width / 2{'t' if n else 'z'})"
            return _from_ses(result, form, active, control, choice, what)
        case f.DifferenceCI():
            se = measures.se_from_interval(
                form.difference_ci_low, form.difference_ci_high, form.ci_level / 100
            )
            formula = f"SE = width of the {form.ci_level:g} % interval / (2 z)"
            return Contrast(form.difference, float(se), formula, sizes_of(result))
        case f.DifferenceSE():
            return Contrast(
                form.difference, form.difference_se, "difference and SE as printed", sizes_of(result)
            )
        case f.DifferenceP():
            return from_test(result, form, form.difference, choice, comparable)
        case f.ArmMeansP():
            return from_test(result, form, form.mean_active - form.mean_control, choice, comparable)
        case f.PairedMeansP():
            if form.mean_active is not None and form.mean_control is not None:
                return from_test(result, form, form.mean_active - form.mean_control, choice, comparable)
            return from_test(result, form, form.difference or 0.0, choice, comparable)
        case f.POnly():
            return Unusable("p value only", f"p {form.p_relation} {form.p:g}, no estimate")
        case f.NotSignificant():
            return Unusable("not significant, no numbers", "reported only as not significant")
        case f.DirectionOnly():
            return Unusable("significant, no numbers", "reported only as significantly different")
        case f.ArmMeansOnly():
            return Unusable("means without a standard error", "means only: no SD, SE, interval or p value")
        case f.WithinGroupOnly():
            return Unusable(
                "within groups only", "each group was compared with its baseline, not with the other"
            )
        case f.OneArmMeans() | f.OneArmCounts():
            return Unusable("one group only", "no comparison between the groups was printed")
        case f.NotObtained():
            return Unusable("results not obtained", "a known trial; its results were not obtained")
        case f.TextOnly() | f.TotalCounts():
            return Unusable("words only", "no figure for this outcome by arm")
        case f.Counts() | f.Percentages() | f.CrossoverCounts() | f.Ratio() | f.NumberNeededToTreat():
            return Unusable("another outcome only", "patients counted, not a mean score")
        case _:
            assert_never(form)


def _from_arms(
    result: Result, form: f.ArmMeansSD | f.PairedMeansSD, sd1: float, sd2: float, choice: Choice, what: str
) -> Contrast | Unusable:
    n = sizes_of(result)
    if not n:
        return Unusable("sizes not printed", f"{what} without the number of patients")
    if len(n) == 1:
        rho, assumption, axes = within_person_r(result, choice)
        y, v = crossover.paired_difference(n[0], form.mean_active, sd1, form.mean_control, sd2, rho)
        arms = (Arm(n[0], form.mean_active, sd1), Arm(n[0], form.mean_control, sd2))
        formula = f"{what}, paired: SE² = (s1² + s2² − 2 r s1 s2)/n"
        return Contrast(float(y), math.sqrt(v), formula, n, assumption, arms, rho, axes)
    y, v = measures.mean_difference(n[0], form.mean_active, sd1, n[1], form.mean_control, sd2)
    arms = (Arm(n[0], form.mean_active, sd1), Arm(n[1], form.mean_control, sd2))
    return Contrast(float(y), math.sqrt(v), f"{what}: SE² = s1²/n1 + s2²/n2", n, arms=arms)


def _as_scored(
    result: Result, form: f.ArmMeansSD, printed: Contrast | Unusable, choice: Choice
) -> Contrast | Unusable:
    """Endpoint scores of parallel arms as printed, or as changes where each arm's baseline is printed too."""
    b = result.baseline
    if isinstance(printed, Unusable) or score_kind(result.value) != "endpoint" or is_paired(result):
        return printed
    if b.active is None or b.sd_active is None or b.control is None or b.sd_control is None:
        return printed
    if choice.score == "printed":
        return replace(printed, axes=choice.on("score"))
    active, control = (
        Arm(n, mean - before, float(change_sd(sd_before, sd, choice.r)))
        for n, mean, sd, before, sd_before in (
            (form.n_active, form.mean_active, form.sd_active, b.active, b.sd_active),
            (form.n_control, form.mean_control, form.sd_control, b.control, b.sd_control),
        )
    )
    y, v = measures.mean_difference(active.n, active.mean, active.sd, control.n, control.mean, control.sd)
    formula = "changes from baseline: s² = s_before² + s_after² − 2 r s_before s_after; SE² = s1²/n1 + s2²/n2"
    note = f"correlation {choice.r:g} of before and after assumed"
    n = (active.n, control.n)
    return Contrast(
        float(y), math.sqrt(v), formula, n, note, (active, control), None, choice.on("score", "r")
    )


def _from_ses(
    result: Result,
    form: f.ArmMeansSE | f.ArmMeansCI | f.PairedMeansCI,
    se1: float,
    se2: float,
    choice: Choice,
    what: str,
) -> Contrast:
    n = sizes_of(result)
    paired = is_paired(result)
    nothing: tuple[float, str, Axes] = (0.0, "", ())
    rho, assumption, axes = within_person_r(result, choice) if paired else nothing
    se = math.sqrt(se1**2 + se2**2 - 2 * rho * se1 * se2)
    sizes = n * 2 if len(n) == 1 else n
    arms = None
    if sizes:
        sds = (se1 * math.sqrt(sizes[0]), se2 * math.sqrt(sizes[1]))
        arms = (Arm(sizes[0], form.mean_active, sds[0]), Arm(sizes[1], form.mean_control, sds[1]))
    formula = f"{what}: SE² = SE1² + SE2²" + (" − 2 r SE1 SE2" if paired else "")
    difference = form.mean_active - form.mean_control
    return Contrast(difference, se, formula, n, assumption, arms, rho if paired else None, axes)


def _paired_sd(result: Result, form: f.PairedMeansSD, choice: Choice) -> Contrast | Unusable:
    """SDs of a crossover leave r open, unless an exact test of the difference stands beside them."""
    assumed = _from_arms(
        result, form, form.sd_active, form.sd_control, choice, "means and SDs of a crossover"
    )
    exact = exact_test(result, form, form.mean_active - form.mean_control)
    if exact is None or not form.sd_active or not form.sd_control:
        return assumed
    rho = float(crossover.correlation_from_se(exact.n[0], form.sd_active, form.sd_control, exact.se))
    if not -1 < rho < 1:
        return assumed
    arms = (
        Arm(exact.n[0], form.mean_active, form.sd_active),
        Arm(exact.n[0], form.mean_control, form.sd_control),
    )
    test = "p value" if form.t is None else "t statistic"
    assumption = f"within-person correlation {rho:.2f} derived from the SDs and the {test}"
    return Contrast(exact.difference, exact.se, exact.formula, exact.n, assumption, arms, rho)
