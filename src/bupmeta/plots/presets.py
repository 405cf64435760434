"""Forest plots as journals print them: a preset is a value, so that a new one is data and no code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bupmeta.errors import DataError
from bupmeta.plots.forest_parts import Column
from bupmeta.plots.look import HOUSE, Look
from bupmeta.plots.style import INK, STUDY
from bupmeta.table.notation import NOTATIONS, Notation, PresetName

__all__ = ["PRESETS", "Preset", "PresetName", "as_preset"]

PLAIN = ("{}", "{}")  # words left and right of zero without arrows
LABEL, WEIGHT = Column("label", "Study", flexible=True), Column("weight", "Weight", "right", "right")


@dataclass(frozen=True, slots=True)
class Preset:
    """Columns in their order, words, number notation and look of a forest plot.

    Titles and words may hold {level} (percent), {measure}, {unit}, {weighting}, {active}, {control}, and in rows {k},
    {title}, {model}, {label}, {year}. A statement of `heterogeneity` or `overall` is left out when a number in it does
    not exist; it may hold {tau2}, {q}, {df}, {p}, {i2}, {test} and {p_effect}, each with its equals sign. A column
    stands only where a row fills it. `details` are what reports printed: of all trials, or of those without an effect.
    """

    columns: tuple[Column, ...]
    notation: Notation
    look: Look = HOUSE
    dated: str = "{label} ({year})"
    pooled: str = "Total ({level}%\u00a0CI)"
    subtotal: str = "Subtotal ({level}%\u00a0CI)"
    total: str = "Total ({level}%\u00a0CI)"
    prediction: str = "Prediction interval"
    head: str = "Heterogeneity: "
    heterogeneity: tuple[str, ...] = ()
    overall: tuple[str, ...] = ()
    between: str = "; "
    axis_words: str = "{unit}"
    details: Literal["all", "silent"] = "silent"


PRESETS: dict[PresetName, Preset] = {
    "house": Preset(
        (
            Column("label", "Trial", flexible=True),
            Column("year", "Year", align="right"),
            Column("design", "Design", flexible=True),
            Column("n", "n {active} / {control}", align="right"),
            Column("effect", "Effect ({level}% CI)", "right", "right"),
            WEIGHT,
        ),
        NOTATIONS["house"],
        pooled="Pooled, {k} trials",
        subtotal="Pooled, {k} trials",
        total="{title}",
        heterogeneity=("tau²{tau2}", "Q{q}, df{df}, p{p}", "I²{i2}%"),
        details="all",
    ),
    "RevMan": Preset(
        (
            Column("label", "Study or subgroup", flexible=True),
            Column("n_active", "{active}, total", align="right"),
            Column("n_control", "{control}, total", align="right"),
            Column("weight", "Weight", align="right"),
            Column("effect", "{measure} {weighting}, {level}%\u00a0CI", align="right"),
        ),
        NOTATIONS["RevMan"],
        # green squares for means, blue ones for counts, a black diamond
        Look("#00a000", "#3465d9", INK, INK, rule=INK, titles=INK, prediction=INK, axis_words="above", sides=PLAIN),
        dated="{label} {year}",
        heterogeneity=("Tau²{tau2}", "Chi²{q}, df{df} (P{p})", "I²{i2}%"),
        overall=("Test for overall effect: {test} (P{p_effect})",),
        axis_words="{measure} {weighting}, {level}%\u00a0CI",
    ),
    "BMJ": Preset(
        (
            LABEL,
            Column("n_active", "No in {active} group", align="right"),
            Column("n_control", "No in {control} group", align="right"),
            Column("weight", "Weight (%)", "right", "right"),
            Column("effect", "{measure} ({level}%\u00a0CI)", "right", "right"),
        ),
        NOTATIONS["BMJ"],
        Look(
            "#6b58a6", "#6b58a6", "#6b58a6", "#6b58a6", rule="#a7a9ac", titles=INK, prediction="#6b58a6",
            reference="#a7a9ac", axis_words="above", sides=PLAIN,
        ),
        dated="{label} {year}",
        head="Test for heterogeneity: ",
        heterogeneity=("τ²{tau2}", "χ²{q}, df{df}, P{p}", "I²{i2}%"),
        overall=("Test for overall effect: {test}, P{p_effect}",),
        axis_words="{measure} ({level}%\u00a0CI)",
    ),
    "JAMA": Preset(
        (
            Column("label", "Source", flexible=True),
            Column("n_active", "{active}, No.", align="right"),
            Column("n_control", "{control}, No.", align="right"),
            Column("effect", "{measure} ({level}%\u00a0CI)", align="left"),
            Column("weight", "Weight, %", "right", "right"),
        ),
        NOTATIONS["JAMA"],
        # dark blue squares, a light blue diamond with a dark edge
        Look(STUDY, STUDY, INK, "#add8e6", INK, INK, rule=INK, titles=INK, top_rule=True, favours="above", sides=PLAIN),
        dated="{label}, {year}",
        pooled="{model}",
        subtotal="Subtotal",
        total="Total",
        heterogeneity=("χ²{q}, df{df} (P{p})", "I²{i2}%"),
        overall=("Test for overall effect: {test} (P{p_effect})",),
        axis_words="{measure} ({level}%\u00a0CI)",
    ),
}  # fmt: skip


def as_preset(preset: PresetName | Preset) -> Preset:
    """Give a preset by its name, or the one that is given; DataError for a name that is none."""
    if isinstance(preset, Preset):
        return preset
    if preset not in PRESETS:
        raise DataError(f"there is no preset {preset!r}; choose one of {', '.join(PRESETS)}")
    return PRESETS[preset]
