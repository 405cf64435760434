"""Maxima of smooth likelihoods with few parameters, many at once, and the profile intervals around them.

A likelihood is a function of `x`, (B, S, P), and `rows`, (B,), that returns (B, S): B climbs, each at S points of P
parameters; `rows` says which climbs these are, for likelihoods that differ between them. Derivatives are differences
of fourth order, so a new model needs its likelihood alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import copysign, inf, sqrt

import numpy as np

from bupmeta.kernels.weighted import FloatArray, IntArray

__all__ = ["Likelihood", "Maximum", "limit", "maximise", "profile_limit"]

Likelihood = Callable[[FloatArray, IntArray], FloatArray]

H = 2e-3  # truncation error h^4, rounding error eps/h^2: both below 1e-7 of the curvature of counts
STEPS = np.array([1.0, 0.5, 0.25, 0.1, 0.02, 0.002])
FARTHEST = 50.0  # a limit beyond it, in the parameter, is called infinite


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where each of B climbs ended: `x` (B, P), its height (B,), gradient (B, P) and information (B, P, P)."""

    x: FloatArray
    height: FloatArray
    gradient: FloatArray
    information: FloatArray

    def take(self, rows: IntArray | list[int]) -> Maximum:
        """Return the climbs at `rows`: one that ended on a plain has no variance to ask for."""
        return Maximum(self.x[rows], self.height[rows], self.gradient[rows], self.information[rows])

    def variance(self, j: int, free: Sequence[int] | None = None) -> FloatArray:
        """Return the variance of parameter `j`, from the information about the `free` ones, (B,)."""
        keep = list(range(self.x.shape[-1]) if free is None else free)
        block = self.information[:, keep][:, :, keep]
        inverse = np.linalg.inv(block).astype(np.float64, copy=False)
        out: FloatArray = inverse[:, keep.index(j), keep.index(j)]
        return out


def derivatives(
    f: Likelihood, x: FloatArray, rows: IntArray, free: Sequence[int]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return height (B,), gradient (B, P) and Hessian (B, P, P) at x (B, P), zero outside the free parameters."""
    size = x.shape[-1]
    unit = np.eye(size) * H
    pairs = list(combinations(free, 2))
    moves = [np.zeros(size)]
    for i in free:
        moves += [unit[i], -unit[i], 2 * unit[i], -2 * unit[i]]
    for i, j in pairs:
        moves += [s * unit[i] + t * unit[j] for s in (1, -1) for t in (1, -1)]
    at = f(x[:, None, :] + np.array(moves), rows)
    gradient, hessian = np.zeros((len(x), size)), np.zeros((len(x), size, size))
    for k, i in enumerate(free):
        up, down, up2, down2 = at[:, 1 + 4 * k : 5 + 4 * k].T
        gradient[:, i] = (8 * (up - down) - (up2 - down2)) / (12 * H)
        hessian[:, i, i] = (16 * (up + down) - 30 * at[:, 0] - (up2 + down2)) / (12 * H * H)
    for k, (i, j) in enumerate(pairs):
        a, b, c, d = at[:, 1 + 4 * (len(free) + k) :][:, :4].T
        hessian[:, i, j] = hessian[:, j, i] = (a - b - c + d) / (4 * H * H)
    return at[:, 0], gradient, hessian


def maximise(
    f: Likelihood, start: FloatArray, free: Sequence[int] | None = None, rounds: int = 100
) -> Maximum:
    """Climb from each start (B, P) by Newton's method with steps cut to 1; parameters not `free` keep their value.

    >>> top = maximise(lambda x, rows: -((x[..., 0] - 1) ** 2) - (x[..., 0] - x[..., 1]) ** 2, np.array([[5.0, 4.0]]))
    >>> round(float(top.x[0, 0]), 6)
    1.0
    """
    x = np.array(start, dtype=float)
    moving = list(range(x.shape[-1]) if free is None else free)
    active = np.arange(len(x))
    for _ in range(rounds if moving else 0):
        height, gradient, hessian = derivatives(f, x[active], active, moving)
        block = -hessian[:, moving][:, :, moving]
        values, vectors = np.linalg.eigh(block)
        along = np.einsum("bij,bi->bj", vectors, gradient[:, moving]) / np.maximum(np.abs(values), 1e-6)
        step = np.einsum("bij,bj->bi", vectors, along)
        longest = np.abs(step).max(-1, keepdims=True)
        step /= np.maximum(longest, 1.0)
        trial = np.repeat(x[active][:, None, :], len(STEPS), axis=1)
        trial[..., moving] += STEPS[:, None] * step[:, None, :]
        heights = f(trial, active)
        best = heights.argmax(-1)
        rows = np.arange(len(active))
        # near the top gains drown in rounding: the full step is then right
        best = np.where(longest[:, 0] < 1e-4, 0, best)
        better = (heights[rows, best] > height) | (longest[:, 0] < 1e-4)
        x[active] = np.where(better[:, None], trial[rows, best], x[active])
        going = better & (longest[:, 0] > 1e-8)
        active = active[going]
        if not active.size:
            break
    height, gradient, hessian = derivatives(f, x, np.arange(len(x)), list(range(x.shape[-1])))
    return Maximum(x, height, gradient, -hessian)


def profile_limit(
    f: Likelihood, top: FloatArray, height: float, j: int, drop: float, first: float, floor: float = -inf
) -> float:
    """Return where, from the maximum `top` (P,) towards `first`, the profile of parameter `j` has fallen by `drop`.

    `floor` is the least value the parameter can have: the limit, when the profile has not fallen so far there. Infinite
    when it has not 50 away.

    >>> bell = lambda x, rows: -((x[..., 0] - 1) ** 2) / 2 - (x[..., 0] - x[..., 1]) ** 2
    >>> round(profile_limit(bell, np.ones(2), 0.0, 0, 2.0, 1.5), 6)
    3.0
    """
    others = [i for i in range(top.size) if i != j]
    point = top.copy()

    def deviance(value: float) -> float:
        point[j] = value
        found = maximise(f, point[None, :], others)
        point[:] = found.x[0]
        return 2 * (height - float(found.height[0]))

    return limit(deviance, float(top[j]), 2 * drop, first, floor)


def limit(
    deviance: Callable[[float], float], top: float, goal: float, first: float, floor: float = -inf
) -> float:
    """Return where a deviance that is 0 at `top` reaches `goal`, in the direction of `first`, as `profile_limit` does.

    The search is for the root of its square root, which is nearly a straight line.
    """

    def short(value: float) -> float:
        return sqrt(max(deviance(value), 0.0)) - sqrt(goal)

    inside, at_inside, outside = top, -sqrt(goal), first
    side = copysign(1.0, first - top)
    while (at_outside := short(outside)) < 0:
        away = abs(outside - top)
        if outside <= floor:
            return floor
        if away > FARTHEST:
            return side * inf
        slope = abs(at_outside - at_inside) / abs(outside - inside)
        inside, at_inside = outside, at_outside
        ahead = -at_outside / slope if slope else inf
        outside = max(floor, outside + side * min(1.1 * ahead + 1e-3, 3 * away))
    return _root(short, (inside, at_inside), (outside, at_outside))


def _root(f: Callable[[float], float], low: tuple[float, float], high: tuple[float, float]) -> float:
    """Return the root between two points with heights of opposite signs, by the Illinois false position."""
    (a, fa), (b, fb) = low, high
    for _ in range(100):
        x = b - fb * (b - a) / (fb - fa) if fb != fa else 0.5 * (a + b)
        fx = f(x)
        if fx * fb < 0:
            a, fa = b, fb
        else:
            fa /= 2
        b, fb = x, fx
        if abs(fx) < 1e-9 or abs(b - a) < 1e-10 * (1 + abs(b)):
            break
    return b
