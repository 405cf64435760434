"""Pooling: models as frozen values, one verb, one result."""

from __future__ import annotations

from bupmeta.pooling.blup import Blups, blups
from bupmeta.pooling.ci import intervals
from bupmeta.pooling.exceedance import Share, share_beyond
from bupmeta.pooling.models import CiName, PredictionName, RandomEffects, Tau2CiName, Tau2Name
from bupmeta.pooling.pool import pool
from bupmeta.pooling.result import MetaResult

__all__ = [
    "Blups",
    "CiName",
    "MetaResult",
    "PredictionName",
    "RandomEffects",
    "Share",
    "Tau2CiName",
    "Tau2Name",
    "blups",
    "intervals",
    "pool",
    "share_beyond",
]
