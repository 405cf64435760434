"""The rank correlation of effects and their variances (Begg & Mazumdar 1994)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bupmeta.bias.small_study import FEWEST
from bupmeta.errors import ModelError

if TYPE_CHECKING:
    from bupmeta.effects import Effects

__all__ = ["RankTest", "rank_test"]


@dataclass(frozen=True, slots=True)
class RankTest:
    """Kendall's tau between standardised effects and variances, and its two-sided p value."""

    k: int
    tau: float
    p: float


def rank_test(effects: Effects) -> RankTest:
    """Correlate the ranks of the effects, standardised around the common effect, with those of their variances.

    Raises ModelError for fewer than ten studies. The p value is that of the normal approximation. Source: Begg &
    Mazumdar 1994, Biometrics 50, 1088.

    >>> from bupmeta import Effects
    >>> v = [0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.12, 0.2, 0.25, 0.3]
    >>> rank_test(Effects.from_arrays([-(s**0.5) for s in v], v)).tau < 0
    True
    """
    from scipy.stats import kendalltau

    k = len(effects)
    if k < FEWEST:
        raise ModelError(f"{k} studies are too few for a rank test; it needs {FEWEST}")
    y, v = effects.y, effects.v
    mean = np.average(y, weights=1 / v)
    spread = v - 1 / (1 / v).sum()
    found = kendalltau((y - mean) / np.sqrt(spread), v, method="asymptotic")
    return RankTest(k, float(found.statistic), float(found.pvalue))
