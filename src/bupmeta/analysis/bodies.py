"""From pools to bodies of evidence: the numbers that proposals of certainty look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bupmeta.analysis.certainty import Body, InformationSize, Rules, Unseen, of_difference, of_ratio
from bupmeta.analysis.outcome_results import Compared, EventPool
from bupmeta.analysis.results import Pool
from bupmeta.analysis.spec import AnalysisSpec
from bupmeta.bias import small_study
from bupmeta.effects import Effects
from bupmeta.effects.core import Origin
from bupmeta.effects.spread import comparable_sds
from bupmeta.errors import ModelError
from bupmeta.pooling import MetaResult
from bupmeta.trials import Trials
from bupmeta.trials.risk_of_bias import Assessment, Judged, RiskOfBias
from bupmeta.trials.words import MEANINGS

__all__ = ["Evidence", "body_of_events", "body_of_one", "body_of_scores"]

#: A trial whose report said this has a result that nobody here knows the size of.
_MISSING = ("results not obtained", "not significant, no numbers")
_RATIOS = ("OR", "RR")
OUTSIDE_PAIN = "people without pain"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What every body of an analysis is made with; without a file of judgements nothing is assessed."""

    spec: AnalysisSpec
    trials: Trials
    judged: RiskOfBias | None
    rules: Rules

    def assess(self, trial: str, outcome: str) -> Assessment:
        """The judgements of one trial for an outcome."""
        return Assessment(trial) if self.judged is None else self.judged.of(trial, outcome)

    def overall(self, effects: Effects, outcome: str) -> tuple[Judged, ...]:
        """The overall judgement of every trial with an effect, else of every known trial."""
        known = [one.trial for one in effects.origin] or [one.trial for one in effects.silent]
        return tuple(self.assess(trial, outcome).overall for trial in known)


def body_of_scores(evidence: Evidence, pool: Pool) -> Body:
    """The body behind one pool of differences in points."""
    spec, result, effects = evidence.spec, pool.result, pool.effects
    points = spec.reading_aid.points if spec.reading_aid is not None else None
    flags, flagged = _flags(evidence, effects.origin, _weights(result))
    return Body(
        k=len(effects),
        persons=sum(one.n or 0 for one in effects.origin),
        judged=evidence.overall(effects, spec.outcome),
        weights=_weights(result),
        ci=None if result is None else result.ci,
        prediction=None if result is None else result.prediction,
        i2=None if result is None else result.i2,
        important=None if points is None else (-points, points),
        needed=None if points is None else _needed(evidence, pool.title, points),
        flags=flags,
        flagged=flagged,
        unseen=_unseen(effects),
        small_study_p=None if pool.small_study is None else pool.small_study.p,
    )


def body_of_events(evidence: Evidence, pool: EventPool, outcome: str) -> Body:
    """The body behind one pool of events; its risk without treatment is the first that is assumed."""
    result = pool.main.result if pool.main is not None else None
    effects = pool.effects
    flags, flagged = _flags(evidence, effects.origin, _weights(result))
    ratio = effects.measure in _RATIOS
    needed = None
    if pool.people and ratio:
        needed = of_ratio(pool.people[0].risks[1], evidence.rules.important_ratio[0], evidence.rules)
    return Body(
        k=len(effects) if result is not None else 0,
        persons=sum(one.n or 0 for one in effects.origin),
        judged=evidence.overall(effects, outcome),
        weights=_weights(result),
        ci=None if result is None else result.ci,
        prediction=None if result is None else result.prediction,
        i2=None if result is None else result.i2 if result.i2 is not None else result.i2_q,
        ratio=ratio,
        needed=needed,
        flags=flags,
        flagged=flagged,
        unseen=_unseen(effects),
        small_study_p=_small_study_p(effects),
    )


def body_of_one(evidence: Evidence, one: Compared) -> Body:
    """The body of one trial that is not about pain: what it shows is indirect for people with pain."""
    t = one.tables
    ratio = one.effects.measure in _RATIOS
    return Body(
        k=1,
        persons=int(t.n_active[0] + t.n_control[0]),
        judged=(evidence.assess(t.origin[0].trial, one.outcome.outcome).overall,),
        weights=(100.0,),
        ci=one.effects.limits(one.level)[0] if len(one.effects) else None,
        ratio=ratio,
        needed=of_ratio(one.risks[1], evidence.rules.important_ratio[0], evidence.rules)
        if ratio and 0 < one.risks[1] < 1
        else None,
        flags={OUTSIDE_PAIN: 1.0},
        flagged=1.0,
        unseen=Unseen(0, 1, 0, int(t.n_active[0] + t.n_control[0])),
    )


def _weights(result: MetaResult | None) -> tuple[float, ...]:
    return () if result is None else tuple(result.weights.tolist())


def _needed(evidence: Evidence, condition: str, points: float) -> InformationSize | None:
    """From the standard deviations that trials of the condition print; of all conditions where it is no condition."""
    here = condition if condition in MEANINGS["condition"] else None
    found = (comparable_sds(evidence.trials, here, kind) for kind in ("endpoint", "change"))
    sds = next((one for one in found if one is not None), None)
    if sds is None:
        return None
    return of_difference(points, sds.at("median"), evidence.rules, sds.named("median"))


def _flags(
    evidence: Evidence, origins: Sequence[Origin], weights: Sequence[float]
) -> tuple[Mapping[str, float], float]:
    """The share of the weight behind each reason for indirectness, and behind any."""
    whole = sum(weights)
    if not whole:
        return {}, 0.0
    found: dict[str, float] = {}
    flagged = 0.0
    for origin, weight in zip(origins, weights, strict=True):
        reasons = _reasons(evidence, origin)
        flagged += weight / whole if reasons else 0.0
        for reason in reasons:
            found[reason] = found.get(reason, 0.0) + weight / whole
    return found, flagged


def _reasons(evidence: Evidence, origin: Origin) -> tuple[str, ...]:
    """What the rows of one trial say that the question did not ask about."""
    column, wanted = evidence.spec.groups.by[0], evidence.spec.groups.of_interest
    found: dict[str, None] = {}
    for name in origin.rows:
        row = evidence.trials[name]
        if row.comparator_type not in ("placebo", "active placebo"):
            found[f"comparator: {row.comparator_type}"] = None
        if wanted and row[column] not in wanted:
            found["patients other than those asked about"] = None
        if row.design == "crossover, first period":
            found["first period of a crossover only"] = None
    return tuple(found)


def _unseen(effects: Effects) -> Unseen:
    missing = [one for one in effects.silent if one.kind in _MISSING]
    persons = sum(one.n or 0 for one in missing)
    everyone = sum(one.n or 0 for one in effects.origin) + sum(one.n or 0 for one in effects.silent)
    unsized = sum(one.n is None for one in missing)
    return Unseen(len(missing), len(effects) + len(effects.silent), persons, everyone, unsized)


def _small_study_p(effects: Effects) -> float | None:
    try:
        return small_study(effects).p
    except ModelError:  # too few trials, or sizes that are alike or not known
        return None
