"""Responders, withdrawals and harms: every definition an outcome of its own, every row in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from bupmeta.analysis.missing import missing_grid
from bupmeta.analysis.outcome_multiverse import Crossing, Pooler, cross_outcome
from bupmeta.analysis.outcome_results import Compared, EventPool, OutcomeSection, Way
from bupmeta.analysis.parity_counts import parity_of_result
from bupmeta.analysis.spec import Outcome, OutcomeModel
from bupmeta.effects import Effects, Silent, Tables, event_effects
from bupmeta.effects.difference import Unusable
from bupmeta.effects.event_tables import known_tables, row_table
from bupmeta.effects.one_group import one_group
from bupmeta.effects.one_trial import silent_of
from bupmeta.errors import DataError, ModelError
from bupmeta.kernels.risks import newcombe
from bupmeta.pooling import (
    AssumedRisk,
    BinomialNormal,
    MantelHaenszel,
    MetaResult,
    Peto,
    RandomEffects,
    absolute,
    control_risk,
    pool,
)
from bupmeta.trials import Result, Trials

__all__ = ["MODELS", "OUTSIDE", "outcome_section"]

OUTSIDE = "other"
"""The condition of trials that are not about pain."""
_UNITS = {"OR": "log OR", "RR": "log RR", "RD": ""}

#: Peto and the binomial-normal model give odds ratios whatever the measure of the outcome.
MODELS: dict[OutcomeModel, Pooler] = {
    "MH": lambda tables, measure, model: pool(tables, MantelHaenszel(measure, model.level)),
    "IV": lambda tables, measure, model: pool(tables.effects(measure), model),
    "Peto": lambda tables, _, model: pool(tables, Peto(model.level)),
    "GLMM": lambda tables, _, model: pool(tables, BinomialNormal(level=model.level)),
}


@dataclass(frozen=True, slots=True)
class _Ask:
    """What every pool of an outcome is asked with."""

    outcome: Outcome
    comparators: tuple[str, ...]
    model: RandomEffects
    file: Trials
    r: float
    crossing: Crossing | None


def outcome_section(
    outcome: Outcome,
    eligible: Trials,
    narrative: Trials,
    *,
    comparators: Sequence[str],
    model: RandomEffects,
    titles: Sequence[str],
    column: str = "condition",
    overall: str = "all conditions",
    r: float = 0.5,
    crossing: Crossing | None = None,
) -> OutcomeSection:
    """Pool one outcome in each of the `titles` of `column`, and set apart what no pool may hold.

    `eligible` are the rows of the question, `narrative` those it shows without pooling. Trials that are not about pain
    are in no pool, whatever their rows say. `r` is the within-person correlation of crossovers that are read as paired,
    `crossing` are the choices that every pool is crossed over.

    >>> from bupmeta.trials import read_trials
    >>> rows = read_trials("data/trials.csv").select(drug="bupropion")
    >>> found = outcome_section(
    ...     Outcome("dry mouth", "ae_dry_mouth", "harm"), rows, rows.select(comparator_type="none"),
    ...     comparators=("placebo",), model=RandomEffects(), titles=("neuropathic pain",),
    ... )
    >>> found.known, [(one.label, one.people.needed) for one in found.outside]
    (0, [('External bupropion SR trial 2013', 'NNTH 10 (NNTH 7 to NNTH 22)')])
    """
    ask = _Ask(outcome, tuple(comparators), model, eligible, r, crossing)
    rows = [row for row in eligible if row.outcome == outcome.outcome]
    pain = [row for row in rows if row.condition != OUTSIDE]
    shown = [row for row in narrative if row.outcome == outcome.outcome and row.condition != OUTSIDE]
    pools = [_pool(ask, title, part) for title in titles if len(part := _in(eligible, pain, column, title))]
    everything = _part(eligible, pain)
    pooled = {row.trial for row in pain if row.use == "main"}
    further = [row for row in pain if row.use == "secondary" and row.trial not in pooled]
    together = outcome.conditions == "together" and len(pools) > 1
    return OutcomeSection(
        outcome,
        tuple(pools),
        _pool(ask, overall, everything) if together else None,
        tuple(one for row in (*pain, *shown) if (one := one_group(row, model.level)) is not None),
        _compared(ask, (*further, *shown)),
        _words(shown),
        _compared(ask, [row for row in rows if row.condition == OUTSIDE]),
    )


def _part(whole: Trials, rows: Sequence[Result]) -> Trials:
    return Trials(tuple(rows), whole.path, whole.sha256, whole.warnings)


def _in(whole: Trials, rows: Sequence[Result], column: str, title: str) -> Trials:
    return _part(whole, [row for row in rows if str(row[column] or "not stated") == title])


def _compared(ask: _Ask, rows: Sequence[Result]) -> tuple[Compared, ...]:
    tables = (row_table(row) for row in rows)
    return tuple(_compare(ask, one) for one in tables if isinstance(one, Tables))


def _words(rows: Sequence[Result]) -> tuple[Silent, ...]:
    """Rows without counts of two groups; what one group holds is said elsewhere."""
    found = ((row, row_table(row)) for row in rows if one_group(row) is None)
    return tuple(silent_of([row], why) for row, why in found if isinstance(why, Unusable))


def _compare(ask: _Ask, tables: Tables) -> Compared:
    t = tables
    d, low, high = newcombe(t.events_active, t.n_active, t.events_control, t.n_control, ask.model.level)
    effects = tables.effects(ask.outcome.measure)
    return Compared(
        tables, effects, ask.outcome, float(d[0]), (float(low[0]), float(high[0])), ask.model.level
    )


def _pool(ask: _Ask, title: str, rows: Trials) -> EventPool:
    measure, name = ask.outcome.measure, ask.outcome.model
    tables, silent = known_tables(rows, outcome=ask.outcome.outcome, comparators=ask.comparators)
    if tables is None:
        return EventPool(title, None, Effects.none(silent, measure=measure, unit=_UNITS[measure]), None)
    alone = _compare(ask, tables) if len(tables) == 1 else None
    risks = _risks(ask, None if alone is not None else tables)
    main = _way(ask, name, partial(MODELS[name], tables, measure, ask.model), risks)
    others = _others(ask, rows, tables, risks) if alone is None else ()
    elsewhere = parity_of_result(main.result, tables) if main.result is not None else None
    missing = missing_grid(ask.file, tables, measure, ask.outcome.imor, ask.model.level)
    crossed = None
    if ask.crossing is not None and alone is None:
        crossed = cross_outcome(
            ask.outcome,
            rows,
            ask.file,
            ask.crossing,
            comparators=ask.comparators,
            model=ask.model,
            poolers=MODELS,
        )
    return EventPool(title, tables, tables.effects(measure), main, others, alone, elsewhere, missing, crossed)


def _risks(ask: _Ask, tables: Tables | None) -> tuple[AssumedRisk, ...]:
    """The risk that the specification gives, then that of the control groups of several trials."""
    given = (ask.outcome.control_risk,) if ask.outcome.control_risk is not None else ()
    if tables is None:
        return given
    try:
        return (*given, control_risk(tables))
    except DataError:  # no control group, or every one, had events
        return given


def _others(ask: _Ask, rows: Trials, tables: Tables, risks: tuple[AssumedRisk, ...]) -> tuple[Way, ...]:
    name, outcome, measure = ask.outcome.model, ask.outcome.outcome, ask.outcome.measure
    runs: dict[str, Callable[[], MetaResult]] = {
        other: partial(MODELS[other], tables, measure, ask.model) for other in MODELS if other != name
    }
    crossed = any(origin.design == "crossover" for origin in tables.origin)
    if crossed and not outcome.startswith("withdrawal"):  # who withdrew was not seen twice
        paired = event_effects(rows, outcome=outcome, measure=measure, comparators=ask.comparators, r=ask.r)
        runs["IV, crossovers as paired"] = partial(pool, paired, ask.model)
    if crossed:
        parallel, _ = known_tables(rows, outcome=outcome, comparators=ask.comparators, crossovers="silent")
        if parallel is not None:
            runs[f"{name}, without crossovers"] = partial(MODELS[name], parallel, measure, ask.model)
    return tuple(_way(ask, title, run, risks) for title, run in runs.items())


def _way(ask: _Ask, name: str, run: Callable[[], MetaResult], risks: tuple[AssumedRisk, ...]) -> Way:
    try:
        result = run()
    except (ModelError, DataError) as error:
        return Way(name, None, reason=str(error))
    return Way(name, result, absolute(result, risks, event=ask.outcome.event) if risks else None)
