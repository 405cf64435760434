"""What a calibration found: a row per setting and method, with Monte Carlo errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bupmeta.calibration.methods import MethodName, Seen
from bupmeta.calibration.settings import LARGE, SMALL, Precisions, Setting
from bupmeta.kernels import FloatArray
from bupmeta.table import Column, Shown, Table

__all__ = ["Calibration", "CalibrationRow"]


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """One method in one setting: coverage in percent and mean width, with their Monte Carlo standard errors.

    `refused` is the percentage of data sets for which the method gives no interval; the others count for the rest,
    which is None where there are none.
    """

    k: int
    tau: float
    precisions: Precisions
    method: MethodName
    coverage: float | None
    coverage_se: float | None
    width: float | None
    width_se: float | None
    refused: float

    @classmethod
    def of(cls, setting: Setting, method: MethodName, seen: Seen) -> CalibrationRow:
        """Sum up what was seen of each data set."""
        (coverage, coverage_se), (width, width_se) = _mean(100 * seen.covered), _mean(seen.width)
        refused = 100 * float(np.isnan(seen.covered).mean())
        where = setting.k, setting.tau, setting.precisions, method
        return cls(*where, coverage, coverage_se, width, width_se, refused)


def _mean(x: FloatArray) -> tuple[float, float] | tuple[None, None]:
    """Return the mean of what is known and its standard error."""
    x = x[np.isfinite(x)]
    if x.size < 2:
        return None, None
    return float(x.mean()), float(x.std(ddof=1) / np.sqrt(x.size))


@dataclass(frozen=True, slots=True)
class Calibration(Shown):
    """Every method in every setting."""

    rows: tuple[CalibrationRow, ...]
    replications: int
    seed: int

    def select(self, method: MethodName | None = None, **setting: object) -> tuple[CalibrationRow, ...]:
        """Give the rows of one method or setting, such as k=2, precisions="equal"."""
        wanted = {**setting, **({"method": method} if method else {})}
        return tuple(row for row in self.rows if all(getattr(row, name) == x for name, x in wanted.items()))

    def table(self) -> Table:
        """Show one row per setting and method."""
        columns = (
            Column("k", "Trials", "integer"),
            Column("precisions", "Precisions"),
            Column("tau", "τ", "number"),
            Column("method", "Method"),
            Column("coverage", "Coverage", "percent", 1),
            Column("coverage_se", "MC SE", "number", 1),
            Column("width", "Width", "number"),
            Column("width_se", "MC SE", "number", 3),
            Column("refused", "Refused", "percent", 0),
        )
        rows = tuple({c.key: getattr(row, c.key) for c in columns} for row in self.rows)
        draws = f"{self.replications} replications per setting, seed {self.seed}"
        trials = f"variances {SMALL:g} (an SMD with 20 patients per arm); one large: {LARGE:g} in one trial"
        refused = "Kenward-Roger is refused below 2 degrees of freedom, permutation below 6 trials"
        notes = (
            f"{draws}; coverage of 95% intervals, among those that are given",
            f"{trials}; one small: {LARGE:g} in all but one",
            f"tau2 by REML but where DL is said and in Henmi-Copas; {refused}",
        )
        return Table(columns, rows, caption="Intervals of the mean effect when trials are few", notes=notes)
