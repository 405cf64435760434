"""A body of evidence: what the proposals look at, for means and for events alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from bupmeta.analysis.certainty.information_size import InformationSize
from bupmeta.trials.risk_of_bias import Judged

__all__ = ["Body", "Unseen"]

Pair: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Unseen:
    """Known trials whose results are missing, among all known trials; `unsized` of them did not print their size."""

    trials: int = 0
    of_trials: int = 0
    persons: int = 0
    of_persons: int = 0
    unsized: int = 0


@dataclass(frozen=True, slots=True)
class Body:
    """The evidence on one outcome.

    `k` trials have an effect, with `persons` in them. `judged` is their risk of bias (of all known trials, if none has
    an effect) and `weights` their weight; without weights they count alike. `ci` and `prediction` are on the scale on
    which 0 is no effect (ratios as logarithms), and so is `important`, the smallest effects that matter below and
    above 0; ratios have those of the rules. `flags` holds the share of the weight that is indirect, by reason;
    `flagged` the share with any reason.
    """

    k: int
    persons: int
    judged: tuple[Judged, ...] = ()
    weights: tuple[float, ...] = ()
    ci: Pair | None = None
    prediction: Pair | None = None
    i2: float | None = None
    important: Pair | None = None
    ratio: bool = False
    needed: InformationSize | None = None
    flags: Mapping[str, float] = field(default_factory=dict)
    flagged: float = 0.0
    unseen: Unseen = field(default_factory=Unseen)
    small_study_p: float | None = None
