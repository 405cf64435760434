"""How each form of a table of effects becomes estimates and variances, and which numbers contradict each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np

from bupmeta.effects.core import FloatArray
from bupmeta.effects.counts import COUNTS
from bupmeta.effects.measures import mean_difference, se_from_interval, standardized_mean_difference
from bupmeta.effects.sheet import MISSING, Sheet
from bupmeta.errors import DataError

__all__ = ["CONVERT", "MEANS", "Numbers", "compare", "compare_precision", "off_centre"]

Numbers: TypeAlias = Mapping[str, FloatArray]
YV: TypeAlias = tuple[FloatArray, FloatArray]

#: Measures that two groups' n, mean and SD give.
MEANS: dict[str, Callable[..., YV]] = {"MD": mean_difference, "SMD": standardized_mean_difference}


def _means(x: Numbers, measure: str) -> YV:
    return MEANS[measure](
        *(x[f"{what}_{arm}"] for arm in ("active", "control") for what in ("n", "mean", "sd"))
    )


def _counts(x: Numbers, measure: str) -> YV:
    functions: Mapping[str, Callable[..., YV]] = {str(name): function for name, function in COUNTS.items()}
    return functions[measure](
        *(x[f"{what}_{arm}"] for arm in ("active", "control") for what in ("events", "n"))
    )


def _cells(x: Numbers, measure: str) -> YV:
    n = {f"n_{arm}": x[f"events_{arm}"] + x[f"nonevents_{arm}"] for arm in ("active", "control")}
    return _counts({**x, **n}, measure)


def _variance(low: FloatArray, high: FloatArray, level: FloatArray) -> FloatArray:
    return np.array([float(se_from_interval(*ends)) ** 2 for ends in zip(low, high, level)])


def _ratio(x: Numbers, measure: str) -> YV:
    return np.log(x[measure.lower()]), _variance(np.log(x["ci_low"]), np.log(x["ci_high"]), x["ci_level"])


#: How each form becomes an estimate and its variance.
CONVERT: dict[str, Callable[[Numbers, str], YV]] = {
    "y and v": lambda x, _: (x["y"], x["v"]),
    "y and se": lambda x, _: (x["y"], x["se"] ** 2),
    "y and interval": lambda x, _: (x["y"], _variance(x["ci_low"], x["ci_high"], x["ci_level"])),
    "odds ratio and interval": _ratio,
    "risk ratio and interval": _ratio,
    "hazard ratio and interval": _ratio,
    "means": _means,
    "counts": _counts,
    "2x2 table": _cells,
}


def compare(x: Numbers, sheet: Sheet, rows: Sequence[int]) -> None:
    """Refuse numbers that contradict each other, with a DataError about the first row where they do."""
    for j, i in enumerate(rows):
        at = {column: float(values[j]) for column, values in x.items()}
        if "ci_low" in at:
            _compare_interval(at, sheet, i)
        for arm in ("active", "control"):
            n = at.get(f"n_{arm}", np.inf)
            if f"sd_{arm}" in at and n < 2:
                sheet.fail(i, f"n_{arm}", "a standard deviation needs at least 2 people")
            if at.get(f"events_{arm}", 0) > n:
                sheet.fail(i, f"events_{arm}", f"it must not exceed the {n:g} people in its arm")
            if at.get(f"events_{arm}", 1) + at.get(f"nonevents_{arm}", 1) == 0:
                sheet.fail(i, f"events_{arm}", "there must be someone in the arm")
    if rows and "y" in x and "ci_low" in x and _like_ratios(x["y"], x["ci_low"], x["ci_high"]):
        raise DataError(
            f"{sheet.file.path}: the intervals are symmetric on the logarithmic scale only, so the numbers look like "
            "ratios; name their column `or`, `rr` or `hr`, or give logarithms"
        )


def _compare_interval(at: Mapping[str, float], sheet: Sheet, i: int) -> None:
    low, high = at["ci_low"], at["ci_high"]
    point = next(column for column in ("y", "or", "rr", "hr") if column in at)
    if point != "y" and low <= 0:
        sheet.fail(i, "ci_low", "the interval of a ratio must lie above 0")
    if low >= high:
        sheet.fail(i, "ci_low", f"it must be below the upper limit, which is {high:g}")
    if not low <= at[point] <= high:
        sheet.fail(i, point, f"it must lie within its interval, {low:g} to {high:g}")


def compare_precision(v: FloatArray, sheet: Sheet, rows: Sequence[int]) -> None:
    """Refuse a standard error that contradicts the variance beside it, by more than rounding can."""
    if "se" not in sheet.found:
        return
    printed = [(j, i) for j, i in enumerate(rows) if sheet.text(i, "se") not in MISSING]
    for (j, i), se in zip(printed, sheet.numbers("se", [i for _, i in printed])):
        if not 0.9 * v[j] < se**2 < v[j] / 0.9:
            sheet.fail(
                i,
                "se",
                f"its square is {se**2:.3g} and the variance is {v[j]:.3g}; keep the one that is right",
            )


def off_centre(low: FloatArray, y: FloatArray, high: FloatArray) -> FloatArray:
    """Return how far each estimate lies from the middle of its interval, as a share of its width."""
    return np.asarray(abs(y - (low + high) / 2) / (high - low), dtype=float)


def _like_ratios(y: FloatArray, low: FloatArray, high: FloatArray) -> bool:
    """Tell whether estimates sit off the middle of their intervals, but in it after taking logarithms."""
    if low.min() <= 0:
        return False

    plain, logs = (np.median(off_centre(f(low), f(y), f(high))) for f in (np.asarray, np.log))
    return bool(plain > max(0.05, 3 * logs))
