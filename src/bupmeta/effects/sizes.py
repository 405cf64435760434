"""`effect_sizes`: the rows of a data file become one effect per trial, or a silent trial with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from bupmeta.effects.contrast import Arm, Contrast, SilentKind, Unusable, contrast
from bupmeta.effects.core import Effects, Origin, Silent
from bupmeta.effects.measures import combine_arms, mean_difference
from bupmeta.effects.recover import MEASURES, Measure, Reading, reading_of, recover
from bupmeta.effects.scales import score_kind, sign
from bupmeta.effects.shared_control import combine_correlated, shared_control_correlation
from bupmeta.errors import ModelError
from bupmeta.trials import Result, Trials

__all__ = ["effect_sizes", "silent_trials"]

# Among the rows of a silent trial the first of these speaks for it.
_MOST_TELLING: tuple[SilentKind, ...] = (
    "percent of baseline only",
    "scale range not printed",
    "p value only",
    "sizes not printed",
    "means without a standard error",
    "not significant, no numbers",
    "significant, no numbers",
    "one group only",
    "results not obtained",
    "words only",
    "another outcome only",
)


def effect_sizes(
    trials: Trials,
    *,
    outcome: str = "pain_intensity",
    measure: Measure = "MD",
    comparators: Sequence[str] = ("placebo", "active placebo"),
    r: float = 0.5,
) -> Effects:
    """One effect per trial: active minus control, negative = less pain; every other known trial is `silent`.

    `measure` is MD (points of 0-10), SMD or percent (of baseline); `r` is the within-person correlation assumed
    for endpoint scores of crossovers where none can be derived. Rows that are not `main`, or are superseded, give
    no effect. Arms that share a control are combined. The result may hold no effect at all (`len() == 0`).

    >>> from bupmeta.trials import read_trials
    >>> effects = effect_sizes(read_trials("data/trials.csv").select(drug="bupropion"))
    >>> [(label, float(round(y, 2))) for label, y in zip(effects.labels, effects.y)]
    [('Semenchuk 2001', -1.7)]
    >>> [(s.label, s.kind) for s in effects.silent][:1]
    [('Katz 2005', 'not significant, no numbers')]
    """
    if measure not in MEASURES:
        raise ModelError(f"measure={measure!r} is not known; the choices are {', '.join(MEASURES)}")
    if not 0 <= r < 1:
        raise ModelError(f"r={r!r} is not a within-person correlation; it must lie from 0 to below 1")
    rows = [row for row in trials if row.outcome == outcome and row.comparator_type in comparators]
    by_trial = _by_trial(rows)
    names = _labels(by_trial)
    found: list[tuple[str, Reading, Origin]] = []
    silent: list[Silent] = []
    for trial, results in by_trial.items():
        one = _trial_effect(results, measure, r)
        if isinstance(one, Silent):
            silent.append(replace(one, label=names[trial]))
        else:
            found.append((names[trial], *one))
    unit = MEASURES[measure].unit
    if not found:
        return Effects.none(silent, measure=measure, unit=unit)
    labels, readings, origin = zip(*found)
    y, v = [one.y for one in readings], [one.v for one in readings]
    return Effects.from_arrays(y, v, labels, measure=measure, unit=unit, origin=origin, silent=silent)


def silent_trials(trials: Trials) -> tuple[Silent, ...]:
    """Every trial as one that is shown and never pooled, with what its first row printed.

    >>> from bupmeta.trials import read_trials
    >>> rows = read_trials("data/trials.csv").select(trial="farajirad2013", outcome="pain_intensity")
    >>> silent_trials(rows)[0].kind
    'one group only'
    """
    return tuple(_silent(rows, _shown(rows[0])) for rows in _by_trial(trials).values())


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


def _trial_effect(results: list[Result], measure: Measure, r: float) -> tuple[Reading, Origin] | Silent:
    poolable = [row for row in results if row.use == "main" and not row.superseded_by]
    if not poolable:
        return _silent(results, _why_not_poolable(results))
    read = [(row, recover(row, measure, r)) for row in poolable]
    usable = [(row, reading) for row, reading in read if isinstance(reading, Reading)]
    if not usable:
        return _silent(poolable, _why_silent([reason for _, reason in read if isinstance(reason, Unusable)]))
    kept = [row for row, _ in usable]
    reading = usable[0][1] if len(usable) == 1 else _combined(usable, measure, r)
    return reading, _origin(kept, poolable, reading)


def _why_silent(reasons: list[Unusable]) -> Unusable:
    kinds = {reason.kind for reason in reasons}
    if {"significant, no numbers", "not significant, no numbers"} <= kinds:
        return Unusable(
            "significant in some arms, no numbers", "; ".join(dict.fromkeys(r.reason for r in reasons))
        )
    return min(reasons, key=lambda reason: _MOST_TELLING.index(reason.kind))


def _why_not_poolable(results: list[Result]) -> Unusable:
    if all(row.use == "subgroup" for row in results):
        return Unusable("subgroups only", "reported by subgroup only, not for the randomized groups")
    return Unusable(
        "kept out of every pool", next((row.source.note for row in results if row.source.note), "")
    )


def _combined(usable: list[tuple[Result, Reading]], measure: Measure, r: float) -> Reading:
    """Several comparisons of one trial with the same control as one: combined arms, else by their covariance."""
    rows = [row for row, _ in usable]
    contrasts = [found for row in rows if isinstance(found := contrast(row, r), Contrast)]
    joined = _joined_arms(contrasts)
    same = len({(row.value, row.scale, row.population) for row in rows}) == 1
    if joined is not None and same:
        s = sign(rows[0].value, rows[0].scale.higher_is)
        reading = reading_of(rows[0], replace(joined, difference=s * joined.difference), measure, s)
        if isinstance(reading, Reading):
            return reading
    readings = [reading for _, reading in usable]
    sizes = [found.n for found in contrasts]
    if _strata(rows):
        correlation = np.eye(len(rows))
        how = "inverse variance, for they are of different patients"
    elif all(len(n) == 2 for n in sizes):
        correlation = shared_control_correlation([n[0] for n in sizes], [n[1] for n in sizes])
        how = "the covariance of the shared control arm"
    else:
        # Differences from one shared period have correlation 1/2 whatever the within-person correlation.
        correlation = np.full((len(rows),) * 2, 0.5) + 0.5 * np.eye(len(rows))
        how = "the correlation 1/2 of differences from a shared period"
    y, v = combine_correlated([one.y for one in readings], [one.v for one in readings], correlation)
    assumptions = "; ".join(dict.fromkeys(one.assumption for one in readings if one.assumption))
    formula = f"{len(readings)} comparisons combined by {how}; {readings[0].formula}"
    return Reading(y, v, formula, assumptions)


def _joined_arms(contrasts: list[Contrast]) -> Contrast | None:
    """The active arms as one arm, when all of them stand against the same parallel control."""
    arms = [found.arms for found in contrasts if found.arms is not None and len(found.n) == 2]
    if len(arms) < len(contrasts) or len({control for _, control in arms}) != 1:
        return None
    active = Arm(*combine_arms(*zip(*((a.n, a.mean, a.sd) for a, _ in arms))))
    control = arms[0][1]
    y, v = mean_difference(active.n, active.mean, active.sd, control.n, control.mean, control.sd)
    formula = f"{len(arms)} arms combined into one; {contrasts[0].formula}"
    return Contrast(float(y), float(v) ** 0.5, formula, (active.n, control.n), arms=(active, control))


def _origin(kept: list[Result], poolable: list[Result], reading: Reading) -> Origin:
    first = kept[0]
    paired = first.design == "crossover"
    others = [row.row for row in poolable if row not in kept]
    remark = f"rows of the same trial without an effect: {', '.join(others)}" if others else ""
    strata = _strata(kept)
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
        remark=remark,
        trial=first.trial,
        kind=score_kind(first.value),
    )


def _strata(rows: list[Result]) -> bool:
    """Whether the rows are of different patients of one trial, and so independent."""
    return len(rows) > 1 and len({row.population for row in rows}) == len(rows)


def _total(sizes: Sequence[int | None]) -> int | None:
    return sum(n for n in sizes if n) or None


def _silent(results: list[Result], why: Unusable) -> Silent:
    first = results[0]
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
    )


def _persons(results: list[Result]) -> int | None:
    """Patients randomized in the whole trial, else those behind the printed figures."""
    first = results[0].form
    randomized = next((row.n_randomized for row in results if row.n_randomized), None)
    if randomized or results[0].design == "crossover":
        return randomized or first.n_paired or first.n_active
    active = [row.form.n_active for row in results]
    return sum(n for n in active if n) + first.n_control if first.n_control and all(active) else None


def _treatment(results: list[Result]) -> str:
    return ", ".join(dict.fromkeys(row.drug for row in results))
