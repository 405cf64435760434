"""The models that `bupmeta pool` offers beside inverse variance, and which options go with them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import cast

from bupmeta.effects import Effects
from bupmeta.errors import SpecError
from bupmeta.kernels.glmm import GlmmName
from bupmeta.kernels.tables import MHName
from bupmeta.pooling import (
    Bayes,
    BetaBinomial,
    BinomialNormal,
    MantelHaenszel,
    PenalisedLikelihood,
    Peto,
    TableModel,
    priors,
)
from bupmeta.pooling.prior_scale import prior_scale
from bupmeta.pooling.table_models import TableCi

__all__ = ["COUNT_MODELS", "METHODS", "bayes_model", "count_model", "refuse_options"]

Maker = Callable[[str, TableCi, str, float], TableModel]

#: Method -> model of counts from measure, interval, GLMM and level.
COUNT_MODELS: dict[str, Maker] = {
    "MH": lambda measure, _ci, _glmm, level: MantelHaenszel(cast("MHName", measure), level),
    "Peto": lambda _measure, _ci, _glmm, level: Peto(level),
    "GLMM": lambda _measure, ci, glmm, level: BinomialNormal(cast("GlmmName", glmm), ci, level=level),
    "beta-binomial": lambda _measure, ci, _glmm, level: BetaBinomial(ci, level),
    "penalised": lambda _measure, _ci, _glmm, level: PenalisedLikelihood(level),
}
METHODS = ("IV", *COUNT_MODELS)
_WITH_CI = ("GLMM", "beta-binomial")


def count_model(
    method: str, measure: str | None, ci: str, glmm: str, level: float, given: Collection[str]
) -> TableModel:
    """Return the model; SpecError when the options that were `given` do not go with it.

    >>> count_model("MH", "RD", "HK-adhoc", "UM.FS", 0.95, ())
    MantelHaenszel(measure='RD', level=0.95, zero_cells='0.5 in trials with a zero')
    """
    allowed = ("OR", "RR", "RD") if method == "MH" else ("OR",)
    if measure not in (None, *allowed):
        raise SpecError(f"--model {method} gives {' or '.join(allowed)}, not {measure}; use --model IV or MH")
    refuse_options([name for name in given if name != "ci" or method not in _WITH_CI], method)
    if "ci" in given and ci not in ("PL", "Wald"):
        raise SpecError(f"--ci {ci} is not one of --model {method}, which has PL and Wald")
    chosen: TableCi = "Wald" if "ci" in given and ci == "Wald" else "PL"
    return COUNT_MODELS[method](measure or "OR", chosen, glmm, level)


def refuse_options(given: Collection[str], method: str, of: str = "IV") -> None:
    """Raise SpecError for the first option `given` that belongs to another model."""
    for name in given:
        raise SpecError(f"--{name.replace('_', '-')} is an option of --model {of}, not of {method}")


def bayes_model(effects: Effects, tau: str | None, mu: str | None, level: float) -> Bayes:
    """Return the model under the priors that were typed, by default half-normal(0.5) on the scale of an SMD and flat.

    Raises SpecError where the default needs a scale that the measure does not tell, and ModelError for a prior that is
    none.

    >>> bayes_model(Effects.from_arrays([0.1], [0.2], measure="SMD"), None, "normal:0,1", 0.95).words
    'τ ~ HalfNormal(0.5), μ ~ Normal(0, 1)'
    """
    about = priors.mu_prior(mu or "flat", effects.measure)
    if tau is not None:
        return Bayes(priors.tau_prior(tau, effects.measure), about, level)
    unit, _ = prior_scale(effects)
    if unit is None:
        raise SpecError(
            "the scale of these effects is not known: give --tau-prior in their unit, as half-normal:5"
        )
    return Bayes(priors.HalfNormal(0.5).scaled(unit), about, level)
