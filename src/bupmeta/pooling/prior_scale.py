"""On which scale a prior of tau is: what an SMD of 1 is in the unit of the effects, and what reviews found."""

from __future__ import annotations

import re
from math import sqrt

import numpy as np

from bupmeta.effects import Effects
from bupmeta.effects.core import LARGEST
from bupmeta.errors import ModelError
from bupmeta.pooling.named_priors import bartos, rhodes2015, turner2015
from bupmeta.pooling.tau_priors import TauPrior
from bupmeta.table import number

__all__ = ["outcome_prior", "prior_scale"]

#: Standard deviation of pain on a 0-10 scale that the SMD priors are multiplied with (chronic-pain trials: 2 to 3).
POINTS_SD = 2.5
LIKE_SMD = ("SMD", "OR", "RR", "HR", "IRR", "PETO")
RD_SCALE = 0.2
DRUGS = "τ is as in Cochrane reviews of drugs against placebo"


def outcome_prior(measure: str, unit: float, outcome: str = "pain") -> tuple[TauPrior, str] | None:
    """Return how much trials of `outcome` were found to differ, for effects of `measure`, and the words for it.

    `unit` is how many units an SMD of 1 is. None where nothing is known; ModelError for an outcome without a prior.

    >>> outcome_prior("OR", 1.0)[0].words
    'log τ² ~ N(−1.83, 1.52²)'
    """
    match measure:
        case "SMD" | "MD":
            return rhodes2015(outcome).scaled(unit), f"{DRUGS}, {outcome} (Rhodes 2015)"
        case "OR" | "PETO":
            return turner2015(outcome), f"{DRUGS}, {outcome} (Turner 2015)"
        case "RR" | "RD" if outcome == "pain":
            return bartos(
                "pain", measure
            ).tau, "τ is as in Cochrane reviews of pain and palliative care (Bartoš 2023)"
        case "RR" | "RD" | "HR":
            return bartos("all", measure).tau, "τ is as in all of Cochrane (Bartoš 2023)"
    return None


def prior_scale(effects: Effects, given: float | None = None) -> tuple[float | None, str]:
    """Return how many units of the effects an SMD of 1 is, None if nothing tells, and the sentence that says so.

    >>> prior_scale(Effects.from_arrays([1.0], [1.0], measure="MD", unit="0–10 points"))[0]
    2.5
    """
    unit = effects.unit or "the effects' unit"
    if given is not None:
        if not 1 / LARGEST <= given <= LARGEST:
            raise ModelError(f"scale={given!r} must be a number above 0, from 1e-30 to 1e30")
        return given, f"Priors of τ are those for an SMD times {number(given)} ({unit}), as asked for."
    if effects.measure in LIKE_SMD:
        return 1.0, ""
    if effects.measure == "RD":
        return (
            RD_SCALE,
            f"Priors of τ for a risk difference are those for an SMD times {number(RD_SCALE, 1)}.",
        )
    if effects.measure == "MD" and re.search(r"\b0 ?[-–] ?10\b", effects.unit):
        return POINTS_SD, (
            f"Priors of τ on the 0–10 scale are those for an SMD times {number(POINTS_SD, 1)} points, the usual "
            "standard deviation of pain in such trials."
        )
    if effects.measure == "MD":
        sd = [
            sqrt(v / (1 / o.n_active + 1 / o.n_control))
            for v, o in zip(effects.v.tolist(), effects.origin)
            if o.n_active and o.n_control
        ]
        if not sd:
            return None, ""
        found = float(np.median(sd))
        return (
            found,
            f"Priors of τ are those for an SMD times {number(found)}, the standard deviation the trials imply.",
        )
    return 1.0, "Priors of τ are for SMDs or log ratios: if the effects are neither, give their `scale`."
