"""What missing people could do to an outcome: the pool over the declared odds ratios of those without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import exp

from bupmeta.effects import Tables
from bupmeta.effects.counts import CountMeasure
from bupmeta.effects.missing_people import MissingPeople, effects_with_missing, missing_people
from bupmeta.pooling import MetaResult, RandomEffects, pool
from bupmeta.trials import Trials

__all__ = ["Missing", "MissingRow", "missing_grid"]

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class MissingRow:
    """The pool when missing people have `imor` (active, control) times the odds of the others."""

    imor: Pair
    result: MetaResult

    @property
    def shown(self) -> tuple[float, Pair]:
        """The estimate and its interval as people read them: a ratio, not its logarithm."""
        mu, (low, high) = self.result.mu, self.result.ci
        return (mu, (low, high)) if self.result.effects.measure == "RD" else (exp(mu), (exp(low), exp(high)))


@dataclass(frozen=True, slots=True, eq=False)
class Missing:
    """Per trial the people without an outcome, and the pool at each pair of declared odds ratios."""

    people: tuple[MissingPeople, ...]
    rows: tuple[MissingRow, ...]

    @property
    def span(self) -> tuple[MissingRow, MissingRow] | None:
        """The rows with the lowest and the highest estimate."""
        ordered = sorted(self.rows, key=lambda row: row.result.mu)
        return (ordered[0], ordered[-1]) if ordered else None


def missing_grid(
    trials: Trials, tables: Tables, measure: CountMeasure, imor: Sequence[float], level: float
) -> Missing | None:
    """Cross the odds ratios of both groups; None when none is declared. No row when nobody is known to be missing.

    All rows are common effects by inverse variance, so that they differ by what is assumed and by nothing else.

    >>> from bupmeta.effects import event_tables
    >>> from bupmeta.trials import read_trials
    >>> trials = read_trials("data/trials.csv")
    >>> tables = event_tables(trials, outcome="responder_30")
    >>> found = missing_grid(trials, tables, "RR", [1.0, 0.0], 0.95)
    >>> [(row.imor, round(row.shown[0], 2)) for row in found.rows]
    [((1.0, 1.0), 1.47), ((1.0, 0.0), 1.5), ((0.0, 1.0), 1.45), ((0.0, 0.0), 1.48)]
    """
    if not imor:
        return None
    people = missing_people(trials, tables)
    if not any(one.any for one in people):
        return Missing(people, ())
    model = RandomEffects(tau2="EE", ci="Wald", prediction="none", level=level)
    rows = []
    for pair in product(imor, imor):
        effects = effects_with_missing(tables, people, pair, measure)
        if len(effects):
            rows.append(MissingRow(pair, pool(effects, model)))
    return Missing(people, tuple(rows))
