"""From what a report printed to an effect size, under every declared choice."""

from __future__ import annotations

from bupmeta.effects.core import Admissible, Axes, Effects, Origin, Silent
from bupmeta.effects.event_tables import event_effects, event_tables
from bupmeta.effects.events import event_readings
from bupmeta.effects.rates import Rates
from bupmeta.effects.readings import AXES, GRID, Choice, Grid, Reading, Recovery
from bupmeta.effects.recover import MEASURES, Measure, readings, recover
from bupmeta.effects.scales import smd_in_points
from bupmeta.effects.sizes import effect_sizes, recoveries, silent_trials
from bupmeta.effects.spread import SDs, comparable_sds
from bupmeta.effects.tables import Tables

__all__ = [
    "AXES",
    "GRID",
    "MEASURES",
    "Admissible",
    "Axes",
    "Choice",
    "Effects",
    "Grid",
    "Measure",
    "Origin",
    "Rates",
    "Reading",
    "Recovery",
    "SDs",
    "Silent",
    "Tables",
    "comparable_sds",
    "effect_sizes",
    "event_effects",
    "event_readings",
    "event_tables",
    "readings",
    "recover",
    "recoveries",
    "silent_trials",
    "smd_in_points",
]
