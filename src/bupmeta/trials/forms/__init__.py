"""The report forms: what a trial report prints about one result, each as a type.

A field is a column of trials.csv and holds the printed number. A field without a default is a column
the form needs; one that defaults to None is a column it may fill. Nothing is computed here.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TypeAlias

from bupmeta.trials.forms.base import Sizes, Tested
from bupmeta.trials.forms.counts import (
    Counts,
    CrossoverCounts,
    NumberNeededToTreat,
    OneArmCounts,
    Percentages,
    Ratio,
    TotalCounts,
)
from bupmeta.trials.forms.means import (
    ArmMeansCI,
    ArmMeansOnly,
    ArmMeansP,
    ArmMeansSD,
    ArmMeansSE,
    DifferenceCI,
    DifferenceP,
    DifferenceSE,
    OneArmMeans,
    PairedMeansCI,
    PairedMeansP,
    PairedMeansSD,
)
from bupmeta.trials.forms.silent import (
    DirectionOnly,
    NotObtained,
    NotSignificant,
    POnly,
    TextOnly,
    WithinGroupOnly,
)
from bupmeta.trials.words import ReportFormName

__all__ = [
    "FORMS",
    "ArmMeansCI",
    "ArmMeansOnly",
    "ArmMeansP",
    "ArmMeansSD",
    "ArmMeansSE",
    "Counts",
    "CrossoverCounts",
    "DifferenceCI",
    "DifferenceP",
    "DifferenceSE",
    "DirectionOnly",
    "NotObtained",
    "NotSignificant",
    "NumberNeededToTreat",
    "OneArmCounts",
    "OneArmMeans",
    "POnly",
    "PairedMeansCI",
    "PairedMeansP",
    "PairedMeansSD",
    "Percentages",
    "Ratio",
    "ReportForm",
    "Sizes",
    "Tested",
    "TextOnly",
    "TotalCounts",
    "WithinGroupOnly",
    "alternatives",
    "needed",
    "optional",
]

ReportForm: TypeAlias = (
    ArmMeansSD
    | ArmMeansSE
    | ArmMeansCI
    | ArmMeansP
    | ArmMeansOnly
    | PairedMeansSD
    | PairedMeansCI
    | PairedMeansP
    | DifferenceCI
    | DifferenceSE
    | DifferenceP
    | POnly
    | NotSignificant
    | DirectionOnly
    | WithinGroupOnly
    | OneArmMeans
    | Counts
    | Percentages
    | CrossoverCounts
    | OneArmCounts
    | TotalCounts
    | Ratio
    | NumberNeededToTreat
    | TextOnly
    | NotObtained
)

FORMS: dict[ReportFormName, type[ReportForm]] = {
    "arm_means_sd": ArmMeansSD,
    "arm_means_se": ArmMeansSE,
    "arm_means_ci": ArmMeansCI,
    "arm_means_p": ArmMeansP,
    "arm_means": ArmMeansOnly,
    "paired_means_sd": PairedMeansSD,
    "paired_means_ci": PairedMeansCI,
    "paired_means_p": PairedMeansP,
    "difference_ci": DifferenceCI,
    "difference_se": DifferenceSE,
    "difference_p": DifferenceP,
    "p_only": POnly,
    "not_significant": NotSignificant,
    "direction_only": DirectionOnly,
    "within_group_only": WithinGroupOnly,
    "one_arm_means": OneArmMeans,
    "counts": Counts,
    "percentages": Percentages,
    "crossover_counts": CrossoverCounts,
    "one_arm_counts": OneArmCounts,
    "total_counts": TotalCounts,
    "ratio": Ratio,
    "nnt": NumberNeededToTreat,
    "text_only": TextOnly,
    "not_obtained": NotObtained,
}


def needed(form: type[Sizes]) -> tuple[str, ...]:
    """Return the columns a report form needs.

    Examples
    --------
    >>> needed(DifferenceSE)
    ('difference', 'difference_sign', 'difference_se')

    """
    return tuple(f.name for f in fields(form) if f.default is MISSING)


def optional(form: type[Sizes]) -> tuple[str, ...]:
    """Return the columns a report form may fill.

    Examples
    --------
    >>> optional(DirectionOnly)
    ('n_active', 'n_control', 'n_paired', 'favours')

    """
    return tuple(f.name for f in fields(form) if f.default is not MISSING)


def alternatives(form: type[Sizes]) -> tuple[tuple[str, ...], ...]:
    """Return the sets of columns of which a report form needs one complete.

    Examples
    --------
    >>> alternatives(OneArmCounts)
    (('events_active',), ('percent_active',))

    """
    return form.either
