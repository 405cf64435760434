"""Signs and units: printed numbers become active minus control, negative = less pain, on 0-10 points."""

from __future__ import annotations

from typing import Literal, TypeAlias

__all__ = ["ScoreKind", "points_per_unit", "score_kind", "sign"]

ScoreKind: TypeAlias = Literal[
    "endpoint", "change", "percent of baseline", "percent change", "percent of control"
]

# What `value` says the printed mean is -> the kind of score; kinds are never mixed in one SMD.
_KINDS: dict[str, ScoreKind] = {
    "endpoint": "endpoint",
    "change": "change",
    "decrease": "change",
    "percent_of_baseline": "percent of baseline",
    "percent_change": "percent change",
    "percent_decrease": "percent change",
    "percent_below_control": "percent of control",
}


def score_kind(value: str | None) -> ScoreKind:
    """Whether a printed value is an endpoint score, a change score or a percentage, and of what.

    >>> score_kind("decrease")
    'change'
    """
    return _KINDS.get(value or "endpoint", "endpoint")


def sign(value: str | None, higher_is: str | None, difference_sign: str | None = None) -> int:
    """Factor that turns a printed difference into active minus control with negative = less pain.

    >>> sign("decrease", "worse"), sign("endpoint", "worse", "control - active"), sign("endpoint", "better")
    (-1, -1, -1)
    """
    factor = -1 if value in {"decrease", "percent_decrease", "percent_below_control"} else 1
    if higher_is == "better":
        factor = -factor
    return -factor if difference_sign == "control - active" else factor


def points_per_unit(scale_min: float | None, scale_max: float | None) -> float | None:
    """Points of 0-10 per unit of the printed scale, or None where the range was not printed.

    >>> points_per_unit(0, 100), points_per_unit(None, 10)
    (0.1, None)
    """
    if scale_min is None or scale_max is None or scale_max <= scale_min:
        return None
    return 10.0 / (scale_max - scale_min)
