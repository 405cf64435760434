"""What conditions say about each other, and what a next trial could change in each: steps of an analysis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bupmeta.analysis.evidence import AllOfIt
from bupmeta.analysis.spec import Ahead, AnalysisSpec
from bupmeta.effects import Effects, comparable_sds
from bupmeta.planning import (
    ExtendedFunnel,
    InformationSize,
    NextTrial,
    extended_funnel,
    information_size,
    next_trial,
)
from bupmeta.pooling import MetaResult, PartialPool, PartialPooling, partial_pool
from bupmeta.pooling.prior_scale import prior_scale
from bupmeta.pooling.tau_priors import HalfNormal
from bupmeta.trials import Trials

__all__ = ["Outlooks", "ahead", "together"]


def together(totals: Mapping[str, Effects], spec: AnalysisSpec) -> PartialPool | None:
    """Pool the conditions partially; None where the specification does not ask, or fewer than two are asked about."""
    wanted, conditions = spec.across, {k: v for k, v in totals.items() if k != spec.groups.overall}
    told = [effects for effects in conditions.values() if len(effects)]
    if wanted is None or len(conditions) < 2 or not told:
        return None
    scale, _ = prior_scale(told[0])
    if scale is None:
        return None
    tau, omega = (HalfNormal(one).scaled(scale) for one in (wanted.tau, wanted.omega))
    return partial_pool(conditions, PartialPooling(tau, omega, level=spec.model.level))


@dataclass(frozen=True, slots=True, eq=False)
class Outlooks:
    """What a next trial could change in one pool.

    `chances` hold one answer per threshold for the extractable results, `all_evidence` for all evidence (empty where
    trials without numbers do not count); `information` is that for the effect to be found, `funnel` the extended one at
    the first threshold; `sd_source` says where the standard deviation of persons is from.
    """

    chances: tuple[NextTrial, ...]
    all_evidence: tuple[NextTrial, ...]
    information: InformationSize
    funnel: ExtendedFunnel
    sd_source: str

    def to_dict(self) -> dict[str, Any]:
        """Give every number under the names of `results.json`."""
        return {
            "chances": [one.to_dict() for one in self.chances],
            "all_evidence": [one.to_dict() for one in self.all_evidence],
            "information": self.information.to_dict(),
            "sd_source": self.sd_source,
        }


def ahead(
    result: MetaResult | None,
    evidence: AllOfIt | None,
    wanted: Ahead | None,
    trials: Trials,
    condition: str | None,
) -> Outlooks | None:
    """Plan a next trial with the SD asked for, or the median of what trials of `condition` print; None without any."""
    if result is None or wanted is None:
        return None
    found = comparable_sds(trials, condition, "endpoint") if wanted.sd is None else None
    sd = wanted.sd if found is None else found.at("median")
    if sd is None:
        return None

    def chances(of: MetaResult) -> tuple[NextTrial, ...]:
        sizes = [int(n) for n in wanted.n]
        return tuple(next_trial(of, sizes, sd=sd, threshold=at) for at in wanted.thresholds)

    bayes = None if evidence is None else evidence.bayes
    return Outlooks(
        chances(result),
        () if bayes is None else chances(bayes),
        information_size(result, wanted.delta, sd=sd, power=wanted.power),
        extended_funnel(result, threshold=wanted.thresholds[0]),
        f"SD {sd:g} points, as the specification says" if found is None else found.named("median"),
    )
