"""Priors as they are typed, `half-normal:0.5`: on the command line and wherever else a prior is a word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any, TypeVar

from bupmeta.errors import ModelError, closest
from bupmeta.pooling.mu_priors import Flat, MuPrior, Normal, T
from bupmeta.pooling.named_priors import bartos, rhodes2015, turner2015
from bupmeta.pooling.prior_base import Prior
from bupmeta.pooling.tau_priors import (
    DuMouchel,
    HalfCauchy,
    HalfNormal,
    HalfT,
    InvGamma,
    Jeffreys,
    LogNormal,
    LogT,
    Shrinkage,
    TauPrior,
    Uniform,
)
from bupmeta.trials.csvfile import shown

__all__ = ["MU_PRIORS", "TAU_PRIORS", "mu_prior", "tau_prior"]

P = TypeVar("P", bound=Prior)

#: Priors of tau by the name that is typed; what follows the colon are their parameters, in order.
TAU_PRIORS: dict[str, type[TauPrior]] = {
    "half-normal": HalfNormal,
    "half-cauchy": HalfCauchy,
    "half-t": HalfT,
    "uniform": Uniform,
    "jeffreys": Jeffreys,
    "dumouchel": DuMouchel,
    "shrinkage": Shrinkage,
    "log-normal": LogNormal,
    "log-t": LogT,
    "inverse-gamma": InvGamma,
}
MU_PRIORS: dict[str, type[MuPrior]] = {"flat": Flat, "normal": Normal, "t": T}
#: Priors that reviews suggest; what follows the colon is the outcome or the field, the measure is that of the effects.
NAMED_TAU: dict[str, Callable[[str, str], TauPrior]] = {
    "rhodes": lambda outcome, _: rhodes2015(outcome),
    "turner": lambda outcome, _: turner2015(outcome),
    "bartos": lambda field, measure: bartos(field, measure).tau,
}
NAMED_MU: dict[str, Callable[[str, str], MuPrior]] = {
    "bartos": lambda field, measure: bartos(field, measure).mu
}


def tau_prior(text: str, measure: str = "SMD") -> TauPrior:
    """Return the prior of tau that `text` names; raises ModelError with the nearest name or what is missing.

    >>> tau_prior("half-normal:0.5"), tau_prior("log-t:-3.16,2.5").words, tau_prior("turner:pain").words
    (HalfNormal(scale=0.5), 'log τ² ~ t5(−3.16, 2.50²)', 'log τ² ~ N(−1.83, 1.52²)')
    """
    return _prior(text, measure, TAU_PRIORS, NAMED_TAU, "tau")


def mu_prior(text: str, measure: str = "SMD") -> MuPrior:
    """Return the prior of the mean effect that `text` names; raises ModelError as `tau_prior` does.

    >>> mu_prior("normal:0,1"), mu_prior("flat")
    (Normal(mean=0.0, sd=1.0), Flat())
    """
    return _prior(text, measure, MU_PRIORS, NAMED_MU, "mu")


def _prior(
    text: str,
    measure: str,
    kinds: Mapping[str, type[P]],
    named: Mapping[str, Callable[[str, str], P]],
    what: str,
) -> P:
    name, _, rest = text.strip().partition(":")
    name, given = name.strip().casefold(), [part.strip() for part in rest.split(",")] if rest.strip() else []
    if name in named:
        if len(given) != 1:
            raise ModelError(f"the prior {shown(text)!r} of {what} lacks its outcome; write {name}:pain")
        return named[name](given[0], measure)
    if name not in kinds:
        guess = closest(name, (*kinds, *named), 0.5)
        hint = f"did you mean {guess}? The" if guess else "the"
        raise ModelError(
            f"{shown(text)!r} is no prior of {what}; {hint} names are {', '.join((*kinds, *named))}"
        )
    kind = kinds[name]
    wanted = [field for field in fields(kind) if field.name != "source"]
    least = sum(field.default is MISSING for field in wanted)
    try:
        values: list[Any] = [float(part) for part in given]
    except ValueError:
        values = []
    if not least <= len(values) <= len(wanted) or len(values) != len(given):
        form = f"{name}:{','.join(field.name.upper() for field in wanted)}" if wanted else name
        raise ModelError(
            f"the prior {shown(text)!r} of {what} does not have the numbers it needs; write {form}"
        )
    return kind(*values)
