"""What a Bayesian pool knows: distributions of the mean effect, of tau, of a new effect and of each trial's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike

from bupmeta.errors import ModelError
from bupmeta.kernels import FloatArray
from bupmeta.kernels.curve import Curve
from bupmeta.kernels.mixture import Mixture
from bupmeta.kernels.shortest import shortest
from bupmeta.pooling.models import Bayes, choice
from bupmeta.table import Column, Shown, Table, Value, in_percent

__all__ = ["IntervalKind", "Marginal", "Posterior"]

IntervalKind: TypeAlias = Literal["shortest", "central"]
#: Of draws, unless another is given.
SEED = 1


@dataclass(frozen=True, slots=True, eq=False)
class Marginal:
    """The posterior distribution of one quantity, as numbers and as functions.

    `mean` is NaN and `sd` infinite where the distribution has none.

    >>> from bupmeta import Bayes, Effects, pool, priors
    >>> mu = pool(Effects.from_arrays([-0.4, -0.9], [0.04, 0.09]), Bayes(priors.HalfNormal(0.5))).posterior.mu
    >>> low, high = mu.interval(0.95)
    >>> f"{mu.median:.3f} ({low:.3f} to {high:.3f}), P(< 0) {mu.probability_below(0):.3f}"
    '-0.593 (-1.366 to 0.114), P(< 0) 0.962'
    """

    mean: float
    sd: float
    law: Mixture | Curve

    @property
    def median(self) -> float:
        """The middle of the distribution."""
        return float(self.law.quantile(0.5))

    def interval(self, level: float = 0.95, kind: IntervalKind = "shortest") -> tuple[float, float]:
        """Return the interval of probability `level`: the shortest, or with as much on either side.

        Raises ModelError for a level outside (0, 1) and an unknown kind.
        """
        choice(kind, get_args(IntervalKind), "kind")
        if not 0 < level < 1:
            raise ModelError(f"level={level!r} is not a probability; it must lie between 0 and 1")
        if kind == "shortest":
            return shortest(self.law, level, self.law.lowest if isinstance(self.law, Curve) else -np.inf)
        low, high = self.law.quantile([(1 - level) / 2, (1 + level) / 2]).tolist()
        return low, high

    def pdf(self, x: ArrayLike) -> FloatArray:
        """Return the density at `x`."""
        return self.law.pdf(x)

    def cdf(self, x: ArrayLike) -> FloatArray:
        """Return the probability of values up to `x`."""
        return self.law.cdf(x)

    def quantile(self, p: ArrayLike) -> FloatArray:
        """Return the value that is not exceeded with probability `p`."""
        return self.law.quantile(p)

    def sample(self, n: int, seed: int = SEED) -> FloatArray:
        """Draw `n` independent values; the same ones for the same seed."""
        return self.law.sample(n, np.random.default_rng(seed))

    def probability_below(self, threshold: float = 0.0) -> float:
        """Return the probability of values below `threshold`."""
        return float(self.law.cdf(threshold))


@dataclass(frozen=True, slots=True, eq=False)
class Posterior(Shown):
    """The posterior of a pool: `mu` the mean effect, `tau`, `theta_new` the effect of a new trial.

    `log_marginal` is the log marginal likelihood (None with an improper prior), `studies` make the distribution of each
    trial's own effect, in the order of `labels`.
    """

    model: Bayes
    labels: tuple[str, ...]
    mu: Marginal
    tau: Marginal
    theta_new: Marginal
    studies: tuple[Marginal, ...]
    log_marginal: float | None
    log_common: Callable[[], float]

    def probability_below(self, threshold: float = 0.0) -> float:
        """Return the probability that the mean effect is below `threshold`."""
        return self.mu.probability_below(threshold)

    def bayes_factor(self, null: Literal["mu", "tau"] = "mu") -> float:
        """Return how many times likelier the data are if `null` is 0 than under the model.

        For mu it is the density ratio of Savage and Dickey (Dickey 1971). Raises ModelError where the prior of that
        quantity is improper: the factor would be arbitrary.

        >>> from bupmeta import Bayes, Effects, pool, priors
        >>> model = Bayes(priors.HalfNormal(0.5), priors.Normal(0, 1))
        >>> found = pool(Effects.from_arrays([-0.4, -0.9], [0.04, 0.09]), model).posterior
        >>> f"{found.bayes_factor('mu'):.3f} {found.bayes_factor('tau'):.3f}"
        '0.493 1.077'
        """
        choice(null, ("mu", "tau"), "null")
        prior = self.model.mu if null == "mu" else self.model.tau
        if not prior.proper:
            raise ModelError(
                f"a Bayes factor of {null} = 0 needs a proper prior of {null}; {prior.words} is not"
            )
        if null == "mu":
            return float(self.mu.pdf(0.0) / np.exp(self.model.mu.log_density(np.zeros(1))[0]))
        return float(np.exp(self.log_common()))

    def table(self) -> Table:
        """Show the distributions, a row each."""
        level = f"{in_percent(self.model.level)}%"
        columns = (
            Column("quantity", "Quantity"),
            Column("median", "Median", "number"),
            Column("mean", "Mean", "number"),
            Column("sd", "SD", "number"),
            Column("shortest", f"{level} shortest", "interval"),
            Column("central", f"{level} central", "interval"),
            Column("below", "P(< 0)", "number", 3),
        )
        named = (("mean effect", self.mu), ("tau", self.tau), ("effect of a new trial", self.theta_new))
        rows = tuple(_row(name, one, self.model.level) for name, one in named)
        return Table(columns, rows, caption=f"Posterior: {self.model.words}")

    def shrinkage(self) -> Table:
        """Show each trial's own effect, drawn towards the others."""
        columns = (
            Column("study", "Trial"),
            Column("median", "Median", "number"),
            Column("mean", "Mean", "number"),
            Column("sd", "SD", "number"),
            Column("shortest", f"{in_percent(self.model.level)}% shortest", "interval"),
        )
        rows: list[dict[str, Value]] = []
        for label, one in zip(self.labels, self.studies):
            interval = one.interval(self.model.level)
            rows.append(
                {"study": label, "median": one.median, "mean": one.mean, "sd": one.sd, "shortest": interval}
            )
        return Table(columns, tuple(rows), caption="Own effect of each trial, drawn towards the others")

    def to_dict(self) -> dict[str, object]:
        """Give the numbers of `table()` and the marginal likelihood."""
        return {"log_marginal": self.log_marginal, "summaries": self.table().to_dict()["rows"]}


def _row(name: str, one: Marginal, level: float) -> dict[str, Value]:
    below = None if name == "tau" else one.probability_below()
    return {
        "quantity": name,
        "median": one.median,
        "mean": one.mean,
        "sd": one.sd,
        "shortest": one.interval(level),
        "central": one.interval(level, "central"),
        "below": below,
    }
