"""The designs as frozen values; bound to effects, each yields its data sets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from math import comb
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bupmeta.designs.sets import Sets
from bupmeta.errors import DataError, ModelError

if TYPE_CHECKING:
    from bupmeta.effects.core import Effects

__all__ = ["ORDERS", "Bootstrap", "Cumulative", "Design", "LeaveOut", "Membership", "Order", "Subsets"]

MOST = 2**24  # data sets in one design: beyond this even the results would fill the memory
Order: TypeAlias = Literal["listed", "year", "effect", "precision"]


def whole(value: object, name: str, least: int = 0) -> None:
    """Raise DataError when `value` is not a whole number of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise DataError(f"{name} is {value!r}; it must be a whole number of at least {least}")


class Design(Protocol):
    """What `refit` needs of a design: its title, and its data sets for given effects."""

    @property
    def title(self) -> str:
        """Name the design in a caption."""

    def sets(self, effects: Effects) -> Sets:
        """Bind the design to the studies in `effects`."""


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """Every data set that lacks `size` of the studies."""

    size: int = 1

    def __post_init__(self) -> None:
        whole(self.size, "the number of studies to leave out", 1)

    @property
    def title(self) -> str:
        """Name the design in a caption."""
        return "Leave-one-out" if self.size == 1 else f"Leave-{self.size}-out"

    def sets(self, effects: Effects) -> Sets:
        """Return C(K, size) data sets in lexicographic order; a ModelError if that leaves no study."""
        studies = effects.labels
        n = comb(len(studies), self.size)
        if self.size >= len(studies):
            raise ModelError(f"cannot leave {self.size} out of {len(studies)}: at least one study must stay")
        if n > MOST:
            raise ModelError(
                f"leaving out {self.size} of {len(studies)} makes {n:,} data sets, not up to {MOST:,}"
            )
        flat = chain.from_iterable(combinations(range(len(studies)), self.size))
        out = np.fromiter(flat, np.intp, n * self.size).reshape(n, self.size)
        store = np.ones((n, len(studies)), np.uint8)
        np.put_along_axis(store, out, np.uint8(0), axis=1)
        return Sets(studies, store, False, lambda i: "without " + ", ".join(studies[j] for j in out[i]))


@dataclass(frozen=True, slots=True)
class Cumulative:
    """The first study, the first two, and so on, in an order."""

    order: Order | tuple[str, ...] = "listed"

    @property
    def title(self) -> str:
        """Name the design in a caption."""
        return f"Cumulative, order: {self.order if isinstance(self.order, str) else 'as given'}"

    def sequence(self, effects: Effects) -> list[int]:
        """Return the positions of the studies in this order; ties stay as listed."""
        studies = effects.labels
        if not isinstance(self.order, str):
            if sorted(self.order) != sorted(studies):
                wrong = set(self.order) ^ set(studies) or {s for s in self.order if self.order.count(s) > 1}
                raise DataError(f"the order must name each study once; look at {', '.join(sorted(wrong))}")
            return [studies.index(study) for study in self.order]
        return sorted(range(len(studies)), key=ORDERS[self.order](effects).__getitem__)

    def sets(self, effects: Effects) -> Sets:
        """Return K data sets, the last with every study; a DataError names a study without a year."""
        studies, order = effects.labels, self.sequence(effects)
        store = np.zeros((len(studies), len(studies)), np.uint8)
        store[:, order] = np.tri(len(studies), dtype=np.uint8)
        return Sets(studies, store, False, lambda i: ("+ " if i else "") + studies[order[i]])


def _years(effects: Effects) -> list[float]:
    for label, origin in zip(effects.labels, effects.origin):
        if origin.year is None:
            raise DataError(f"{label!r} has no year, so the studies cannot be put in order of year")
    return [float(origin.year or 0) for origin in effects.origin]


ORDERS: dict[Order, Callable[[Effects], Sequence[float]]] = {
    "listed": lambda effects: range(len(effects)),
    "year": _years,
    "effect": lambda effects: effects.y.tolist(),
    "precision": lambda effects: effects.v.tolist(),
}


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """`n` resamples of the K studies with replacement."""

    n: int = 1000
    seed: int = 0

    def __post_init__(self) -> None:
        whole(self.n, "the number of resamples")
        whole(self.seed, "the seed")

    @property
    def title(self) -> str:
        """Name the design in a caption."""
        return f"Bootstrap, {self.n:,} resamples, seed {self.seed}"

    def sets(self, effects: Effects) -> Sets:
        """Return `n` rows of multinomial counts, each adding up to K."""
        k, rng = len(effects), np.random.default_rng(self.seed)
        if not 0 < self.n <= MOST:
            raise ModelError(f"a bootstrap needs from 1 to {MOST:,} resamples, not {self.n}")
        if k < 2:
            raise ModelError("a bootstrap needs two studies: resamples of one are all the same")
        store = np.empty((self.n, k), np.min_scalar_type(k))
        for start in range(0, self.n, 2**14):  # blocks, because numpy draws 8-byte counts
            block = store[start : start + 2**14]
            block[:] = rng.multinomial(k, np.full(k, 1 / k), size=len(block))
        return Sets(effects.labels, store, False, lambda i: f"resample {i + 1}")


@dataclass(frozen=True, slots=True)
class Subsets:
    """Every non-empty subset of the studies, or `sample` random ones if there are more than `limit`."""

    limit: int = 2**22
    sample: int = 2**20
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("limit", "sample", "seed"):
            whole(getattr(self, name), name)

    @property
    def title(self) -> str:
        """Name the design in a caption."""
        return "Subsets of the studies (GOSH)"

    def sets(self, effects: Effects) -> Sets:
        """Return the subsets as bit masks: in binary order if all, else drawn uniformly with replacement."""
        studies, k = effects.labels, len(effects)
        if not (0 < self.limit <= MOST and 0 < self.sample <= MOST):
            raise ModelError(f"subsets takes a limit and a sample from 1 to {MOST:,}")
        drawn = "" if 2**k - 1 <= self.limit else f"random sample, seed {self.seed}"
        if not drawn:
            masks = np.arange(1, 2**k, dtype="<u4")[:, None].view(np.uint8)[:, : (k + 7) // 8].copy()
        else:
            masks = _random_masks(k, self.sample, np.random.default_rng(self.seed))

        def name(i: int) -> str:
            bits = np.unpackbits(masks[i], count=k, bitorder="little")
            return " + ".join(study for study, bit in zip(studies, bits) if bit)

        return Sets(studies, masks, True, name, drawn)


def _random_masks(k: int, n: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    masks = rng.integers(0, 256, (n, (k + 7) // 8), np.uint8)
    if k % 8:
        masks[:, -1] &= np.uint8(2 ** (k % 8) - 1)
    while (empty := np.flatnonzero(~masks.any(axis=1))).size:
        masks[empty] = _random_masks(k, empty.size, rng)
    return masks


@dataclass(frozen=True, slots=True)
class Membership:
    """Data sets given one by one: how often each study is in each, and a name for each."""

    matrix: tuple[tuple[int, ...], ...]
    labels: tuple[str, ...]
    title: str = "Given data sets"

    def sets(self, effects: Effects) -> Sets:
        """Return the given rows; a DataError if they do not have one count per study."""
        store = np.array(self.matrix)
        if store.shape[1] != len(effects):
            raise DataError(f"the data sets name {store.shape[1]} studies, but there are {len(effects)}")
        store = store.astype(np.min_scalar_type(store.max()))
        return Sets(effects.labels, store, False, self.labels.__getitem__)
