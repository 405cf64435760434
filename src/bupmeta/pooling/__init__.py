"""Pooling: models as frozen values, one verb, one result."""

from __future__ import annotations

from bupmeta.pooling.ci import intervals
from bupmeta.pooling.models import CiName, PredictionName, RandomEffects, Tau2CiName
from bupmeta.pooling.pool import pool
from bupmeta.pooling.result import MetaResult

__all__ = ["CiName", "MetaResult", "PredictionName", "RandomEffects", "Tau2CiName", "intervals", "pool"]
