"""Risk of bias, certainty and the Summary of Findings as results.json holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bupmeta.analysis.certainty import Rated
from bupmeta.analysis.finding import Finding, Judgements, PoolRisk
from bupmeta.analysis.record_outcomes import people_record
from bupmeta.trials.risk_of_bias import Assessment

__all__ = ["finding_record", "judgements_record"]


def judgements_record(found: Judgements) -> dict[str, Any]:
    """Give the file of judgements, and per pool what is judged of each known trial."""
    return {"name": found.name, "sha256": found.sha256, "pools": [_pool(pool) for pool in found.pools]}


def finding_record(finding: Finding) -> dict[str, Any]:
    """Give one row of the Summary of Findings with all that its certainty rests on."""
    body, certainty = finding.body, finding.certainty
    return {
        "outcome": finding.outcome,
        "condition": finding.condition,
        "known": finding.known,
        "k": body.k,
        "persons": body.persons,
        "measure": finding.measure,
        "unit": finding.unit,
        "estimate": finding.estimate,
        "ci": finding.ci,
        "people": None if finding.people is None else people_record(finding.people),
        "certainty": {
            "level": certainty.level if finding.known else None,
            "proposed": certainty.proposed if finding.known else None,
            "words": finding.rating,
            "domains": [_domain(one) for one in certainty.domains],
        },
        "information_size": None if body.needed is None else asdict(body.needed),
        "comments": finding.comments,
    }


def _domain(one: Rated) -> dict[str, Any]:
    reviewer = None if one.override is None else {"step": one.override.step, "reason": one.override.reason}
    return {**asdict(one.proposal), "reviewer": reviewer}


def _pool(pool: PoolRisk) -> dict[str, Any]:
    trials = zip(pool.assessments.items(), pool.weights, strict=True)
    return {
        "title": pool.title,
        "percent_of_trials": dict(pool.of_trials),
        "percent_of_weight": dict(pool.of_weight),
        "trials": [{"label": label, "weight": weight, **_trial(one)} for (label, one), weight in trials],
    }


def _trial(one: Assessment) -> Mapping[str, Any]:
    return {
        "trial": one.trial,
        "tool": one.tool,
        "overall": one.overall,
        "judgements": [
            {
                name: getattr(judged, name)
                for name in ("domain", "judgement", "support", "judged_by", "source")
            }
            for judged in one.judgements
        ],
    }
