"""From a block of trials to the rows of a forest plot: every number and every word that stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from bupmeta.plots.forest_parts import Block, Interval, Row, clean
from bupmeta.plots.forest_words import Show, heterogeneity, model_words
from bupmeta.table import number

if TYPE_CHECKING:
    from bupmeta.effects import Effects
    from bupmeta.pooling import MetaResult

__all__ = ["block_rows"]


def block_rows(block: Block, show: Show, part: bool = False) -> Iterator[Row]:
    """Every row of a block: heading, trials with an effect, silent trials, what was pooled, or why nothing was.

    `part` says that other blocks stand beside it, so that its pool is a subtotal.
    """
    data, result = block.data, block.result
    pooled = result is not None and result.k > 1
    if block.title and (block.studies or not pooled):
        yield Row("heading", text=clean(block.title))
    if block.studies and data is not None:
        yield from _study_rows(data, result, show)
        yield from _silent_rows(data, block.admissible, show)
    if result is not None and pooled:
        yield from _pooled_rows(block, result, show, part)
    said = heterogeneity(result, show) if result is not None and pooled else _why_not_pooled(block)
    remark = f" {clean(block.remark)}" if block.remark else ""
    yield Row("note", text=(clean(block.sentence) or said) + remark)


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
                n_active=number(origin.n_active, 0),
                n_control=number(origin.n_control, 0),
                effect=show.estimate(y, limits),
                weight="" if weight is None else _weight(weight, 1, show),
            ),
            y,
            limits,
            area=0.35 if weight is None else weight / largest,
            detail=clean(origin.printed) if show.preset.details == "all" else "",
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


def _pooled_rows(block: Block, result: MetaResult, show: Show, part: bool) -> Iterator[Row]:
    sizes = [(o.n_active, o.n_control) for o in result.effects.origin]
    totals = [sum(n or 0 for n in arm) if None not in arm else None for arm in zip(*sizes)]
    preset = show.preset
    label = (preset.subtotal if part else preset.pooled) if block.studies else preset.total
    cells = _cells(
        label=show.say(label, k=str(result.k), title=block.title, model=model_words(result)),
        n=_sizes(totals[0], totals[1]),
        n_active=number(totals[0], 0),
        n_control=number(totals[1], 0),
        effect=show.estimate(result.mu, result.ci),
        weight=_weight(100.0, 0, show) if block.studies else "",
    )
    yield Row("pooled", cells, result.mu, result.ci)
    if result.prediction is not None:
        label = show.say(preset.prediction) + (", unreliable" if result.k < 5 else "")
        shown = _cells(label=label, effect=show.limits(result.prediction))
        yield Row("prediction", shown, interval=result.prediction)


def _why_not_pooled(block: Block) -> str:
    data, result = block.data, block.result
    if result is not None:
        return "One trial: reported, not pooled."
    if data is None or not (len(data) or data.silent):
        return "No eligible trial."
    return "Not pooled." if len(data) else "No trial with an effect: nothing to pool."


def _weight(weight: float, digits: int, show: Show) -> str:
    """A weight, with its percent sign where the title of the column has none."""
    title = next((column.title for column in show.preset.columns if column.key == "weight"), "")
    return show.number(weight, digits) + ("" if "%" in title else "%")


def _sizes(active: int | None, control: int | None, total: int | None = None) -> str:
    if active is None and control is None:
        return "" if total is None else f"{number(total, 0)} in all"
    return f"{number(active, 0) or '?'} / {number(control, 0) or '?'}"


def _cells(**cells: str) -> dict[str, str]:
    return {key: clean(text) for key, text in cells.items() if text}
