"""Outcomes of people with an event as results.json holds them: pools in the shape of every pool, and what is beside."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bupmeta.analysis.missing import Missing
from bupmeta.analysis.outcome_results import Compared, EventPool, OutcomeSection, People, Way
from bupmeta.analysis.record_multiverse import multiverse_record
from bupmeta.effects import Effects, Tables
from bupmeta.pooling import MetaResult

__all__ = ["outcome_record", "people_record"]

_RATIOS = ("OR", "RR")


def outcome_record(section: OutcomeSection) -> dict[str, Any]:
    """Give one outcome: what was asked, its pools, and the trials that no pool holds."""
    return {
        **asdict(section.outcome),
        "known": section.known,
        "pools": [_pool(pool) for pool in section.pools],
        "total": None if section.total is None else _pool(section.total),
        "one_group": [
            {"trial": asdict(one.trial), "events": one.events, "n": one.n, "risk": one.risk, "ci": one.ci}
            for one in section.groups
        ],
        "never_pooled": [_compared(one) for one in section.beside],
        "narrative": [asdict(one) for one in section.narrative],
        "outside_pain": [_compared(one) for one in section.outside],
    }


def _pool(pool: EventPool) -> dict[str, Any]:
    effects, main = pool.effects, pool.main
    return {
        "title": pool.title,
        "measure": effects.measure,
        "unit": effects.unit,
        "known": pool.known,
        "model": main.name if main is not None else None,
        "result": main.result.to_dict() if main is not None and main.result is not None else None,
        "reason": main.reason if main is not None else "no trial has counts",
        **_inpeople_record(main),
        "counts": [] if pool.tables is None else _counts(pool.tables),
        "trials": _trials(effects),
        "without_effect": [{**asdict(trial), "readings": []} for trial in effects.silent],
        "other_models": [
            {"name": way.name, "result": _numbers(way.result), "reason": way.reason, **_inpeople_record(way)}
            for way in pool.others
        ],
        "parity": None if pool.parity is None else pool.parity.to_dict(),
        "alone": None if pool.alone is None else _compared(pool.alone),
        "missing": None if pool.missing is None else _missing(pool.missing),
        "multiverse": None if pool.multiverse is None else multiverse_record(pool.multiverse),
    }


def _missing(found: Missing) -> dict[str, Any]:
    return {
        "people": [asdict(one) for one in found.people],
        "rows": [
            {"imor_active": row.imor[0], "imor_control": row.imor[1], "mu": row.shown[0], "ci": row.shown[1]}
            for row in found.rows
        ],
    }


def _trials(effects: Effects) -> list[dict[str, Any]]:
    estimates = zip(effects.labels, effects.y.tolist(), effects.v.tolist(), effects.origin)
    return [
        {"label": label, "y": y, "v": v, **asdict(origin), "readings": []}
        for label, y, v, origin in estimates
    ]


def _counts(tables: Tables) -> list[dict[str, Any]]:
    names = ("events_active", "n_active", "events_control", "n_control")
    columns = [getattr(tables, name).astype(int).tolist() for name in names]
    return [{"label": label, **dict(zip(names, row))} for label, *row in zip(tables.labels, *columns)]


def _numbers(result: MetaResult | None) -> dict[str, Any] | None:
    if result is None:
        return None
    names = ("k", "mu", "se", "ci", "tau2", "prediction")
    return {"measure": result.effects.measure, **{name: getattr(result, name) for name in names}}


def _inpeople_record(way: Way | None) -> dict[str, Any]:
    """The ratio itself, and the differences among 1,000 people at each assumed risk."""
    is_ratio = way is not None and way.result is not None and way.result.effects.measure in _RATIOS
    found = way.shown if way is not None and is_ratio else None
    ratio = {"mu": found[0], "ci": found[1]} if found is not None else None
    if way is None:
        return {"ratio": ratio, "absolute": [], "notes": []}
    return {"ratio": ratio, "absolute": [people_record(one) for one in way.people], "notes": list(way.notes)}


def people_record(one: People) -> dict[str, Any]:
    """Give what an effect means among 1,000 people."""
    return {
        "source": one.source,
        "without_per_1000": one.without,
        "with_per_1000": one.treated,
        "difference_per_1000": one.difference,
        "ci_per_1000": one.ci,
        "needed": one.needed,
    }


def _compared(one: Compared) -> dict[str, Any]:
    return {
        "title": one.label,
        "measure": one.effects.measure,
        "unit": one.effects.unit,
        "result": None,
        "counts": _counts(one.tables),
        "trials": _trials(one.effects),
        "without_effect": [{**asdict(trial), "readings": []} for trial in one.effects.silent],
        "people": people_record(one.people),
    }
