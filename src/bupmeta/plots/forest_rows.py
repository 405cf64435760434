"""From a block of trials to the rows of a forest plot: every number and every word that stands in them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bupmeta.plots.forest_parts import Block, Interval, Row, clean
from bupmeta.table import interval, number, p_value

if TYPE_CHECKING:
    from bupmeta.effects import Effects
    from bupmeta.pooling import MetaResult

__all__ = ["Show", "block_rows"]


@dataclass(frozen=True, slots=True)
class Show:
    """How estimates are written: so many decimals, ratios back from their logarithms."""

    digits: int
    ratio: bool

    def scale(self, x: float) -> float:
        """The number that is shown for an estimate or a limit."""
        if not self.ratio:
            return x
        return math.exp(x) if x < 700 else math.inf

    def limits(self, pair: Interval) -> str:
        """An interval in words that also hold when one end, or both, is open."""
        low, high = (self.scale(x) for x in pair)
        if math.isinf(low) and math.isinf(high):
            return "any value"
        if math.isinf(low) or (self.ratio and low == 0):
            return f"below {number(high, self.digits)}"
        return f"above {number(low, self.digits)}" if math.isinf(high) else interval((low, high), self.digits)

    def estimate(self, value: float, pair: Interval) -> str:
        """An estimate with its interval."""
        return f"{number(self.scale(value), self.digits)} {self.limits(pair)}"


def block_rows(block: Block, show: Show) -> Iterator[Row]:
    """Every row of a block: heading, trials with an effect, silent trials, what was pooled, or why nothing was."""
    data, result = block.data, block.result
    pooled = result is not None and result.k > 1
    if block.title and (block.studies or not pooled):
        yield Row("heading", text=clean(block.title))
    if block.studies and data is not None:
        yield from _study_rows(data, result, show)
        yield from _silent_rows(data, block.admissible, show)
    if result is not None and pooled:
        yield from _pooled_rows(block, result, show)
    said = _heterogeneity(result, show.digits) if result is not None and pooled else _why_not_pooled(block)
    yield Row("note", text=clean(block.sentence) or said)


def _study_rows(data: Effects, result: MetaResult | None, show: Show) -> Iterator[Row]:
    level = 0.95 if result is None else result.model.level
    weights: dict[str, float] = {}  # a trial that is shown beside a pool it is not in has none
    if result is not None and result.k > 1:
        weights = dict(zip(result.effects.labels, result.weights.tolist()))
    largest = max(weights.values(), default=1.0)
    for label, y, limits, origin in zip(data.labels, data.y.tolist(), data.limits(level), data.origin):
        weight = weights.get(label)
        yield Row(
            "study",
            _cells(
                label=label,
                year="" if origin.year is None else str(origin.year),
                design=origin.design,
                n=_sizes(origin.n_active, origin.n_control, origin.n),
                effect=show.estimate(y, limits),
                weight="" if weight is None else f"{number(weight, 1)}%",
            ),
            y,
            limits,
            area=0.35 if weight is None else weight / largest,
            detail=clean(origin.printed),
            link=origin.rows[0] if origin.rows else "",
        )


def _silent_rows(data: Effects, admissible: Mapping[str, Interval], show: Show) -> Iterator[Row]:
    for trial in data.silent:
        cells = _cells(
            label=trial.label,
            year="" if trial.year is None else str(trial.year),
            design=trial.design,
            n=_sizes(None, None, trial.n),
        )
        said, printed = clean(trial.kind), clean(trial.printed)
        link = trial.rows[0] if trial.rows else ""
        if limits := admissible.get(trial.label):
            cells["effect"] = show.limits(limits)
            detail = f"{said}: {printed}" if printed else said
            yield Row("admissible", cells, interval=limits, detail=detail, link=link)
        else:
            yield Row("silent", cells, text=said, detail=printed, link=link)


def _pooled_rows(block: Block, result: MetaResult, show: Show) -> Iterator[Row]:
    sizes = [(o.n_active, o.n_control) for o in result.effects.origin]
    totals = [sum(n or 0 for n in arm) if None not in arm else None for arm in zip(*sizes)]
    cells = _cells(
        label=f"Pooled, {result.k} trials" if block.studies else block.title,
        n=_sizes(totals[0], totals[1]),
        effect=show.estimate(result.mu, result.ci),
        weight="100%" if block.studies else "",
    )
    yield Row("pooled", cells, result.mu, result.ci)
    if result.prediction is not None:
        label = f"Prediction interval{', unreliable' if result.k < 5 else ''}"
        shown = _cells(label=label, effect=show.limits(result.prediction))
        yield Row("prediction", shown, interval=result.prediction)


def _heterogeneity(result: MetaResult, digits: int) -> str:
    """One line: between-trial variance, Cochran's Q, and the share of variation it makes up."""
    parts = []
    if result.tau2 is not None:
        parts.append(f"tau² = {number(result.tau2, digits + 1)}")
    if result.q is not None:
        p = p_value(result.q_p)
        shown = f"{p[0]} {p[1:]}" if p[:1] in ("<", ">") else f"= {p}"
        parts.append(f"Q = {number(result.q, 1)}, df = {result.q_df}, p {shown}")
    if result.i2 is not None:
        parts.append(f"I² = {number(result.i2, 0)}%")
    # no-break spaces: a line never ends in the middle of a statement
    statements = [part.replace(" ", "\u00a0") for part in parts]
    model = f"{result.model.tau2}, {result.model.ci} interval".replace(" ", "\u00a0")
    return f"Heterogeneity: {'; '.join(statements)}. {model}." if parts else f"{model}."


def _why_not_pooled(block: Block) -> str:
    data, result = block.data, block.result
    if result is not None:
        return "One trial: reported, not pooled."
    if data is None or not (len(data) or data.silent):
        return "No eligible trial."
    return "Not pooled." if len(data) else "No trial with an effect: nothing to pool."


def _sizes(active: int | None, control: int | None, total: int | None = None) -> str:
    if active is None and control is None:
        return "" if total is None else f"{number(total, 0)} in all"
    return f"{number(active, 0) or '?'} / {number(control, 0) or '?'}"


def _cells(**cells: str) -> dict[str, str]:
    return {key: clean(text) for key, text in cells.items() if text}
