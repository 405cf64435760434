"""The multiverse: every declared way of reading the reports crossed with every declared method, as one batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TypeAlias

import numpy as np

from bupmeta.effects import Effects, Tables
from bupmeta.errors import DataError, ModelError
from bupmeta.pooling.models import CiName, RandomEffects, Tau2Name
from bupmeta.robustness.multiverse_cells import (
    INVERSE_VARIANCE,
    METHOD_AXES,
    Cells,
    CountFit,
    Stack,
    counted,
    same_counts,
)
from bupmeta.robustness.multiverse_result import Multiverse

__all__ = ["Choices", "Variant", "multiverse"]

Choices: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """The effects under one choice on each axis of the data; all variants have the same axes.

    `tables` are the counts behind them, where models of counts can be asked of this choice too.
    """

    choices: Choices
    effects: Effects
    tables: Tables | None = None


def multiverse(
    variants: Sequence[Variant],
    model: RandomEffects,
    *,
    tau2: Sequence[Tau2Name],
    ci: Sequence[CiName],
    silent: bool = True,
    counts: Mapping[str, CountFit] | None = None,
    marked: Choices | None = None,
    progress: Callable[[str], None] | None = None,
) -> Multiverse | None:
    """Pool every variant by every method; None when there are never two trials to pool.

    `silent` adds, for each variant, the all-evidence fit, in which trials without numbers enter by the interval that
    their words admit; `counts` adds models of the tables of the variants, by name. `marked` are the choices of the
    prespecified cell among the data axes and, where `counts` has models, its "model"; the other methods are those of
    `model`. A method that refuses the data leaves no cells and says why. Raises DataError without variants.
    """
    if not variants:
        raise DataError("a multiverse needs at least one variant of the data")
    if not any(len(variant.effects) for variant in variants):
        return None
    data_axes, idle, variants = _live_axes(variants)
    stack = Stack.of([variant.effects for variant in variants])
    cells: list[Cells] = []
    refused: dict[str, None] = {}
    for method, interval in product(tau2, ci):
        if progress is not None:
            progress(f"{len(variants)} readings by {method}, {interval}")
        try:
            found = stack.pooled(replace(model, tau2=method, ci=interval))
        except ModelError as error:
            refused[f"{method}, {interval}: {error}"] = None
        else:
            cells += [found] if found is not None else []
    if silent and stack.has_intervals:
        cells.append(stack.all_evidence(model.level))
    others, reasons = counted([variant.tables for variant in variants], counts or {})
    refused |= dict.fromkeys(reasons)
    return _assembled(data_axes, idle, variants, [*cells, *others], model, marked or {}, tuple(refused))


def _live_axes(
    variants: Sequence[Variant],
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...], list[Variant]]:
    """Drop the axes along which every variant stays the same, and the copies that leaves."""
    axes = {
        axis: tuple(dict.fromkeys(variant.choices[axis] for variant in variants))
        for axis in variants[0].choices
    }
    prints = {tuple(variant.choices.items()): _fingerprint(variant) for variant in variants}
    idle = [axis for axis in axes if len(axes[axis]) > 1 and not _changes(axis, prints)]
    live = {axis: levels for axis, levels in axes.items() if axis not in idle and len(levels) > 1}
    kept: dict[tuple[str, ...], Variant] = {}
    for variant in variants:
        kept.setdefault(tuple(variant.choices[axis] for axis in live), variant)
    return live, tuple(idle), list(kept.values())


def _fingerprint(variant: Variant) -> tuple[object, ...]:
    effects = variant.effects
    words = [(t.label, a.lower, a.upper, a.se) for t in effects.silent if (a := t.admissible) is not None]
    return (
        effects.labels,
        effects.y.tobytes(),
        effects.v.tobytes(),
        tuple(words),
        same_counts(variant.tables),
    )


def _changes(axis: str, prints: Mapping[tuple[tuple[str, str], ...], tuple[object, ...]]) -> bool:
    by_rest: dict[tuple[tuple[str, str], ...], set[tuple[object, ...]]] = {}
    for choices, found in prints.items():
        by_rest.setdefault(tuple(pair for pair in choices if pair[0] != axis), set()).add(found)
    return any(len(found) > 1 for found in by_rest.values())


def _assembled(
    data_axes: Mapping[str, tuple[str, ...]],
    idle: tuple[str, ...],
    variants: Sequence[Variant],
    cells: Sequence[Cells],
    model: RandomEffects,
    marked: Choices,
    refused: tuple[str, ...],
) -> Multiverse | None:
    if not cells:
        return None
    index = np.concatenate([cell.index for cell in cells])
    sizes = [len(cell.index) for cell in cells]
    words: dict[str, list[str | None]] = {
        axis: [variants[i].choices[axis] for i in index.tolist()] for axis in data_axes
    }
    for i, axis in enumerate(METHOD_AXES):
        words[axis] = [cell.method[i] for cell, size in zip(cells, sizes) for _ in range(size)]
    axes, absent = _taken(data_axes, words)
    numbered = {axis: {level: code for code, level in enumerate(levels)} for axis, levels in axes.items()}
    codes = [[-1 if word is None else numbered[axis][word] for word in words[axis]] for axis in axes]
    methods = {"model": INVERSE_VARIANCE, "silent trials": "left out", **marked}
    if methods["model"] == INVERSE_VARIANCE:
        methods |= {"estimator of tau²": model.tau2, "interval": model.ci}
    table = np.array(codes, np.int16).reshape(len(axes), len(index))
    hits = [numbered[axis].get(methods.get(axis, ""), -1) for axis in axes]
    same = (table == np.array(hits, np.int16)[:, None]).all(axis=0) if axes else np.ones(len(index), bool)
    where = int(np.flatnonzero(same)[0]) if same.any() else -1
    mu, low, high, tau2 = np.concatenate([cell.numbers for cell in cells], axis=1)
    k = np.concatenate([cell.k for cell in cells]).astype(np.int16)
    measure = variants[0].effects.measure
    return Multiverse(axes, idle, table, k, mu, low, high, tau2, where, (*absent, *refused), measure)


def _taken(
    declared: Mapping[str, tuple[str, ...]], words: Mapping[str, Sequence[str | None]]
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """The levels that some cell has, of axes with more than one; and a sentence about the levels that none has."""
    there = {axis: dict.fromkeys(word for word in found if word is not None) for axis, found in words.items()}
    levels = {
        axis: tuple(level for level in declared.get(axis, tuple(found)) if level in found)
        for axis, found in there.items()
    }
    absent = [f"{axis}, {x}" for axis, known in declared.items() for x in known if x not in there[axis]]
    why = f"No cell, for want of two trials or of a model that takes them: {'; '.join(absent)}."
    return {axis: found for axis, found in levels.items() if len(found) > 1}, (why,) if absent else ()
