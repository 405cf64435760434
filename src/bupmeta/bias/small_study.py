"""The regression of effects on the size of their studies (Egger 1997 and its descendants)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.special import stdtr, stdtrit

from bupmeta.errors import ModelError
from bupmeta.kernels.weighted_line import weighted_line
from bupmeta.table import Column, Table, in_percent

if TYPE_CHECKING:
    from bupmeta.effects import Effects
    from bupmeta.effects.core import FloatArray

__all__ = ["FEWEST", "PREDICTORS", "PredictorName", "SmallStudy", "default_predictor", "small_study"]

FEWEST = 10
"""With fewer studies the test cannot tell chance from asymmetry (Cochrane Handbook, chapter 13)."""

PredictorName = Literal["sei", "vi", "arms", "ninv"]


def _standard_error(effects: Effects) -> FloatArray:
    return np.sqrt(effects.v)


def _variance(effects: Effects) -> FloatArray:
    return effects.v


def _arms(effects: Effects) -> FloatArray:
    sizes = [(o.n_active, o.n_control) for o in effects.origin]
    if not sizes or any(not active or not control for active, control in sizes):
        raise ModelError("the sizes of both arms are not known for every study; take the predictor 'sei'")
    return np.array([np.sqrt(1 / active + 1 / control) for active, control in sizes if active and control])


def _persons(effects: Effects) -> FloatArray:
    sizes = [o.n or (o.n_active or 0) + (o.n_control or 0) for o in effects.origin]
    if not sizes or any(not n for n in sizes):
        raise ModelError("the number of persons is not known for every study; take the predictor 'sei'")
    return np.array([1 / n for n in sizes])


PREDICTORS: dict[PredictorName, Callable[[Effects], FloatArray]] = {
    "sei": _standard_error,
    "vi": _variance,
    "arms": _arms,
    "ninv": _persons,
}
"""What stands for the size of a study: standard error, variance, sqrt(1/n1 + 1/n2), or 1/n of all persons."""

_WORDS: dict[PredictorName, str] = {
    "sei": "standard error (Egger 1997)",
    "vi": "variance",
    "arms": "√(1/n₁ + 1/n₂), which does not depend on the effect (Pustejovsky & Rodgers 2019)",
    "ninv": "1/n of all persons, which does not depend on the effect",
}


@dataclass(frozen=True, slots=True)
class SmallStudy:
    """How effects change with the size of studies: the slope with its t test, and where the line ends.

    `limit` is the effect at the predictor 0, that of a study without sampling error, with its interval.
    """

    predictor: PredictorName
    k: int
    slope: float
    t: float
    df: int
    p: float
    limit: float
    limit_ci: tuple[float, float]
    level: float

    @property
    def words(self) -> str:
        """What stands for the size of a study, in words."""
        return _WORDS[self.predictor]

    def table(self) -> Table:
        """One row: predictor, slope, test and limit."""
        columns = (
            Column("words", "Size of a study by"),
            Column("k", "Studies", "integer"),
            Column("slope", "Slope", "number"),
            Column("t", "t", "number"),
            Column("df", "df", "integer"),
            Column("p", "p", "p"),
            Column("limit", "Effect without sampling error", "number"),
            Column("limit_ci", f"{in_percent(self.level)} % interval", "interval"),
        )
        row = {column.key: getattr(self, column.key) for column in columns}
        return Table(columns, (row,), "Do small studies show other effects?")


def default_predictor(effects: Effects) -> PredictorName:
    """Give the predictor that does not follow from the effect itself (Pustejovsky & Rodgers 2019; Peters 2006)."""
    if effects.measure == "SMD":
        return "arms"
    return "ninv" if effects.measure in ("OR", "RR") else "sei"


def small_study(
    effects: Effects, predictor: PredictorName | None = None, *, level: float = 0.95
) -> SmallStudy:
    """Regress effects on the size of their studies with weights 1/v and a free residual variance.

    The predictor is by default the standard error, and for SMD and ratios one that does not depend on the effect.
    Raises ModelError for fewer than ten studies, for an unknown predictor, or sizes that are not known. Source:
    Egger et al. 1997, BMJ 315, 629, as a weighted regression.

    >>> from bupmeta import Effects
    >>> v = [0.01, 0.02, 0.03, 0.05, 0.08, 0.1, 0.12, 0.2, 0.25, 0.3]
    >>> test = small_study(Effects.from_arrays([-2 * s**0.5 for s in v], v))
    >>> round(test.slope, 6), test.df
    (-2.0, 8)
    """
    k = len(effects)
    if k < FEWEST:
        raise ModelError(f"{k} studies are too few for a small-study test; it needs {FEWEST}")
    name = default_predictor(effects) if predictor is None else predictor
    if name not in PREDICTORS:
        raise ModelError(f"predictor={name!r} is not known; the choices are {', '.join(PREDICTORS)}")
    x = PREDICTORS[name](effects)
    if np.ptp(x) <= 1e-12 * float(np.abs(x).max()):
        raise ModelError("all studies are of the same size: whether small ones differ cannot be asked")
    line = weighted_line(effects.y, effects.v, x)
    t = line.slope / line.slope_se if line.slope_se > 0 else float(np.copysign(np.inf, line.slope))
    half = float(stdtrit(line.df, (1 + level) / 2)) * line.intercept_se
    return SmallStudy(
        name,
        k,
        line.slope,
        t,
        line.df,
        float(2 * stdtr(line.df, -abs(t))),
        line.intercept,
        (line.intercept - half, line.intercept + half),
        level,
    )
