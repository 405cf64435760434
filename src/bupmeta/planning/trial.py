"""How precise a trial of a given size would be: the spread of persons, and the variance of its effect."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal, TypeAlias, get_args

import numpy as np

from bupmeta.effects import Effects
from bupmeta.effects.core import LARGEST
from bupmeta.errors import DataError
from bupmeta.pooling.models import choice
from bupmeta.table import number

__all__ = ["Spread", "TrialDesign", "spread"]

TrialDesign: TypeAlias = Literal["parallel", "crossover"]


@dataclass(frozen=True, slots=True)
class Spread:
    """The standard deviation that decides how precise a trial is, for its design, and where it is from.

    In a parallel trial it is that of persons, in a crossover trial that of differences within persons.
    """

    sd: float
    design: TrialDesign
    words: str

    def variance(self, n: float) -> float:
        """Return the variance of the effect of a trial of `n` per arm, or of `n` persons who cross over.

        >>> Spread(2.0, "parallel", "").variance(50), Spread(2.0, "crossover", "").variance(50)
        (0.16, 0.08)
        """
        return (2 if self.design == "parallel" else 1) * self.sd**2 / n

    def persons(self, information: float) -> float:
        """Return how many persons, in both arms, trials need for effects with this sum of 1/variance."""
        return (4 if self.design == "parallel" else 1) * self.sd**2 * information

    @property
    def each(self) -> str:
        """What n counts."""
        return "per arm" if self.design == "parallel" else "crossing over"


def spread(effects: Effects, sd: float | None = None, design: TrialDesign = "parallel") -> Spread:
    """Return the spread of a trial like those of `effects`, or with the `sd` that is given.

    Without `sd` it is the median of what the trials of that design imply by their sizes and variances; for an SMD of
    parallel arms it is 1, and the part of the variance that grows with the effect is left out. Raises DataError for an
    sd not above 0, and where no trial tells.

    >>> from bupmeta.effects import Origin
    >>> effects = Effects.from_arrays([-1.0], [0.16], measure="MD", origin=[Origin(n=100, n_active=50, n_control=50)])
    >>> spread(effects).sd
    2.0
    """
    choice(design, get_args(TrialDesign), "design")
    if sd is not None:
        if not 1 / LARGEST <= sd <= LARGEST:
            raise DataError(
                f"sd={sd!r} is not a standard deviation; it must be a number above 0, from 1e-30 to 1e30"
            )
        return Spread(float(sd), design, f"standard deviation {number(sd)}, as given")
    if effects.measure == "SMD" and design == "parallel":
        return Spread(1.0, design, "an SMD is in standard deviations: 1")
    found = []
    for v, origin in zip(effects.v.tolist(), effects.origin):
        crossed = origin.design == "crossover"
        if crossed != (design == "crossover"):
            continue
        if not crossed and origin.n_active and origin.n_control:
            found.append(sqrt(v / (1 / origin.n_active + 1 / origin.n_control)))
        elif origin.n:
            found.append(sqrt(v * origin.n) / (1 if crossed else 2))
    if not found:
        raise DataError(
            f"no {design} trial with a known size tells how persons differ; say by `sd` the standard deviation "
            + ("of persons" if design == "parallel" else "of differences within persons")
        )
    middle = float(np.median(found))
    trials = "1 trial implies" if len(found) == 1 else f"{len(found)} trials imply"
    return Spread(middle, design, f"standard deviation {number(middle)}, which {trials}")
