"""The optimal information size: the persons one adequate trial of the outcome would need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from scipy.special import ndtri

from bupmeta.analysis.certainty.rules import Rules
from bupmeta.errors import ModelError
from bupmeta.table import number

__all__ = ["InformationSize", "of_difference", "of_ratio"]


@dataclass(frozen=True, slots=True)
class InformationSize:
    """Persons in both groups together, and what was assumed to get there."""

    persons: int
    assumed: str


def of_difference(
    difference: float, sd: float, rules: Rules | None = None, source: str = ""
) -> InformationSize:
    """Persons to find a difference of means between two groups of the same size: n = 2 (z_a + z_b)² (sd / d)² each.

    Raises ModelError for a difference of 0 or a standard deviation that is not positive.

    >>> of_difference(1.0, 2.0).persons
    126
    """
    if not difference or not sd > 0:
        raise ModelError(f"no information size for a difference of {difference:g} with an SD of {sd:g}")
    limits = rules or Rules()
    each = 2 * _z(limits) ** 2 * (sd / difference) ** 2
    words = f"a difference of {number(abs(difference), 1)}, {source or f'SD {number(sd)}'}"
    return InformationSize(2 * ceil(each), f"{words}, {_test(limits)}")


def of_ratio(risk: float, ratio: float, rules: Rules | None = None, source: str = "") -> InformationSize:
    """Persons to find a risk ratio against a control risk: n = (z_a + z_b)² (p q + p1 q1) / (p - p1)² in each group.

    Raises ModelError for risks outside 0 to 1 or a ratio of 1.

    >>> of_ratio(0.3, 0.75).persons
    1074
    """
    other = risk * ratio
    if not 0 < risk < 1 or not 0 < other < 1 or ratio == 1:
        raise ModelError(f"no information size for a risk of {risk:g} and a risk ratio of {ratio:g}")
    limits = rules or Rules()
    each = _z(limits) ** 2 * (risk * (1 - risk) + other * (1 - other)) / (risk - other) ** 2
    words = (
        f"a risk ratio of {number(ratio)} against {source or 'a control risk'} of {number(100 * risk, 0)} %"
    )
    return InformationSize(2 * ceil(each), f"{words}, {_test(limits)}")


def _z(rules: Rules) -> float:
    quantile: Callable[[float], float] = ndtri
    return float(-quantile(rules.alpha / 2) + quantile(rules.power))


def _test(rules: Rules) -> str:
    return f"two-sided alpha {number(rules.alpha)}, power {number(rules.power)}"
