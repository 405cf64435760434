"""A row of the Summary of Findings, and the risk of bias of a pool, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bupmeta.analysis.certainty import Body, Certainty
from bupmeta.analysis.outcome_results import People
from bupmeta.trials.risk_of_bias import Assessment, Judged, shares

__all__ = ["Finding", "Judgements", "PoolRisk"]

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known of one outcome in one condition, and how certain it is.

    `estimate` and `ci` are a ratio, or a difference in `unit`; None where no trial has an effect.
    """

    outcome: str
    condition: str
    body: Body
    certainty: Certainty
    known: int
    measure: str
    unit: str = ""
    estimate: float | None = None
    ci: Pair | None = None
    people: People | None = None
    comments: tuple[str, ...] = ()

    @property
    def rating(self) -> str:
        """The certainty as sign and words; what no trial has looked at is not rated."""
        return self.certainty.words if self.known else "not rated: no trial is known"


@dataclass(frozen=True, slots=True)
class PoolRisk:
    """Risk of bias of the known trials of one pool, by label, with their weights in percent (0 without an effect)."""

    title: str
    assessments: Mapping[str, Assessment]
    weights: tuple[float, ...]

    @property
    def of_trials(self) -> Mapping[Judged, float]:
        """Percent of the trials with each overall judgement."""
        return self._percent(())

    @property
    def of_weight(self) -> Mapping[Judged, float]:
        """Percent of the weight with each overall judgement; empty when no trial has an effect."""
        return self._percent(self.weights) if any(self.weights) else {}

    def _percent(self, weights: tuple[float, ...]) -> Mapping[Judged, float]:
        found = shares([one.overall for one in self.assessments.values()], weights)
        return {word: 100 * share for word, share in found.items()}


@dataclass(frozen=True, slots=True)
class Judgements:
    """The file of judgements that an analysis read, and what it says of each pool of the main outcome."""

    name: str
    sha256: str
    pools: tuple[PoolRisk, ...]

    @property
    def everyone(self) -> Mapping[str, Assessment]:
        """Every known trial once, by label."""
        return {label: one for pool in self.pools for label, one in pool.assessments.items()}
