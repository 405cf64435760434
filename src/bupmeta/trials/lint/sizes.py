"""Patients, events and percentages against each other; means against their scale."""

from __future__ import annotations

import math
from collections.abc import Iterator

from bupmeta.trials.faults import Row
from bupmeta.trials.lint.check import Check, each_row
from bupmeta.trials.lint.printed import Span, printed

__all__ = ["CHECKS"]

_ARMS = ("active", "control")


def _n(row: Row, arm: str) -> float | None:
    n = row.number(f"n_{arm}")
    return row.number("n_paired") if n is None else n


def _randomized(row: Row) -> Iterator[tuple[str, str, str]]:
    """More patients analysed than randomized."""
    total = row.number("n_randomized")
    if total is None:
        return
    right = "n_randomized counts the whole trial"
    for column in ("n_active", "n_control", "n_paired"):
        n = row.number(column)
        if n is not None and n > total:
            yield column, f"more patients than the {total:g} randomized", right
            return
    active, control = row.number("n_active"), row.number("n_control")
    apart = row.word("design") in ("parallel", "crossover, first period")
    if apart and active is not None and control is not None and active + control > total:
        yield "n_active", f"the two arms have more patients than the {total:g} randomized", right


def _events(row: Row) -> Iterator[tuple[str, str, str]]:
    """More patients with the event than patients."""
    for arm in _ARMS:
        events, n = row.number(f"events_{arm}"), _n(row, arm)
        if events is not None and n is not None and events > n:
            yield (
                f"events_{arm}",
                f"more patients with the event than the {n:g} patients",
                "look up both numbers",
            )


def _counts(percent: Span, n: float) -> tuple[int, int]:
    """Return the smallest and largest count whose percentage rounds to the one printed."""
    return math.ceil(percent.low * n / 100 - 1e-9), math.floor(percent.high * n / 100 + 1e-9)


def _percent(row: Row) -> Iterator[tuple[str, str, str]]:
    """A percentage that no count of these patients gives, or not the printed count."""
    for arm in _ARMS:
        percent, n, events = printed(row, f"percent_{arm}"), _n(row, arm), row.number(f"events_{arm}")
        if percent is None or not n:
            continue
        low, high = _counts(percent, n)
        if events is not None and not low <= events <= high:
            yield (
                f"percent_{arm}",
                f"{events:g} of {n:g} patients are {100 * events / n:.1f} percent",
                "look up all three",
            )
        elif low > high:
            yield f"percent_{arm}", f"no count of {n:g} patients gives it", "the number analysed may differ"


def _mean(row: Row) -> Iterator[tuple[str, str, str]]:
    """A mean or difference outside its scale."""
    low, high = row.number("scale_min"), row.number("scale_max")
    if low is None or high is None:
        return
    kind, wrong = row.word("value"), f"outside the scale from {low:g} to {high:g}"
    for column in ("baseline_active", "baseline_control", "mean_active", "mean_control", "difference"):
        mean = row.number(column)
        if mean is None or (kind.startswith("percent") and not column.startswith("baseline")):
            continue
        moved = kind in ("change", "decrease") or column == "difference"
        a, b = (low - high, high - low) if moved and not column.startswith("baseline") else (low, high)
        if not a <= mean <= b:
            yield column, wrong, "the limits of the scale, or what `value` says it is"


CHECKS: dict[str, Check] = {
    "n-exceeds-randomized": each_row(_randomized, report=True),
    "events-exceed-n": each_row(_events),
    "percent-fits-no-count": each_row(_percent, "warning", report=True),
    "mean-outside-scale": each_row(_mean, report=True),
}
