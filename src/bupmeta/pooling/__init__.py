"""Pooling: models as frozen values, one verb, one result."""

from __future__ import annotations

from bupmeta.pooling import priors
from bupmeta.pooling.absolute import Absolute, AssumedRisk, absolute, control_risk
from bupmeta.pooling.blup import Blups, blups
from bupmeta.pooling.ci import intervals
from bupmeta.pooling.evidence_shifts import Shifts, WorstCases, shifts, worst_case
from bupmeta.pooling.exceedance import Share, share_beyond
from bupmeta.pooling.leave_out import LeftOut, leave_one_out
from bupmeta.pooling.models import (
    AllEvidence,
    Bayes,
    CiName,
    Model,
    PredictionName,
    RandomEffects,
    Tau2CiName,
    Tau2Name,
)
from bupmeta.pooling.panel import Panel, PanelRow, few_studies
from bupmeta.pooling.partial import partial_pool
from bupmeta.pooling.partial_result import Condition, PartialPool, PartialPooling
from bupmeta.pooling.pool import pool
from bupmeta.pooling.posterior import Marginal, Posterior
from bupmeta.pooling.result import MetaResult
from bupmeta.pooling.sensitivity import PriorSensitivity, prior_sensitivity
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

__all__ = [
    "Absolute",
    "AllEvidence",
    "AssumedRisk",
    "Bayes",
    "BetaBinomial",
    "BinomialNormal",
    "Blups",
    "CiName",
    "Condition",
    "LeftOut",
    "MantelHaenszel",
    "MantelHaenszelRates",
    "Marginal",
    "MetaResult",
    "Model",
    "Panel",
    "PanelRow",
    "PartialPool",
    "PartialPooling",
    "PenalisedLikelihood",
    "Peto",
    "PoissonNormal",
    "Posterior",
    "PredictionName",
    "PriorSensitivity",
    "RandomEffects",
    "Share",
    "Shifts",
    "TableModel",
    "Tau2CiName",
    "Tau2Name",
    "WorstCases",
    "absolute",
    "blups",
    "control_risk",
    "few_studies",
    "intervals",
    "leave_one_out",
    "partial_pool",
    "pool",
    "prior_sensitivity",
    "priors",
    "share_beyond",
    "shifts",
    "worst_case",
]
