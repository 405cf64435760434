"""One table, one effect: estimate and variance per 2x2 table, and what is added to its cells when one is empty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bupmeta.kernels.tables import Cells, score
from bupmeta.kernels.weighted import FloatArray

__all__ = ["EFFECTS", "ZERO_CELLS", "TableMeasure", "ZeroCells", "corrected"]

TableMeasure = Literal["OR", "RR", "RD", "AS", "PETO"]
ZeroCells = Literal[
    "0.5 in trials with a zero",
    "0.5 in all trials if one has a zero",
    "0.5 in all trials",
    "reciprocal of the other arm in trials with a zero",
    "none",
]
Added = tuple[FloatArray, FloatArray]


def _zero(t: Cells) -> NDArray[np.bool_]:
    return np.asarray(np.minimum.reduce([t.a, t.b, t.c, t.d]) == 0)


def _same(x: FloatArray) -> Added:
    return x, x


def _reciprocal(t: Cells) -> Added:
    return np.where(_zero(t), t.n1 / t.n, 0.0), np.where(_zero(t), t.n2 / t.n, 0.0)


#: What each rule adds to both cells of group 1 and of group 2.
ZERO_CELLS: dict[ZeroCells, Callable[[Cells], Added]] = {
    "0.5 in trials with a zero": lambda t: _same(np.where(_zero(t), 0.5, 0.0)),
    "0.5 in all trials if one has a zero": lambda t: _same(np.full(t.a.shape, 0.5 * bool(_zero(t).any()))),
    "0.5 in all trials": lambda t: _same(np.full(t.a.shape, 0.5)),
    "reciprocal of the other arm in trials with a zero": _reciprocal,  # Sweeting, Sutton & Lambert 2004
    "none": lambda t: _same(np.zeros(t.a.shape)),
}


def corrected(t: Cells, rule: ZeroCells) -> Cells:
    """Return the tables with what the rule adds.

    >>> t = Cells(*(np.array([x], float) for x in (0, 10, 2, 28)))
    >>> corrected(t, "reciprocal of the other arm in trials with a zero").a.tolist()
    [0.25]
    """
    one, two = ZERO_CELLS[rule](t)
    return Cells(t.a + one, t.b + one, t.c + two, t.d + two)


def _odds_ratio(t: Cells) -> tuple[FloatArray, FloatArray]:
    """Woolf 1955."""
    return np.log(t.a * t.d / (t.b * t.c)), 1 / t.a + 1 / t.b + 1 / t.c + 1 / t.d


def _risk_ratio(t: Cells) -> tuple[FloatArray, FloatArray]:
    """Katz et al. 1978."""
    y = np.log(t.a / t.n1) - np.log(t.c / t.n2)
    return y, 1 / t.a - 1 / t.n1 + 1 / t.c - 1 / t.n2


def _risk_difference(t: Cells) -> tuple[FloatArray, FloatArray]:
    return t.a / t.n1 - t.c / t.n2, t.a * t.b / t.n1**3 + t.c * t.d / t.n2**3


def _arcsine(t: Cells) -> tuple[FloatArray, FloatArray]:
    """Difference of asin sqrt(risk) (Ruecker et al. 2009); needs nothing added to an empty cell."""
    y = np.arcsin(np.sqrt(t.a / t.n1)) - np.arcsin(np.sqrt(t.c / t.n2))
    return y, 1 / (4 * t.n1) + 1 / (4 * t.n2)


def _peto(t: Cells) -> tuple[FloatArray, FloatArray]:
    """Yusuf et al. 1985; needs nothing added to an empty cell."""
    excess, var = score(t)
    return excess / var, 1 / var


#: Measure -> estimate and variance of tables in which every number needed is there.
EFFECTS: dict[TableMeasure, Callable[[Cells], tuple[FloatArray, FloatArray]]] = {
    "OR": _odds_ratio,
    "RR": _risk_ratio,
    "RD": _risk_difference,
    "AS": _arcsine,
    "PETO": _peto,
}
