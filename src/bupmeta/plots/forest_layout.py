"""What a forest plot says, as numbers and strings: rows, columns and an axis, without a drawing library."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bupmeta.errors import DataError
from bupmeta.plots.axis import Axis, axis
from bupmeta.plots.forest_parts import Band, Block, Column, ForestLayout, Interval, Row, clean
from bupmeta.plots.forest_rows import block_rows
from bupmeta.plots.forest_words import Show, weighting
from bupmeta.plots.presets import Preset, PresetName, as_preset
from bupmeta.table import capital, in_percent

if TYPE_CHECKING:
    from bupmeta.effects import Effects
    from bupmeta.pooling import MetaResult

__all__ = ["as_blocks", "forest_layout"]

RATIOS = frozenset({"OR", "RR", "HR", "IRR", "PETO"})  # analysed as logarithms, shown as ratios
MEASURES = {
    "generic": "effect",
    "MD": "mean difference",
    "SMD": "standardized mean difference",
    "RD": "risk difference",
    "OR": "odds ratio",
    "RR": "risk ratio",
    "HR": "hazard ratio",
}


def forest_layout(
    what: MetaResult | Block | Sequence[Block],
    *,
    favours: tuple[str, str] = ("", ""),
    arms: tuple[str, str] = ("active", "control"),
    unit: str | None = None,
    title: str = "",
    band: Band | None = None,
    limits: Interval | None = None,
    digits: int = 2,
    preset: PresetName | Preset = "house",
) -> ForestLayout:
    """Lay out one result, or several blocks on one axis, with the columns and words of a preset.

    `favours` stands left and right of zero under the axis, `unit` (by default that of the effects) below it;
    `arms` heads the column of group sizes; `limits` sets the axis (logarithms for ratios). Raises DataError when
    there is no block, when blocks mix ratios with differences, or for an unknown preset.
    """
    style = as_preset(preset)
    blocks = as_blocks(what)
    every = [data for block in blocks if (data := block.data) is not None]
    if len({data.measure in RATIOS for data in every}) > 1:
        raise DataError("ratios and differences cannot share the axis of one forest plot")
    ratio = bool(every) and every[0].measure in RATIOS
    results = [block.result for block in blocks if block.result is not None]
    level = results[0].model.level if results else 0.95
    words = _words(every, arms, level, weighting(results[0] if results else None), unit)
    show = Show(digits, ratio, style, words)
    part = sum(block.studies for block in blocks) > 1 or len(blocks) > 1
    rows = _with_years([row for block in blocks for row in block_rows(block, show, part)], show)
    estimates = [row.estimate for row in rows if row.estimate is not None]
    if band is not None:
        estimates += [x for x in (band.low, band.high) if math.isfinite(x)]
    scale = axis(
        estimates,
        [row.interval for row in rows if row.interval is not None],
        within=limits,
        label=show.say(style.axis_words),
        ratio=ratio,
    )
    scale = replace(scale, ticks=tuple((x, style.notation.own(text)) for x, text in scale.ticks))
    return ForestLayout(
        _columns(rows, show),
        tuple(rows),
        scale,
        (clean(favours[0]), clean(favours[1])),
        Band(band.low, band.high, clean(band.label)) if band else None,
        clean(title),
        tuple(_key(rows, scale, level)),
        style.look,
    )


def _words(
    every: Sequence[Effects], arms: tuple[str, str], level: float, weights: str, unit: str | None
) -> dict[str, str]:
    """What the words of a preset may hold, of this plot."""
    measure = MEASURES.get(every[0].measure, every[0].measure) if every else "effect"
    shown = clean(_scale_label(every) if unit is None else unit)
    return {
        "active": clean(arms[0]),
        "control": clean(arms[1]),
        "level": in_percent(level),
        "measure": clean(capital(measure)),
        "unit": shown,
        "weighting": weights,
    }


def as_blocks(what: MetaResult | Block | Sequence[Block]) -> tuple[Block, ...]:
    """Take a result, a block or several blocks as blocks; DataError when there is none."""
    if isinstance(what, Block):
        return (what,)
    blocks = tuple(what) if isinstance(what, Sequence) else (Block(result=what),)
    if not blocks:
        raise DataError("a forest plot needs at least one result or block")
    return blocks


def _scale_label(every: Sequence[Effects]) -> str:
    measure, unit = (every[0].measure, every[0].unit) if every else ("generic", "")
    words = MEASURES.get(measure, measure)
    return f"{words}, {unit}" if unit and unit != measure else words


def _with_years(rows: list[Row], show: Show) -> list[Row]:
    """Years stand in a column of their own, or, without one or when any label says its year, in all labels."""
    dated = [row for row in rows if row.cells.get("year")]
    column = any(column.key == "year" for column in show.preset.columns)
    if column and not any(_says_year(row) for row in dated):
        return rows
    found = []
    for row in rows:
        cells = {key: text for key, text in row.cells.items() if key != "year"}
        if row in dated and not _says_year(row):
            label, year = cells.get("label", ""), row.cells["year"]
            cells["label"] = show.say(show.preset.dated, label=label, year=year)
        found.append(replace(row, cells=cells))
    return found


def _says_year(row: Row) -> bool:
    # not as part of a number, as in "EudraCT 2019-000243-27"
    return re.search(rf"(?<![\w-]){row.cells['year']}(?![\w-])", row.cells["label"]) is not None


def _columns(rows: Sequence[Row], show: Show) -> tuple[Column, ...]:
    """The columns of the preset that say something, with their titles."""
    filled = {key for row in rows for key, text in row.cells.items() if text}
    found = []
    for column in show.preset.columns:
        if column.key in filled or column.key in ("label", "effect"):
            title = show.say(column.title)
            found.append(replace(column, title=capital(title) if "{" in column.title[:1] else title))
    return tuple(found)


def _key(rows: Sequence[Row], scale: Axis, level: float) -> Iterator[str]:
    """Explain the signs that this plot uses beyond squares and diamonds."""
    kinds = {row.kind for row in rows}
    if "prediction" in kinds:
        yield f"Thin bar: where the effect of a new trial is expected ({in_percent(level)}% prediction interval)."
    if "admissible" in kinds:
        yield "Brackets: the effects that agree with what a trial without numbers reported."
    if any(row.interval is not None and any(scale.clip(row.interval)[1:]) for row in rows):
        yield "Arrow: the interval goes on past the axis."
