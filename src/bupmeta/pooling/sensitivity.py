"""How much the posterior rests on the prior of tau: its interval against the scale of the prior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bupmeta.effects import Effects
from bupmeta.errors import DataError, ModelError
from bupmeta.kernels import FloatArray
from bupmeta.kernels.posterior import posterior_grid
from bupmeta.kernels.shortest import shortest_near
from bupmeta.pooling.models import confidence
from bupmeta.pooling.prior_scale import prior_scale
from bupmeta.pooling.tau_priors import HalfNormal
from bupmeta.table import Column, Shown, Table, in_percent

__all__ = ["PriorSensitivity", "prior_sensitivity"]

#: Scales of the half-normal prior on the scale of an SMD: from next to no heterogeneity to more than is ever seen.
SCALES = tuple(np.geomspace(0.05, 2.0, 25).tolist())


@dataclass(frozen=True, slots=True, eq=False)
class PriorSensitivity(Shown):
    """Posterior of the mean effect under tau ~ half-normal(`scales`): `mu`, `low`, `high`, `tau`, `below`, each (S,).

    `mu` and `tau` are medians, the interval is the shortest at `level`, `below` the probability of an effect below 0;
    `usual` are the scales 0.5 and 1.0 in the unit of the effects.
    """

    effects: Effects
    scales: FloatArray
    mu: FloatArray
    low: FloatArray
    high: FloatArray
    tau: FloatArray
    below: FloatArray
    usual: tuple[float, float]
    level: float

    def table(self) -> Table:
        """Show a row per scale."""
        columns = (
            Column("scale", "Scale of the prior of τ", "number"),
            Column("mu", "Effect", "number"),
            Column("ci", f"{in_percent(self.level)}% interval", "interval"),
            Column("below", "P(effect < 0)", "p"),
            Column("tau", "τ", "number"),
        )
        rows = tuple(
            {"scale": s, "mu": mu, "ci": (low, high), "below": below, "tau": tau}
            for s, mu, low, high, below, tau in zip(
                *(x.tolist() for x in (self.scales, self.mu, self.low, self.high, self.below, self.tau))
            )
        )
        return Table(
            columns, rows, caption="Posterior of the mean effect by the scale of a half-normal prior of τ"
        )


def prior_sensitivity(
    effects: Effects,
    scales: Sequence[float] | None = None,
    level: float = 0.95,
    *,
    scale: float | None = None,
) -> PriorSensitivity:
    """Return the posterior under half-normal priors of tau of many `scales` (units of the effects), in one batch.

    By default 25 scales from 0.05 to 2 times what an SMD of 1 is in the unit of the effects, which `scale` gives where
    the measure does not tell. Raises DataError for no effects or scales that are not above 0, and ModelError where the
    unit is not known.

    >>> found = prior_sensitivity(Effects.from_arrays([-0.9, -0.2], [0.05, 0.04], measure="SMD"), [0.1, 0.5, 1.0])
    >>> [f"{low:.2f} to {high:.2f}" for low, high in zip(found.low, found.high)]
    ['-0.86 to -0.18', '-1.37 to 0.29', '-1.90 to 0.80']
    """
    confidence(level)
    if not len(effects):
        raise DataError("there is no effect to pool")
    unit, _ = prior_scale(effects, scale)
    if unit is None:
        raise ModelError("say by `scale` how many units of the effects an SMD of 1 is")
    sizes = np.asarray([unit * s for s in SCALES] if scales is None else scales, dtype=float).ravel()
    if not sizes.size or not np.isfinite(sizes).all() or sizes.min() <= 0:
        raise DataError("scales of a prior must be finite and above 0")
    y, v = effects.y, effects.v

    def log_prior(log_tau: FloatArray) -> FloatArray:
        return np.stack([HalfNormal(s).log_density(log_tau, v) for s in sizes.tolist()])

    found = posterior_grid(y, v, log_prior)
    law = found.mixture()
    low, mu, high = (law.quantile(np.full(sizes.size, p)) for p in ((1 - level) / 2, 0.5, (1 + level) / 2))
    ends = shortest_near(law, level, low, high)
    below = law.cdf(np.zeros(sizes.size))
    tau = np.array([float(found.row(i).tau().quantile(0.5)) for i in range(sizes.size)])
    return PriorSensitivity(effects, sizes, mu, *ends, tau, below, (0.5 * unit, unit), level)
