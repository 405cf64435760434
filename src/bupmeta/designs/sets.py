"""Sets: the matrix m that says how often each study is in each data set, held compactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bupmeta.errors import DataError

if TYPE_CHECKING:
    from bupmeta.effects.core import FloatArray

__all__ = ["Sets"]


@dataclass(frozen=True, slots=True, eq=False)
class Sets:
    """N data sets made of K studies: `store` holds counts (N, K), or bit masks (N, bytes) when `packed`.

    `drawn` says how they were drawn, if not all of them are there.
    """

    studies: tuple[str, ...]
    store: NDArray[np.unsignedinteger[Any]]
    packed: bool
    name: Callable[[int], str]
    drawn: str = ""

    def __len__(self) -> int:
        return len(self.store)

    def counts(self, start: int = 0, stop: int | None = None) -> FloatArray:
        """Return m of the data sets from `start` to `stop`, shape (sets, K)."""
        block = self.store[start:stop]
        if self.packed:
            block = np.unpackbits(block, axis=1, count=len(self.studies), bitorder="little")
        return block.astype(np.float64)

    def has(self, study: str) -> NDArray[np.bool_]:
        """Say for each data set whether `study` is in it, shape (N,); an unknown study is a DataError."""
        if study not in self.studies:
            raise DataError(f"there is no study {study!r}; the studies are {', '.join(self.studies)}")
        i = self.studies.index(study)
        column = self.store[:, i // 8] >> np.uint8(i % 8) & 1 if self.packed else self.store[:, i]
        return column.astype(np.bool_)

    @property
    def labels(self) -> tuple[str, ...]:
        """One name per data set; built when asked for, since there may be millions."""
        return tuple(self.name(i) for i in range(len(self)))
