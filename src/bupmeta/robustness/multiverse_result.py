"""What a multiverse found: the cells, how far each choice moves the estimate, and a table of the levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from math import exp
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bupmeta.effects.columns import RATIOS

if TYPE_CHECKING:
    from bupmeta.effects.core import FloatArray
    from bupmeta.table import Column, Table

__all__ = ["Multiverse"]

_SHOWN = 0.005


@dataclass(frozen=True, slots=True, eq=False)
class Multiverse:
    """N cells; `mu`, `low`, `high`, `tau2` have shape (N,), `codes` (A, N) the level of each axis in each cell.

    `axes` gives the levels by axis, `idle` the declared axes that change nothing for these trials, `marked` the
    prespecified cell, `refused` why a method or a level has no cells. A code of -1 says that the axis has no part in
    a cell: the all-evidence fit and models of counts have their own way with tau2 and the interval. Ratios are
    logarithms; `measure` says so.
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
    measure: str = ""

    def __len__(self) -> int:
        return len(self.mu)

    @property
    def is_ratio(self) -> bool:
        """Whether estimates are logarithms of ratios."""
        return self.measure in RATIOS

    def shown(self, x: float) -> float:
        """Give an estimate as people read it: a ratio, not its logarithm."""
        return exp(x) if self.is_ratio else x

    @property
    def range(self) -> tuple[float, float]:
        """The lowest and the highest estimate."""
        return float(self.mu.min()), float(self.mu.max())

    @property
    def share_below(self) -> float:
        """Share of cells whose estimate is below 0, of a ratio below 1."""
        return float(np.mean(self.mu < 0))

    @property
    def share_clear(self) -> float:
        """Share of cells whose whole interval is below 0, of a ratio below 1."""
        return float(np.mean(self.high < 0))

    @property
    def share_above(self) -> float:
        """Share of cells whose whole interval is above 0, of a ratio above 1."""
        return float(np.mean(self.low > 0))

    def choices(self, cell: int) -> dict[str, str]:
        """The choices behind one cell."""
        return {
            axis: levels[code]
            for (axis, levels), code in zip(self.axes.items(), self.codes[:, cell])
            if code >= 0
        }

    def moves(self) -> tuple[tuple[str, float], ...]:
        """How far the estimate moves between two levels of each axis, the farthest first.

        Two levels are compared by their mean estimates over the combinations of the other choices in which both
        occur: a level that is never crossed with some choice must not be compared with cells that are.
        """
        found = [(axis, self._move(i)) for i, axis in enumerate(self.axes)]
        return tuple(sorted(found, key=lambda move: -move[1]))

    def moving(self) -> tuple[tuple[str, float], ...]:
        """The moves that two decimals can show."""
        return tuple(move for move in self.moves() if move[1] >= _SHOWN)

    def _move(self, axis: int) -> float:
        here = self.codes[axis] >= 0
        codes, mu, level = self.codes[:, here], self.mu[here], self.codes[axis, here]
        others = [i for i in range(len(self.axes)) if i != axis and (codes[i] >= 0).all()]
        context = np.unique(codes[others], axis=1, return_inverse=True)[1].ravel() if others else 0 * level
        shape = (int(context.max()) + 1, int(level.max()) + 1)
        total, cells = np.zeros(shape), np.zeros(shape)
        np.add.at(total, (context, level), mu)
        np.add.at(cells, (context, level), 1.0)
        mean = np.divide(total, cells, out=np.full(shape, np.nan), where=cells > 0)
        if np.isfinite(mean).all():
            return float(np.ptp(mean.mean(axis=0)))
        apart = (mean[:, one] - mean[:, two] for one, two in combinations(range(shape[1]), 2))
        return max((abs(float(d[np.isfinite(d)].mean())) for d in apart if np.isfinite(d).any()), default=0.0)

    def table(self) -> Table:
        """One row per level of each axis: cells, the range of the estimate and how often it is below 0, or 1."""
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
                        "middle": self.shown(float(np.median(mu))),
                        "range": (self.shown(float(mu.min())), self.shown(float(mu.max()))),
                        "below": 100 * float(np.mean(mu < 0)),
                        "clear": 100 * float(np.mean(self.high[here] < 0)),
                        "above": 100 * float(np.mean(self.low[here] > 0)),
                    }
                )
        caption = f"{len(self):,} cells: every combination of the declared choices"
        idle = (f"These axes change nothing here: {', '.join(self.idle)}.",) if self.idle else ()
        return Table(self._columns(), tuple(rows), caption, (*idle, *self.refused))

    def _columns(self) -> tuple[Column, ...]:
        from bupmeta.table import Column

        null = "1" if self.is_ratio else "0"
        return (
            Column("axis", "Choice"),
            Column("level", "Taken as"),
            Column("cells", "Cells", "integer"),
            Column("middle", "Median estimate", "number"),
            Column("range", "Range of estimates", "interval"),
            Column("below", f"Estimate below {null}", "percent", 0),
            Column("clear", f"Interval below {null}", "percent", 0),
            Column("above", f"Interval above {null}", "percent", 0),
        )
