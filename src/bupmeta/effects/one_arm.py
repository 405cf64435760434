"""What a report of one arm holds: the mean or the share of that arm, never a comparison."""

from __future__ import annotations

import math

from bupmeta.effects.difference import Unusable
from bupmeta.effects.integers import events_that_fit
from bupmeta.effects.measures import se_from_interval, t_from_p
from bupmeta.effects.readings import Reading
from bupmeta.trials import Result
from bupmeta.trials import forms as f

__all__ = ["one_arm"]


def one_arm(result: Result) -> Reading | Unusable:
    """Mean of the one reported arm on its printed scale, or log odds of its events, with the variance.

    Means take the SE from the arm's SD, SE or interval; a change takes it from its t, or from an exact p against
    baseline, too. Unusable for any other report form, or where nothing about the spread was printed.

    >>> from bupmeta.trials import read_trials
    >>> found = one_arm(read_trials("data/trials.csv")["semenchuk2000_resp"])  # 15 of 22
    >>> round(found.y, 3), round(found.v, 3)
    (0.762, 0.21)
    """
    form = result.form
    match form:
        case f.OneArmMeans():
            found = _spread(result, form)
            if isinstance(found, Unusable):
                return found
            se, formula = found
            return Reading(form.mean_active, se**2, formula, "one arm: no comparison")
        case f.OneArmCounts():
            n = form.n_paired or form.n_active
            if not n:
                return Unusable("sizes not printed", "events without the number of patients")
            events = form.events_active
            if events is None:
                fits = events_that_fit(form.percent_active or 0.0, n)
                if len(fits) != 1:
                    return Unusable("words only", "several whole numbers of patients give the percentage")
                events = fits[0]
            half = 0.5 if events in (0, n) else 0.0
            a, b = events + half, n - events + half
            return Reading(
                math.log(a / b), 1 / a + 1 / b, f"log odds of {events}/{n}", "one arm: no comparison"
            )
        case _:
            return Unusable("another outcome only", "not a report of one arm")


def _spread(result: Result, form: f.OneArmMeans) -> tuple[float, str] | Unusable:
    n = form.n_paired or form.n_active
    if form.se_active is not None:
        return form.se_active, "mean and SE of one arm"
    if form.sd_active is not None and n:
        return form.sd_active / math.sqrt(n), "mean of one arm, SE = SD/√n"
    if form.ci_low_active is not None and form.ci_high_active is not None:
        df = n - 1 if n else None
        se = se_from_interval(form.ci_low_active, form.ci_high_active, (form.ci_level or 95.0) / 100, df)
        return float(se), "mean of one arm, SE from its interval"
    if result.value in ("change", "decrease") and form.mean_active:
        if form.t:
            return abs(form.mean_active / form.t), "mean change of one arm, SE = change/t"
        if form.p is not None and 0 < form.p < 1 and form.p_relation == "=" and n and n > 1:
            return abs(form.mean_active) / float(t_from_p(form.p, n - 1)), "mean change, SE from its exact p"
    return Unusable("means without a standard error", "one arm, and nothing about its spread")
