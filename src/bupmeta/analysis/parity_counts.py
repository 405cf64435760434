"""Counts as metafor, meta, RevMan and Stata would pool them: Mantel-Haenszel and Peto."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from bupmeta.analysis.parity import Parity, ParityRow, parity, row_of
from bupmeta.analysis.programs import Conventions, everyone
from bupmeta.effects.tables import Tables
from bupmeta.kernels.table_effects import corrected
from bupmeta.kernels.tables import RD_VARIANCES, Cells, mantel_haenszel
from bupmeta.pooling import MetaResult, RandomEffects, pool
from bupmeta.pooling.table_models import MantelHaenszel, Peto

__all__ = ["parity_of_counts", "parity_of_result"]


def parity_of_result(result: MetaResult, tables: Tables | None = None) -> Parity | None:
    """Redo a pool as each program would, by its own model; None for a model they do not share, or one trial.

    `tables` are the counts that were pooled, for a model of counts.
    """
    match result.model:
        case MantelHaenszel() | Peto():
            return parity_of_counts(tables, result.model) if tables is not None else None
        case RandomEffects():
            return parity(result.effects, result.model)
        case _:
            return None


def parity_of_counts(tables: Tables, model: MantelHaenszel | Peto) -> Parity | None:
    """Pool counts by Mantel-Haenszel or Peto as each program would by default; None for fewer than two trials.

    Peto's odds ratio is one formula everywhere, so that its rows are equal.

    >>> tables = Tables.from_counts([0, 1, 4], [116, 44, 90], [3, 3, 9], [117, 35, 80])
    >>> [row.differs for row in parity_of_counts(tables, MantelHaenszel()).rows][2]
    ('zero_cells',)
    """
    if len(tables) < 2:
        return None
    measure = model.measure if isinstance(model, MantelHaenszel) else "OR"
    rows = []
    for name, other in everyone(Conventions()):
        if isinstance(model, Peto):
            rows.append(row_of(name, pool(tables, model), "Q", ()))
        else:
            rows.append(_mantel_haenszel(name, tables, model, other))
    notes = ("Peto's odds ratio is the same in every program",) if isinstance(model, Peto) else ()
    return Parity(measure, "", model.level, tuple(rows), notes)


def _mantel_haenszel(name: str, tables: Tables, model: MantelHaenszel, other: Conventions) -> ParityRow:
    raw, ratio = tables.cells, model.measure != "RD"
    silent = np.array([bool(why) for why in tables.uninformative(model.measure)])
    t = corrected(raw, other.zero_cells) if ratio else raw
    if other.double_zeros == "out":
        t = t.take(~silent)
    found = mantel_haenszel(t, model.measure)
    mu = float(found.mu)
    var = found.var if ratio else RD_VARIANCES[other.rd_variance](t, np.ones(len(t.a)), found.mu)
    se = float(np.sqrt(var))
    differs = _differing(raw, silent, other, ratio=ratio)
    if not (np.isfinite(mu) and np.isfinite(se) and se > 0):
        return ParityRow(name, len(t.a), differs=differs, reason="no finite estimate")
    half = -float(ndtri((1 - model.level) / 2)) * se
    return ParityRow(
        name, len(t.a), mu, se, (mu - half, mu + half), mu / se, float(2 * ndtr(-abs(mu / se))),
        i2=_i2(tables, model, mu), differs=differs,
    )  # fmt: skip


def _differing(t: Cells, silent: NDArray[np.bool_], other: Conventions, *, ratio: bool) -> tuple[str, ...]:
    if not ratio:
        return ("rd_variance",) if other.rd_variance != Conventions().rd_variance else ()
    empty = np.minimum.reduce([t.a, t.b, t.c, t.d]) == 0
    found = {
        "zero_cells": other.zero_cells != "none" and bool((empty & ~silent).any()),
        "double_zeros": other.double_zeros == "in" and bool(silent.any()),
    }
    return tuple(name for name, differs in found.items() if differs)


def _i2(tables: Tables, model: MantelHaenszel, mu: float) -> float | None:
    """I2 from Q of the trials' own estimates around the Mantel-Haenszel estimate, as metafor and meta take it."""
    effects = tables.effects(model.measure, model.zero_cells)
    q, df = float(((effects.y - mu) ** 2 / effects.v).sum()), len(effects) - 1
    return 100 * max(0.0, 1 - df / q) if q > 0 else None
