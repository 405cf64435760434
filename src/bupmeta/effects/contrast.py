"""Report form -> difference on the printed scale: one documented formula per form, or the reason there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias, assert_never

from bupmeta.effects import crossover, measures
from bupmeta.effects.scales import score_kind
from bupmeta.trials import Result
from bupmeta.trials import forms as f

__all__ = ["Arm", "Contrast", "SilentKind", "Unusable", "contrast", "within_person_r"]

SilentKind: TypeAlias = Literal[
    "not significant, no numbers",
    "significant, no numbers",
    "significant in some arms, no numbers",
    "p value only",
    "means without a standard error",
    "percent of baseline only",
    "scale range not printed",
    "sizes not printed",
    "one group only",
    "subgroups only",
    "words only",
    "another outcome only",
    "kept out of every pool",
    "results not obtained",
]


@dataclass(frozen=True, slots=True)
class Arm:
    """Size, mean and standard deviation of one arm."""

    n: float
    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Contrast:
    """Active minus control on the printed scale and sign, with its standard error and how both were had.

    `arms` are given when both arms have an SD; `n` holds the sizes (active, control), or (n,) when paired.
    """

    difference: float
    se: float
    formula: str
    n: tuple[float, ...]
    assumption: str = ""
    arms: tuple[Arm, Arm] | None = None
    r: float | None = None


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why a result holds no effect in this measure."""

    kind: SilentKind
    reason: str


def contrast(result: Result, r: float = 0.5) -> Contrast | Unusable:
    """The difference a result prints; `r` is the within-person correlation assumed where none is derivable."""
    form = result.form
    match form:
        case f.ArmMeansSD():
            return _from_arms(result, form, form.sd_active, form.sd_control, r, "arm means and SDs")
        case f.PairedMeansSD():
            return _paired_sd(result, form, r)
        case f.ArmMeansSE():
            return _from_ses(result, form, form.se_active, form.se_control, r, "arm means and SEs")
        case f.ArmMeansCI() | f.PairedMeansCI():
            low = (form.ci_low_active, form.ci_low_control)
            high = (form.ci_high_active, form.ci_high_control)
            n = _sizes(result) * 2
            df = (n[0] - 1, n[1] - 1) if n else None
            active, control = measures.se_from_interval(low, high, form.ci_level / 100, df).tolist()
            what = f"arm means and {form.ci_level:g} % intervals (SE = width / 2{'t' if n else 'z'})"
            return _from_ses(result, form, active, control, r, what)
        case f.DifferenceCI():
            se = measures.se_from_interval(
                form.difference_ci_low, form.difference_ci_high, form.ci_level / 100
            )
            formula = f"SE = width of the {form.ci_level:g} % interval / (2 z)"
            return Contrast(form.difference, float(se), formula, _sizes(result))
        case f.DifferenceSE():
            return Contrast(
                form.difference, form.difference_se, "difference and SE as printed", _sizes(result)
            )
        case f.DifferenceP():
            return _from_p(result, form, form.difference)
        case f.ArmMeansP():
            return _from_p(result, form, form.mean_active - form.mean_control)
        case f.PairedMeansP():
            if form.mean_active is not None and form.mean_control is not None:
                return _from_p(result, form, form.mean_active - form.mean_control)
            return _from_p(result, form, form.difference or 0.0)
        case f.POnly():
            return Unusable("p value only", f"p {form.p_relation} {form.p:g}, no estimate")
        case f.NotSignificant():
            return Unusable("not significant, no numbers", "reported only as not significant")
        case f.DirectionOnly():
            return Unusable("significant, no numbers", "reported only as significantly different")
        case f.ArmMeansOnly():
            return Unusable("means without a standard error", "means only: no SD, SE, interval or p value")
        case f.WithinGroupOnly() | f.OneArmMeans() | f.OneArmCounts():
            return Unusable("one group only", "no comparison between the groups was printed")
        case f.NotObtained():
            return Unusable("results not obtained", "a known trial; its results were not obtained")
        case f.TextOnly() | f.TotalCounts():
            return Unusable("words only", "no figure for this outcome by arm")
        case f.Counts() | f.Percentages() | f.CrossoverCounts() | f.Ratio() | f.NumberNeededToTreat():
            return Unusable("another outcome only", "patients counted, not a mean score")
        case _:
            assert_never(form)


def within_person_r(result: Result, r: float) -> tuple[float, str]:
    """The correlation to assume between the two treatments of one person, and why.

    Change scores from each period's own baseline were uncorrelated in the one trial with individual data
    (Dinat 2015: r = -0.04 and -0.01), so 0 is used for them and `r` for endpoint scores.
    """
    if score_kind(result.value) == "change":
        return 0.0, "within-person correlation 0 assumed for change scores (Dinat 2015)"
    return r, f"within-person correlation {r:g} assumed"


def _is_paired(result: Result) -> bool:
    return result.design == "crossover"


def _sizes(result: Result) -> tuple[float, ...]:
    form = result.form
    if _is_paired(result):
        given = [n for n in (form.n_active, form.n_control) if n]
        n = form.n_paired or (min(given) if given else None)
        return (float(n),) if n else ()
    return (float(form.n_active), float(form.n_control)) if form.n_active and form.n_control else ()


def _from_arms(
    result: Result, form: f.ArmMeansSD | f.PairedMeansSD, sd1: float, sd2: float, r: float, what: str
) -> Contrast | Unusable:
    n = _sizes(result)
    if not n:
        return Unusable("sizes not printed", f"{what} without the number of patients")
    if len(n) == 1:
        rho, assumption = within_person_r(result, r)
        y, v = crossover.paired_difference(n[0], form.mean_active, sd1, form.mean_control, sd2, rho)
        arms = (Arm(n[0], form.mean_active, sd1), Arm(n[0], form.mean_control, sd2))
        formula = f"{what}, paired: SE² = (s1² + s2² − 2 r s1 s2)/n"
        return Contrast(float(y), math.sqrt(v), formula, n, assumption, arms, rho)
    y, v = measures.mean_difference(n[0], form.mean_active, sd1, n[1], form.mean_control, sd2)
    arms = (Arm(n[0], form.mean_active, sd1), Arm(n[1], form.mean_control, sd2))
    return Contrast(float(y), math.sqrt(v), f"{what}: SE² = s1²/n1 + s2²/n2", n, arms=arms)


def _from_ses(
    result: Result,
    form: f.ArmMeansSE | f.ArmMeansCI | f.PairedMeansCI,
    se1: float,
    se2: float,
    r: float,
    what: str,
) -> Contrast:
    n = _sizes(result)
    rho, assumption = within_person_r(result, r) if _is_paired(result) else (0.0, "")
    se = math.sqrt(se1**2 + se2**2 - 2 * rho * se1 * se2)
    sizes = n * 2 if len(n) == 1 else n
    arms = None
    if sizes:
        sds = (se1 * math.sqrt(sizes[0]), se2 * math.sqrt(sizes[1]))
        arms = (Arm(sizes[0], form.mean_active, sds[0]), Arm(sizes[1], form.mean_control, sds[1]))
    formula = f"{what}: SE² = SE1² + SE2²" + (" − 2 r SE1 SE2" if _is_paired(result) else "")
    difference = form.mean_active - form.mean_control
    return Contrast(difference, se, formula, n, assumption, arms, rho if _is_paired(result) else None)


def _paired_sd(result: Result, form: f.PairedMeansSD, r: float) -> Contrast | Unusable:
    assumed = _from_arms(result, form, form.sd_active, form.sd_control, r, "means and SDs of a crossover")
    if form.p is None or form.p_relation != "=" or form.p_about != "between":
        return assumed
    exact = _from_p(result, form, form.mean_active - form.mean_control)
    if isinstance(exact, Unusable):
        return assumed
    rho = float(crossover.correlation_from_se(exact.n[0], form.sd_active, form.sd_control, exact.se))
    if not -1 < rho < 1:
        return assumed
    arms = (
        Arm(exact.n[0], form.mean_active, form.sd_active),
        Arm(exact.n[0], form.mean_control, form.sd_control),
    )
    assumption = f"within-person correlation {rho:.2f} derived from the SDs and the p value"
    return Contrast(exact.difference, exact.se, exact.formula, exact.n, assumption, arms, rho)


def _from_p(
    result: Result, form: f.ArmMeansP | f.PairedMeansP | f.DifferenceP | f.PairedMeansSD, difference: float
) -> Contrast | Unusable:
    n = _sizes(result)
    if form.p_relation not in {"=", "<", "<="} or form.p is None:
        return Unusable(
            "means without a standard error", f"p {form.p_relation} {form.p:g} bounds no standard error"
        )
    if form.p_about == "within":
        return Unusable(
            "means without a standard error", "the p value compares with baseline, not the groups"
        )
    if not n:
        return Unusable("sizes not printed", "means and a p value without the number of patients")
    if difference == 0:
        return Unusable(
            "means without a standard error", "a difference of 0 has no standard error from its p value"
        )
    df = form.df or (n[0] - 1 if len(n) == 1 else sum(n) - 2)
    se = abs(difference) / float(measures.t_from_p(form.p, df))
    formula = f"SE = |difference| / t from p {form.p_relation} {form.p:g} with {df:g} df"
    notes = []
    if form.p_relation != "=":
        notes.append("the SE is an upper bound, taken at the bound of p")
    if form.p_about == "not stated":
        notes.append("the p value is taken to compare the treatments, which the report does not say")
    return Contrast(difference, se, formula, n, "; ".join(notes))
