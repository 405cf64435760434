"""Leave-one-out for counts: every model of 2x2 tables without each trial in turn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from bupmeta.effects.core import FloatArray
from bupmeta.effects.tables import Tables
from bupmeta.errors import DataError, ModelError
from bupmeta.kernels.firth import firth
from bupmeta.kernels.table_fit import refit_tables
from bupmeta.kernels.tables import mantel_haenszel, peto
from bupmeta.pooling.pool_counts import contributions_of, counted, start_of
from bupmeta.pooling.pool_tables import check_ratio
from bupmeta.pooling.table_models import (
    BetaBinomial,
    BinomialNormal,
    MantelHaenszel,
    MantelHaenszelRates,
    PenalisedLikelihood,
    Peto,
    PoissonNormal,
    TableModel,
)
from bupmeta.table import Column, Shown, Table, in_percent

__all__ = ["LeftOut", "leave_one_out"]


@dataclass(frozen=True, slots=True, eq=False)
class LeftOut(Shown):
    """The pool without each trial: `mu` (logarithms, of ratios), `se` and `tau2`, each (K,), NaN where none is."""

    labels: tuple[str, ...]
    mu: FloatArray
    se: FloatArray
    tau2: FloatArray
    model: TableModel

    def table(self) -> Table:
        """Show one row per trial left out, with Wald intervals."""
        half = -float(ndtri((1 - self.model.level) / 2)) * self.se
        columns = (
            Column("left_out", "Left out"),
            Column("mu", "Effect", "number"),
            Column("ci", f"{in_percent(self.model.level)}% CI", "interval"),
            Column("tau2", "tau²", "number", 3),
        )
        rows = tuple(
            {"left_out": name, "mu": mu, "ci": (mu - h, mu + h), "tau2": None if tau2 != tau2 else tau2}
            for name, mu, h, tau2 in zip(self.labels, self.mu.tolist(), half.tolist(), self.tau2.tolist())
        )
        return Table(columns, rows, f"{self.model.title} without each trial in turn, Wald intervals")


def leave_one_out(tables: Tables, model: TableModel) -> LeftOut:
    """Pool the counts without each trial in turn, all at once; a trial that does not count for the model has no row.

    NaN stands where the rest admit no finite estimate. Raises DataError with fewer than two trials.

    >>> tables = Tables.from_counts([2, 1, 5], [50, 44, 151], [9, 3, 6], [50, 35, 157])
    >>> leave_one_out(tables, MantelHaenszel()).mu.round(2).tolist()
    [-0.45, -0.78, -1.58]
    """
    if isinstance(model, MantelHaenszelRates | PoissonNormal):
        raise ModelError("leave_one_out takes tables of counts, not rates; pool rates.take(...) for each")
    if isinstance(model, BinomialNormal | BetaBinomial):
        at = counted(tables, model)
    else:
        every = isinstance(model, PenalisedLikelihood) or (
            isinstance(model, MantelHaenszel) and model.measure == "RD"
        )
        at = [i for i, why in enumerate(tables.uninformative("OR")) if every or not why]
    if len(at) < 2:
        raise DataError("to leave one out, two trials that count for the model are needed")
    part, m = tables.cells.take(at), 1 - np.eye(len(at))
    none = np.full(len(at), np.nan)
    match model:
        case MantelHaenszel():
            found = mantel_haenszel(part, model.measure, m)
            mu, se, tau2 = found.mu, np.sqrt(found.var), none
        case Peto():
            found = peto(part, m)
            mu, se, tau2 = found.mu, np.sqrt(found.var), none
        case PenalisedLikelihood():
            each = [firth(part.take(row > 0), model.level) for row in m]
            mu, se, tau2 = np.array([one.mu for one in each]), np.array([one.var**0.5 for one in each]), none
        case BinomialNormal() | BetaBinomial():
            mu, se, tau2 = none.copy(), none.copy(), none.copy()
            fine = [i for i in range(len(at)) if _finite(tables.take([j for j in at if j != at[i]]), model)]
            if fine:
                mu[fine], se[fine], tau2[fine] = refit_tables(
                    contributions_of(part, model), start_of(part, model), m[fine]
                )
            tau2 = tau2 if isinstance(model, BinomialNormal) else none
    finite = np.isfinite(mu)
    mu, se = np.where(finite, mu, np.nan), np.where(finite, se, np.nan)
    return LeftOut(tuple(tables.labels[i] for i in at), mu, se, tau2, model)


def _finite(tables: Tables, model: TableModel) -> bool:
    try:
        check_ratio(tables.cells, model.title)
    except ModelError:
        return False
    return True
