"""What a next trial would do: the chance that it moves the interval of a pool off zero or a threshold, or onto it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bupmeta.effects import Effects
from bupmeta.effects.columns import RATIOS
from bupmeta.errors import DataError
from bupmeta.kernels import FloatArray, IntArray
from bupmeta.kernels.one_more import chance, predicted
from bupmeta.kernels.posterior_lattice import Lattice
from bupmeta.planning.methods import Method, now
from bupmeta.planning.trial import Spread, TrialDesign, spread
from bupmeta.pooling import MetaResult
from bupmeta.pooling.ratios import as_ratios
from bupmeta.table import Column, Shown, Table, Value, in_percent, number, plain

__all__ = ["NextTrial", "Outlook", "check_threshold", "next_trial", "threshold_words"]

MANY, FEW = 121, 61  # places at which chances are looked for; words take longer


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """One interval: where it is `now`, and for each size the chances, (N,), that it will be wholly `below` the
    threshold, wholly `above`, or hold it (the rest).
    """

    method: str
    now: tuple[float, float]
    side: int
    below: FloatArray
    above: FloatArray

    @property
    def holds(self) -> FloatArray:
        """The chance that the interval will hold the threshold."""
        return 1 - self.below - self.above

    @property
    def clear(self) -> FloatArray:
        """The chance that the interval will be wholly on one side of the threshold."""
        return self.below + self.above

    @property
    def turns(self) -> FloatArray:
        """The chance that the interval will be somewhere else than now."""
        return 1 - (self.below, self.holds, self.above)[self.side + 1]


@dataclass(frozen=True, slots=True, eq=False)
class NextTrial(Shown):
    """Chances for a next trial of each of the sizes `n` (per arm, or crossing over), all (N,) arrays.

    `variance` is that of its effect, `low` and `high` its predicted estimate at the level of the pool.
    """

    result: MetaResult
    spread: Spread
    threshold: float
    n: NDArray[np.int64]
    variance: FloatArray
    low: FloatArray
    high: FloatArray
    outlooks: tuple[Outlook, ...]
    predicted_by: str
    notes: tuple[str, ...]

    @property
    def effects(self) -> Effects:
        """The effects of the pool."""
        return self.result.effects

    @property
    def settled(self) -> bool:
        """Whether every chance of being wholly on one side is below 1 % or above 99 %, at every size."""
        chances = np.array([one.clear for one in self.outlooks])
        return bool(((chances < 0.01) | (chances > 0.99)).all())

    def table(self) -> Table:
        """Show a row per size and interval."""
        level, at = f"{in_percent(self.result.model.level)}%", threshold_words(self.threshold, self.effects)
        columns = (
            Column("n", f"n {self.spread.each}", "integer"),
            Column("prediction", f"{level} of what it will find", "interval"),
            Column("method", "Interval of the pool"),
            Column("ci", "Now", "interval"),
            Column("below", f"Then below {at}", "percent", 0),
            Column("holds", f"Then holds {at}", "percent", 0),
            Column("above", f"Then above {at}", "percent", 0),
        )
        rows: list[dict[str, Value]] = []
        for i, n in enumerate(self.n.tolist()):
            found = (float(self.low[i]), float(self.high[i]))
            for one in self.outlooks:
                chances = {k: 100 * float(getattr(one, k)[i]) for k in ("below", "holds", "above")}
                rows.append({"n": n, "prediction": found, "method": one.method, "ci": one.now, **chances})
        table = Table(columns, tuple(rows), "What one more trial would make of the pool", self.notes)
        return as_ratios(table, self.effects.measure)

    def to_dict(self) -> dict[str, Any]:
        """Give every number at full precision, ratios as logarithms."""
        outlooks = [
            {"method": one.method, "now": one.now, "below": one.below, "holds": one.holds, "above": one.above}
            for one in self.outlooks
        ]
        out: dict[str, Any] = plain(
            {
                "design": self.spread.design,
                "sd": self.spread.sd,
                "sd_source": self.spread.words,
                "threshold": self.threshold,
                "n": self.n,
                "variance": self.variance,
                "predicted_low": self.low,
                "predicted_high": self.high,
                "predicted_by": self.predicted_by,
                "intervals": outlooks,
                "notes": self.notes,
            }
        )
        return out


def next_trial(
    result: MetaResult,
    n: int | Sequence[int] = (25, 50, 100, 200, 400),
    *,
    sd: float | None = None,
    design: TrialDesign = "parallel",
    threshold: float = 0.0,
    scale: float | None = None,
) -> NextTrial:
    """Return the chance that one more trial leaves the interval of the pool below, on or above `threshold`.

    `n` are sizes per arm, or of persons who cross over; `sd` is the standard deviation of persons, or of differences
    within them, by default what the trials imply (`planning.trial.spread`). What the trial will find is predicted by
    the posterior (`planning.methods.now`, where `scale` is explained), and every chance is the probability of the
    estimates after which the interval would lie there: by quadrature, nothing is drawn. Raises DataError for sizes
    below 2 and thresholds that are no number.

    >>> from bupmeta import pool
    >>> found = next_trial(pool(Effects.from_arrays([-0.4, -0.1, -0.6], [0.04, 0.03, 0.09], measure="SMD")), 100)
    >>> [f"{one.method}: {one.below[0]:.3f}" for one in found.outlooks][:2]
    ['REML, HK-adhoc: 0.315', 'REML, Wald: 0.782']
    """
    check_threshold(threshold)
    sizes = np.atleast_1d(np.asarray(n))
    if sizes.ndim != 1 or not sizes.size or not np.issubdtype(sizes.dtype, np.integer) or sizes.min() < 2:
        raise DataError(f"n={n!r} is not a size of a trial, or several; give whole numbers of 2 or more")
    before = now(result, scale)
    how = spread(before.effects, sd, design)
    v = np.array([how.variance(float(size)) for size in sizes])
    laws = [predicted(before.posterior, float(x)) for x in v]
    level = before.model.level
    low, high = np.array([law.quantile([(1 - level) / 2, (1 + level) / 2]) for law in laws]).T

    def outlook(one: Method) -> Outlook:
        def margins(y: FloatArray, row: IntArray) -> FloatArray:
            ends = one.after(y, v[row])
            return np.stack([ends[1] - threshold, threshold - ends[0]])

        below, above = chance(margins, laws, FEW if isinstance(before.posterior, Lattice) else MANY)
        side = int(one.now[0] > threshold) - int(one.now[1] < threshold)
        return Outlook(one.name, one.now, side, below, above)

    outlooks = tuple(outlook(one) for one in before.methods)
    told = f"what it will find is predicted by the posterior ({before.model.said})"
    notes = [told, how.words, *filter(None, [before.words])]
    if before.k == 1:
        notes.append(
            "one trial tells nothing of how results vary: the prediction rests on the prior of τ, and two trials "
            "leave a Hartung-Knapp interval 1 degree of freedom"
        )
    return NextTrial(
        result,
        how,
        float(threshold),
        sizes.astype(np.int64),
        v,
        low,
        high,
        outlooks,
        before.model.words,
        tuple(notes),
    )


def check_threshold(threshold: object) -> None:
    """Raise DataError when `threshold` is not a finite number."""
    fits = isinstance(threshold, int | float) and not isinstance(threshold, bool) and isfinite(threshold)
    if not fits:
        raise DataError(f"the threshold is {threshold!r}; it must be a finite number")


def threshold_words(threshold: float, effects: Effects) -> str:
    """Write a threshold on the scale that people read, a ratio as a ratio.

    >>> threshold_words(0.0, Effects.from_arrays([0.0], [1.0], measure="RR"))
    '1'
    """
    value = float(np.exp(threshold)) if effects.measure in RATIOS else threshold
    return number(value, 0 if value == round(value) else 2)
