"""The models that `bupmeta pool` offers for counts, and which options go with them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import cast

from bupmeta.errors import SpecError
from bupmeta.kernels.glmm import GlmmName
from bupmeta.kernels.tables import MHName
from bupmeta.pooling import (
    BetaBinomial,
    BinomialNormal,
    MantelHaenszel,
    PenalisedLikelihood,
    Peto,
    TableModel,
)
from bupmeta.pooling.table_models import TableCi

__all__ = ["COUNT_MODELS", "METHODS", "count_model"]

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
    wrong = [name for name in given if name != "ci" or method not in _WITH_CI]
    if wrong:
        raise SpecError(f"--{wrong[0].replace('_', '-')} is an option of --model IV, not of {method}")
    if "ci" in given and ci not in ("PL", "Wald"):
        raise SpecError(f"--ci {ci} is not one of --model {method}, which has PL and Wald")
    chosen: TableCi = "Wald" if "ci" in given and ci == "Wald" else "PL"
    return COUNT_MODELS[method](measure or "OR", chosen, glmm, level)
