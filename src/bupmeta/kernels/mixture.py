"""Mixtures of normal distributions: what mu, a new effect and a trial's own effect are, a posteriori."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from bupmeta.kernels.solve import root
from bupmeta.kernels.weighted import FloatArray

__all__ = ["Mixture"]

NOTHING = 1e-22  # the weight of a part that is left out


class Mixture(NamedTuple):
    """Sum of `weight` N(`mean`, `sd`^2); the parts are the last axis, the axes before are a batch.

    Arguments have the batch shape, or any shape for one mixture.

    >>> two = Mixture(np.array([0.5, 0.5]), np.array([-1.0, 1.0]), np.array([1.0, 1.0]))
    >>> f"{two.cdf(0.0):.3f} {two.quantile(0.9):.4f}"
    '0.500 1.8495'
    """

    weight: FloatArray
    mean: FloatArray
    sd: FloatArray

    def pruned(self) -> Mixture:
        """Leave out the parts that weigh nothing in any data set of the batch."""
        kept = np.flatnonzero((self.weight > NOTHING).any(axis=tuple(range(self.weight.ndim - 1))))
        return Mixture(*(x[..., kept] for x in self))

    def cdf(self, x: ArrayLike) -> FloatArray:
        """Return P(X <= x)."""
        return np.asarray((self.weight * ndtr(self._z(x))).sum(-1))

    def pdf(self, x: ArrayLike) -> FloatArray:
        """Return the density at `x`."""
        return self.density(x)[0]

    def density(self, x: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return the density at `x` and its slope."""
        z = self._z(x)
        parts = self.weight * np.exp(-0.5 * z * z) / (self.sd * np.sqrt(2 * np.pi))
        return np.asarray(parts.sum(-1)), np.asarray(-(parts * z / self.sd).sum(-1))

    def quantile(self, p: ArrayLike) -> FloatArray:
        """Return x with P(X <= x) = p; it lies between the parts' own quantiles."""
        share = np.asarray(p, dtype=float)
        inside = (share > 0) & (share < 1)
        z = ndtri(np.where(inside, share, 0.5))[..., None]
        ends = self.mean + self.sd * z
        out = root(lambda x: self.cdf(x) - share, ends.min(-1), ends.max(-1))
        return np.where(inside, out, np.where(share == 0, -np.inf, np.where(share == 1, np.inf, np.nan)))

    def sample(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Draw `n` values of one mixture."""
        part = np.minimum(np.searchsorted(np.cumsum(self.weight), rng.random(n)), self.weight.size - 1)
        return self.mean[part] + self.sd[part] * rng.standard_normal(n)

    def _z(self, x: ArrayLike) -> FloatArray:
        out: FloatArray = (np.asarray(x, dtype=float)[..., None] - self.mean) / self.sd
        return out
