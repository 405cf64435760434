"""Pool rates, events over person-time: Mantel-Haenszel, and the conditional Poisson-normal model."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import chdtrc, ndtr, ndtri

from bupmeta.effects.rates import Rates
from bupmeta.errors import DataError, ModelError
from bupmeta.kernels.glmm import GLMM
from bupmeta.kernels.rates import mantel_haenszel_rates
from bupmeta.kernels.table_fit import fit_tables
from bupmeta.kernels.tables import Cells
from bupmeta.pooling.pool_counts import interval_of, prediction_of, spread_limits, status_of
from bupmeta.pooling.result import MetaResult
from bupmeta.pooling.table_models import MantelHaenszelRates, PoissonNormal

__all__ = ["pool_rates"]


def pool_rates(rates: object, model: MantelHaenszelRates | PoissonNormal) -> MetaResult:
    """Pool rates; ratios as logarithms. Raises ModelError where they admit no finite estimate.

    Given all events of a trial those of one group are binomial, whatever its level, with odds of the rate ratio times
    that of the times: no approximation here, as it is for risks (Stijnen, Hamza & Ozdemir 2010, section 4).

    >>> rates = Rates.from_counts([7, 8, 3], [1344, 1600, 12012], [11, 8, 14], [1988, 1461, 10962])
    >>> round(pool_rates(rates, MantelHaenszelRates()).mu, 3)
    -0.525
    """
    if not isinstance(rates, Rates):
        raise DataError(
            f"{model.title} needs rates, not {type(rates).__name__}; make them with Rates.from_counts()"
        )
    effects = rates.effects(model.measure if isinstance(model, MantelHaenszelRates) else "IRR")
    x1, t1, x2, t2 = rates.events_active, rates.time_active, rates.events_control, rates.time_control
    ratio = effects.measure == "IRR"
    if not len(effects) or (ratio and (x1.sum() == 0 or x2.sum() == 0)):
        raise ModelError("the rate ratio is 0 or infinite here: a group has no events in any trial")
    notes = tuple(f"no events in both arms in {one.label}" for one in effects.silent)
    if isinstance(model, MantelHaenszelRates):
        found = mantel_haenszel_rates(x1, t1, x2, t2, model.measure)
        mu, se = float(found.mu), float(np.sqrt(found.var))
        half = -float(ndtri((1 - model.level) / 2)) * se
        weights = found.weights[x1 + x2 > 0]
        k = len(effects)
        q = float(((effects.y - mu) ** 2 / effects.v).sum())
        spread: dict[str, Any] = (
            {"q": q, "q_df": k - 1, "q_p": float(chdtrc(k - 1, q)), "tau2": 0.0} if k > 1 else {}
        )
        return MetaResult(
            effects=effects, model=model, k=k, mu=mu, se=se, ci=(mu - half, mu + half), statistic=mu / se,
            p=float(2 * ndtr(-abs(mu / se))), df=None, weights=weights * (100 / weights.sum()),
            status="ok" if k > 1 else "one trial", notes=notes, **spread,
        )  # fmt: skip
    part = x1 + x2 > 0
    t = Cells(x1[part], t1[part] - x1[part], x2[part], t2[part] - x2[part])  # n1 and n2 are the times
    fit = fit_tables(GLMM["CM.AL"](t, model.points), np.zeros(2))
    k, tau2 = len(t.a), float(fit.x[1] ** 2)
    if k == 1:
        raise ModelError("one trial has no rate ratios that vary; pool it with MantelHaenszelRates()")
    prediction, said = prediction_of(fit, model, k)
    weights = 1 / (effects.v + tau2)
    return MetaResult(
        effects=effects,
        model=model,
        k=k,
        **interval_of(fit, model),
        weights=weights * (100 / weights.sum()),
        status=status_of(fit, model.title),
        tau2=tau2,
        se_tau2=fit.se_spread2,
        tau2_ci=spread_limits(fit, model.level),
        prediction=prediction,
        log_likelihood=fit.height,
        optima=fit.optima,
        notes=(*notes, *said, "weights are those of inverse variance at this tau²; the model has none"),
    )
