"""A distribution known by its probability at the even nodes of a stretched axis: exact by sinc interpolation.

Where the integrand dies out at both ends and the trapezoidal rule has settled, its values at the nodes are all there is
to know: density and distribution function follow by sinc interpolation and integration (Haber 1993, Math. Comput. 60,
279).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import sici

from bupmeta.kernels.solve import root
from bupmeta.kernels.weighted import FloatArray

__all__ = ["Curve"]

FINE = 8  # points between nodes for draws


class Curve(NamedTuple):
    """Probability `mass` (..., N) at the even nodes `w`; the quantity is `stretch`(w), rising, with d/dw `slope`(w).

    Leading axes of the mass are a batch, whose shape arguments have; of one curve they have any. `lowest` is the least
    value the quantity can take.

    >>> w = np.arange(-40, 41) / 4
    >>> normal = Curve(w, np.exp(-0.5 * w * w) / np.sqrt(2 * np.pi) / 4, lambda w: w, lambda w: np.ones_like(w))
    >>> f"{normal.cdf(1.0):.6f} {normal.pdf(0.0):.6f} {normal.quantile(0.975):.6f}"
    '0.841345 0.398942 1.959964'
    """

    w: FloatArray
    mass: FloatArray
    stretch: Callable[[FloatArray], FloatArray]
    slope: Callable[[FloatArray], FloatArray]
    lowest: float = -np.inf

    @property
    def x(self) -> FloatArray:
        """The quantity at the nodes."""
        return self.stretch(self.w)

    def cdf(self, x: ArrayLike) -> FloatArray:
        """Return P(X <= x)."""
        at = np.asarray(x, dtype=float)
        return np.where(at <= self.x[0], 0.0, np.where(at >= self.x[-1], 1.0, self._below(self._place(at))))

    def pdf(self, x: ArrayLike) -> FloatArray:
        """Return the density at `x`; 0 beyond the last node."""
        at = np.asarray(x, dtype=float)
        inside = (at > self.x[0]) & (at < self.x[-1])
        return np.where(inside, self._height(self._place(at)), 0.0)

    def density(self, x: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Return the density at `x` and its slope, by a central difference."""
        w, near = self._place(np.asarray(x, dtype=float)), 1e-4 * (self.w[1] - self.w[0])
        rise = self._height(w + near) - self._height(w - near)
        return self._height(w), rise / (2 * near * self.slope(w))

    def quantile(self, p: ArrayLike) -> FloatArray:
        """Return x with P(X <= x) = p."""
        share = np.asarray(p, dtype=float)
        inside = (share > 0) & (share < 1)
        target = np.where(inside, share, 0.5)
        ends = np.full(share.shape, self.w[0]), np.full(share.shape, self.w[-1])
        out = self.stretch(root(lambda w: self._below(w) - target, *ends))
        return np.where(inside, out, np.where(share == 0, self.lowest, np.where(share == 1, np.inf, np.nan)))

    def sample(self, n: int, rng: np.random.Generator) -> FloatArray:
        """Draw `n` values."""
        w = np.linspace(self.w[0], self.w[-1], FINE * self.w.size)
        below = np.maximum.accumulate(self._below(w))
        return self.stretch(np.interp(rng.random(n), below, w))

    def _height(self, w: FloatArray) -> FloatArray:
        step = self.w[1] - self.w[0]
        out: FloatArray = np.maximum(
            self._sum(np.sinc((w[..., None] - self.w) / step)) / step, 0.0
        ) / self.slope(w)
        return out

    def _below(self, w: FloatArray) -> FloatArray:
        step = self.w[1] - self.w[0]
        out: FloatArray = np.clip(
            self._sum(0.5 + sici(np.pi * (w[..., None] - self.w) / step)[0] / np.pi), 0, 1
        )
        return out

    def _sum(self, parts: FloatArray) -> FloatArray:
        out: FloatArray = parts @ self.mass if self.mass.ndim == 1 else (parts * self.mass).sum(-1)
        return out

    def _place(self, x: FloatArray) -> FloatArray:
        inside = np.clip(x, self.x[0], self.x[-1])
        ends = np.full(x.shape, self.w[0]), np.full(x.shape, self.w[-1])
        return root(lambda w: self.stretch(w) - inside, *ends)
