"""Reports of means and of their difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bupmeta.trials.forms.base import Sizes, Tested
from bupmeta.trials.words import DifferenceSign, PAbout, Relation

__all__ = [
    "ArmMeansCI",
    "ArmMeansOnly",
    "ArmMeansP",
    "ArmMeansSD",
    "ArmMeansSE",
    "Difference",
    "DifferenceCI",
    "DifferenceP",
    "DifferenceSE",
    "OneArmMeans",
    "PairedMeansCI",
    "PairedMeansP",
    "PairedMeansSD",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmMeansSD(Tested):
    """Mean and standard deviation per arm."""

    n_active: int
    n_control: int
    mean_active: float
    sd_active: float
    mean_control: float
    sd_control: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmMeansSE(Tested):
    """Mean and standard error per arm."""

    mean_active: float
    se_active: float
    mean_control: float
    se_control: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmMeansCI(Tested):
    """Mean and confidence interval per arm."""

    mean_active: float
    ci_low_active: float
    ci_high_active: float
    mean_control: float
    ci_low_control: float
    ci_high_control: float
    ci_level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmMeansP(Tested):
    """Mean per arm and the p value of their difference."""

    mean_active: float
    mean_control: float
    p_relation: Relation
    p: float
    p_about: PAbout


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmMeansOnly(Sizes):
    """Mean per arm, nothing about its spread, no p value."""

    mean_active: float
    mean_control: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedMeansSD(Tested):
    """Mean and standard deviation under each treatment of a crossover."""

    n_paired: int
    mean_active: float
    sd_active: float
    mean_control: float
    sd_control: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedMeansCI(Tested):
    """Mean and confidence interval under each treatment of a crossover."""

    n_paired: int
    mean_active: float
    ci_low_active: float
    ci_high_active: float
    mean_control: float
    ci_low_control: float
    ci_high_control: float
    ci_level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedMeansP(Tested):
    """Means under both treatments of a crossover, or their difference, with a p value."""

    either: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("mean_active", "mean_control"),
        ("difference", "difference_sign"),
    )

    p_relation: Relation
    p: float
    p_about: PAbout
    mean_active: float | None = None
    mean_control: float | None = None
    difference: float | None = None
    difference_sign: DifferenceSign | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference(Tested):
    """A difference between treatments; the arms' own figures may stand beside it."""

    difference: float
    difference_sign: DifferenceSign
    mean_active: float | None = None
    sd_active: float | None = None
    se_active: float | None = None
    ci_low_active: float | None = None
    ci_high_active: float | None = None
    mean_control: float | None = None
    sd_control: float | None = None
    se_control: float | None = None
    ci_low_control: float | None = None
    ci_high_control: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceCI(Difference):
    """Difference and its confidence interval."""

    difference_ci_low: float
    difference_ci_high: float
    ci_level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceSE(Difference):
    """Difference and its standard error."""

    difference_se: float
    ci_level: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceP(Difference):
    """Difference and its p value."""

    p_relation: Relation
    p: float
    p_about: PAbout
    ci_level: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OneArmMeans(Tested):
    """Means of one arm only: no control arm, or its figures not seen."""

    mean_active: float
    sd_active: float | None = None
    se_active: float | None = None
    ci_low_active: float | None = None
    ci_high_active: float | None = None
    ci_level: float | None = None
