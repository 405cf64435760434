"""Confidence intervals against their estimates."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.trials.faults import Row
from bupmeta.trials.lint.check import Check, each_row
from bupmeta.trials.lint.printed import Span, printed

__all__ = ["CHECKS"]

_NARROW = 1e-6  # scale units; what lies between such limits is one score
_INTERVALS = (
    ("mean_active", "ci_low_active", "ci_high_active"),
    ("mean_control", "ci_low_control", "ci_high_control"),
    ("difference", "difference_ci_low", "difference_ci_high"),
    ("ratio", "ratio_ci_low", "ratio_ci_high"),
)


def _intervals(row: Row) -> Iterator[tuple[str, str, Span | None, Span, Span]]:
    for estimate, low, high in _INTERVALS:
        low_span, high_span = printed(row, low), printed(row, high)
        if low_span and high_span:
            yield estimate, low, printed(row, estimate), low_span, high_span


def _order(row: Row) -> Iterator[tuple[str, str, str]]:
    """Limits of an interval or a scale in the wrong order."""
    for _, column, _, low, high in _intervals(row):
        if low.low > high.high:
            yield column, "the lower limit is above the upper limit", "look up both limits and their signs"
    lowest, highest = row.number("scale_min"), row.number("scale_max")
    if lowest is not None and highest is not None and highest - lowest < _NARROW:
        yield "scale_min", "the lowest score is not below the highest", "for example 0 and 10"


def _excludes(row: Row) -> Iterator[tuple[str, str, str]]:
    """A confidence interval that does not contain its estimate."""
    for column, _, estimate, low, high in _intervals(row):
        if estimate and low.low <= high.high and (estimate.high < low.low or estimate.low > high.high):
            yield column, "outside its own confidence interval", "look up all three numbers and their signs"


def _asymmetric(row: Row) -> Iterator[tuple[str, str, str]]:
    """An estimate off the middle of its interval by more than the printed digits allow."""
    for column, _, estimate, low, high in _intervals(row):
        if estimate is None or estimate.high < low.low or estimate.low > high.high:
            continue
        ratio = column == "ratio"
        if ratio and row.word("ratio_measure") == "NNT":
            continue  # symmetric on neither scale
        middle = (low.log() + high.log() if ratio else low + high).times(0.5)
        if not middle.overlaps(estimate.log() if ratio else estimate):
            scale = "of the logarithms " if ratio else ""
            yield (
                column,
                f"not in the middle {scale}of its interval, beyond rounding",
                "look up all three numbers",
            )


CHECKS: dict[str, Check] = {
    "ci-order": each_row(_order),
    "ci-excludes-estimate": each_row(_excludes, report=True),
    "asymmetric-ci": each_row(_asymmetric, "warning", report=True),
}
