"""Events over person-time in two groups: estimates per trial, Mantel-Haenszel pools, and the conditional likelihood."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from bupmeta.kernels.tables import Pooled
from bupmeta.kernels.weighted import FloatArray

__all__ = ["RATES", "RateMeasure", "mantel_haenszel_rates"]

RateMeasure = Literal["IRR", "IRD"]


def _ratio(x1: FloatArray, t1: FloatArray, x2: FloatArray, t2: FloatArray) -> tuple[FloatArray, FloatArray]:
    return np.log(x1 / t1) - np.log(x2 / t2), 1 / x1 + 1 / x2


def _difference(
    x1: FloatArray, t1: FloatArray, x2: FloatArray, t2: FloatArray
) -> tuple[FloatArray, FloatArray]:
    return x1 / t1 - x2 / t2, x1 / t1**2 + x2 / t2**2


#: Measure -> estimate (IRR: a logarithm) and variance per trial, from events and times without a zero.
RATES: dict[
    RateMeasure, Callable[[FloatArray, FloatArray, FloatArray, FloatArray], tuple[FloatArray, FloatArray]]
]
RATES = {"IRR": _ratio, "IRD": _difference}


def mantel_haenszel_rates(
    x1: FloatArray, t1: FloatArray, x2: FloatArray, t2: FloatArray, measure: RateMeasure
) -> Pooled:
    """Pool the rates of K trials, arrays (K,) of events x and times t (Greenland & Robins 1985).

    >>> found = mantel_haenszel_rates(*(np.array(x, float) for x in ([7, 8], [13, 16], [11, 8], [20, 15])), "IRR")
    >>> round(float(found.mu), 4)
    -0.0421
    """
    both = t1 + t2
    if measure == "IRD":
        w = t1 * t2 / both
        spread = w**2 * (x1 / t1**2 + x2 / t2**2)
        mu = ((x1 * t2 - x2 * t1) / both).sum() / w.sum()
        return Pooled(np.asarray(mu), np.asarray(spread.sum() / w.sum() ** 2), w)
    up, down = (x1 * t2 / both).sum(), x2 * t1 / both
    spread = t1 * t2 * (x1 + x2) / both**2
    with np.errstate(divide="ignore", invalid="ignore"):
        return Pooled(np.asarray(np.log(up / down.sum())), np.asarray(spread.sum() / (up * down.sum())), down)
