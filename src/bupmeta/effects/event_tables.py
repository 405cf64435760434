"""Responders and harms of a data file: one 2x2 table, or one effect, per trial; the others stay with the reason."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from bupmeta.effects.contrast import contrast
from bupmeta.effects.core import Effects, Origin, Silent
from bupmeta.effects.counts import COUNTS, CountMeasure
from bupmeta.effects.difference import Unusable, is_paired, sizes_of
from bupmeta.effects.events import event_readings, fitting_events
from bupmeta.effects.one_trial import notes_of, silent_of
from bupmeta.effects.readings import GRID, PRIMARY, Reading
from bupmeta.effects.shared_control import combine_correlated
from bupmeta.effects.sizes import PLACEBOS, named_trials, why_not_poolable
from bupmeta.effects.tables import Tables
from bupmeta.errors import DataError
from bupmeta.trials import Result, Trials
from bupmeta.trials import forms as f

__all__ = ["Crossovers", "event_effects", "event_tables", "known_tables", "row_table"]

Crossovers = Literal["as parallel", "silent"]
AS_PARALLEL = (
    "a crossover as if the groups were different people: its weight is too small where events go together"
)
SHARED = 0.5  # correlation of two comparisons with one control of the same size


@dataclass(frozen=True, slots=True)
class Counted:
    """Events and people (active, control) of a trial, and what was assumed."""

    events: tuple[int, int]
    n: tuple[int, int]
    note: str = ""


def event_tables(
    trials: Trials,
    *,
    outcome: str,
    comparators: Sequence[str] = PLACEBOS,
    crossovers: Crossovers = "as parallel",
) -> Tables:
    """One table per trial with counts of `outcome`; a trial that printed less is `silent`, with what it lacks.

    Percentages become the nearest whole numbers that round to them, which the origin of the trial says. Active arms
    with one control are added up. A crossover counts as if its groups were different people, or is left silent: for
    its paired effect see `event_effects`. Raises DataError when no trial has counts.

    >>> from bupmeta.trials import read_trials
    >>> tables = event_tables(read_trials("data/trials.csv"), outcome="withdrawal_ae")
    >>> gao = tables.labels.index("Gao 2010")
    >>> float(tables.events_active[gao]), float(tables.n_active[gao]), len(tables.silent) > 0
    (15.0, 106.0, True)
    """
    tables, silent = known_tables(trials, outcome=outcome, comparators=comparators, crossovers=crossovers)
    if tables is None:
        raise DataError(f"no trial has counts of {outcome}; {len(silent)} are known without")
    return tables


def known_tables(
    trials: Trials,
    *,
    outcome: str,
    comparators: Sequence[str] = PLACEBOS,
    crossovers: Crossovers = "as parallel",
) -> tuple[Tables | None, tuple[Silent, ...]]:
    """Give the tables as `event_tables` does, None when there is none, and the trials known without counts.

    >>> from bupmeta.trials import read_trials
    >>> bupropion = read_trials("data/trials.csv").select(drug="bupropion")
    >>> tables, silent = known_tables(bupropion, outcome="global_improvement")
    >>> tables is None, [(one.label, one.kind) for one in silent]
    (True, [('Semenchuk 2001', 'one group only')])
    """
    if crossovers not in ("as parallel", "silent"):
        raise DataError(f"crossovers={crossovers!r} is not known; the choices are as parallel, silent")
    found: list[tuple[str, Counted, Origin]] = []
    silent: list[Silent] = []
    for name, results in named_trials(trials, outcome, comparators):
        poolable = [row for row in results if row.use == "main" and not row.superseded_by]
        one = _table(poolable, crossovers) if poolable else why_not_poolable(results)
        if isinstance(one, Unusable):
            silent.append(replace(silent_of(poolable or results, one), label=name))
        else:
            counted, kept = one
            found.append((name, counted, _origin(kept, poolable, counted.note)))
    return _tables(found, silent) if found else None, tuple(silent)


def row_table(row: Result) -> Tables | Unusable:
    """Give one row's counts as the table of its trial, to be shown, whatever analyses may do with it.

    >>> from bupmeta.trials import read_trials
    >>> table = row_table(read_trials("data/trials.csv")["external2013_tremor"])
    >>> table.labels, table.events_active.tolist(), table.events_control.tolist()
    (('External bupropion SR trial 2013',), [9.0], [0.0])
    """
    one = _counted(row)
    if isinstance(one, Unusable):
        return one
    notes = "; ".join(filter(None, (one.note, AS_PARALLEL if is_paired(row) else "")))
    return _tables([(row.study, one, _origin([row], [row], notes))], ())


def _tables(found: Sequence[tuple[str, Counted, Origin]], silent: Sequence[Silent]) -> Tables:
    return Tables.from_counts(
        [one.events[0] for _, one, _ in found],
        [one.n[0] for _, one, _ in found],
        [one.events[1] for _, one, _ in found],
        [one.n[1] for _, one, _ in found],
        [name for name, _, _ in found],
        origin=[origin for _, _, origin in found],
        silent=silent,
    )


def event_effects(
    trials: Trials,
    *,
    outcome: str,
    measure: CountMeasure = "OR",
    comparators: Sequence[str] = PLACEBOS,
    r: float = PRIMARY.r,
) -> Effects:
    """One effect per trial for inverse variance: counts, percentages, printed ratios, and crossovers as paired.

    Parallel arms with one control are added up; several comparisons within a crossover are combined with a
    correlation of 0.5 for their common control. `r` is the correlation of the two events of a person, as far as the
    counts of a crossover allow it. A ratio needs 1/2 added to an empty cell (`counts.COUNTS`). What
    gives no effect in this measure is silent. The result may hold no effect. Raises DataError for another measure.

    >>> from bupmeta.trials import read_trials
    >>> effects = event_effects(read_trials("data/trials.csv"), outcome="responder_moderate_relief", measure="RD")
    >>> "Max 1991" in effects.labels
    True
    """
    if measure not in COUNTS:
        raise DataError(f"measure={measure!r} is not known; the choices are {', '.join(COUNTS)}")
    found: list[tuple[str, Reading, Origin]] = []
    silent: list[Silent] = []
    for name, results in named_trials(trials, outcome, comparators):
        poolable = [row for row in results if row.use == "main" and not row.superseded_by]
        one = _reading(poolable, measure, r) if poolable else why_not_poolable(results)
        if isinstance(one, Unusable):
            silent.append(replace(silent_of(poolable or results, one), label=name))
        else:
            reading, kept = one
            origin = replace(_origin(kept, poolable, reading.assumption), formula=reading.formula)
            found.append((name, reading, origin))
    unit = f"log {measure}" if measure != "RD" else ""
    if not found:
        return Effects.none(silent, measure=measure, unit=unit)
    return Effects.from_arrays(
        [one.y for _, one, _ in found],
        [one.v for _, one, _ in found],
        [name for name, _, _ in found],
        measure=measure,
        unit=unit,
        origin=[origin for _, _, origin in found],
        silent=silent,
    )


def _counted(row: Result) -> Counted | Unusable:
    form = row.form
    match form:
        case f.Counts() | f.CrossoverCounts():
            n = (form.n_active, form.n_control)
            if is_paired(row):
                n = (form.n_active or form.n_paired, form.n_control or form.n_paired)
            if not (n[0] and n[1]):
                return Unusable("sizes not printed", "counts without the number of patients")
            return Counted((form.events_active, form.events_control), (n[0], n[1]))
        case f.Percentages():
            sizes = sizes_of(row) * (2 if is_paired(row) else 1)
            if not sizes:
                return Unusable("sizes not printed", "percentages without the number of patients")
            return _from_percentages((form.percent_active, form.percent_control), sizes)
        case f.OneArmCounts():
            return Unusable("one group only", "events of one group only")
        case f.TotalCounts():
            return Unusable("words only", "a total of all groups only")
        case f.Ratio() | f.NumberNeededToTreat():
            return Unusable("ratio without counts", f"{form.ratio_measure} {form.ratio:g}, and no counts")
        case _:
            found = contrast(row)
            return found if isinstance(found, Unusable) else Unusable("another outcome only", "no counts")


def _from_percentages(percents: tuple[float, float], sizes: tuple[float, ...]) -> Counted | Unusable:
    events, n, notes = [], [], []
    for percent, size in zip(percents, sizes):
        fits = fitting_events(percent, int(size))
        if fits is None:
            return Unusable("sizes not printed", "no whole numbers of these patients give the percentages")
        people, options = fits
        exact = percent / 100 * people
        events.append(options[int(np.abs(np.array(options) - exact).argmin())])
        n.append(people)
        also = f" ({options[0]} to {options[-1]} round to it)" if len(options) > 1 else ""
        fewer = "" if people == size else f" (no whole number of all {size:g} fits)"
        notes.append(f"{percent:g} % read as {events[-1]} of {people}{also}{fewer}")
    return Counted((events[0], events[1]), (n[0], n[1]), "; ".join(notes))


def _table(rows: list[Result], crossovers: Crossovers) -> tuple[Counted, list[Result]] | Unusable:
    """Return the counts of a trial and the rows they are from: active arms added up over one control."""
    if crossovers == "silent" and any(map(is_paired, rows)):
        return Unusable("another outcome only", "a crossover, whose groups are the same people")
    each = [(row, _counted(row)) for row in rows]
    usable = [(row, one) for row, one in each if isinstance(one, Counted)]
    if not usable:
        return next(one for _, one in each if isinstance(one, Unusable))
    first = usable[0][1]
    same = [(row, one) for row, one in usable if (one.events[1], one.n[1]) == (first.events[1], first.n[1])]
    kept = [one for _, one in same]
    notes = list(dict.fromkeys(one.note for one in kept if one.note))
    if len(kept) > 1:
        notes.insert(0, f"{len(kept)} active groups added up")
    if any(is_paired(row) for row, _ in same):
        notes.append(AS_PARALLEL)
    active = sum(one.events[0] for one in kept), sum(one.n[0] for one in kept)
    counted = Counted((active[0], first.events[1]), (active[1], first.n[1]), "; ".join(notes))
    return counted, [row for row, _ in same]


def _reading(rows: list[Result], measure: CountMeasure, r: float) -> tuple[Reading, list[Result]] | Unusable:
    if not any(map(is_paired, rows)):
        table = _table(rows, "silent")
        if not isinstance(table, Unusable):
            counted, kept = table
            (a, c), (n1, n2) = counted.events, counted.n
            y, v = COUNTS[measure](a, n1, c, n2)
            if np.isfinite(y) and math.isfinite(float(v)) and v > 0:
                return Reading(
                    float(y), float(v), f"{measure} of {a}/{n1} against {c}/{n2}", counted.note
                ), kept
            return Unusable("words only", "no events, or only events, in both arms say nothing about a ratio")
    at_r = replace(GRID, primary=replace(PRIMARY, r=r))
    each = [(row, event_readings(row, measure, at_r)) for row in rows]
    usable = [(row, one.readings[0]) for row, one in each if not isinstance(one, Unusable)]
    readings = [one for _, one in usable if isinstance(one, Reading)]
    if not readings:
        return next(one for _, one in each if isinstance(one, Unusable))
    kept = [row for row, _ in usable]
    if len(readings) == 1:
        return readings[0], kept
    correlation = np.full((len(readings), len(readings)), SHARED) + (1 - SHARED) * np.eye(len(readings))
    mean, var = combine_correlated([one.y for one in readings], [one.v for one in readings], correlation)
    formula = f"{len(readings)} comparisons with one control combined; {readings[0].formula}"
    notes = "; ".join(dict.fromkeys(one.assumption for one in readings if one.assumption))
    return Reading(float(mean), float(var), formula, notes), kept


def _origin(kept: list[Result], poolable: list[Result], assumption: str) -> Origin:
    first = kept[0]
    others = [row.row for row in poolable if row not in kept]
    without = f"Rows of the same trial that are not in this number: {', '.join(others)}." if others else ""
    return Origin(
        rows=tuple(row.row for row in kept),
        year=first.year,
        design=first.design or "",
        treatment=", ".join(dict.fromkeys(row.drug for row in kept)),
        printed=" | ".join(dict.fromkeys(row.source.as_printed for row in kept)),
        assumption=assumption,
        address=first.source.address,
        remark=" ".join(filter(None, (notes_of(kept), without))),
        trial=first.trial,
    )
