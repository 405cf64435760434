"""Where an axis begins and ends and where its ticks stand, so that one wild interval does not hide the others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low

from bupmeta.table import number

__all__ = ["Axis", "axis"]

Interval = tuple[float, float]
REACH = (
    1.0  # an interval may always go on for this many typical interval widths past the estimates; it is cut
)
GAIN = (
    1.25,
    10.0,
)  # there when that makes the rest so much larger: 1.25 times, and more when there are few (10 / n)
STEPS = (1.0, 2.0, 5.0, 10.0)
RATIO_TICKS = (1.0, 2.0, 5.0)


@dataclass(frozen=True, slots=True)
class Axis:
    """Limits and labelled ticks on the scale of analysis (the log scale for ratios)."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    reference: float = 0.0
    label: str = ""
    ratio: bool = False

    def clip(self, interval: Interval) -> tuple[Interval, bool, bool]:
        """The part of an interval that can be seen, and whether it goes on past the lower and the upper end."""
        low, high = interval
        return (max(low, self.low), min(high, self.high)), low < self.low, high > self.high

    def apart(self, spacing: float) -> tuple[tuple[float, str], ...]:
        """The ticks that stand at least `spacing` (in axis units) apart, the reference being one of them."""
        kept: list[tuple[float, str]] = []
        start = min(range(len(self.ticks)), key=lambda i: abs(self.ticks[i][0] - self.reference), default=0)
        for tick in self.ticks[start:]:
            if not kept or tick[0] - kept[-1][0] >= spacing:
                kept.append(tick)
        for tick in reversed(self.ticks[:start]):
            if kept[0][0] - tick[0] >= spacing:
                kept.insert(0, tick)
        return tuple(kept)


def axis(
    estimates: Sequence[float],
    intervals: Sequence[Interval],
    *,
    within: Interval | None = None,
    label: str = "",
    ratio: bool = False,
) -> Axis:
    """Choose an axis that shows zero, every estimate, and as much of the intervals as leaves the rest readable.

    `within` sets the limits instead. Ratios are given and returned as logarithms; their labels are ratios.

    >>> [text for _, text in axis([-0.5, 0.2], [(-1.0, 0.0), (-0.3, 0.7)]).ticks]
    ['−1.0', '−0.5', '0.0', '0.5']
    """
    if within is None:
        low, high = _limits(estimates, intervals)
        room = 0.03 * (high - low)
        low, high = low - room, high + room
    else:
        low, high = within
    slack = 1e-9 * (high - low)
    marks = [x for x in _marks(low, high, ratio) if low - slack <= x <= high + slack] or [low, high]
    if ratio:
        shown = tuple((x, number(math.exp(x), _digits([math.exp(x)]))) for x in marks)
    else:
        shown = tuple((x, number(x, _digits(marks))) for x in marks)
    return Axis(low, high, shown, 0.0, label, ratio)


def _limits(estimates: Sequence[float], intervals: Sequence[Interval]) -> Interval:
    points = [0.0, *(x for x in estimates if math.isfinite(x))]
    ends = [x for pair in intervals for x in pair if math.isfinite(x)]
    low, high = min([*points, *ends]), max([*points, *ends])
    spans = [high - low for low, high in intervals if math.isfinite(high - low)]
    reach = REACH * median_low(spans) if spans else high - low
    near = max(low, min(points) - reach), min(high, max(points) + reach)
    if high - low > (GAIN[0] + GAIN[1] / max(len(intervals), 1)) * (near[1] - near[0]):
        low, high = near
    if high - low <= 0:
        return -1.0, 1.0
    # some room on the far side of zero, where the favours-label stands
    margin = 0.15 * (high - low)
    return min(low, -margin), max(high, margin)


def _marks(low: float, high: float, ratio: bool) -> list[float]:
    """Four to eight round numbers in and around [low, high]."""
    if ratio and math.exp(high - low) > 4:
        decades = range(math.floor(low / math.log(10)) - 1, math.ceil(high / math.log(10)) + 1)
        marks = [math.log(step * 10.0**power) for power in decades for step in RATIO_TICKS]
        inside = [x for x in marks if low <= x <= high]
        tens = [math.log(10.0**power) for power in decades if low <= math.log(10.0**power) <= high]
        return tens[:: 1 + len(tens) // 8] if len(inside) > 7 and len(tens) >= 2 else inside
    if ratio:
        marks = [math.log(x) for x in _marks(math.exp(low), math.exp(high), ratio=False) if x > 0]
        return [x for x in marks if low <= x <= high]
    power = 10.0 ** math.floor(math.log10((high - low) / 5))
    step = min((s * power for s in STEPS), key=lambda s: abs((high - low) / s - 5))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [step * i for i in range(first, last + 1)]


def _digits(marks: Sequence[float]) -> int:
    """Decimals that the marks need to be told apart and exact."""
    return next((d for d in range(6) if all(abs(round(x, d) - x) < 1e-9 for x in marks)), 6)
