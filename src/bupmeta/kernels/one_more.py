"""What one more trial would make of a posterior: its predicted estimate, and the posterior of mu once it is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from bupmeta.kernels.curve import Curve
from bupmeta.kernels.mixture import Mixture
from bupmeta.kernels.posterior import Joint
from bupmeta.kernels.posterior_lattice import Lattice
from bupmeta.kernels.shortest import shortest_near
from bupmeta.kernels.solve import root
from bupmeta.kernels.weighted import FloatArray, IntArray

__all__ = ["after", "chance", "predicted", "shortest_after"]

NOTHING = 1e-16  # the mass of a node that is left out
CELLS = 1 << 21  # of a batch held at a time


def predicted(now: Joint | Lattice, v: float) -> Mixture | Curve:
    """Return the posterior predictive distribution of the estimate of a new trial with variance `v`."""
    noise = now.axis.tau2 + v
    return now.mixture(0.0, 1.0, noise) if isinstance(now, Joint) else now.spread(0.0, 1.0, noise)


def after(now: Joint | Lattice, y: ArrayLike, v: ArrayLike) -> Mixture | Curve:
    """Return the posterior of mu once a trial has found `y` with variance `v`, (B,) each: a batch of distributions.

    The nodes stay, their masses are multiplied by the density of `y` there: no more error than the quadrature has.

    >>> from bupmeta.kernels.posterior import posterior_grid
    >>> half_normal = lambda x: np.log(4) - 0.5 * np.log(2 * np.pi) - 2 * np.exp(2 * x) + x
    >>> two = posterior_grid([-0.9, -1.6], [0.33, 0.19], half_normal)
    >>> three = posterior_grid([-0.9, -1.6, -0.2], [0.33, 0.19, 0.05], half_normal).mixture()
    >>> f"{after(two, [-0.2], [0.05]).cdf(0.0)[0]:.8f} {three.cdf(0.0):.8f}"
    '0.97368608 0.97368608'
    """
    at, var = (np.asarray(x, dtype=float).reshape(-1, 1, 1) for x in np.broadcast_arrays(y, v))
    with np.errstate(under="ignore"):
        return _joint(now, at, var) if isinstance(now, Joint) else _lattice(now, at, var)


def _joint(now: Joint, y: FloatArray, v: FloatArray) -> Mixture:
    kept = now.mass > NOTHING
    mass = now.log_mass[kept][:, None] + np.log(np.maximum(now.share[kept], 1e-300))
    mean, var, tau2 = now.mean[kept], now.var[kept], now.axis.tau2[kept][:, None]
    own = tau2 + v  # of the new trial about mu
    log = mass - 0.5 * ((y - mean) ** 2 / (var + own) + np.log(var + own))
    weight = np.exp(log - log.max((1, 2), keepdims=True))
    weight /= weight.sum((1, 2), keepdims=True)
    moved = mean + var / (var + own) * (y - mean)
    sd = np.sqrt(var * own / (var + own))
    parts = np.broadcast_arrays(weight, moved, sd)
    return Mixture(*(x.reshape(len(y), -1) for x in parts))


def _lattice(now: Lattice, y: FloatArray, v: FloatArray) -> Curve:
    kept = np.exp(now.log_mass).sum(1) > NOTHING
    mu, tau2 = now.centre + now.unit * np.sinh(now.s), now.axis.tau2[kept][:, None]
    step = max(1, CELLS // (int(kept.sum()) * mu.size))
    rows = []
    for start in range(0, len(y), step):
        own = tau2 + v[start : start + step]
        log = now.log_mass[kept] - 0.5 * ((y[start : start + step] - mu) ** 2 / own + np.log(own))
        mass = np.exp(log - log.max((1, 2), keepdims=True)).sum(1)
        rows.append(mass / mass.sum(-1, keepdims=True))
    return now.curve(np.concatenate(rows))


def shortest_after(
    now: Joint | Lattice, y: FloatArray, v: FloatArray, level: float
) -> tuple[FloatArray, FloatArray]:
    """Return the ends of the shortest interval of mu after each new trial, (B,) each."""
    size = now.mass.size if isinstance(now, Joint) else now.s.size
    step, ends = max(1, CELLS // size), []
    for start in range(0, y.size, step):
        law = after(now, y[start : start + step], v[start : start + step])
        ends.append(shortest_near(law, level, *_about(law, level)))
    low, high = (np.concatenate(x) for x in zip(*ends, strict=True))
    return low, high


def _about(law: Mixture | Curve, level: float) -> tuple[FloatArray, FloatArray]:
    """Return roughly where a batch of distributions has its tails, for Newton's method to begin with."""
    if isinstance(law, Curve):
        below = np.cumsum(law.mass, axis=-1)
        low, high = (law.x[(below < p).sum(-1)] for p in ((1 - level) / 2, (1 + level) / 2))
        return low, high
    mean = (law.weight * law.mean).sum(-1)
    sd = np.sqrt((law.weight * (law.sd**2 + (law.mean - mean[:, None]) ** 2)).sum(-1))
    half = -float(ndtri((1 - level) / 2)) * sd
    return mean - half, mean + half


def chance(
    margins: Callable[[FloatArray, IntArray], FloatArray], laws: Sequence[Mixture | Curve], points: int = 121
) -> FloatArray:
    """Return for each margin (M) and each of `laws` (N) the probability of the x where it is negative, (M, N).

    `margins`(x, row) gives (M, B) for (B,) values and the law that each is of. They are looked at on `points` places
    that are dense in the middle of a law, and each change of sign between two of them is solved for, so that only an
    excursion that begins and ends between two places is missed. NaN counts as not negative.

    >>> normal = Mixture(np.ones(1), np.zeros(1), np.ones(1))
    >>> chance(lambda x, row: np.stack([np.abs(x) - 1.959964, x]), [normal]).round(6).tolist()
    [[0.95], [0.5]]
    """
    places = np.array([_places(law, points) for law in laws])  # (N, P)
    row = np.broadcast_to(np.arange(len(laws))[:, None], places.shape)

    def sound(x: FloatArray, i: IntArray) -> FloatArray:
        found = margins(x, i)
        return np.where(np.isnan(found), 1.0, found)

    inside = sound(places.ravel(), row.ravel()).reshape(-1, *places.shape) < 0
    return np.array([_chance(sound, i, places, one, laws) for i, one in enumerate(inside)])


def _chance(
    margins: Callable[[FloatArray, IntArray], FloatArray],
    which: int,
    places: FloatArray,
    inside: NDArray[np.bool_],
    laws: Sequence[Mixture | Curve],
) -> FloatArray:
    """Return the probabilities (N,) of one margin whose sign at `places` is known."""
    at = np.nonzero(inside[:, 1:] != inside[:, :-1])
    edges = np.empty(0)
    if at[0].size:
        edges = root(lambda x: margins(x, at[0])[which], places[:, :-1][at], places[:, 1:][at])
    out = np.empty(len(laws))
    for i, law in enumerate(laws):
        below = np.concatenate([[0.0], np.asarray(law.cdf(edges[at[0] == i])), [1.0]])
        out[i] = np.diff(below)[0 if inside[i, 0] else 1 :: 2].sum()
    return out


def _places(law: Mixture | Curve, points: int) -> FloatArray:
    first, low, middle, high, last = law.quantile([1e-10, 0.25, 0.5, 0.75, 1 - 1e-10]).tolist()
    unit = (high - low) / 1.35
    start, end = np.arcsinh(np.array([first - middle, last - middle]) / unit).tolist()
    out: FloatArray = middle + unit * np.sinh(np.linspace(start, end, points))
    return out
