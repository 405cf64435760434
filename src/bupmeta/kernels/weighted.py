"""The layout every kernel shares: many data sets at once, studies first, in pieces that fit the cache."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["CHUNK", "FloatArray", "IntArray", "Studies", "chunks", "total"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]

CHUNK = 1 << 16
"""Studies times data sets held at a time: half a megabyte per working array, so a few stay near the core."""


@dataclass(frozen=True, slots=True)
class Studies:
    """Data sets laid out studies first, `(K, n)`: every sum over studies runs along contiguous memory.

    `y`, `v` and `m` are `(K, n)` or, when all data sets share them, `(K, 1)`; `k = sum(m)` is `(n,)`. `y` is
    measured from `origin`, `(n,)` or `(1,)`, the common-effect mean: residuals then lose nothing to a large shift.
    """

    y: FloatArray
    v: FloatArray
    m: FloatArray
    k: FloatArray
    origin: FloatArray

    def take(self, columns: IntArray) -> Studies:
        """Return the data sets at `columns` (repeats allowed)."""
        y, v, m = (x if x.shape[1] == 1 else x.take(columns, axis=1) for x in (self.y, self.v, self.m))
        origin = self.origin if self.origin.size == 1 else self.origin.take(columns)
        return Studies(y, v, m, self.k.take(columns), origin)


def total(x: FloatArray) -> FloatArray:
    """Return the sum over studies, the first axis."""
    out: FloatArray = np.add.reduce(x, axis=0)
    return out


def chunks(y: ArrayLike, v: ArrayLike, m: ArrayLike | None) -> tuple[tuple[int, ...], Iterator[Studies]]:
    """Return the batch shape of `(y, v, m)`, `(..., K)` each, and its data sets in cache-sized pieces.

    A study with `m = 0` is absent: whatever its `y` and `v` hold, even NaN, is never used. A present study
    whose `y` or `v` cannot be right (not finite, or v <= 0) makes the numbers of its data set NaN.
    """
    ya, va = np.asarray(y, dtype=float), np.asarray(v, dtype=float)
    ma = np.ones(()) if m is None else np.asarray(m)
    full = np.broadcast_shapes(ya.shape, va.shape, ma.shape)
    if not full:
        raise ValueError("y, v and m need at least one axis, the studies")
    sound = va.min(initial=np.inf) > 0 and bool(np.isfinite(va).all()) and bool(np.isfinite(ya).all())
    return full[:-1], _pieces(ya, va, ma, full, sound)


def _pieces(
    y: FloatArray, v: FloatArray, m: NDArray[Any], full: tuple[int, ...], sound: bool
) -> Iterator[Studies]:
    size, n = full[-1], int(np.prod(full[:-1], dtype=int))
    rows = [_flat(x, full, n) for x in (y, v, m)]
    step = max(1, CHUNK // max(size, 1))
    for start in range(0, n, step):
        stop = min(start + step, n)
        ys, vs, ms = (
            np.ascontiguousarray((x if len(x) == 1 else x[start:stop]).T, dtype=float) for x in rows
        )
        if not sound:
            ys, vs = np.where(ms > 0, ys, 0.0), np.where(ms > 0, vs, 1.0)
            vs = np.where((vs > 0) & np.isfinite(vs) & np.isfinite(ys), vs, np.nan)
        yield _centred(ys, vs, ms, stop - start)


def _centred(y: FloatArray, v: FloatArray, m: FloatArray, n: int) -> Studies:
    with np.errstate(divide="ignore", invalid="ignore"):  # a data set without studies has no mean
        w = 1.0 / v if y.shape[1] == v.shape[1] == 1 else m / v
        origin = total(w * y) / total(w)
    k = total(m)
    return Studies(y - origin, v, m, k if k.size == n else np.repeat(k, n), origin)


def _flat(x: NDArray[Any], full: tuple[int, ...], n: int) -> NDArray[Any]:
    """Return `x` as `(n, K)`, or `(1, K)` when all data sets share it."""
    if x.size == (x.shape[-1] if x.ndim else 1):
        return np.broadcast_to(x.reshape(1, x.size), (1, full[-1]))
    return np.broadcast_to(x, full).reshape(n, full[-1])
