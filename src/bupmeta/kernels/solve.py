"""Roots of any continuous function on brackets, many at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bupmeta.kernels.weighted import FloatArray

__all__ = ["reach", "root"]

Function = Callable[[FloatArray], FloatArray]


def root(f: Function, low: FloatArray, high: FloatArray, rounds: int = 100) -> FloatArray:
    """Return a root of the elementwise `f` in each bracket, whose ends have f of opposite signs (or 0).

    Chandrupatla 1997, Adv. Eng. Softw. 28, 145: inverse quadratic interpolation where it is safe, else halving.
    The bracket shrinks to a few units in the last place of the root.

    >>> root(lambda x: x**2 - np.array([2.0, 9.0]), np.zeros(2), np.full(2, 10.0)).round(6).tolist()
    [1.414214, 3.0]
    """
    a, b = np.array(high, dtype=float), np.array(low, dtype=float)
    fa, fb = f(a), f(b)
    c, fc = a.copy(), fa.copy()
    t = np.full_like(a, 0.5)
    for _ in range(rounds):
        x = a + t * (b - a)
        fx = f(x)
        same = np.sign(fx) == np.sign(fa)
        c, fc = np.where(same, a, b), np.where(same, fa, fb)
        b, fb = np.where(same, b, a), np.where(same, fb, fa)
        a, fa = x, fx
        first = np.abs(fa) < np.abs(fb)
        best = np.where(first, a, b)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            tolerance = (4e-16 * np.abs(best) + 1e-300) / np.abs(b - a)
            if np.all((tolerance > 0.5) | (fa == 0) | (fb == 0)):
                break
            xi, phi = (a - b) / (c - b), (fa - fb) / (fc - fb)
            smooth = (phi**2 < xi) & ((1 - phi) ** 2 < 1 - xi)
            inverse = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
        t = np.where(smooth & np.isfinite(inverse), inverse, 0.5)
        edge = np.minimum(np.where(np.isfinite(tolerance), tolerance, 0.5), 0.5)
        t = np.clip(t, edge, 1 - edge)
    return np.where(fb == 0, b, np.where(fa == 0, a, best))


def reach(f: Function, start: FloatArray, factor: float = 4.0, rounds: int = 400) -> FloatArray:
    """Return `start`, multiplied by `factor` until `f` is no longer negative there."""
    x = np.array(start, dtype=float)
    for _ in range(rounds):
        below = f(x) < 0
        if not below.any():
            break
        x = np.where(below, x * factor, x)
    return x
