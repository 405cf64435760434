"""The share of true effects beyond a threshold that matters, such as one point of ten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, SupportsFloat, TypeAlias, get_args

import numpy as np
from scipy.special import ndtr

from bupmeta.errors import ModelError
from bupmeta.kernels.confidence_distribution import mixture
from bupmeta.pooling.models import choice
from bupmeta.pooling.result import MetaResult
from bupmeta.pooling.table_models import refuse_counts
from bupmeta.table import Column, Shown, Table, in_percent

__all__ = ["Share", "Side", "share_beyond"]

Side: TypeAlias = Literal["below", "above"]


@dataclass(frozen=True, slots=True)
class Share(Shown):
    """Share of true effects on `side` of `threshold`, in percent, with its interval at `level`."""

    percent: float
    ci: tuple[float, float]
    threshold: float
    side: Side
    level: float

    def table(self) -> Table:
        """Show the share as one row."""
        columns = (
            Column("threshold", f"True effects {self.side}", "number"),
            Column("percent", "Share", "percent", 0),
            Column("ci", f"{in_percent(self.level)}% CI", "interval", 0),
        )
        return Table(columns, ({"threshold": self.threshold, "percent": self.percent, "ci": self.ci},))


def share_beyond(result: MetaResult, threshold: float, side: Side = "below") -> Share:
    """Return the share of true effects below (or above) `threshold`, ndtr((threshold - mu)/tau).

    The estimate is that of Mathur & VanderWeele 2019, Stat. Med. 38, 1336 (as the proportion beyond a clinically
    important difference of Siemens et al. 2025). Its interval comes from the joint confidence distribution of mu
    and tau2 (Noma & Schwarzer 2026), in closed form up to a sum, so it holds at tau2 = 0 too. Raises ModelError
    below three trials, for which how effects vary is not known, for a common-effect model, and for a threshold that
    is no number.

    >>> from bupmeta.effects import Effects
    >>> from bupmeta.pooling import pool
    >>> effects = Effects.from_arrays([-0.9, -1.6, -0.2, -1.1], [0.10, 0.19, 0.05, 0.08])
    >>> print(share_beyond(pool(effects), -0.5))
    True effects below  Share       95% CI
    ──────────────────  ─────  ───────────
                 −0.50    79%  (30 to 100)
    """
    choice(side, get_args(Side), "side")
    refuse_counts(result.model, "the share of effects beyond a threshold")
    if result.tau2 is None or result.k < 3:
        raise ModelError("how true effects vary is not known from fewer than three trials")
    if result.model.common_effect:
        raise ModelError("a common-effect model holds that true effects do not vary; pool with tau2='REML'")
    if (
        isinstance(threshold, bool)
        or not isinstance(threshold, SupportsFloat)
        or not np.isfinite(float(threshold))
    ):
        raise ModelError(f"the threshold is {threshold!r}; it must be a finite number")
    tails = np.array([1 - result.model.level, 1 + result.model.level]) / 2
    low, high = mixture(result.effects.y, result.effects.v).share_below(threshold, tails).tolist()
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.divide(threshold - result.mu, np.sqrt(result.tau2))
    value = 0.5 if np.isnan(z) else float(ndtr(z))
    if side == "above":
        value, low, high = 1 - value, 1 - high, 1 - low
    return Share(100 * value, (100 * low, 100 * high), float(threshold), side, result.model.level)
