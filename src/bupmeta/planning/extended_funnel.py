"""Which results of one more trial would turn the conclusion of a pool: by its effect and its standard error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bupmeta.errors import DataError
from bupmeta.kernels import FloatArray
from bupmeta.kernels.posterior_lattice import Lattice
from bupmeta.planning.methods import now
from bupmeta.planning.next_trial import check_threshold
from bupmeta.pooling import MetaResult
from bupmeta.pooling.ratios import as_ratios
from bupmeta.table import Column, Shown, Table, Value, plain

__all__ = ["ExtendedFunnel", "extended_funnel"]

COLUMNS, ROWS = 121, 61
SHOWN = 5  # standard errors in a table


@dataclass(frozen=True, slots=True, eq=False)
class ExtendedFunnel(Shown):
    """The interval of the pool after one more trial with effect `y` (Y,) and standard error `se` (S,).

    `low` and `high` (S, Y) are its ends by `method`, whose interval is `now`.
    """

    result: MetaResult
    method: str
    now: tuple[float, float]
    threshold: float
    y: FloatArray
    se: FloatArray
    low: FloatArray
    high: FloatArray

    @property
    def side(self) -> NDArray[np.int8]:
        """Where the interval is, (S, Y): -1 wholly below the threshold, 1 above, 0 holds it."""
        above, below = self.low > self.threshold, self.high < self.threshold
        return above.astype(np.int8) - below.astype(np.int8)

    @property
    def side_now(self) -> int:
        """Where it is now."""
        return int(self.now[0] > self.threshold) - int(self.now[1] < self.threshold)

    def table(self) -> Table:
        """Show, for a few standard errors, the effects of a new trial after which the interval lies elsewhere."""
        columns = (
            Column("se", "SE of the new trial", "number"),
            Column("side", "The interval would"),
            Column("ci", "Effects from, to", "interval"),
        )
        rows: list[dict[str, Value]] = []
        for i in np.linspace(0, self.se.size - 1, SHOWN).round().astype(int).tolist():
            for side, words in ((-1, "lie below"), (0, "hold it"), (1, "lie above")):
                for first, last in _runs(self.side[i] == side):
                    low = float(self.y[first]) if first else -np.inf
                    high = float(self.y[last]) if last < self.y.size - 1 else np.inf
                    rows.append({"se": float(self.se[i]), "side": words, "ci": (low, high)})
        caption = f"Effects of one more trial, and where the {self.method} interval would then be"
        notes = ("ends of stretches are those of the grid; ∞: beyond it",)
        return as_ratios(Table(columns, tuple(rows), caption, notes), self.result.effects.measure)

    def to_dict(self) -> dict[str, Any]:
        """Give the grid and the sides."""
        out: dict[str, Any] = plain(
            {
                "method": self.method,
                "now": self.now,
                "threshold": self.threshold,
                "y": self.y,
                "se": self.se,
                "side": self.side,
            }
        )
        return out


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return first and last index of each stretch of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(a), int(b) - 1) for a, b in zip(edges[::2], edges[1::2])]


def extended_funnel(
    result: MetaResult,
    *,
    method: int = 0,
    threshold: float = 0.0,
    y: Sequence[float] | FloatArray | None = None,
    se: Sequence[float] | FloatArray | None = None,
    scale: float | None = None,
) -> ExtendedFunnel:
    """Return where the interval of the pool would lie after one more trial with each effect and standard error.

    The method of Langan et al. 2012, J. Clin. Epidemiol. 65, 511, with the pool's own interval instead of a normal one:
    by default the first of `planning.methods.now` (that of the model). One batch of fits gives the whole grid. By
    default effects reach as far as the trials and their intervals, standard errors from a third of the smallest to a
    half more than the largest. Raises DataError for a grid that cannot be.

    >>> from bupmeta import Effects, pool
    >>> result = pool(Effects.from_arrays([-0.4, -0.1, -0.6], [0.04, 0.03, 0.09]))
    >>> found = extended_funnel(result, y=[-2.0, -0.5, 1.0], se=[0.05, 0.2])
    >>> found.side.tolist()
    [[0, -1, 0], [0, 0, 0]]
    """
    check_threshold(threshold)
    before = now(result, scale)
    if not 0 <= method < len(before.methods):
        raise DataError(f"there is no method {method}; there are {len(before.methods)}, from 0")
    one = before.methods[method]
    coarse = 2 if isinstance(before.posterior, Lattice) else 1  # words take longer
    across = _across(result, threshold, coarse) if y is None else np.asarray(y, dtype=float).ravel()
    up = _up(result, coarse) if se is None else np.asarray(se, dtype=float).ravel()
    for name, grid in (("y", across), ("se", up)):
        if not grid.size or not np.isfinite(grid).all() or (np.diff(grid) <= 0).any():
            raise DataError(f"{name} must be rising finite numbers")
    if up[0] <= 0:
        raise DataError("standard errors must be above 0")
    grid_y, grid_se = np.meshgrid(across, up)
    low, high = one.after(grid_y.ravel(), grid_se.ravel() ** 2)
    ends = (x.reshape(grid_y.shape) for x in (low, high))
    return ExtendedFunnel(result, one.name, one.now, float(threshold), across, up, *ends)


def _across(result: MetaResult, threshold: float, coarse: int) -> FloatArray:
    limits = np.array(result.effects.limits(result.model.level))
    low, high = min(limits.min(), threshold), max(limits.max(), threshold)
    room = 0.6 * (high - low)
    return np.linspace(low - room, high + room, COLUMNS // coarse)


def _up(result: MetaResult, coarse: int) -> FloatArray:
    se = np.sqrt(result.effects.v)
    return np.linspace(se.min() / 3, 1.5 * se.max(), ROWS // coarse)
