"""From what a report printed to an effect size."""

from __future__ import annotations

from bupmeta.effects.core import Admissible, Effects, Origin, Silent
from bupmeta.effects.recover import MEASURES, Measure
from bupmeta.effects.sizes import effect_sizes, silent_trials

__all__ = ["MEASURES", "Admissible", "Effects", "Measure", "Origin", "Silent", "effect_sizes", "silent_trials"]
