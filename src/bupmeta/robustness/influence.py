"""Influence: what each study does to the pooled effect, from the refits without it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bupmeta.designs import leave_one_out
from bupmeta.errors import ModelError
from bupmeta.robustness.refit import refit
from bupmeta.table import Column, Shown, Table, Value

if TYPE_CHECKING:
    from pandas import DataFrame

    from bupmeta.effects.core import FloatArray
    from bupmeta.pooling import MetaResult

__all__ = ["Influence", "influence"]

MEDIAN_CHI2 = (
    0.4549364231195728  # chi-squared with one degree of freedom, which Cook's distance is read against
)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Influence(Shown):
    """Deletion diagnostics, one number per study, each of shape (K,).

    `rstudent` externally studentised residual; `dffits` and `dfbetas` change of mu in standard errors;
    `cook` Cook's distance; `covratio` var(mu) without the study over var(mu) with it; `tau2` and `q` without
    the study; `hat` leverage; `weight` in percent; `influential` by the rules in `limits`.
    """

    result: MetaResult
    rstudent: FloatArray
    dffits: FloatArray
    cook: FloatArray
    covratio: FloatArray
    tau2: FloatArray
    q: FloatArray
    hat: FloatArray
    weight: FloatArray
    dfbetas: FloatArray
    influential: NDArray[np.bool_]

    @property
    def limits(self) -> dict[str, float]:
        """Beyond these a study is called influential (Viechtbauer & Cheung 2010)."""
        k = len(self.hat)
        return {"dffits": 3 / np.sqrt(k - 1), "cook": MEDIAN_CHI2, "hat": 3 / k, "dfbetas": 1.0}

    def table(self) -> Table:
        """Return one row per study; influential ones are marked with a star."""
        digits = {"weight": 1, "q": 2}
        columns = [Column("study", "Study")]
        columns += [Column(key, TITLES[key], "number", digits.get(key, 3)) for key in NUMBERS]
        rows: list[dict[str, Value]] = [
            {
                "study": label + (" *" if star else ""),
                **{key: float(getattr(self, key)[i]) for key in NUMBERS},
            }
            for i, (label, star) in enumerate(zip(self.result.effects.labels, self.influential))
        ]
        said = "; ".join(f"{TITLES[key]} over {limit:.2f}" for key, limit in self.limits.items())
        return Table(tuple(columns), tuple(rows), "Influence of each study", (f"* influential: {said}.",))

    def to_frame(self) -> DataFrame:
        """Return the numbers as a DataFrame with one row per study."""
        from pandas import DataFrame

        numbers = {key: getattr(self, key) for key in (*NUMBERS, "influential")}
        return DataFrame({"study": self.result.effects.labels, **numbers})

    __repr__ = Shown.__str__


TITLES = {
    "rstudent": "Studentised residual",
    "dffits": "DFFITS",
    "cook": "Cook's distance",
    "covratio": "COVRATIO",
    "tau2": "τ² without",
    "q": "Q without",
    "hat": "Leverage",
    "weight": "Weight (%)",
    "dfbetas": "DFBETAS",
}
NUMBERS = tuple(field.name for field in fields(Influence) if field.name in TITLES)


def influence(result: MetaResult) -> Influence:
    """Measure what each study does to mu and tau2, with the model of `result` (Viechtbauer & Cheung 2010).

    Standard errors are those of the model, so a Hartung-Knapp factor enters as in a mean-shift outlier model.
    Raises ModelError for a single study, and for Henmi-Copas, which has other weights.

    >>> from bupmeta import Effects, pool
    >>> found = influence(pool(Effects.from_arrays([-0.9, -1.6, -0.2, 0.9], [0.3, 0.2, 0.1, 0.1])))
    >>> [f"{x:.2f}" for x in found.rstudent]
    ['-0.42', '-1.52', '0.20', '2.13']
    """
    if result.k < 2:
        raise ModelError("influence compares fits with and without each study, and there is only one study")
    if result.model.ci == "Henmi-Copas":
        raise ModelError(
            "Henmi-Copas does not weigh studies by tau2, as influence does; pool with another ci"
        )
    some_width(result)
    y, v = result.effects.y, result.effects.v
    without = refit(result, leave_one_out())
    tau2 = np.nan_to_num(without.tau2)  # a study left alone has no tau2, and needs none
    weight = 1 / (v + (result.tau2 or 0.0))
    hat = weight / weight.sum()
    full = 1 / (v + tau2[:, None])  # row i: the weights of all studies at the tau2 without study i
    var = 1 / (full.sum(axis=1) - full.diagonal())
    factor = without.se**2 / var  # 1, unless the interval widens the standard error
    shift = result.mu - without.mu
    with np.errstate(divide="ignore", invalid="ignore"):  # the HK error is 0 where all that stay are equal
        dffits = shift / np.sqrt(factor * hat * (v + tau2))
        dfbetas = shift / np.sqrt(factor / full.sum(axis=1))
        rstudent = (y - without.mu) / np.sqrt(factor * (v + tau2) + without.se**2)
    cook = (shift / result.se) ** 2
    k = len(y)
    return Influence(
        result,
        rstudent=rstudent,
        dffits=dffits,
        cook=cook,
        covratio=(without.se / result.se) ** 2,
        tau2=without.tau2,
        q=without.q,
        hat=hat,
        weight=100 * hat,
        dfbetas=dfbetas,
        influential=(np.abs(dffits) > 3 / np.sqrt(k - 1))
        | (cook > MEDIAN_CHI2)
        | (hat > 3 / k)
        | (np.abs(dfbetas) > 1),
    )


def some_width(result: MetaResult) -> None:
    """Raise ModelError where equal estimates leave a Hartung-Knapp standard error of 0, that nothing is measured in."""
    if result.model.ci == "HK" and result.k > 1 and np.ptp(result.effects.y) == 0:
        raise ModelError("all estimates are equal, so the HK standard error is 0; pool with ci='HK-adhoc'")
