"""Best linear unbiased predictions: each study's own effect, drawn towards the pooled one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from bupmeta.errors import ModelError
from bupmeta.kernels import FloatArray
from bupmeta.pooling.result import MetaResult
from bupmeta.pooling.table_models import refuse_counts
from bupmeta.table import Column, Shown, Table, in_percent

__all__ = ["Blups", "blups"]


@dataclass(frozen=True, slots=True, eq=False)
class Blups(Shown):
    """Predicted effect of each study with its standard error and limits, `(K,)`, in the order of the effects."""

    result: MetaResult
    effect: FloatArray
    se: FloatArray
    low: FloatArray
    high: FloatArray

    def table(self) -> Table:
        """Show the predictions beside the estimates they are drawn from."""
        columns = (
            Column("study", "Trial"),
            Column("y", "Estimate", "number"),
            Column("effect", "Prediction", "number"),
            Column("ci", f"{in_percent(self.result.model.level)}% interval", "interval"),
        )
        effects = self.result.effects
        rows = tuple(
            {"study": label, "y": y, "effect": effect, "ci": (low, high)}
            for label, y, effect, low, high in zip(
                effects.labels,
                effects.y.tolist(),
                self.effect.tolist(),
                self.low.tolist(),
                self.high.tolist(),
            )
        )
        return Table(columns, rows, caption="Best linear unbiased predictions")


def blups(result: MetaResult) -> Blups:
    """Return lambda y + (1 - lambda) mu, lambda = tau2/(tau2 + v), for each study.

    The standard error is sqrt(lambda v + (1 - lambda)^2 se(mu)^2) with the pool's own se and distribution
    (Raudenbush & Bryk 1985, appendix; as metafor). Raises ModelError for one trial, and for Henmi-Copas, whose
    estimate is not the random-effects one.

    >>> from bupmeta.effects import Effects
    >>> from bupmeta.pooling import RandomEffects, pool
    >>> result = pool(Effects.from_arrays([-0.9, -1.6, -0.2], [0.33, 0.19, 0.05]), RandomEffects(ci="Wald"))
    >>> blups(result).effect.round(2).tolist()
    [-0.87, -1.37, -0.27]
    """
    refuse_counts(result.model, "a prediction of each trial's effect")
    if result.tau2 is None:
        raise ModelError("one trial has no prediction of its own effect beside itself; pool at least two")
    if result.model.ci == "Henmi-Copas":
        raise ModelError(
            "Henmi-Copas has no random-effects estimate to draw towards; pool with ci='HK-adhoc'"
        )
    y, v = result.effects.y, result.effects.v
    share = result.tau2 / (result.tau2 + v)
    effect = share * y + (1 - share) * result.mu
    se = np.sqrt(share * v + (1 - share) ** 2 * result.se**2)
    df = np.inf if result.df is None else result.df
    half = -stdtrit(df, (1 - result.model.level) / 2) * se
    return Blups(result, effect, se, effect - half, effect + half)
