"""Designs: which studies are in each data set of a batch of refits, as frozen values for `refit`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from bupmeta.designs.sets import Sets
from bupmeta.designs.values import (
    MOST,
    ORDERS,
    Bootstrap,
    Cumulative,
    Design,
    LeaveOut,
    Membership,
    Order,
    Subsets,
)
from bupmeta.errors import DataError

__all__ = [
    "Bootstrap",
    "Cumulative",
    "Design",
    "LeaveOut",
    "Membership",
    "Sets",
    "Subsets",
    "bootstrap",
    "cumulative",
    "groups",
    "jackknife",
    "leave_k_out",
    "leave_one_out",
    "membership",
    "subsets",
]


def leave_one_out() -> LeaveOut:
    """Leave each study out in turn.

    >>> from bupmeta.effects import Effects
    >>> leave_one_out().sets(Effects.from_arrays([1, 2, 3], [1, 1, 1])).counts()
    array([[0., 1., 1.],
           [1., 0., 1.],
           [1., 1., 0.]])
    """
    return LeaveOut()


def leave_k_out(size: int) -> LeaveOut:
    """Leave every choice of `size` studies out.

    >>> from bupmeta.effects import Effects
    >>> leave_k_out(2).sets(Effects.from_arrays([1, 2, 3], [1, 1, 1], list("abc"))).labels
    ('without a, b', 'without a, c', 'without b, c')
    """
    return LeaveOut(size)


def jackknife(size: int = 1) -> LeaveOut:
    """Leave `size` studies out, for the jackknife: the same data sets as `leave_k_out`, see `resampling`.

    >>> jackknife()
    LeaveOut(size=1)
    """
    return LeaveOut(size)


def cumulative(order: Order | Sequence[str] = "listed") -> Cumulative:
    """Add the studies one at a time: as listed, by year, by rising effect, most precise first, or as named.

    Ties stay as listed. Raises DataError for an order that is not known or does not name each study once.

    >>> from bupmeta.effects import Effects
    >>> cumulative("effect").sets(Effects.from_arrays([2, 1, 3], [1, 1, 1], list("abc"))).labels
    ('b', '+ a', '+ c')
    """
    if not isinstance(order, str):
        return Cumulative(_names(order, "the order"))
    if order not in ORDERS:
        raise DataError(f"there is no order {order!r}; choose from {', '.join(ORDERS)}, or name the studies")
    return Cumulative(order)


def bootstrap(n: int = 1000, seed: int = 0) -> Bootstrap:
    """Resample the studies `n` times with replacement, from a seed (Efron & Tibshirani 1993, ch. 6).

    >>> from bupmeta.effects import Effects
    >>> bootstrap(2, seed=1).sets(Effects.from_arrays([1, 2, 3], [1, 1, 1])).counts().sum(axis=1)
    array([3., 3.])
    """
    return Bootstrap(n, seed)


def subsets(limit: int = 2**22, sample: int = 2**20, seed: int = 0) -> Subsets:
    """Take every non-empty subset, or if there are more than `limit`, `sample` random ones from a seed.

    Each non-empty subset is equally likely in the sample (Olkin, Dahabreh & Trikalinos 2012, GOSH).

    >>> from bupmeta.effects import Effects
    >>> subsets().sets(Effects.from_arrays([1, 2], [1, 1], list("ab"))).labels
    ('a', 'b', 'a + b')
    """
    return Subsets(limit, sample, seed)


def groups(labels: Sequence[str]) -> Membership:
    """Make one data set per group, in order of appearance, from the group of each study.

    >>> groups(["low", "high", "low"])
    Membership(matrix=((1, 0, 1), (0, 1, 0)), labels=('low', 'high'), title='Groups')
    """
    given = _sequence(labels, "the group labels")
    names = tuple(dict.fromkeys(map(str, given)))
    if not names:
        raise DataError("there are no group labels: give one per study")
    return Membership(tuple(tuple(int(str(g) == name) for g in given) for name in names), names, "Groups")


def membership(matrix: ArrayLike, labels: Sequence[str]) -> Membership:
    """Give the data sets as a matrix of whole numbers (sets, K), how often each study is in each.

    Raises DataError for counts that are not whole and at least 0, an empty data set, or labels that differ
    in number.

    >>> membership([[1, 1, 0], [0, 2, 1]], ["first two", "second twice"]).labels
    ('first two', 'second twice')
    """
    try:
        m = np.asarray(matrix, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise DataError("a membership needs rows of numbers, as many in each as there are studies") from None
    names = tuple(map(str, _sequence(labels, "the labels")))
    if m.ndim != 2 or m.shape[0] == 0 or len(names) != len(m):
        raise DataError(f"a membership needs a row and a label per data set; got {m.shape} and {len(names)}")
    for label, row in zip(names, m):
        if not (((row >= 0) & (row <= MOST) & (row == np.floor(row))).all() and row.any()):
            raise DataError(
                f"data set {label!r} must hold whole counts from 0 to {MOST:,}, and one study or more"
            )
    return Membership(tuple(tuple(map(int, row)) for row in m), names)


def _sequence(values: object, name: str) -> Sequence[object]:
    if not isinstance(values, Iterable):
        raise DataError(f"{name} must be a sequence, not {values!r}")
    return tuple(values)


def _names(values: object, name: str) -> tuple[str, ...]:
    found = _sequence(values, name)
    for value in found:
        if not isinstance(value, str):
            raise DataError(f"{name} must hold the labels of studies, not {value!r}")
    return tuple(map(str, found))
