"""Crossovers that report both sequences: the treatment effect freed from the period effect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bupmeta.effects.prepost import change_sd

__all__ = ["ABBA", "Sequence", "ab_ba"]


@dataclass(frozen=True, slots=True)
class Sequence:
    """One sequence of a two-period crossover: size, mean and SD under the active treatment and under control.

    `sd_difference` is the SD of active minus control within persons, where the report prints it.
    """

    n: float
    mean_active: float
    sd_active: float
    mean_control: float
    sd_control: float
    sd_difference: float | None = None

    @property
    def difference(self) -> float:
        """Mean of active minus control within persons."""
        return self.mean_active - self.mean_control

    def sd(self, r: float) -> float:
        """The SD of the differences as printed, else that which the correlation `r` gives."""
        if self.sd_difference is not None:
            return self.sd_difference
        return float(change_sd(self.sd_active, self.sd_control, r))


@dataclass(frozen=True, slots=True)
class ABBA:
    """Effects in a two-period crossover: treatment (active minus control) and period (second minus first)."""

    treatment: float
    se: float
    period: float
    df: float
    r: float | None


def ab_ba(active_first: Sequence, control_first: Sequence, r: float = 0.5) -> ABBA:
    """Treatment and period effect from the differences within each sequence (Hills & Armitage 1979).

    The treatment effect is the mean of the two sequences' differences, the period effect half their difference; both
    have SE^2 = s^2 (1/n1 + 1/n2)/4, s the SD of differences pooled over the sequences. No carry-over is assumed.
    `r` is used (and returned) only where an SD of differences was not printed.

    >>> first = Sequence(56, 4.93, 3.03, 3.36, 3.17, 2.66)
    >>> second = Sequence(66, 2.74, 2.82, 5.48, 3.08, 3.27)
    >>> found = ab_ba(first, second)
    >>> round(found.treatment, 3), round(found.se, 3), round(found.period, 3)
    (-0.585, 0.273, -2.155)
    """
    pair = (active_first, control_first)
    df = sum(one.n for one in pair) - 2
    variance = sum((one.n - 1) * one.sd(r) ** 2 for one in pair) / df
    se = np.sqrt(variance * sum(1 / one.n for one in pair)) / 2
    d1, d2 = active_first.difference, control_first.difference
    assumed = any(one.sd_difference is None for one in pair)
    return ABBA((d1 + d2) / 2, float(se), (d2 - d1) / 2, df, r if assumed else None)
