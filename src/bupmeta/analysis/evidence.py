"""All the evidence of one pool: the trials without numbers, by what their words admit, beside the extractable ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bupmeta.effects import Effects
from bupmeta.pooling import AllEvidence, Bayes, MetaResult, Shifts, WorstCases, pool, shifts, worst_case
from bupmeta.pooling.panel import MANY
from bupmeta.pooling.prior_scale import prior_scale
from bupmeta.pooling.tau_priors import HalfNormal

__all__ = ["AllOfIt", "all_of_it"]


@dataclass(frozen=True, slots=True, eq=False)
class AllOfIt:
    """The all-evidence result, the shift each silent trial makes, and what unseen results could do to it.

    With fewer than five contributions `bayes` is their posterior under the half-normal(0.5) prior of tau.

    `result` is None where no trial printed an estimate: words alone admit a range and single out no value in it.
    """

    result: MetaResult | None
    shifts: Shifts
    worst: WorstCases | None
    bayes: MetaResult | None = None


def all_of_it(effects: Effects, level: float, assumed: Sequence[float]) -> AllOfIt | None:
    """Pool everything that says something; None when no silent trial does and no result is outstanding."""
    model = AllEvidence(level=level)
    telling = [trial for trial in effects.silent if trial.admissible is not None]
    unseen = [trial for trial in effects.silent if trial.kind == "results not obtained"]
    if not telling and not (unseen and len(effects)):
        return None
    known = replace(effects, silent=(*telling, *unseen))
    result = pool(known, model) if len(effects) and telling else None
    worst = worst_case(known, model, assumed=assumed) if unseen and len(effects) else None
    few = result is not None and result.k < MANY
    return AllOfIt(result, shifts(known, model), worst, _posterior(known, level) if few else None)


def _posterior(effects: Effects, level: float) -> MetaResult | None:
    scale, _ = prior_scale(effects)
    if scale is None:
        return None
    return pool(effects, Bayes(HalfNormal(0.5).scaled(scale), level=level, evidence="all"))
