"""Pool 2x2 tables: which trials count, what the trials show beside the pool, and one function per family of models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.special import chdtrc, ndtr, ndtri

from bupmeta.effects import Effects
from bupmeta.effects.tables import Tables
from bupmeta.errors import DataError, ModelError
from bupmeta.kernels.firth import firth
from bupmeta.kernels.table_effects import TableMeasure, ZeroCells
from bupmeta.kernels.tables import Cells, Pooled, breslow_day, cmh, mantel_haenszel, peto
from bupmeta.kernels.weighted import FloatArray
from bupmeta.pooling.pool_counts import pool_likelihood
from bupmeta.pooling.pool_rates import pool_rates
from bupmeta.pooling.result import MetaResult
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
from bupmeta.table import number, p_value

__all__ = ["check_ratio", "notes_on_zeros", "pool_tables", "shown"]

HALF: ZeroCells = "0.5 in trials with a zero"


def pool_tables(tables: object, model: TableModel) -> MetaResult:
    """Pool counts under a model of counts; the fields are those of every pool, ratios as logarithms.

    Raises ModelError where the counts admit no finite estimate, saying what does.
    """
    if isinstance(model, MantelHaenszelRates | PoissonNormal):
        return pool_rates(tables, model)
    if not isinstance(tables, Tables):
        raise DataError(
            f"{model.title} pools counts, not {type(tables).__name__}; make them with Tables.from_counts()"
        )
    match model:
        case MantelHaenszel():
            return _mantel_haenszel(tables, model)
        case Peto():
            return _peto(tables, model)
        case PenalisedLikelihood():
            return _penalised(tables, model)
        case BinomialNormal() | BetaBinomial():
            effects = shown(tables, "OR", HALF)
            check_ratio(tables.cells, model.title)
            every = isinstance(model, BetaBinomial) or model.model == "UM.RS"
            return pool_likelihood(
                tables, effects, model, notes_on_zeros(tables, effects, HALF, counted=every)
            )


def shown(tables: Tables, measure: TableMeasure, rule: ZeroCells) -> Effects:
    """Return the estimates of the trials that go with a pool; DataError when no trial has one."""
    effects = tables.effects(measure, rule)
    if not len(effects):
        one = effects.silent[-1]
        raise DataError(f"no trial says anything about the {measure} ({one.label}: {one.kind})")
    return effects


def check_ratio(t: Cells, title: str) -> None:
    """Refuse tables whose pooled odds ratio is 0 or infinite."""
    low, high = np.maximum(0, t.a + t.c - t.n2), np.minimum(t.n1, t.a + t.c)
    held = low < high  # the other tables hold no odds ratio
    if (t.a == low)[held].all() or (t.a == high)[held].all():
        raise ModelError(
            f"the {title} odds ratio is 0 or infinite here: in every trial all the events, or all the people without, "
            "are in one group; use PenalisedLikelihood() or MantelHaenszel(measure='RD')"
        )


def notes_on_zeros(
    tables: Tables, effects: Effects, rule: ZeroCells, *, counted: bool = False
) -> tuple[str, ...]:
    """Say what was done about empty cells: never to the pool, and to the estimates of which trials."""
    out = []
    labels = set(tables.labels)
    by_reason: dict[str, list[str]] = {}
    for one in effects.silent:
        if one.label in labels:
            by_reason.setdefault(one.kind, []).append(one.label)
    for reason, names in by_reason.items():
        verdict = (
            "counted, without an estimate of their own" if counted else "they say nothing about this measure"
        )
        out.append(f"{reason} in {', '.join(names)}: {verdict}")
    corrected = [name for name, one in zip(effects.labels, effects.origin) if one.assumption.endswith(rule)]
    if corrected:
        out.append(
            f"the pool takes the counts as they are; the trials' own estimates have {rule}: {', '.join(corrected)}"
        )
    return tuple(out)


def _mantel_haenszel(tables: Tables, model: MantelHaenszel) -> MetaResult:
    effects, t = shown(tables, model.measure, model.zero_cells), tables.cells
    found = mantel_haenszel(t, model.measure)
    if not (np.isfinite(found.mu) and np.isfinite(found.var) and found.var > 0):
        raise ModelError(
            f"the Mantel-Haenszel {model.measure} has no finite estimate here: one group has no events, or nothing "
            "else; PenalisedLikelihood() gives an odds ratio, and measure='RD' a difference if there is any event"
        )
    tests: tuple[str, ...] = ()
    if model.measure == "OR":
        chi2 = cmh(t)
        p = _p(float(chdtrc(1, chi2)))
        tests = (f"Cochran-Mantel-Haenszel chi² {number(chi2)} with continuity correction, p {p}",)
        breslow, tarone, df = breslow_day(t, float(found.mu))
        if df > 0:
            words = f"Breslow-Day chi² {number(breslow)}, with Tarone's correction {number(tarone)}, {df} df"
            tests += (f"{words}, p {_p(float(chdtrc(df, tarone)))}",)
    return _common(
        tables, effects, model, found, (*notes_on_zeros(tables, effects, model.zero_cells), *tests)
    )


def _peto(tables: Tables, model: Peto) -> MetaResult:
    effects = shown(tables, "PETO", "none")
    return _common(tables, effects, model, peto(tables.cells), notes_on_zeros(tables, effects, "none"))


def _p(p: float) -> str:
    words = p_value(p)
    return words if words[0] in "<>" else f"= {words}"


def _common(
    tables: Tables, effects: Effects, model: MantelHaenszel | Peto, found: Pooled, notes: tuple[str, ...]
) -> MetaResult:
    mu, se = float(found.mu), float(np.sqrt(found.var))
    half = -float(ndtri((1 - model.level) / 2)) * se
    weights = np.broadcast_to(found.weights, (len(tables),))[places(tables, effects)]
    return MetaResult(
        effects=effects,
        model=model,
        mu=mu,
        se=se,
        ci=(mu - half, mu + half),
        statistic=mu / se,
        p=float(2 * ndtr(-abs(mu / se))),
        df=None,
        **common_fields(tables, effects, mu, weights, notes),
    )


def _penalised(tables: Tables, model: PenalisedLikelihood) -> MetaResult:
    effects = shown(tables, "OR", HALF)
    found = firth(tables.cells, model.level)
    root = float(np.sign(found.mu) * np.sqrt(found.deviance))
    notes = (*notes_on_zeros(tables, effects, HALF, counted=True), "penalised likelihood counts every trial")
    out = common_fields(tables, effects, found.mu, 1 / effects.v, notes)
    return MetaResult(
        effects=effects,
        model=model,
        mu=found.mu,
        se=found.var**0.5,
        ci=(found.low, found.high),
        statistic=root,
        p=float(2 * ndtr(-abs(root))),
        df=None,
        log_likelihood=found.height,
        **{**out, "k": len(tables)},
    )


def places(tables: Tables, effects: Effects) -> Sequence[int]:
    """Return where the trials of `effects` stand among the tables."""
    at = {label: i for i, label in enumerate(tables.labels)}
    return [at[label] for label in effects.labels]


def common_fields(
    tables: Tables, effects: Effects, mu: float, weights: FloatArray, notes: tuple[str, ...]
) -> dict[str, Any]:
    """Return the fields of a common effect: Q is that of the trials' own estimates around it.

    A trial without events, whose variance comes from what was added to its cells alone, is not in Q.
    """
    k = len(effects)
    shares = weights * (100 / weights.sum())
    if k == 1:
        return {
            "k": 1,
            "weights": shares,
            "status": "one trial",
            "notes": ("one trial: reported, not pooled", *notes),
        }
    why = np.array(tables.uninformative("OR"))[places(tables, effects)]
    df = int((why == "").sum()) - 1
    q = float(((effects.y - mu) ** 2 / effects.v)[why == ""].sum())
    if df < k - 1:
        notes = (*notes, f"Q is of the {df + 1} trials with events, and people without, in some group")
    if df < 1:
        return {"k": k, "weights": shares, "status": "ok", "tau2": 0.0, "notes": notes}
    i2 = 100 * max(0.0, 1 - df / q) if q > 0 else 0.0
    return {
        "k": k,
        "weights": shares,
        "status": "ok",
        "tau2": 0.0,
        "i2": i2,
        "i2_q": i2,
        "h2": q / df,
        "q": q,
        "q_df": df,
        "q_p": float(chdtrc(df, q)),
        "notes": notes,
    }
