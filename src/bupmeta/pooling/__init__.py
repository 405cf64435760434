"""Pooling: models as frozen values, one verb, one result."""

from __future__ import annotations

from bupmeta.pooling.blup import Blups, blups
from bupmeta.pooling.ci import intervals
from bupmeta.pooling.evidence_shifts import Shifts, WorstCases, shifts, worst_case
from bupmeta.pooling.exceedance import Share, share_beyond
from bupmeta.pooling.models import (
    AllEvidence,
    CiName,
    Model,
    PredictionName,
    RandomEffects,
    Tau2CiName,
    Tau2Name,
)
from bupmeta.pooling.pool import pool
from bupmeta.pooling.result import MetaResult

__all__ = [
    "AllEvidence",
    "Blups",
    "CiName",
    "MetaResult",
    "Model",
    "PredictionName",
    "RandomEffects",
    "Share",
    "Shifts",
    "Tau2CiName",
    "Tau2Name",
    "WorstCases",
    "blups",
    "intervals",
    "pool",
    "share_beyond",
    "shifts",
    "worst_case",
]
