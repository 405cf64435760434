"""Mean and SD from a median with quartiles or range, refused where the five numbers show a skewed outcome."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import ndtri

from bupmeta.errors import DataError

__all__ = ["FiveNumbers", "mean_and_sd", "skewness"]


@dataclass(frozen=True, slots=True)
class FiveNumbers:
    """What a report prints of a distribution of `n` people: the median, and quartiles or range or both."""

    n: int
    median: float
    minimum: float | None = None
    q1: float | None = None
    q3: float | None = None
    maximum: float | None = None

    @property
    def range(self) -> tuple[float, float] | None:
        """Smallest and largest value where both are printed."""
        return None if self.minimum is None or self.maximum is None else (self.minimum, self.maximum)

    @property
    def quartiles(self) -> tuple[float, float] | None:
        """First and third quartile where both are printed."""
        return None if self.q1 is None or self.q3 is None else (self.q1, self.q3)


def skewness(five: FiveNumbers) -> tuple[float, float]:
    """Statistic and critical value (level .05) of the test for skewness (Shi et al. 2023, Stat Med 42:1338).

    >>> [round(x, 3) for x in skewness(FiveNumbers(40, 4.0, 0.0, 2.0, 6.0, 10.0))]
    [0.266, 0.474]
    """
    n = five.n
    wide = None if five.range is None else _off_centre(five.range, five.median)
    near = None if five.quartiles is None else _off_centre(five.quartiles, five.median)
    if wide is not None and near is not None:
        return max(2.65 * math.log(0.6 * n) / math.sqrt(n) * wide, near), 3 / math.sqrt(n) - 40 / n**3
    if near is not None:
        return near, 2.65 / math.sqrt(n) - 6 / n**2
    assert wide is not None
    return wide, 1 / math.log(n + 9) + 2.5 / (n + 1)


def mean_and_sd(five: FiveNumbers) -> tuple[float, float]:
    """Mean (Luo et al. 2018) and SD (Wan et al. 2014; Shi et al. 2020 with all five numbers) of a normal outcome.

    Raises DataError for numbers out of order, fewer than five people, nothing beside the median, or skewness: a
    skewed outcome has no mean and SD that these formulas can find, and its median stands on its own.

    >>> [round(x, 3) for x in mean_and_sd(FiveNumbers(85, 5.0, q1=3.1, q3=7.4))]
    [5.176, 3.243]
    """
    n, median = five.n, five.median
    if five.range is None and five.quartiles is None:
        raise DataError("a median alone gives no mean and SD; quartiles or the range must be printed too")
    present = [x for x in (five.minimum, five.q1, median, five.q3, five.maximum) if x is not None]
    if present != sorted(present) or present[0] == present[-1]:
        raise DataError(f"minimum, quartiles, median and maximum must rise: {present}")
    if n < 5:
        raise DataError(f"n is {n}; a mean and SD from a median need at least 5 people")
    statistic, critical = skewness(five)
    if statistic > critical:
        raise DataError(
            f"the outcome is skewed (test statistic {statistic:.3g} above {critical:.3g}), so mean and SD cannot be "
            f"had from the median {median:g}; report the medians"
        )
    sd_range = (
        0.0 if five.range is None else (five.range[1] - five.range[0]) / _width((n - 0.375) / (n + 0.25))
    )
    sd_near = (
        0.0
        if five.quartiles is None
        else (five.quartiles[1] - five.quartiles[0]) / _width((0.75 * n - 0.125) / (n + 0.25))
    )
    if five.range is not None and five.quartiles is not None:
        w1, w2, w = 2.2 / (2.2 + n**0.75), 0.7 - 0.72 / n**0.55, 1 / (1 + 0.07 * n**0.6)
        mean = w1 * sum(five.range) / 2 + w2 * sum(five.quartiles) / 2 + (1 - w1 - w2) * median
        return mean, w * sd_range + (1 - w) * sd_near
    if five.quartiles is not None:
        w = 0.7 + 0.39 / n
        return w * sum(five.quartiles) / 2 + (1 - w) * median, sd_near
    assert five.range is not None
    w = 4 / (4 + n**0.75)
    return w * sum(five.range) / 2 + (1 - w) * median, sd_range


def _off_centre(ends: tuple[float, float], median: float) -> float:
    low, high = ends
    return abs(low + high - 2 * median) / (high - low) if high > low else 0.0


def _width(upper: float) -> float:
    """Distance of the two normal quantiles that the ends stand for."""
    return 2 * float(ndtri(upper))
