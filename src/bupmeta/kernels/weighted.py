"""Weighted sums over the studies of many data sets at once, and the common layout they share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["FloatArray", "IntArray", "Studies", "chunks", "total"]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]

CHUNK = 1 << 15
"""Study-by-data-set cells held at a time: the working arrays of one chunk stay in the second-level cache."""


@dataclass(frozen=True, slots=True)
class Studies:
    """Data sets laid out studies first, `(K, n)`: every sum over studies runs along contiguous memory.

    `y`, `v` and `m` are `(K, n)` or, when all data sets share them, `(K, 1)`; `k = sum(m)` is `(n,)`.
    """

    y: FloatArray
    v: FloatArray
    m: FloatArray
    k: FloatArray

    def take(self, columns: IntArray) -> Studies:
        """Return the data sets at `columns` (repeats allowed)."""
        y, v, m = (x if x.shape[1] == 1 else x[:, columns] for x in (self.y, self.v, self.m))
        return Studies(y, v, m, self.k[columns])


def total(x: FloatArray) -> FloatArray:
    """Return the sum over studies, the first axis."""
    out: FloatArray = np.add.reduce(x, axis=0)
    return out


def chunks(y: ArrayLike, v: ArrayLike, m: ArrayLike | None) -> tuple[tuple[int, ...], Iterator[Studies]]:
    """Return the batch shape of `(y, v, m)`, `(..., K)` each, and its data sets in cache-sized pieces.

    A study with `m = 0` is absent: whatever its `y` and `v` hold, even NaN, is never used.
    """
    ya, va = np.asarray(y, dtype=float), np.asarray(v, dtype=float)
    ma = np.ones(1) if m is None else np.asarray(m, dtype=float)
    full = np.broadcast_shapes(ya.shape, va.shape, ma.shape)
    if not full:
        raise ValueError("y, v and m need at least one axis, the studies")
    if m is not None and not (np.isfinite(ya).all() and np.isfinite(va).all()):
        ya, va = np.where(ma > 0, ya, 0.0), np.where(ma > 0, va, 1.0)
    return full[:-1], _pieces(ya, va, ma, full)


def _pieces(y: FloatArray, v: FloatArray, m: FloatArray, full: tuple[int, ...]) -> Iterator[Studies]:
    size, n = full[-1], int(np.prod(full[:-1], dtype=int))
    rows = [_flat(x, full, n) for x in (y, v, m)]
    step = max(1, CHUNK // max(size, 1))
    for start in range(0, n, step):
        stop = min(start + step, n)
        ys, vs, ms = (
            np.ascontiguousarray(x.T) if len(x) == 1 else np.ascontiguousarray(x[start:stop].T) for x in rows
        )
        k = np.broadcast_to(total(ms), (stop - start,))
        yield Studies(ys, vs, ms, k)


def _flat(x: FloatArray, full: tuple[int, ...], n: int) -> FloatArray:
    """Return `x` as `(n, K)`, or `(1, K)` when all data sets share it."""
    if all(length == 1 for length in x.shape[:-1]):
        return np.broadcast_to(x.reshape(1, x.shape[-1]), (1, full[-1]))
    return np.broadcast_to(x, full).reshape(n, full[-1])
