"""`effect_sizes`: the rows of a data file become one effect per trial, or a silent trial with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from bupmeta.effects.admissible import admissible
from bupmeta.effects.contrast import contrast
from bupmeta.effects.core import Admissible, AxisValue, Effects, Origin, Silent
from bupmeta.effects.difference import SilentKind, Unusable
from bupmeta.effects.one_trial import combined, kind_of, origin_of, silent_of
from bupmeta.effects.readings import (
    GRID,
    PRIMARY,
    Choice,
    Grid,
    PAboutName,
    PBoundName,
    Reading,
    Recovery,
    ScoreName,
    SdName,
    Watched,
    over,
)
from bupmeta.effects.recover import MEASURES, Measure, read
from bupmeta.errors import ModelError
from bupmeta.trials import Result, Trials

__all__ = ["effect_sizes", "named_trials", "recoveries", "silent_trials", "why_not_poolable"]

# Among the rows of a silent trial the first of these speaks for it.
_MOST_TELLING: tuple[SilentKind, ...] = (
    "percent of baseline only",
    "scale range not printed",
    "p value only",
    "sizes not printed",
    "sizes too small",
    "means without a standard error",
    "not significant, no numbers",
    "significant, no numbers",
    "within groups only",
    "one group only",
    "results not obtained",
    "words only",
    "ratio without counts",
    "another outcome only",
)
PLACEBOS = ("placebo", "active placebo")


def effect_sizes(
    trials: Trials,
    *,
    outcome: str = "pain_intensity",
    measure: Measure = "MD",
    comparators: Sequence[str] = PLACEBOS,
    r: float = PRIMARY.r,
    r_change: float = PRIMARY.r_change,
    sd: SdName = PRIMARY.sd,
    p_about: PAboutName = PRIMARY.p_about,
    p_bound: PBoundName = PRIMARY.p_bound,
    score: ScoreName = PRIMARY.score,
    comparable: Trials | None = None,
) -> Effects:
    """One effect per trial: active minus control, negative = less pain; every other known trial is `silent`.

    `measure` is MD (points of 0-10), SMD or percent (of baseline). `r` to `score` are one value on each axis of
    `Choice`: the primary reading by default, any other for a sensitivity analysis. Rows that are not `main`, or are
    superseded, give no effect. Arms that share a control are combined, for MD alone also where their kinds of score
    (endpoint, change, ...) differ. The result may hold no effect (`len() == 0`).
    A silent trial carries the interval its words admit; on the MD scale that takes the standard deviations that
    `comparable` trials print (the whole data file, when `trials` is a part of it; by default `trials` itself).

    >>> from bupmeta.trials import read_trials
    >>> everything = read_trials("data/trials.csv")
    >>> effects = effect_sizes(everything.select(drug="bupropion"), comparable=everything)
    >>> [(label, float(round(y, 2))) for label, y in zip(effects.labels, effects.y)]
    [('Semenchuk 2001', -1.7)]
    >>> katz = next(trial for trial in effects.silent if trial.trial == "katz2005")
    >>> katz.kind, round(katz.admissible.lower, 2), round(katz.admissible.upper, 2)
    ('not significant, no numbers', -0.74, 0.74)
    """
    choice = Choice(r, r_change, sd, p_about, p_bound, score)
    _check(measure, choice)
    found: list[tuple[str, Reading, Origin]] = []
    silent: list[Silent] = []
    source = trials if comparable is None else comparable
    for name, results in named_trials(trials, outcome, comparators):
        one = _trial_effect(results, measure, choice, source)
        if isinstance(one, Silent):
            silent.append(replace(one, label=name))
        else:
            found.append((name, *one))
    unit = MEASURES[measure].unit
    if not found:
        return Effects.none(silent, measure=measure, unit=unit)
    labels, readings, origin = zip(*found)
    y, v = [one.y for one in readings], [one.v for one in readings]
    return Effects.from_arrays(y, v, labels, measure=measure, unit=unit, origin=origin, silent=silent)


def recoveries(
    trials: Trials,
    *,
    outcome: str = "pain_intensity",
    measure: Measure = "MD",
    comparators: Sequence[str] = PLACEBOS,
    grid: Grid = GRID,
    comparable: Trials | None = None,
) -> Mapping[str, Recovery]:
    """All readings of each trial over a grid, by label: of effects as estimates, of silent trials as intervals.

    The first reading of a trial is the one `effect_sizes` takes. A trial whose report holds nothing is left out.

    >>> from bupmeta.trials import read_trials
    >>> everything = read_trials("data/trials.csv")
    >>> found = recoveries(everything.select(drug="bupropion"), comparable=everything)
    >>> {label: (len(one), one.axes) for label, one in found.items()}
    {'Semenchuk 2001': (25, ('p_about', 'p_bound', 'sd', 'r')), 'Katz 2005': (12, ('sd', 'r'))}
    """
    _check(measure, grid.primary)
    found = {}
    source = trials if comparable is None else comparable
    for name, results in named_trials(trials, outcome, comparators):

        def at(choice: Choice, results: list[Result] = results) -> Reading | Admissible | None:
            one = _trial_effect(results, measure, choice, source)
            return one.admissible if isinstance(one, Silent) else one[0]

        if (one := over(grid, at)) is not None:
            found[name] = one
    return found


def _check(measure: Measure, choice: Choice) -> None:
    if measure not in MEASURES:
        raise ModelError(f"measure={measure!r} is not known; the choices are {', '.join(MEASURES)}")
    if not 0 <= choice.r < 1:
        raise ModelError(f"r={choice.r!r} is not a within-person correlation; it must lie from 0 to below 1")
    if not -1 < choice.r_change < 1:
        raise ModelError(f"r_change={choice.r_change!r} is not a correlation; it must lie between -1 and 1")
    for name in ("sd", "p_about", "p_bound", "score"):
        known = getattr(GRID, name)
        if getattr(choice, name) not in known:
            raise ModelError(
                f"{name}={getattr(choice, name)!r} is not known; the choices are {', '.join(known)}"
            )


def silent_trials(trials: Trials) -> tuple[Silent, ...]:
    """Every trial as one that is shown and never pooled, with what its first row printed.

    >>> from bupmeta.trials import read_trials
    >>> rows = read_trials("data/trials.csv").select(trial="farajirad2013", outcome="pain_intensity")
    >>> silent_trials(rows)[0].kind
    'within groups only'
    """
    return tuple(silent_of(rows, _shown(rows[0])) for rows in _by_trial(trials).values())


def named_trials(
    trials: Trials, outcome: str, comparators: Sequence[str]
) -> Iterable[tuple[str, list[Result]]]:
    """Each trial's rows of the outcome, under a label that no other trial has."""
    rows = [row for row in trials if row.outcome == outcome and row.comparator_type in comparators]
    by_trial = _by_trial(rows)
    names = _labels(by_trial)
    return [(names[trial], results) for trial, results in by_trial.items()]


def _by_trial(rows: Iterable[Result]) -> dict[str, list[Result]]:
    by_trial: dict[str, list[Result]] = {}
    for row in rows:
        by_trial.setdefault(row.trial, []).append(row)
    return by_trial


def _shown(row: Result) -> Unusable:
    found = contrast(row)
    return found if isinstance(found, Unusable) else Unusable("kept out of every pool", "another comparison")


def _labels(by_trial: dict[str, list[Result]]) -> dict[str, str]:
    labels = {trial: results[0].study for trial, results in by_trial.items()}
    repeated = {label for label, count in Counter(labels.values()).items() if count > 1}
    return {trial: f"{label} ({trial})" if label in repeated else label for trial, label in labels.items()}


def _trial_effect(
    results: list[Result], measure: Measure, choice: Choice, comparable: Trials
) -> tuple[Reading, Origin] | Silent:
    """What one trial says under a choice; choices that differ only in what a report does not ask for are read once."""
    seen = _seen(tuple(results), measure, comparable)
    for asked, found in seen:
        if all(getattr(choice, name) == value for name, value in asked.items()):
            return found
    watched = Watched.of(choice)
    found = _read_trial(results, measure, watched, comparable)
    seen.append((watched.asked, found))
    return found


@lru_cache(maxsize=4096)
def _seen(
    results: tuple[Result, ...],  # noqa: ARG001 - these three name the trial, the scale and the SDs to compare with
    measure: Measure,  # noqa: ARG001
    comparable: Trials,  # noqa: ARG001
) -> list[tuple[Mapping[str, AxisValue], tuple[Reading, Origin] | Silent]]:
    """What has been read of one trial so far, beside the choices that were asked for."""
    return []


def _read_trial(
    results: list[Result], measure: Measure, choice: Choice, comparable: Trials
) -> tuple[Reading, Origin] | Silent:
    poolable = [row for row in results if row.use == "main" and not row.superseded_by]
    if not poolable:
        return silent_of(results, why_not_poolable(results))
    found = [(row, read(row, measure, choice, comparable)) for row in poolable]
    usable = [(row, one) for row, one in found if isinstance(one, Reading)]
    if not usable:
        why = _why_silent([one for _, one in found if isinstance(one, Unusable)])
        if measure == "percent":
            return silent_of(poolable, why)
        limits = admissible(poolable, measure, choice, comparable)
        if not isinstance(limits, Unusable):
            return replace(silent_of(poolable, why), admissible=limits)
        if why.kind in _SAYS_SOMETHING:
            why = Unusable(why.kind, f"{why.reason}; no interval: {limits.reason}")
        return silent_of(poolable, why)
    apart: list[Result] = []
    if measure != "MD":
        kind = kind_of(*usable[0])
        apart = [row for row, one in usable if kind_of(row, one) != kind]
        usable = [(row, one) for row, one in usable if kind_of(row, one) == kind]
    kept = [row for row, _ in usable]
    reading = usable[0][1] if len(usable) == 1 else combined(usable, measure, choice, comparable)
    return reading, origin_of(kept, poolable, reading, apart)


#: Reports that would admit an interval; where one does not, its reason is told.
_SAYS_SOMETHING: tuple[SilentKind, ...] = (
    "p value only",
    "not significant, no numbers",
    "significant, no numbers",
    "significant in some arms, no numbers",
    "means without a standard error",
)


def _why_silent(reasons: list[Unusable]) -> Unusable:
    kinds = {reason.kind for reason in reasons}
    if {"significant, no numbers", "not significant, no numbers"} <= kinds:
        return Unusable(
            "significant in some arms, no numbers", "; ".join(dict.fromkeys(r.reason for r in reasons))
        )
    return min(reasons, key=lambda reason: _MOST_TELLING.index(reason.kind))


def why_not_poolable(results: list[Result]) -> Unusable:
    """Say why a trial has no row that analyses take."""
    if all(row.use == "subgroup" for row in results):
        return Unusable("subgroups only", "reported by subgroup only, not for the randomized groups")
    return Unusable(
        "kept out of every pool", next((row.source.remark for row in results if row.source.remark), "")
    )
