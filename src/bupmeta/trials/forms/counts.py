"""Reports of events: counts, percentages, ratios."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bupmeta.trials.forms.base import Sizes, Tested
from bupmeta.trials.words import RatioMeasure

__all__ = [
    "Counts",
    "CrossoverCounts",
    "NumberNeededToTreat",
    "OneArmCounts",
    "Percentages",
    "Ratio",
    "TotalCounts",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts(Tested):
    """Patients with the event per arm."""

    n_active: int
    n_control: int
    events_active: int
    events_control: int
    percent_active: float | None = None
    percent_control: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Percentages(Tested):
    """Percent of patients with the event per arm."""

    percent_active: float
    percent_control: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossoverCounts(Tested):
    """Patients with the event under each treatment of a crossover, pairs not printed."""

    either: ClassVar[tuple[tuple[str, ...], ...]] = (("n_paired",), ("n_active", "n_control"))

    events_active: int
    events_control: int
    percent_active: float | None = None
    percent_control: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OneArmCounts(Tested):
    """Patients with the event in one arm only."""

    either: ClassVar[tuple[tuple[str, ...], ...]] = (("events_active",), ("percent_active",))

    events_active: int | None = None
    percent_active: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalCounts(Sizes):
    """A total over all arms; the figure stays in `as_printed`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio(Tested):
    """A risk, odds or hazard ratio, with or without its confidence interval."""

    ratio_measure: RatioMeasure
    ratio: float
    ratio_ci_low: float | None = None
    ratio_ci_high: float | None = None
    ci_level: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberNeededToTreat(Tested):
    """A number needed to treat."""

    ratio_measure: RatioMeasure
    ratio: float
    ratio_ci_low: float | None = None
    ratio_ci_high: float | None = None
    ci_level: float | None = None
