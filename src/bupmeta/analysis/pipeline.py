"""The one pipeline: a specification and a data file in, an Analysis out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from bupmeta import __version__
from bupmeta.analysis.conventions import conventions
from bupmeta.analysis.crosscheck import cross_check
from bupmeta.analysis.results import Alternative, Analysis, Evidence, Pool, Section
from bupmeta.analysis.spec import AnalysisSpec, Filter, Sensitivity, read_spec
from bupmeta.effects import Effects, Measure, Silent, effect_sizes, silent_trials
from bupmeta.errors import ModelError, SpecError
from bupmeta.pooling import MetaResult, RandomEffects, pool
from bupmeta.trials import COLUMNS, Result, Trials, read_trials

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
    for label, wanted in _filters(spec):
        _check_filter(spec, trials, label, wanted)
    chosen = _matching(trials, spec.select)
    if not len(chosen):
        columns = ", ".join(f"{name} = {' or '.join(values)}" for name, values in spec.select.items())
        raise SpecError(f"{spec.path}: [select] matches no row of {spec.data} ({columns})")
    sections = [
        section
        for measure in spec.measures
        for title in _titles(spec, chosen)
        if (section := _section(spec, chosen, title, measure, progress)) is not None
    ]
    return Analysis(
        spec=spec,
        version=__version__,
        data_sha256=trials.sha256,
        evidence=_evidence(spec, chosen),
        sections=tuple(sections),
        narrative=silent_trials(_matching(trials, spec.narrative)) if spec.narrative else (),
    )


def _filters(spec: AnalysisSpec) -> Iterable[tuple[str, Filter]]:
    yield "select", spec.select
    yield "narrative", spec.narrative
    for alternative in spec.sensitivity:
        yield f"sensitivity {alternative.name!r} drop", alternative.drop
        yield (
            f"sensitivity {alternative.name!r}",
            {"trial": alternative.without} if alternative.without else {},
        )
    for column in spec.groups.by:
        yield "groups.by", {column: ()}
    if spec.groups.of_interest:
        yield "groups.of_interest", {spec.groups.by[0]: spec.groups.of_interest}


def _check_filter(spec: AnalysisSpec, trials: Trials, label: str, wanted: Filter) -> None:
    """A value is right when the column's vocabulary or any row of the file has it; a typing error is neither."""
    columns = {column.name: column for column in COLUMNS}
    for name, values in wanted.items():
        if name not in columns:
            raise SpecError(f"{spec.path}: {label} names the column {name!r}; {_near(name, tuple(columns))}")
        known = set(columns[name].words) | {str(row[name]) for row in trials if row[name] is not None}
        for value in values:
            if value not in known:
                hint = _near(value, tuple(sorted(known)))
                raise SpecError(
                    f"{spec.path}: {label} has {name} = {value!r}, which no row of {spec.data} has; {hint}"
                )


def _near(wrong: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(wrong, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known[:12])}"


def _matching(trials: Trials, wanted: Filter) -> Trials:
    return trials.select(**dict(wanted))


def _titles(spec: AnalysisSpec, chosen: Trials) -> tuple[str, ...]:
    present = (str(row[spec.groups.by[0]] or "not stated") for row in chosen)
    return tuple(dict.fromkeys((*spec.groups.of_interest, *present)))


def _section(
    spec: AnalysisSpec, chosen: Trials, title: str, measure: Measure, progress: Progress | None
) -> Section | None:
    if progress is not None:
        progress(f"{title}, {measure}")
    rows = _where(chosen, spec.groups.by[0], title)
    match measure:
        case "MD":
            return Section(title, measure, _pool(spec, rows, title, measure), _by_second(spec, rows, measure))
        case "SMD" | "percent":
            kinds = _by_kind(spec, rows, measure)
            return Section(title, measure, None, kinds) if kinds else None


def _by_second(spec: AnalysisSpec, rows: Trials, measure: Measure) -> tuple[Pool, ...]:
    if len(spec.groups.by) < 2:
        return ()
    column = spec.groups.by[1]
    present = dict.fromkeys(str(row[column] or "not stated") for row in rows)
    order = spec.select.get(column, ())
    values = sorted(present, key=lambda value: order.index(value) if value in order else len(order))
    return tuple(_pool(spec, _where(rows, column, value), value, measure) for value in values)


def _by_kind(spec: AnalysisSpec, rows: Trials, measure: Measure) -> tuple[Pool, ...]:
    """Endpoint scores, change scores and percentages of different things stand apart, without a total.

    Their standard deviations mean different things (Cochrane Handbook 6, section 10.5.2).
    """
    effects = _effects(spec, rows, measure)
    kinds = [origin.kind for origin in effects.origin]
    pools = []
    for kind in dict.fromkeys(kinds):
        part = replace(effects.take([i for i, own in enumerate(kinds) if own == kind]), silent=())
        result = _pooled(part, spec.model)
        others = conventions(part, spec.model)
        pools.append(
            Pool(_KIND_TITLES[kind], measure, part, result, conventions=others, checks=cross_check(part))
        )
    return tuple(pools)


def _pool(spec: AnalysisSpec, rows: Trials, title: str, measure: Measure) -> Pool:
    effects = _effects(spec, rows, measure)
    alternatives = tuple(
        one
        for alternative in spec.sensitivity
        if (one := _alternative(spec, rows, effects, measure, alternative)) is not None
    )
    result = _pooled(effects, spec.model)
    return Pool(
        title, measure, effects, result, alternatives, conventions(effects, spec.model), cross_check(effects)
    )


def _alternative(
    spec: AnalysisSpec, rows: Trials, effects: Effects, measure: Measure, other: Sensitivity
) -> Alternative | None:
    """None when the alternative changes nothing here, so that a table holds only rows that say something."""
    if len(effects) < 2:
        return None
    kept = tuple(row for row in rows if row.trial not in other.without and not _dropped(row, other.drop))
    part = Trials(kept, rows.path, rows.sha256, rows.warnings)
    changed = _effects(spec, part, measure, other.r)
    model = _model(spec.model, other)
    if model == spec.model and _same(changed, effects):
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


def _dropped(row: Result, drop: Filter) -> bool:
    return any(row[name] in values for name, values in drop.items())


def _pooled(effects: Effects, model: RandomEffects) -> MetaResult | None:
    return pool(effects, model) if len(effects) else None


def _where(rows: Trials, column: str, value: str) -> Trials:
    kept = tuple(row for row in rows if str(row[column] or "not stated") == value)
    return Trials(kept, rows.path, rows.sha256, rows.warnings)


def _effects(spec: AnalysisSpec, rows: Trials, measure: Measure, r: float | None = None) -> Effects:
    comparators = spec.select.get("comparator_type", ("placebo", "active placebo"))
    r = spec.r if r is None else r
    return effect_sizes(rows, outcome=spec.outcome, measure=measure, comparators=comparators, r=r)


def _evidence(spec: AnalysisSpec, chosen: Trials) -> Evidence:
    effects = _effects(spec, chosen, spec.measures[0])
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
