"""Refits: one batched fit of a model to every data set of a design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bupmeta.designs import Design, Sets
from bupmeta.errors import DataError, ModelError
from bupmeta.kernels.fit import fit
from bupmeta.kernels.status import Status
from bupmeta.pooling.ci import SLOW
from bupmeta.pooling.models import AllEvidence, Bayes
from bupmeta.pooling.result import MetaResult
from bupmeta.pooling.table_models import TableModel
from bupmeta.robustness.limits import limits, predictions
from bupmeta.table import Column, Table, Value, in_percent

if TYPE_CHECKING:
    from pandas import DataFrame

    from bupmeta.effects.core import FloatArray

__all__ = ["Refits", "refit"]

CELLS = 2**19  # studies times data sets unpacked at a time: 4 MB
SOLVED = 5_000  # more data sets than this have normal limits where the model's must be solved for
SHOWN = 60  # more data sets than this are shown as a summary
WORDS = {
    Status.OK: "ok",
    Status.BOUNDARY: "tau2 at its boundary",
    Status.SEVERAL_OPTIMA: "several optima",
    Status.NOT_CONVERGED: "not converged",
    Status.TOO_FEW: "no study",
}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Refits:
    """Estimates of N data sets, every array of shape (N,); I2 in percent.

    `k` studies in each (repeats counted); `tau2`, `i2` and `q` are NaN where there is one study, which is not pooled.
    `status` holds `kernels.Status` codes; `words` says them. Limits and p are NaN where the interval is `refused`, for
    that reason, and normal ones (`normal`) where the model's would have to be solved for in too many data sets.
    The prediction interval is NaN where there is none, and for methods that are solved for or drawn in each data set.
    """

    result: MetaResult
    design: Design
    sets: Sets
    k: NDArray[np.int32]
    mu: FloatArray
    se: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    p: FloatArray
    prediction_low: FloatArray
    prediction_high: FloatArray
    tau2: FloatArray
    i2: FloatArray
    q: FloatArray
    status: NDArray[np.int8]
    normal: bool = False
    refused: str = ""

    def __len__(self) -> int:
        return len(self.mu)

    @property
    def labels(self) -> tuple[str, ...]:
        """One name per data set."""
        return self.sets.labels

    @property
    def words(self) -> tuple[str, ...]:
        """What became of each fit, in words."""
        none = np.isnan(self.ci_low) & np.isfinite(self.mu)
        return tuple(
            "one trial" if k == 1 else "interval refused" if lost else WORDS[Status(s)]
            for k, lost, s in zip(self.k, none, self.status)
        )

    def table(self) -> Table:
        """Return one row per data set."""
        keys = ("k", "mu", "p", "tau2", "i2", "q")
        columns = zip(*([None if x != x else x for x in getattr(self, key).tolist()] for key in keys))
        limits = [None if x != x else (x, z) for x, z in zip(self.ci_low.tolist(), self.ci_high.tolist())]
        rows = [
            {"set": label, **dict(zip(keys, row)), "ci": ci, "status": word}
            for label, row, ci, word in zip(self.labels, columns, limits, self.words)
        ]
        return Table(self._columns(), tuple(rows), self.caption, self._notes())

    def summary(self) -> Table:
        """Return the mean, the standard deviation and quantiles over the data sets."""
        quantiles = {f"{100 * x:g}%": x for x in (0.025, 0.25, 0.5, 0.75, 0.975)}
        keys = {"mean": "Mean", "sd": "SD", **{key: key for key in quantiles}}
        columns = (Column("number", "Number"), *(Column(key, title, "number") for key, title in keys.items()))
        rows: list[dict[str, Value]] = []
        for name, values in (("effect", self.mu), ("τ²", self.tau2), ("I² (%)", self.i2), ("p", self.p)):
            x = values[np.isfinite(values)]
            if x.size:
                cuts = np.quantile(x, list(quantiles.values())).tolist()
                spread = float(x.std(ddof=1)) if x.size > 1 else None
                rows.append(
                    {"number": name, "mean": float(x.mean()), "sd": spread, **dict(zip(quantiles, cuts))}
                )
        return Table(columns, tuple(rows), f"{self.caption}: {len(self):,} data sets", self._notes())

    def to_frame(self) -> DataFrame:
        """Return every number as a DataFrame with one row per data set."""
        from pandas import DataFrame

        keys = (
            *("k", "mu", "se", "ci_low", "ci_high", "p"),
            *("prediction_low", "prediction_high", "tau2", "i2", "q"),
        )
        numbers = {key: getattr(self, key) for key in keys}
        return DataFrame({"set": self.labels, **numbers, "status": self.words})

    def _columns(self) -> tuple[Column, ...]:
        level = f"{in_percent(self.result.model.level)}% CI"
        return (
            Column("set", "Data set"),
            Column("k", "k", "integer"),
            Column("mu", "Effect", "number"),
            Column("ci", level, "interval"),
            Column("p", "p", "p"),
            Column("tau2", "τ²", "number", 3),
            Column("i2", "I²", "percent", 0),
            Column("q", "Q", "number", 1),
            Column("status", "Status"),
        )

    @property
    def caption(self) -> str:
        """Name the design and the model."""
        model = self.result.model
        drawn = f", {self.sets.drawn}" if self.sets.drawn else ""
        return f"{self.design.title}{drawn}; {model.tau2}, {'normal' if self.normal else model.ci} interval"

    def _notes(self) -> tuple[str, ...]:
        many = (
            f"{self.result.model.ci} intervals are solved for one by one; for more than {SOLVED:,} data sets limits "
            "and p are normal ones"
        )
        lost = self.words.count("interval refused") if self.refused else 0
        few = f"interval refused in {lost:,} of {len(self):,} data sets: {self.refused}"
        return (*([many] if self.normal else []), *([few] if self.refused else []))

    def __str__(self) -> str:
        return (self.table() if len(self) <= SHOWN else self.summary()).to_text()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return (self.table() if len(self) <= SHOWN else self.summary()).to_html()


def refit(result: MetaResult, design: Design) -> Refits:
    """Fit the model of `result` to every data set of `design`, in one batch.

    Each row equals `pool` of the studies it holds; where its interval is refused, limits and p are NaN. For more than
    5,000 data sets, limits that would have to be solved for are normal ones. Raises DataError or ModelError for what
    is no result or design, and where the design does not fit these studies.

    >>> from bupmeta import Effects, designs, pool
    >>> result = pool(Effects.from_arrays([-0.9, -1.6, -0.2, 0.7], [0.3, 0.2, 0.1, 0.1]))
    >>> refit(result, designs.leave_one_out()).mu.round(2).tolist()
    [-0.34, -0.06, -0.56, -0.85]
    """
    if not isinstance(result, MetaResult):
        raise DataError(f"refit() takes what pool() found, not {type(result).__name__}; call pool() first")
    if not callable(getattr(design, "sets", None)):
        raise DataError(f"refit() takes a design such as designs.leave_one_out(), not {design!r}")
    sets = design.sets(result.effects)
    y, v, model = result.effects.y, result.effects.v, result.model
    if isinstance(model, TableModel):
        raise ModelError("refits hold estimates only; for counts see bupmeta.pooling.leave_one_out()")
    if isinstance(model, AllEvidence | Bayes):
        raise ModelError(
            "refits hold estimates only; pool with RandomEffects(), or see bupmeta.pooling.shifts()"
        )
    out, refused = np.empty((12, len(sets))), ""
    normal = model.ci in SLOW and len(sets) > SOLVED
    step = max(1, CELLS // len(y))
    for start in range(0, len(sets), step):
        m = sets.counts(start, start + step)
        found = fit(y, v, m, tau2=model.tau2)
        tau2, q = np.where(found.k > 1, (found.tau2, found.q), np.nan)
        i2 = (
            1 - (found.k - 1) / np.maximum(q, found.k - 1)
            if model.common_effect
            else tau2 / (tau2 + found.typical_v)
        )
        ci, why = limits(found, y, v, m, model, normal=normal)
        refused = refused or why
        new = predictions(found, y, v, m, model)
        out[:, start : start + step] = found.k, *ci, *new, tau2, 100 * i2, q, found.status
    names = ("mu", "se", "ci_low", "ci_high", "p", "prediction_low", "prediction_high", "tau2", "i2", "q")
    return Refits(
        result=result,
        design=design,
        sets=sets,
        k=out[0].astype(np.int32),
        **dict(zip(names, out[1:-1])),
        status=out[-1].astype(np.int8),
        normal=normal,
        refused=refused,
    )
