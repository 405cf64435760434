"""The multiverse: every declared way of reading the reports crossed with every declared method, as one batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bupmeta.effects import Effects
from bupmeta.errors import DataError, ModelError
from bupmeta.kernels.censored import censored_fit
from bupmeta.kernels.censored_profile import censored_limits
from bupmeta.kernels.fit import fit
from bupmeta.pooling.models import CiName, RandomEffects, Tau2Name
from bupmeta.robustness.limits import limits

if TYPE_CHECKING:
    from bupmeta.effects.core import FloatArray
    from bupmeta.table import Column, Table

__all__ = ["ALL_EVIDENCE", "Choices", "Multiverse", "Variant", "multiverse"]

Choices: TypeAlias = Mapping[str, str]
ALL_EVIDENCE = "all evidence"
_METHOD_AXES = ("estimator of tau²", "interval", "silent trials")


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """The effects under one choice on each axis of the data; all variants have the same axes."""

    choices: Choices
    effects: Effects


@dataclass(frozen=True, slots=True, eq=False)
class Multiverse:
    """N cells; `mu`, `low`, `high`, `tau2` have shape (N,), `codes` (A, N) the level of each axis in each cell.

    `axes` gives the levels by axis, `idle` the declared axes that change nothing for these trials, `marked` the
    prespecified cell, `refused` why a method has no cells. A code of -1 says that the axis has no part in a cell: the
    all-evidence fit has its own way with tau2 and the interval.
    """

    axes: Mapping[str, tuple[str, ...]]
    idle: tuple[str, ...]
    codes: NDArray[np.int16]
    k: NDArray[np.int16]
    mu: FloatArray
    low: FloatArray
    high: FloatArray
    tau2: FloatArray
    marked: int
    refused: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.mu)

    @property
    def range(self) -> tuple[float, float]:
        """The lowest and the highest estimate."""
        return float(self.mu.min()), float(self.mu.max())

    @property
    def share_below(self) -> float:
        """Share of cells whose estimate is below 0."""
        return float(np.mean(self.mu < 0))

    @property
    def share_clear(self) -> float:
        """Share of cells whose whole interval is below 0."""
        return float(np.mean(self.high < 0))

    def choices(self, cell: int) -> dict[str, str]:
        """The choices behind one cell."""
        return {
            axis: levels[code]
            for (axis, levels), code in zip(self.axes.items(), self.codes[:, cell])
            if code >= 0
        }

    def moves(self) -> tuple[tuple[str, float], ...]:
        """How far the mean estimate moves over the levels of each axis, the farthest first."""
        found = []
        for axis, codes in zip(self.axes, self.codes):
            means = [float(self.mu[codes == level].mean()) for level in np.unique(codes[codes >= 0])]
            found.append((axis, max(means) - min(means)))
        return tuple(sorted(found, key=lambda move: -move[1]))

    def table(self) -> Table:
        """One row per level of each axis: cells, the range of the estimate and how often it is below 0."""
        from bupmeta.table import Table, Value

        rows: list[dict[str, Value]] = []
        for (axis, levels), codes in zip(self.axes.items(), self.codes):
            for code, level in enumerate(levels):
                here = codes == code
                mu = self.mu[here]
                rows.append(
                    {
                        "axis": axis,
                        "level": level,
                        "cells": int(here.sum()),
                        "middle": float(np.median(mu)),
                        "range": (float(mu.min()), float(mu.max())),
                        "below": 100 * float(np.mean(mu < 0)),
                        "clear": 100 * float(np.mean(self.high[here] < 0)),
                    }
                )
        caption = f"{len(self):,} cells: every combination of the declared choices"
        idle = (f"These axes change nothing here: {', '.join(self.idle)}.",) if self.idle else ()
        return Table(self._columns(), tuple(rows), caption, (*idle, *self.refused))

    def _columns(self) -> tuple[Column, ...]:
        from bupmeta.table import Column

        return (
            Column("axis", "Choice"),
            Column("level", "Taken as"),
            Column("cells", "Cells", "integer"),
            Column("middle", "Median estimate", "number"),
            Column("range", "Range of estimates", "interval"),
            Column("below", "Estimate below 0", "percent", 0),
            Column("clear", "Interval below 0", "percent", 0),
        )


def multiverse(
    variants: Sequence[Variant],
    model: RandomEffects,
    *,
    tau2: Sequence[Tau2Name],
    ci: Sequence[CiName],
    silent: bool = True,
    marked: Choices | None = None,
    progress: Callable[[str], None] | None = None,
) -> Multiverse | None:
    """Pool every variant by every method; None when there are never two trials to pool.

    `silent` adds, for each variant, the all-evidence fit, in which trials without numbers enter by the interval that
    their words admit. `marked` are the choices of the prespecified cell among the data axes; its methods are those of
    `model`. A method that refuses the data leaves no cells and says why. Raises DataError without variants.
    """
    if not variants:
        raise DataError("a multiverse needs at least one variant of the data")
    if not any(len(variant.effects) for variant in variants):
        return None
    data_axes, idle, variants = _live_axes(variants)
    stack = _Stack.of([variant.effects for variant in variants])
    cells: list[_Cells] = []
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
    return _assembled(data_axes, idle, variants, cells, model, marked or {}, tuple(refused))


@dataclass(frozen=True, slots=True)
class _Cells:
    method: tuple[str | None, str | None, str]
    index: NDArray[np.intp]  # which variants
    k: FloatArray
    numbers: FloatArray  # mu, low, high, tau2


@dataclass(frozen=True, slots=True)
class _Stack:
    """All variants on one list of trials: y, v, m and the ends of intervals, (D, K)."""

    y: FloatArray
    v: FloatArray
    m: FloatArray
    ends: FloatArray
    silent_v: FloatArray

    @classmethod
    def of(cls, every: Sequence[Effects]) -> _Stack:
        labels = list(dict.fromkeys(label for effects in every for label in effects.labels))
        quiet = list(
            dict.fromkeys(trial.label for effects in every for trial in effects.silent if trial.admissible)
        )
        shape = (len(every), len(labels))
        y, v, m = np.zeros(shape), np.ones(shape), np.zeros(shape)
        ends = np.full((2, len(every), len(quiet)), np.inf)
        ends[0] = -np.inf  # an interval without ends says nothing: the trial is not in that variant
        silent_v = np.ones((len(every), len(quiet)))
        for d, effects in enumerate(every):
            at = [labels.index(label) for label in effects.labels]
            y[d, at], v[d, at], m[d, at] = effects.y, effects.v, 1.0
            for trial in effects.silent:
                if (words := trial.admissible) is not None:
                    i = quiet.index(trial.label)
                    ends[:, d, i] = words.lower, words.upper
                    silent_v[d, i] = words.se**2
        return cls(y, v, m, ends, silent_v)

    @property
    def has_intervals(self) -> bool:
        return bool(np.isfinite(self.ends).any())

    def pooled(self, model: RandomEffects) -> _Cells | None:
        index = np.flatnonzero(self.m.sum(axis=-1) > 1)  # one trial is not pooled
        if not len(index):
            return None
        y, v, m = self.y[index], self.v[index], self.m[index]
        found = fit(y, v, m, tau2=model.tau2)
        (mu, _, low, high, _), refused = limits(found, y, v, m, model)
        if refused:
            raise ModelError(refused)
        tau2 = np.where(found.k > 1, found.tau2, np.nan)
        return _Cells((model.tau2, model.ci, "left out"), index, found.k, np.stack([mu, low, high, tau2]))

    def all_evidence(self, level: float) -> _Cells:
        absent = self.m == 0
        lower = np.concatenate([np.where(absent, -np.inf, self.y), self.ends[0]], axis=-1)
        upper = np.concatenate([np.where(absent, np.inf, self.y), self.ends[1]], axis=-1)
        v = np.concatenate([self.v, self.silent_v], axis=-1)
        found = censored_fit(lower, upper, v)
        ends = censored_limits(lower, upper, v, level=level)
        # Words alone admit a range and single out no value in it.
        index = np.flatnonzero(np.isfinite(found.mu) & (found.k_exact > 0) & (found.k > 1))
        numbers = np.stack([found.mu, ends.mu_low, ends.mu_high, found.tau2])[:, index]
        return _Cells((None, None, ALL_EVIDENCE), index, found.k[index], numbers)


def _live_axes(
    variants: Sequence[Variant],
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...], list[Variant]]:
    """Drop the axes along which every variant stays the same, and the copies that leaves."""
    axes = {
        axis: tuple(dict.fromkeys(variant.choices[axis] for variant in variants))
        for axis in variants[0].choices
    }
    prints = {tuple(variant.choices.items()): _fingerprint(variant.effects) for variant in variants}
    idle = [axis for axis in axes if len(axes[axis]) > 1 and not _changes(axis, prints)]
    live = {axis: levels for axis, levels in axes.items() if axis not in idle and len(levels) > 1}
    kept: dict[tuple[str, ...], Variant] = {}
    for variant in variants:
        kept.setdefault(tuple(variant.choices[axis] for axis in live), variant)
    return live, tuple(idle), list(kept.values())


def _fingerprint(effects: Effects) -> tuple[object, ...]:
    words = [(t.label, a.lower, a.upper, a.se) for t in effects.silent if (a := t.admissible) is not None]
    return (effects.labels, effects.y.tobytes(), effects.v.tobytes(), tuple(words))


def _changes(axis: str, prints: Mapping[tuple[tuple[str, str], ...], tuple[object, ...]]) -> bool:
    by_rest: dict[tuple[tuple[str, str], ...], set[tuple[object, ...]]] = {}
    for choices, found in prints.items():
        by_rest.setdefault(tuple(pair for pair in choices if pair[0] != axis), set()).add(found)
    return any(len(found) > 1 for found in by_rest.values())


def _assembled(
    data_axes: Mapping[str, tuple[str, ...]],
    idle: tuple[str, ...],
    variants: Sequence[Variant],
    cells: Sequence[_Cells],
    model: RandomEffects,
    marked: Choices,
    refused: tuple[str, ...],
) -> Multiverse | None:
    if not cells:
        return None
    methods = {
        axis: tuple(dict.fromkeys(name for cell in cells if (name := cell.method[i]) is not None))
        for i, axis in enumerate(_METHOD_AXES)
    }
    axes = {**data_axes, **{axis: levels for axis, levels in methods.items() if len(levels) > 1}}
    index = np.concatenate([cell.index for cell in cells])
    sizes = [len(cell.index) for cell in cells]
    codes = []
    for axis, levels in axes.items():
        if axis in methods:
            names = [cell.method[_METHOD_AXES.index(axis)] for cell in cells]
            of_cell = [-1 if name is None else levels.index(name) for name in names]
            codes.append(np.repeat(np.array(of_cell, np.int16), sizes))
        else:
            of_variant = np.array([levels.index(variant.choices[axis]) for variant in variants], np.int16)
            codes.append(of_variant[index])
    k = np.concatenate([cell.k for cell in cells]).astype(np.int16)
    mu, low, high, tau2 = np.concatenate([cell.numbers for cell in cells], axis=1)
    methods_marked = zip(_METHOD_AXES, (model.tau2, model.ci, "left out"))
    wanted = {**marked, **dict(methods_marked)}
    table = np.array(codes, np.int16).reshape(len(axes), len(mu))
    hits = [axes[axis].index(wanted[axis]) if wanted.get(axis) in axes[axis] else -1 for axis in axes]
    same = (table == np.array(hits, np.int16)[:, None]).all(axis=0) if axes else np.ones(len(mu), bool)
    where = int(np.flatnonzero(same)[0]) if same.any() else -1
    return Multiverse(axes, idle, table, k, mu, low, high, tau2, where, refused)
