"""The multiverse of one pool of counts: models, crossovers, people without an outcome, and rows left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from bupmeta.analysis.spec import AnalysisSpec, Filter, Outcome, OutcomeAxes, OutcomeModel
from bupmeta.effects import Effects, Tables, event_effects
from bupmeta.effects.counts import CountMeasure
from bupmeta.effects.event_tables import known_tables
from bupmeta.effects.missing_people import as_failures, effects_with_missing, missing_people
from bupmeta.pooling import MetaResult, RandomEffects
from bupmeta.robustness.multiverse import Variant, multiverse
from bupmeta.robustness.multiverse_cells import INVERSE_VARIANCE
from bupmeta.robustness.multiverse_result import Multiverse
from bupmeta.trials import Trials

__all__ = ["Crossing", "Pooler", "cross_outcome", "crossing"]

Pooler = Callable[[Tables, CountMeasure, RandomEffects], MetaResult]
EVERY_ROW = "none left out"
_CROSSOVERS, _MISSING, _WITHOUT = "how crossovers count", "people without an outcome", "rows left out"
_MODELS: dict[OutcomeModel, str] = {
    "MH": "Mantel-Haenszel",
    "IV": INVERSE_VARIANCE,
    "Peto": "Peto",
    "GLMM": "binomial-normal",
}
_ODDS_RATIOS: tuple[OutcomeModel, ...] = ("Peto", "GLMM")
_AS_PARALLEL = "as parallel groups"


@dataclass(frozen=True, slots=True)
class Crossing:
    """What is crossed: the declared axes, correlations within persons, and row filters by name."""

    axes: OutcomeAxes
    r: tuple[float, ...] = (0.5,)
    without: Mapping[str, Callable[[Trials], Trials]] | None = None


def crossing(spec: AnalysisSpec, without: Callable[[Trials, Filter], Trials]) -> Crossing | None:
    """The choices about counts that a specification declares, with the correlations and rows of `[multiverse]`.

    `without(rows, filter)` gives the rows that a filter does not mean.
    """
    if spec.outcome_multiverse is None:
        return None
    if spec.multiverse is None:
        return Crossing(spec.outcome_multiverse, (spec.r,))
    filters = {name: _dropping(without, drop) for name, drop in spec.multiverse.without.items()}
    return Crossing(spec.outcome_multiverse, spec.multiverse.r, filters)


@dataclass(frozen=True, slots=True)
class _Read:
    """One way to count crossovers: the tables, if any trial has one, and the effects of crossovers read as paired."""

    level: str
    tables: Tables | None
    paired: Effects | None = None

    @property
    def crossovers(self) -> frozenset[str]:
        """The trials that are crossovers."""
        if self.tables is None:
            return frozenset()
        named = zip(self.tables.labels, self.tables.origin)
        return frozenset(label for label, one in named if one.design == "crossover")

    def effects(self, read: Effects) -> Effects:
        """Give the effects as `read`, those of crossovers as paired."""
        if self.paired is None or not len(read):
            return read
        own = self.paired.labels
        at = [own.index(x) if x in self.crossovers and x in own else -1 for x in read.labels]
        pairs = zip(at, read.y.tolist(), read.v.tolist())
        numbers = [(self.paired.y[i], self.paired.v[i]) if i >= 0 else (y, v) for i, y, v in pairs]
        return replace(read, y=np.array([y for y, _ in numbers]), v=np.array([v for _, v in numbers]))


def cross_outcome(
    outcome: Outcome,
    rows: Trials,
    file: Trials,
    asked: Crossing,
    *,
    comparators: Sequence[str],
    model: RandomEffects,
    poolers: Mapping[OutcomeModel, Pooler],
) -> Multiverse | None:
    """Read `rows` in every declared way and pool each reading by every declared model; None below two trials.

    A model joins where it gives the measure, and where the reading is a table: paired crossovers and odds ratios of
    missing people are effects and go by inverse variance. Paired crossovers with missing people are read as
    analysed only, for nothing says how the missing would have paired.

    >>> from bupmeta.analysis.outcomes import MODELS
    >>> from bupmeta.trials import read_trials
    >>> trials = read_trials("data/trials.csv")
    >>> axes = OutcomeAxes(("MH", "IV", "Peto"), crossovers=("as parallel", "left out"), measure="OR")
    >>> found = cross_outcome(
    ...     Outcome("at least 30 % less pain", "responder_30", "benefit"), trials, trials, Crossing(axes),
    ...     comparators=("placebo",), model=RandomEffects(), poolers=MODELS,
    ... )
    >>> found.axes, found.idle
    ({'model': ('inverse variance', 'Mantel-Haenszel', 'Peto')}, ('how crossovers count',))
    """
    axes = asked.axes
    measure = axes.measure or outcome.measure
    filters: dict[str, Callable[[Trials], Trials]] = {EVERY_ROW: lambda kept: kept} | dict(
        asked.without or {}
    )
    variants = [
        Variant({_CROSSOVERS: read.level, _MISSING: level, _WITHOUT: name}, effects, tables)
        for name, keep in filters.items()
        for read in _crossovers(outcome, keep(rows), asked, measure, comparators)
        for level, effects, tables in _missing(outcome, read, file, axes, measure)
    ]
    if not variants:
        return None
    counts = [name for name in axes.models if name != "IV" and (measure == "OR" or name not in _ODDS_RATIOS)]
    inverse = "IV" in axes.models
    found = multiverse(
        variants,
        model,
        tau2=axes.tau2 if inverse else (),
        ci=axes.ci if inverse else (),
        silent=False,
        counts={_MODELS[name]: _by(poolers[name], measure, model) for name in counts},
        marked={
            _CROSSOVERS: _AS_PARALLEL,
            _MISSING: "as analysed",
            _WITHOUT: EVERY_ROW,
            "model": _MODELS[outcome.model],
        },
    )
    not_here = tuple(
        f"{_MODELS[name]} gives odds ratios only." for name in axes.models if name not in (*counts, "IV")
    )
    return None if found is None else replace(found, refused=(*found.refused, *not_here))


def _dropping(without: Callable[[Trials, Filter], Trials], drop: Filter) -> Callable[[Trials], Trials]:
    return lambda rows: without(rows, drop)


def _by(pooler: Pooler, measure: CountMeasure, model: RandomEffects) -> Callable[[Tables], MetaResult]:
    return lambda tables: pooler(tables, measure, model)


def _crossovers(
    outcome: Outcome, rows: Trials, asked: Crossing, measure: CountMeasure, comparators: Sequence[str]
) -> Iterator[_Read]:
    name = outcome.outcome
    tables, _ = known_tables(rows, outcome=name, comparators=comparators)
    apart, _ = known_tables(rows, outcome=name, comparators=comparators, crossovers="silent")
    if tables is None:
        yield _Read(_AS_PARALLEL, None)
        return
    for way in asked.axes.crossovers:
        match way:
            case "as parallel":
                yield _Read(_AS_PARALLEL, tables)
            case "left out":
                yield _Read("left out", apart)
            case "paired" if not name.startswith("withdrawal"):  # who withdrew was not seen twice
                for r in asked.r:
                    read = event_effects(rows, outcome=name, measure=measure, comparators=comparators, r=r)
                    as_pairs = _Read(f"paired, correlation {r:g}", tables, read)
                    yield as_pairs if as_pairs.crossovers else replace(as_pairs, paired=None)


def _missing(
    outcome: Outcome, read: _Read, file: Trials, axes: OutcomeAxes, measure: CountMeasure
) -> Iterator[tuple[str, Effects, Tables | None]]:
    """Read people without an outcome in every declared way: the level, the effects, and their tables if there are."""
    tables = read.tables
    if tables is None:
        if "as analysed" in axes.missing:
            yield "as analysed", Effects.none(measure=measure), None
        return
    people = missing_people(file, tables)
    pairs_lost = read.paired is not None and any(one.any for one in people if one.label in read.crossovers)
    ways = [way for way in axes.missing if way == "as analysed" or not pairs_lost]
    said = {"as analysed": (1.0, 1.0)} | ({"as failures": (0.0, 0.0)} if outcome.event == "benefit" else {})
    for way in ways:
        if way == "imor":
            known = [said[other] for other in axes.missing if other in said]
            for pair in product(outcome.imor, outcome.imor):
                if pair not in known:
                    found = effects_with_missing(tables, people, pair, measure)
                    same = not any(one.any for one in people)  # nobody is missing: still the table
                    yield _odds(pair), read.effects(found), tables if same and read.paired is None else None
        elif way in said:
            counted = as_failures(tables, people) if way == "as failures" else tables
            found = read.effects(counted.effects(measure))
            yield way, found, counted if read.paired is None else None


def _odds(pair: tuple[float, float]) -> str:
    return f"odds × {pair[0]:g} active, × {pair[1]:g} control"
