"""Figures: layouts of numbers and words, then drawings of them; matplotlib loads with this package."""

from __future__ import annotations

# Loaded here and now: a function and its module share a name, and the function must win.
from bupmeta.plots.adverse_events import EventRow, adverse_events, event_rows
from bupmeta.plots.baujat import baujat
from bupmeta.plots.before_after import before_after
from bupmeta.plots.benefit_harm import Gain, benefit_harm
from bupmeta.plots.coverage import coverage
from bupmeta.plots.drapery import drapery
from bupmeta.plots.extended_funnel import extended_funnel
from bupmeta.plots.few_studies import few_studies
from bupmeta.plots.flow import flow
from bupmeta.plots.forest import forest
from bupmeta.plots.forest_layout import forest_layout
from bupmeta.plots.forest_parts import Band, Block
from bupmeta.plots.funnel import funnel
from bupmeta.plots.gosh import gosh
from bupmeta.plots.influence import influence
from bupmeta.plots.multiverse import multiverse
from bupmeta.plots.next_trial import next_trial
from bupmeta.plots.partial_pooling import partial_pooling
from bupmeta.plots.presets import PRESETS, Preset
from bupmeta.plots.prior_sensitivity import prior_sensitivity
from bupmeta.plots.qq import qq
from bupmeta.plots.radial import radial
from bupmeta.plots.refits import refits
from bupmeta.plots.reporting_bias import reporting_bias
from bupmeta.plots.risk_bars import risk_bars
from bupmeta.plots.save import figure_bytes, inline_svg, save, svg_text
from bupmeta.plots.traffic_light import traffic_light

__all__ = [
    "PRESETS",
    "Band",
    "Block",
    "EventRow",
    "Gain",
    "Preset",
    "adverse_events",
    "baujat",
    "before_after",
    "benefit_harm",
    "coverage",
    "drapery",
    "event_rows",
    "extended_funnel",
    "few_studies",
    "figure_bytes",
    "flow",
    "forest",
    "forest_layout",
    "funnel",
    "gosh",
    "influence",
    "inline_svg",
    "multiverse",
    "next_trial",
    "partial_pooling",
    "prior_sensitivity",
    "qq",
    "radial",
    "refits",
    "reporting_bias",
    "risk_bars",
    "save",
    "svg_text",
    "traffic_light",
]
