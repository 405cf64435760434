"""An Analysis as JSON: every number at ten significant digits, under stable names."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bupmeta.analysis import programs
from bupmeta.analysis.evidence import AllOfIt
from bupmeta.analysis.record_findings import finding_record, judgements_record
from bupmeta.analysis.record_multiverse import multiverse_record
from bupmeta.analysis.record_outcomes import outcome_record
from bupmeta.analysis.results import Alternative, Analysis, Pool, Section
from bupmeta.effects.readings import Reading
from bupmeta.pooling import MetaResult
from bupmeta.table import plain

__all__ = ["SCHEMA_VERSION", "headline", "record"]

SCHEMA_VERSION = 1


def record(analysis: Analysis) -> dict[str, Any]:
    """Give the analysis as `results.json` holds it.

    >>> from bupmeta.analysis import analyse
    >>> found = record(analyse("analyses/bupropion.toml"))
    >>> found["evidence"]["not_obtained"], found["sections"][0]["total"]["result"]["mu"]
    (1, -1.7)
    """
    spec = analysis.spec
    out: dict[str, Any] = plain(
        {
            "schema_version": SCHEMA_VERSION,
            "name": spec.name,
            "title": spec.title,
            "program": {"name": "bupmeta", "version": analysis.version},
            "data": {"name": spec.data.name, "sha256": analysis.data_sha256},
            "spec": {"name": spec.path.name, "sha256": spec.sha256},
            "question": asdict(spec.question),
            "model": asdict(spec.model),
            "evidence": {k: v for k, v in asdict(analysis.evidence).items() if k != "silent"},
            "flow": analysis.flow.to_dict(),
            "characteristics": [asdict(trial) for trial in analysis.characteristics],
            "headline": headline(analysis),
            "conventions": programs.to_dict(),
            "sections": [_section(section) for section in analysis.sections],
            "narrative": [asdict(trial) for trial in analysis.narrative],
            "other_outcomes": [asdict(trial) for trial in analysis.other_outcomes],
            "outcomes": [outcome_record(section) for section in analysis.outcomes],
            "risk_of_bias": None
            if analysis.risk_of_bias is None
            else judgements_record(analysis.risk_of_bias),
            "findings": [finding_record(one) for one in analysis.findings],
            "across": None if analysis.across is None else analysis.across.to_dict(),
        }
    )
    return out


def headline(analysis: Analysis) -> dict[str, Any]:
    """Give, for each condition, the numbers a reader takes away: trials known, trials with an effect, the effect.

    >>> from bupmeta.analysis import analyse
    >>> headline(analyse("analyses/bupropion.toml"))["fibromyalgia"]
    {'known': 0, 'k': 0, 'mu': None, 'ci': None, 'tau2': None, 'prediction': None}
    """
    found: dict[str, Any] = {}
    for section in analysis.of(analysis.spec.measures[0]):
        assert section.total is not None
        result = section.total.result
        numbers = {name: getattr(result, name, None) for name in ("mu", "ci", "tau2", "prediction")}
        found[section.title] = {"known": section.total.known, "k": len(section.total.effects), **numbers}
    out: dict[str, Any] = plain(found)
    return out


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "measure": section.measure,
        "total": None if section.total is None else _pool(section.total),
        "subgroups": [_pool(pool) for pool in section.subgroups],
        "without_effect": [asdict(trial) for trial in section.silent],
    }


def _pool(pool: Pool) -> dict[str, Any]:
    effects = pool.effects
    return {
        "title": pool.title,
        "measure": pool.measure,
        "unit": effects.unit,
        "known": pool.known,
        "participants": pool.participants,
        "result": None if pool.result is None else _result(pool.result),
        "trials": [
            {"label": label, "y": y, "v": v, **asdict(origin), "readings": _readings(pool, label)}
            for label, y, v, origin in zip(
                effects.labels, effects.y.tolist(), effects.v.tolist(), effects.origin
            )
        ],
        "without_effect": [
            {**asdict(trial), "readings": _readings(pool, trial.label)} for trial in effects.silent
        ],
        "sensitivity": [_alternative(one) for one in pool.alternatives],
        "other_methods": [_alternative(one) for one in pool.conventions],
        "checks": [asdict(check) for check in pool.checks],
        "parity": None if pool.parity is None else pool.parity.to_dict(),
        "small_study": None if pool.small_study is None else asdict(pool.small_study),
        "few_studies": None if pool.panel is None else pool.panel.to_dict(),
        "all_evidence": None if pool.evidence is None else _evidence(pool.evidence),
        "multiverse": None if pool.multiverse is None else multiverse_record(pool.multiverse),
        "next_trial": None if pool.ahead is None else pool.ahead.to_dict(),
    }


def _readings(pool: Pool, label: str) -> list[dict[str, Any]]:
    """Every declared reading of one report: an estimate with its SE, or the ends of a range with theirs."""
    found = pool.readings.get(label)
    rows = []
    for one in found.readings if found is not None else ():
        ends = (one.y, one.y) if isinstance(one, Reading) else (one.lower, one.upper)
        se = one.v**0.5 if isinstance(one, Reading) else one.se
        rows.append(
            {"low": ends[0], "high": ends[1], "se": se, "axes": dict(one.axes), "assumption": one.assumption}
        )
    return rows


def _result(result: MetaResult) -> dict[str, Any]:
    found = result.to_dict()
    # At an optimum the gradient is rounding noise, which differs between processors; eight decimals say it is 0.
    gradient = found["gradient"]
    return found | {"gradient": None if gradient is None else round(gradient, 8) + 0.0}


def _evidence(found: AllOfIt) -> dict[str, Any]:
    return {
        "result": None if found.result is None else _result(found.result),
        "bayes": None if found.bayes is None else _result(found.bayes),
        "shifts": found.shifts.table().to_dict()["rows"],
        "unseen": None if found.worst is None else found.worst.table().to_dict()["rows"],
    }


def _alternative(one: Alternative) -> dict[str, Any]:
    names = ("k", "mu", "se", "ci", "tau2", "i2", "prediction")
    numbers = {name: getattr(one.result, name) for name in names} if one.result is not None else None
    return {"name": one.name, "result": numbers, "reason": one.reason}
