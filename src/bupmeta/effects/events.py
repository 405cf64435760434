"""Reports of events -> readings of an odds ratio, risk ratio or risk difference."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
from scipy.special import ndtri

from bupmeta.effects.core import Axes
from bupmeta.effects.counts import COUNTS, CountMeasure
from bupmeta.effects.difference import Unusable, is_paired, sizes_of
from bupmeta.effects.integers import events_that_fit
from bupmeta.effects.measures import se_from_interval
from bupmeta.effects.paired_counts import marginal, phi_limits
from bupmeta.effects.readings import GRID, Choice, Grid, Reading, Recovery, over
from bupmeta.trials import Result
from bupmeta.trials import forms as f

__all__ = ["event_readings", "fitting_events"]

#: A percentage may be of fewer patients than the arm had; below this share of them it is of something else.
SMALLEST_SHARE = 0.8


def event_readings(result: Result, measure: CountMeasure, grid: Grid = GRID) -> Recovery | Unusable:
    """All readings of one result as log OR, log RR or risk difference, active against control, the primary first.

    Counts are one reading, of a crossover one per correlation of the events (within what its margins allow).
    Percentages are every pair of whole numbers that rounds to them, the nearest pair first. A printed ratio is taken
    with its interval or p value, a number needed to treat as 1/risk difference with its interval.

    >>> from bupmeta.trials import read_trials
    >>> row = read_trials("data/trials.csv")["arnold2010d_pgi"]  # 57 % of 263 against 32 % of 267
    >>> found = event_readings(row, "RD")
    >>> [(one.at["events"], round(one.y, 3)) for one in found.readings][:2]
    [('150 and 85', 0.252), ('150 and 86', 0.248)]
    """
    form = result.form
    match form:
        case f.Counts() | f.CrossoverCounts():
            sizes = _sizes(result)
            if not sizes:
                return Unusable("sizes not printed", "counts without the number of patients")
            return _all(result, [(form.events_active, form.events_control)], sizes, measure, grid)
        case f.Percentages():
            sizes = _sizes(result)
            if not sizes:
                return Unusable("sizes not printed", "percentages without the number of patients")
            return _from_percentages(result, form, sizes, measure, grid)
        case f.Ratio() if form.ratio_measure == measure:
            return _from_ratio(form)
        case f.NumberNeededToTreat() if measure == "RD":
            return _from_nnt(form)
        case _:
            return Unusable("another outcome only", f"nothing that gives {measure} was printed")


def _sizes(result: Result) -> tuple[int, int] | None:
    n = sizes_of(result) * (2 if is_paired(result) else 1)
    return (int(n[0]), int(n[1])) if n else None


def _from_percentages(
    result: Result, form: f.Percentages, sizes: tuple[int, int], measure: CountMeasure, grid: Grid
) -> Recovery | Unusable:
    percents = (form.percent_active, form.percent_control)
    found = [fitting_events(percent, n) for percent, n in zip(percents, sizes)]
    if None in found:
        return Unusable("sizes not printed", "no whole numbers of these patients give the percentages")
    (n1, first), (n2, second) = (one for one in found if one is not None)
    exact = (percents[0] / 100 * n1, percents[1] / 100 * n2)
    pairs = sorted(product(first, second), key=lambda pair: math.dist(pair, exact))
    note = ""
    if (n1, n2) != sizes:
        note = (
            f"percentages taken of {n1} and {n2}, not {sizes[0]} and {sizes[1]}: no other whole numbers fit"
        )
    return _all(result, pairs, (n1, n2), measure, grid, note)


def fitting_events(percent: float, n: int) -> tuple[int, tuple[int, ...]] | None:
    """The events that give a percentage among as many of the `n` as possible."""
    for size in range(n, math.ceil(SMALLEST_SHARE * n) - 1, -1):
        if events := events_that_fit(percent, size):
            return size, events
    return None


def _all(
    result: Result,
    pairs: list[tuple[int, int]],
    sizes: tuple[int, int],
    measure: CountMeasure,
    grid: Grid,
    note: str = "",
) -> Recovery | Unusable:
    found: list[Reading] = []
    for a, c in pairs:
        axes: Axes = (("events", f"{a} and {c}"),) if len(pairs) > 1 else ()

        def at(choice: Choice, a: int = a, c: int = c, axes: Axes = axes) -> Reading | None:
            return _counted(result, (a, c), sizes, measure, choice, axes, note)

        several = over(grid, at)
        found += [one for one in several.readings if isinstance(one, Reading)] if several else []
    if not found:
        return Unusable("words only", "no events, or only events, in both arms say nothing about a ratio")
    return Recovery(tuple(found))


def _counted(
    result: Result,
    events: tuple[int, int],
    sizes: tuple[int, int],
    measure: CountMeasure,
    choice: Choice,
    axes: Axes,
    note: str,
) -> Reading | None:
    formula = f"{measure} of {events[0]}/{sizes[0]} against {events[1]}/{sizes[1]}"
    if is_paired(result):
        low, high = phi_limits(*events, sizes[0])
        if np.isnan(high):  # a margin is empty: with one treatment nobody, or everybody, had the event
            low, high = np.asarray(0.0), np.asarray(0.0)
        phi = float(np.clip(choice.r, low, high))
        y, v = marginal(measure, *events, sizes[0], phi)
        formula += ", marginal, paired (Becker & Balagtas 1993)"
        limit = "" if phi == choice.r else ", the most that the counts allow"
        note = "; ".join(filter(None, (note, f"correlation {phi:.2g} of the two events of a person{limit}")))
        axes = (*axes, *choice.on("r"))
    else:
        y, v = COUNTS[measure](events[0], sizes[0], events[1], sizes[1])
    if not (np.isfinite(y) and np.isfinite(v) and v > 0):
        return None
    return Reading(float(y), float(v), formula, note, axes)


def _from_ratio(form: f.Ratio) -> Recovery | Unusable:
    y = math.log(form.ratio)
    if form.ratio_ci_low is not None and form.ratio_ci_high is not None:
        level = form.ci_level or 95.0
        se = float(se_from_interval(math.log(form.ratio_ci_low), math.log(form.ratio_ci_high), level / 100))
        return Recovery((Reading(y, se**2, f"log {form.ratio_measure} and its {level:g} % interval"),))
    if form.p is None or form.p_relation not in ("=", "<", "<=") or y == 0 or form.p_about == "within":
        return Unusable("means without a standard error", "a ratio without interval or p value")
    se = abs(y) / float(ndtri(1 - form.p / 2))
    note = "" if form.p_relation == "=" else "the SE is an upper bound, taken at the bound of p"
    return Recovery((Reading(y, se**2, f"SE = |log {form.ratio_measure}| / z from p", note),))


def _from_nnt(form: f.NumberNeededToTreat) -> Recovery | Unusable:
    if form.ratio_ci_low is None or form.ratio_ci_high is None:
        return Unusable("means without a standard error", "a number needed to treat without its interval")
    level = form.ci_level or 95.0
    se = float(se_from_interval(1 / form.ratio_ci_high, 1 / form.ratio_ci_low, level / 100))
    return Recovery((Reading(1 / form.ratio, se**2, f"risk difference = 1/NNT, {level:g} % interval"),))
