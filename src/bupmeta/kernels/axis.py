"""The axis of tau, stretched: log tau = log b + w - e^-w + e^(w-3).

An integrand dies out double exponentially at both ends, so that the trapezoidal rule in w converges faster
than any power of its step (Takahasi & Mori 1974).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bupmeta.kernels.weighted import FloatArray

__all__ = ["COARSE", "FIRST", "LARGEST", "LAST", "WIDE", "Axis"]

FIRST, LAST, COARSE = -8.0, 11.0, 1 / 8  # of w; beyond, tau is 0 or infinite for any purpose
#: Of w, for tails that are long in log tau; beyond, rounding would outgrow what is left of them.
WIDE = (-38.0, 38.0)
LARGEST = 690.0  # of a logarithm


class Axis(NamedTuple):
    """Even nodes `w` of tau about `scale`; below a finite `upper` they crowd towards it."""

    w: FloatArray
    scale: float
    upper: float = np.inf

    @classmethod
    def between(cls, first: float, last: float, step: float, scale: float, upper: float) -> Axis:
        """Place nodes `step` apart from w = `first` to `last`."""
        w = first + step * np.arange(round((last - first) / step) + 1, dtype=np.float64)
        return cls(np.asarray(w, dtype=np.float64), scale, upper)

    @property
    def step(self) -> float:
        """The distance of nodes in w."""
        return float(self.w[1] - self.w[0])

    @property
    def log_tau(self) -> FloatArray:
        """The log of tau at the nodes."""
        return self._log(self.w)[0]

    @property
    def log_slope(self) -> FloatArray:
        """The log of d log tau/dw at the nodes."""
        return self._log(self.w)[1]

    @property
    def tau2(self) -> FloatArray:
        """The square of tau, which may be 0 or large beyond use."""
        return np.exp(np.minimum(2 * self.log_tau, LARGEST))

    def stretch(self, w: FloatArray) -> FloatArray:
        """Return tau at `w`."""
        return np.exp(np.minimum(self._log(w)[0], LARGEST))

    def slope(self, w: FloatArray) -> FloatArray:
        """Return d tau/dw at `w`."""
        log_tau, log_slope = self._log(w)
        return np.exp(np.minimum(log_tau + log_slope, LARGEST))

    def _log(self, w: FloatArray) -> tuple[FloatArray, FloatArray]:
        left, right = np.exp(-w), np.exp(w - 3)
        g, slope = np.log(self.scale) + w - left + right, np.log(1 + left + right)
        if np.isfinite(self.upper):
            over = g - np.log(self.upper)
            g, slope = np.log(self.upper) - np.logaddexp(0.0, -over), slope - np.logaddexp(0.0, over)
        return g, slope
