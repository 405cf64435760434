"""Roots of generalised Q: the tau2 at which Q(tau2), which only falls, meets a target."""

from __future__ import annotations

import numpy as np

from bupmeta.kernels.weighted import FloatArray, Studies, total

__all__ = ["q_root"]


def q_and_slope(d: Studies, tau2: FloatArray | float) -> tuple[FloatArray, FloatArray]:
    """Return Q(tau2) = sum w (y - mu)^2 and -dQ/dtau2 = sum w^2 (y - mu)^2, per data set."""
    u = 1.0 / (d.v + tau2)
    w = d.m * u
    r = d.y - total(w * d.y) / total(w)
    w *= r * r
    return total(w), total(w * u)


def q_root(d: Studies, target: FloatArray | float) -> FloatArray:
    """Return the tau2 >= 0 with Q(tau2) = target, 0 where Q(0) is already below it; there is no upper limit.

    1/Q is concave and increasing in tau2 (Cauchy-Schwarz on y'Py, y'PPy, y'PPPy), so Newton's method on it
    climbs from 0 to the root without ever passing it: no bracket, no step control.
    """
    goal = np.broadcast_to(np.asarray(target, dtype=float), d.k.shape)
    tau2 = np.zeros(d.k.shape)
    active = np.arange(tau2.size)
    part, aim = d, goal
    for _ in range(100):
        q, slope = q_and_slope(part, tau2[active])
        with np.errstate(divide="ignore", invalid="ignore"):
            step = np.where((q > aim) & (aim > 0), q * (q - aim) / (aim * slope), 0.0)
        tau2[active] += step
        go = step > 1e-13 * tau2[active]
        if not go.any():
            break
        if 2 * np.count_nonzero(go) < go.size:
            active = active[go]
            part, aim = d.take(active), goal[active]
    return tau2
