"""Signs and units: printed numbers become active minus control, negative = less pain, on 0-10 points."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bupmeta.trials.records import Scale

__all__ = [
    "INSTRUMENTS",
    "Points",
    "ScoreKind",
    "points_of",
    "points_per_unit",
    "score_kind",
    "sign",
    "smd_in_points",
]

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

#: Ranges that belong to an instrument by its making. A bare "VAS" is not among them: it is drawn as 10 cm or 100 mm.
INSTRUMENTS: dict[str, tuple[str, float, float]] = {
    "numerical rating scale": (r"\bNRS\b|numeric(al)? rating scale|11-point", 0, 10),
    "Brief Pain Inventory item": (r"\bBPI\b|brief pain inventory", 0, 10),
    "Fibromyalgia Impact Questionnaire pain item": (r"\bFIQ pain\b", 0, 10),
    "visual analogue scale in mm": (r"\bVAS\b.*\bmm\b|\b100[- ]?mm\b", 0, 100),
    "visual analogue scale in cm": (r"\bVAS\b.*\bcm\b|\b10[- ]?cm\b", 0, 10),
    "Descriptor Differential Scale": (r"\bDDS\b|descriptor differential scale", 0, 20),
    "present pain intensity of the McGill questionnaire": (r"\bMPQ[- ]PPI\b|present pain intensity", 0, 5),
}
# Sums, composites and admissions in a scale's name that make an instrument's range another one.
_OTHERWISE = re.compile(
    r"\bsum\b|total score|composite|percent|%|not stated|\band\b|inferred|presumed", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Points:
    """How a scale is stretched to 0-10 points, (x - zero) * per_unit; `assumption` where its range was not printed."""

    per_unit: float
    zero: float
    assumption: str = ""

    def mean(self, x: float) -> float:
        """A printed mean in points; a difference or an SD is only multiplied by `per_unit`."""
        return (x - self.zero) * self.per_unit


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


def points_of(scale: Scale) -> Points | None:
    """How a scale becomes 0-10 points: by the range in the file, else by its instrument's; None if neither is known.

    >>> points_of(Scale("VAS, 0-100 mm", 0, 100, "worse"))
    Points(per_unit=0.1, zero=0, assumption='')
    >>> points_of(Scale("Descriptor Differential Scale", None, None, "worse")).per_unit
    0.5
    >>> points_of(Scale("VAS", None, None, "worse")) is None
    True
    """
    factor = points_per_unit(scale.minimum, scale.maximum)
    if factor is not None and scale.minimum is not None:
        presumed = scale.basis == "presumed"
        limits = f"{scale.minimum:g}-{scale.maximum:g}"
        return Points(factor, scale.minimum, f"scale range {limits} presumed" if presumed else "")
    if _OTHERWISE.search(scale.name):
        return None
    fits = [
        (name, low, high)
        for name, (words, low, high) in INSTRUMENTS.items()
        if re.search(words, scale.name, re.IGNORECASE)
    ]
    if len({(low, high) for _, low, high in fits}) != 1:
        return None
    name, low, high = fits[0]
    return Points(10.0 / (high - low), low, f"range {low:g} to {high:g} of the {name}, not printed")


def smd_in_points(g: float, v: float, sd: float) -> tuple[float, float]:
    """An SMD and its variance re-expressed in points by a stated SD, taken as known (Handbook 6, 15.5.3.2).

    >>> y, v = smd_in_points(-0.5, 0.04, 2.2)
    >>> round(y, 2), round(v, 4)
    (-1.1, 0.1936)
    """
    return g * sd, v * sd**2
