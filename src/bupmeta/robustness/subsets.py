"""GOSH: how the estimate and the heterogeneity of subsets depend on each study being in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bupmeta.table import Column, Shown, Table, Value

if TYPE_CHECKING:
    from bupmeta.effects.core import FloatArray
    from bupmeta.robustness.refit import Refits

__all__ = ["Gosh", "gosh"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Gosh(Shown):
    """Per study, (K,): the share of data sets that hold it, and mean effect and I2 with and without it."""

    refits: Refits
    share: FloatArray
    mu_with: FloatArray
    mu_without: FloatArray
    i2_with: FloatArray
    i2_without: FloatArray

    @property
    def most(self) -> str:
        """The study whose presence moves effect and I2 furthest, in standard deviations over the data sets."""
        mu, i2 = (x[np.isfinite(x)] for x in (self.refits.mu, self.refits.i2))
        shift = np.hypot(
            (self.mu_with - self.mu_without) / max(mu.std(), 1e-300),
            (self.i2_with - self.i2_without) / max(i2.std(), 1e-300) if i2.size else 0.0,
        )
        return self.refits.sets.studies[int(np.argmax(np.nan_to_num(shift)))]

    def table(self) -> Table:
        """Return one row per study."""
        columns = (
            Column("study", "Study"),
            Column("share", "Data sets with it (%)", "number", 1),
            Column("mu_with", "Mean effect with", "number", 3),
            Column("mu_without", "without", "number", 3),
            Column("i2_with", "Mean I² with (%)", "number", 1),
            Column("i2_without", "without (%)", "number", 1),
        )
        keys = ("mu_with", "mu_without", "i2_with", "i2_without")
        rows: list[dict[str, Value]] = [
            {
                "study": study,
                "share": 100 * float(share),
                **{key: float(getattr(self, key)[i]) for key in keys},
            }
            for i, (study, share) in enumerate(zip(self.refits.sets.studies, self.share))
        ]
        return Table(columns, tuple(rows), f"{self.refits.caption}: {len(self.refits):,} data sets")

    __repr__ = Shown.__str__


def gosh(refits: Refits) -> Gosh:
    """Summarise refits to subsets by the presence of each study (Olkin, Dahabreh & Trikalinos 2012).

    Means leave out data sets where the number cannot be had (I2 of one study); NaN where none is left.

    >>> from bupmeta import Effects, designs, pool, refit
    >>> result = pool(Effects.from_arrays([0, 0, 0, 4], [1, 1, 1, 1], ["a", "b", "c", "d"]))
    >>> found = gosh(refit(result, designs.subsets()))
    >>> found.most, found.mu_without.round(2).tolist()
    ('d', [1.33, 1.33, 1.33, 0.0])
    """
    has = [refits.sets.has(study) for study in refits.sets.studies]
    means = [
        [_mean(values, inside if present else ~inside) for inside in has]
        for values in (refits.mu, refits.i2)
        for present in (True, False)
    ]
    return Gosh(refits, np.array([inside.mean() for inside in has]), *map(np.array, means))


def _mean(values: FloatArray, chosen: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> float:
    kept = values[chosen & np.isfinite(values)]
    return float(kept.mean()) if kept.size else float("nan")
