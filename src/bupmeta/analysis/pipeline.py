"""The one pipeline: a specification and a data file in, an Analysis out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from bupmeta import __version__
from bupmeta.analysis.across import ahead, together
from bupmeta.analysis.characteristics import characteristics
from bupmeta.analysis.conventions import conventions, usual
from bupmeta.analysis.crosscheck import cross_check
from bupmeta.analysis.evidence import all_of_it
from bupmeta.analysis.explore import explore
from bupmeta.analysis.filters import any_outcome, check_filters, matching, text_of, without
from bupmeta.analysis.findings import findings, judgements
from bupmeta.analysis.flow import flow
from bupmeta.analysis.multiverse import cross
from bupmeta.analysis.outcome_multiverse import crossing
from bupmeta.analysis.outcome_results import OutcomeSection
from bupmeta.analysis.outcomes import OUTSIDE, outcome_section
from bupmeta.analysis.parity import parity
from bupmeta.analysis.read_spec import read_spec
from bupmeta.analysis.results import Alternative, Analysis, Evidence, Pool, Section
from bupmeta.analysis.spec import AnalysisSpec, Filter, Sensitivity
from bupmeta.bias import FEWEST, small_study
from bupmeta.effects import Effects, Measure, Silent, effect_sizes, recoveries, silent_trials
from bupmeta.effects.readings import Recovery
from bupmeta.errors import ModelError, SpecError
from bupmeta.pooling import MetaResult, RandomEffects, few_studies, pool
from bupmeta.pooling.panel import MANY
from bupmeta.trials import Trials, read_trials
from bupmeta.trials.risk_of_bias import RiskOfBias, read_risk_of_bias

__all__ = ["analyse"]

_KIND_TITLES: dict[str, str] = {
    "endpoint": "endpoint scores",
    "change": "change scores",
    "percent of baseline": "percent of baseline",
    "percent change": "change in percent",
    "percent of control": "percent of the control mean",
}

Progress = Callable[[str], None]


def analyse(spec: AnalysisSpec | str | Path, *, progress: Progress | None = None) -> Analysis:
    """Compute everything an analysis specification asks for.

    `progress` is told the title of each section as it is begun. Raises SpecError for a filter that names an unknown
    column or value or that matches nothing, and DataError for a data file that cannot be right.

    >>> bupropion = analyse("analyses/bupropion.toml")
    >>> bupropion.evidence.known, bupropion.evidence.with_effect, bupropion.evidence.not_obtained
    (3, 1, 1)
    """
    if not isinstance(spec, AnalysisSpec):
        spec = read_spec(spec)
    trials = read_trials(spec.data)
    judged = None if spec.risk_of_bias is None else read_risk_of_bias(spec.risk_of_bias, trials)
    check_filters(spec, trials)
    chosen = matching(trials, spec.select)
    if not len(chosen):
        columns = ", ".join(f"{name} = {' or '.join(values)}" for name, values in spec.select.items())
        raise SpecError(f"{spec.path}: [select] matches no row of {spec.data} ({columns})")
    run = _Run(spec, trials, judged, progress)
    sections = [
        section
        for measure in spec.measures
        for title in _titles(spec, chosen)
        if (section := _section(run, chosen, title, measure)) is not None
    ]
    primary = [section for section in sections if section.measure == spec.measures[0]]
    outcomes = _outcomes(run)
    return Analysis(
        spec=spec,
        version=__version__,
        data_sha256=trials.sha256,
        evidence=_evidence(run, chosen),
        sections=tuple(sections),
        characteristics=characteristics(_rows_of(chosen.keys, matching(trials, any_outcome(spec.select)))),
        flow=flow(
            trials, spec.select, tuple(s for s in sections if s.total and s.title != spec.groups.overall)
        ),
        narrative=silent_trials(matching(trials, spec.narrative)) if spec.narrative else (),
        other_outcomes=_other_outcomes(trials, spec, chosen),
        outcomes=outcomes,
        risk_of_bias=None
        if judged is None or spec.risk_of_bias is None
        else judgements(judged, spec.risk_of_bias.name, spec.outcome, primary),
        findings=findings(spec, trials, judged, primary, outcomes),
        across=together({s.title: s.total.effects for s in primary if s.total}, spec),
    )


def _rows_of(keys: tuple[str, ...], rows: Trials) -> Trials:
    return Trials(tuple(row for row in rows if row.trial in keys), rows.path, rows.sha256, rows.warnings)


def _other_outcomes(trials: Trials, spec: AnalysisSpec, chosen: Trials) -> tuple[Silent, ...]:
    """Eligible trials of which no row has the outcome: known, and not heard of in this question."""
    eligible = matching(trials, any_outcome(spec.select))
    wanted = set(spec.groups.of_interest)
    here = (row for row in eligible if row.trial not in chosen.keys and row.use != "never_pool")
    kept = (row for row in here if not wanted or text_of(row[spec.groups.by[0]]) in wanted)
    return silent_trials(Trials(tuple(kept), trials.path, trials.sha256, trials.warnings))


def _outcomes(run: _Run) -> tuple[OutcomeSection, ...]:
    """Responders and harms of the rows of the question, whatever their outcome."""
    spec = run.spec
    eligible, narrative = (matching(run.trials, any_outcome(one)) for one in (spec.select, spec.narrative))
    titles = dict.fromkeys((*spec.groups.of_interest, *(text_of(row[spec.groups.by[0]]) for row in eligible)))
    found = []
    for outcome in spec.outcomes:
        if run.progress is not None:
            run.progress(outcome.title)
        found.append(
            outcome_section(
                outcome,
                eligible,
                narrative,
                comparators=run.comparators,
                model=spec.model,
                titles=[title for title in titles if title != OUTSIDE],
                column=spec.groups.by[0],
                overall=spec.groups.overall or "all conditions",
                r=spec.r,
                crossing=crossing(spec, run.without),
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Run:
    """What every step needs: the specification, all trials (for comparable SDs), judgements, and whom to tell."""

    spec: AnalysisSpec
    trials: Trials
    judged: RiskOfBias | None
    progress: Progress | None

    @property
    def comparators(self) -> tuple[str, ...]:
        return self.spec.select.get("comparator_type", ("placebo", "active placebo"))

    def without(self, rows: Trials, drop: Filter) -> Trials:
        return without(rows, drop, self.judged)

    def readings(self, rows: Trials, measure: Measure) -> Mapping[str, Recovery]:
        spec = self.spec
        return recoveries(
            rows, outcome=spec.outcome, measure=measure, comparators=self.comparators, comparable=self.trials
        )

    def effects(self, rows: Trials, measure: Measure, **choice: Any) -> Effects:
        spec = self.spec
        return effect_sizes(
            rows,
            outcome=spec.outcome,
            measure=measure,
            comparators=self.comparators,
            comparable=self.trials,
            **({"r": spec.r} | choice),
        )


def _titles(spec: AnalysisSpec, chosen: Trials) -> tuple[str, ...]:
    present = (text_of(row[spec.groups.by[0]]) or "not stated" for row in chosen)
    overall = (spec.groups.overall,) if spec.groups.overall else ()
    return tuple(dict.fromkeys((*spec.groups.of_interest, *present, *overall)))


def _section(run: _Run, chosen: Trials, title: str, measure: Measure) -> Section | None:
    if run.progress is not None:
        run.progress(f"{title}, {measure}")
    is_all = title == run.spec.groups.overall
    rows = chosen if is_all else _where(chosen, run.spec.groups.by[0], title)
    match measure:
        case "MD":
            total = _total(run, _pool(run, rows, title, measure), rows)
            return Section(title, measure, total, () if is_all else _by_second(run, rows, measure))
        case "SMD" | "percent":
            kinds, silent = ((), ()) if is_all else _by_kind(run, rows, measure)
            return Section(title, measure, None, kinds, silent) if kinds else None


def _total(run: _Run, pool: Pool, rows: Trials) -> Pool:
    """Add to the pool of a condition its subsets, what its silent trials say, and the multiverse of choices."""
    axes = run.spec.multiverse
    crossed = None
    if axes is not None and pool.known > 1:
        crossed = cross(
            run.spec, rows, axes, partial(run.effects, measure=pool.measure), run.without, run.progress
        )
    everything = all_of_it(pool.effects, run.spec.model.level, run.spec.unseen_effects)
    readings, subsets = run.readings(rows, pool.measure), explore(pool.effects, usual(run.spec))
    small = small_study(pool.effects, level=run.spec.model.level) if len(pool.effects) >= FEWEST else None
    made = replace(
        pool,
        evidence=everything,
        multiverse=crossed,
        readings=readings,
        explored=subsets,
        small_study=small,
    )
    condition = pool.title if pool.title in {row.condition for row in rows} else None
    return replace(made, ahead=ahead(pool.result, everything, run.spec.next_trial, run.trials, condition))


def _by_second(run: _Run, rows: Trials, measure: Measure) -> tuple[Pool, ...]:
    if len(run.spec.groups.by) < 2:
        return ()
    column = run.spec.groups.by[1]
    present = dict.fromkeys(text_of(row[column]) or "not stated" for row in rows)
    order = run.spec.select.get(column, ())
    values = sorted(present, key=lambda value: order.index(value) if value in order else len(order))
    return tuple(_pool(run, _where(rows, column, value), value, measure) for value in values)


def _by_kind(run: _Run, rows: Trials, measure: Measure) -> tuple[tuple[Pool, ...], tuple[Silent, ...]]:
    """Endpoint scores, change scores and percentages of different things stand apart, without a total.

    Their standard deviations mean different things (Cochrane Handbook 6, section 10.5.2).
    """
    effects = run.effects(rows, measure)
    kinds = [origin.kind for origin in effects.origin]
    pools = []
    for kind in dict.fromkeys(kinds):
        part = replace(effects.take([i for i, own in enumerate(kinds) if own == kind]), silent=())
        result = _pooled(part, run.spec.model)
        others, elsewhere = conventions(part, run.spec.model), parity(part, run.spec.model)
        title = _KIND_TITLES[kind]
        found = Pool(title, measure, part, result, (), others, cross_check(part), parity=elsewhere)
        pools.append(replace(found, explored=explore(part, usual(run.spec))))
    # Of percentages only those who print one are asked; an SMD is asked of every trial.
    return tuple(pools), effects.silent if measure == "SMD" else ()


def _pool(run: _Run, rows: Trials, title: str, measure: Measure) -> Pool:
    effects = run.effects(rows, measure)
    found = (_alternative(run, rows, effects, measure, other) for other in run.spec.sensitivity)
    alternatives = tuple(one for one in found if one is not None)
    result = _pooled(effects, run.spec.model)
    others = conventions(effects, run.spec.model)
    panel = few_studies(effects, run.spec.model.level) if 2 <= len(effects) < MANY else None
    elsewhere = parity(effects, run.spec.model)
    return Pool(title, measure, effects, result, alternatives, others, cross_check(effects), elsewhere, panel)


def _alternative(
    run: _Run, rows: Trials, effects: Effects, measure: Measure, other: Sensitivity
) -> Alternative | None:
    """None when the alternative changes nothing here, so that a table holds only rows that say something."""
    if len(effects) < 2:
        return None
    part = run.without(run.without(rows, {"trial": other.without}), other.drop)
    changed = run.effects(part, measure, **({} if other.r is None else {"r": other.r}))
    model = _model(run.spec.model, other)
    if model == run.spec.model and _same(changed, effects):
        return None
    try:
        return Alternative(other.name, _pooled(changed, model), "" if len(changed) else "no trial is left")
    except ModelError as error:
        return Alternative(other.name, None, str(error))


def _model(model: RandomEffects, other: Sensitivity) -> RandomEffects:
    changes = {name: value for name in ("tau2", "ci") if (value := getattr(other, name)) is not None}
    return replace(model, **changes)


def _same(one: Effects, two: Effects) -> bool:
    return one.labels == two.labels and bool((one.y == two.y).all() and (one.v == two.v).all())


def _pooled(effects: Effects, model: RandomEffects) -> MetaResult | None:
    return pool(effects, model) if len(effects) else None


def _where(rows: Trials, column: str, value: str) -> Trials:
    kept = tuple(row for row in rows if (text_of(row[column]) or "not stated") == value)
    return Trials(kept, rows.path, rows.sha256, rows.warnings)


def _evidence(run: _Run, chosen: Trials) -> Evidence:
    effects = run.effects(chosen, run.spec.measures[0])
    counts = Counter(_category(trial) for trial in effects.silent)
    return Evidence(
        known=len(effects) + len(effects.silent),
        with_effect=len(effects),
        percent_only=counts["percent"],
        without_numbers=counts["words"],
        not_obtained=counts["obtain"],
        never_pooled=counts["never"],
        silent=effects.silent,
    )


def _category(trial: Silent) -> str:
    match trial.kind:
        case "percent of baseline only":
            return "percent"
        case "results not obtained":
            return "obtain"
        case "kept out of every pool":
            return "never"
        case _:
            return "words"
