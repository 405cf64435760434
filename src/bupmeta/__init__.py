"""bupmeta: meta-analysis of clinical trials in which every report form counts."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# Name -> module; a module is loaded when its name is first used, so that importing bupmeta costs nothing.
_PUBLIC = {
    "AllEvidence": "bupmeta.pooling",
    "AssumedRisk": "bupmeta.pooling",
    "Bayes": "bupmeta.pooling",
    "BetaBinomial": "bupmeta.pooling",
    "BinomialNormal": "bupmeta.pooling",
    "Effects": "bupmeta.effects",
    "MantelHaenszel": "bupmeta.pooling",
    "MantelHaenszelRates": "bupmeta.pooling",
    "MetaResult": "bupmeta.pooling",
    "PartialPooling": "bupmeta.pooling",
    "PenalisedLikelihood": "bupmeta.pooling",
    "Peto": "bupmeta.pooling",
    "PoissonNormal": "bupmeta.pooling",
    "RandomEffects": "bupmeta.pooling",
    "Rates": "bupmeta.effects",
    "Tables": "bupmeta.effects",
    "absolute": "bupmeta.pooling",
    "analyse": "bupmeta.analysis",
    "bias": "bupmeta.bias",
    "calibration": "bupmeta.calibration",
    "designs": "bupmeta.designs",
    "diff": "bupmeta.living",
    "effect_sizes": "bupmeta.effects",
    "event_effects": "bupmeta.effects",
    "event_tables": "bupmeta.effects",
    "exchange": "bupmeta.exchange",
    "few_studies": "bupmeta.pooling",
    "headline": "bupmeta.analysis",
    "parity": "bupmeta.analysis.parity",
    "partial_pool": "bupmeta.pooling",
    "planning": "bupmeta.planning",
    "plots": "bupmeta.plots",
    "pool": "bupmeta.pooling",
    "priors": "bupmeta.pooling",
    "read_trials": "bupmeta.trials",
    "refit": "bupmeta.robustness",
    "robustness": "bupmeta.robustness",
    "simulate": "bupmeta.simulate",
}

__all__ = [
    "AllEvidence",
    "AssumedRisk",
    "Bayes",
    "BetaBinomial",
    "BinomialNormal",
    "Effects",
    "MantelHaenszel",
    "MantelHaenszelRates",
    "MetaResult",
    "PartialPooling",
    "PenalisedLikelihood",
    "Peto",
    "PoissonNormal",
    "RandomEffects",
    "Rates",
    "Tables",
    "__version__",
    "absolute",
    "analyse",
    "bias",
    "calibration",
    "designs",
    "diff",
    "effect_sizes",
    "event_effects",
    "event_tables",
    "exchange",
    "few_studies",
    "headline",
    "parity",
    "partial_pool",
    "planning",
    "plots",
    "pool",
    "priors",
    "read_trials",
    "refit",
    "robustness",
    "simulate",
]

if TYPE_CHECKING:
    from bupmeta import bias, calibration, designs, exchange, planning, plots, robustness, simulate
    from bupmeta.analysis import analyse, headline
    from bupmeta.analysis.parity import parity
    from bupmeta.effects import Effects, Rates, Tables, effect_sizes, event_effects, event_tables
    from bupmeta.living import diff
    from bupmeta.pooling import (
        AllEvidence,
        AssumedRisk,
        Bayes,
        BetaBinomial,
        BinomialNormal,
        MantelHaenszel,
        MantelHaenszelRates,
        MetaResult,
        PenalisedLikelihood,
        Peto,
        PoissonNormal,
        RandomEffects,
        absolute,
        few_studies,
        partial_pool,
        pool,
        priors,
    )
    from bupmeta.robustness import refit
    from bupmeta.trials import read_trials


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'bupmeta' has no attribute {name!r}")
    module = import_module(_PUBLIC[name])
    value = module if _PUBLIC[name] == f"bupmeta.{name}" else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_PUBLIC])
