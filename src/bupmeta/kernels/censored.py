"""Random effects when some trials print an estimate and others only an interval that holds it: maximum likelihood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bupmeta.kernels.censored_search import ceiling, highest, local_tops, slope
from bupmeta.kernels.censored_terms import Contributions, moments, terms
from bupmeta.kernels.likelihood import Optimum
from bupmeta.kernels.status import Status
from bupmeta.kernels.weighted import CHUNK, FloatArray, total

__all__ = [
    "CensoredFit",
    "censored_fit",
    "censored_information",
    "censored_log_likelihood",
    "censored_optima",
    "contributions",
]


@dataclass(frozen=True, slots=True)
class CensoredFit:
    """Maximum-likelihood fits of a batch of data sets; every field has the batch shape (0-d for one data set).

    `k`, `k_exact`, `k_interval` and `k_one_sided` count trials (sums of m); `mu`, `tau2` and `log_likelihood` (with its
    constants) are those of the highest maximum; `var` is the inverse information about mu at that tau2, the
    counterpart of 1/sum w; `score` the slope of the profile in tau2 there, 0 up to rounding unless tau2 = 0; `status`
    a `Status` as int8. Where it is UNBOUNDED mu and tau2 are NaN and `log_likelihood` is the limit that no finite mu
    and tau2 reach.
    """

    k: FloatArray
    k_exact: FloatArray
    k_interval: FloatArray
    k_one_sided: FloatArray
    mu: FloatArray
    var: FloatArray
    tau2: FloatArray
    score: FloatArray
    log_likelihood: FloatArray
    status: NDArray[np.int8]


def censored_fit(
    lower: ArrayLike, upper: ArrayLike, v: ArrayLike, m: ArrayLike | None = None, *, common: bool = False
) -> CensoredFit:
    """Fit Y_i ~ N(mu, tau2 + v_i), of which lower_i <= Y_i <= upper_i is known, by maximum likelihood.

    `lower` = `upper` is an estimate; an end may be infinite (one-sided), both say nothing and drop the trial. `v` is
    the sampling variance, `m` how often each trial is in the data set; all broadcast to `(..., K)`, trials last. With
    `common` tau2 is held at 0. A data set raises nothing, its `status` says what became of it (NOT_CONVERGED also
    where lower > upper).

    >>> import numpy as np
    >>> exact, words = [-0.9, -1.6, -0.2], [-np.inf, 0.0]  # three estimates; one "better", known by its words
    >>> one = censored_fit([*exact, words[0]], [*exact, words[1]], [0.33, 0.19, 0.05, 0.2])
    >>> f"{one.mu:.4f} {one.tau2:.4f} {one.k_one_sided:.0f}"
    '-0.8337 0.2348 1'
    """
    shape, pieces = contributions(lower, upper, v, m)
    with np.errstate(all="ignore"):  # a data set that cannot be computed says so in its status
        rows = [_fit(d, sound, common) for d, sound in pieces]
    if not rows:
        rows = [(*(np.empty(0) for _ in range(9)), np.empty(0, dtype=np.int8))]
    return CensoredFit(*(np.concatenate(column).reshape(shape) for column in zip(*rows, strict=True)))


def censored_log_likelihood(
    lower: ArrayLike,
    upper: ArrayLike,
    v: ArrayLike,
    m: ArrayLike | None = None,
    *,
    mu: ArrayLike,
    tau2: ArrayLike,
) -> FloatArray:
    """Return the log-likelihood at `mu`, `tau2`, which have the batch shape; arguments as in `censored_fit`.

    >>> float(censored_log_likelihood([-1.96], [1.96], [1.0], mu=0.0, tau2=0.0).round(6))  # log 0.95
    -0.051289
    """
    lead = np.broadcast_shapes(np.shape(mu), np.shape(tau2))
    arrays = (np.asarray(lower), np.asarray(upper), np.asarray(v), np.ones(1) if m is None else np.asarray(m))
    full = (*np.broadcast_shapes(lead, *(x.shape[:-1] for x in arrays)), max(x.shape[-1] for x in arrays))
    shape, pieces = contributions(*(np.broadcast_to(x, full) for x in arrays))
    points = [np.broadcast_to(np.asarray(x, dtype=float), shape).ravel() for x in (mu, tau2)]
    done, at = [np.empty(0)], 0
    with np.errstate(all="ignore"):
        for d, sound in pieces:
            here = slice(at, at + d.k.size)
            done.append(np.where(sound, terms(d, *(x[here] for x in points)).value, np.nan))
            at += d.k.size
    return np.concatenate(done).reshape(shape)


def censored_information(
    lower: ArrayLike, upper: ArrayLike, v: ArrayLike, *, mu: ArrayLike, tau2: ArrayLike
) -> FloatArray:
    """Return what each trial tells about mu, `(..., K)`: 1/(v + tau2) for an estimate, less for an interval.

    `mu` and `tau2` have the batch shape. The information is the negative second derivative of the log-likelihood.

    >>> censored_information([0.3, -1.0], [0.3, 1.0], [0.25, 0.25], mu=0.0, tau2=0.0).round(3).tolist()
    [4.0, 0.905]
    """
    centre, between = (np.asarray(x, dtype=float)[..., None] for x in (mu, tau2))
    a, b, x = np.broadcast_arrays(
        np.asarray(lower) - centre, np.asarray(upper) - centre, np.asarray(v) + between
    )
    root = np.sqrt(x)
    part = a < b
    var = np.zeros(x.shape)
    with np.errstate(all="ignore"):
        var[part] = moments((a / root)[part], (b / root)[part]).var
    out: FloatArray = (1 - var) / x
    return out


def censored_optima(lower: ArrayLike, upper: ArrayLike, v: ArrayLike) -> tuple[Optimum, ...]:
    """Return every local maximum of one data set's likelihood over tau2 >= 0, mu at its best, by rising tau2.

    >>> y = [-0.014, -0.722, 2.713]
    >>> [round(found.tau2, 4) for found in censored_optima(y, y, [0.00034, 0.49, 1.6])]
    [0.0]
    """
    shape, pieces = contributions(lower, upper, v, None)
    if shape:
        raise ValueError("censored_optima takes one data set")
    d, sound = next(pieces)
    if not sound[0] or d.k[0] <= 0:
        return ()
    with np.errstate(all="ignore"):
        tops = local_tops(d)
    order = np.argsort(tops.tau2)
    return tuple(Optimum(float(tops.tau2[i]), float(tops.height[i])) for i in order)


Piece = tuple[Contributions, NDArray[np.bool_]]


def contributions(
    lower: ArrayLike, upper: ArrayLike, v: ArrayLike, m: ArrayLike | None
) -> tuple[tuple[int, ...], Iterator[Piece]]:
    """Return the batch shape and the data sets in cache-sized pieces, each with which of them are sound."""
    arrays = [np.asarray(x, dtype=float) for x in (lower, upper, v, 1.0 if m is None else m)]
    full = np.broadcast_shapes(*(x.shape for x in arrays))
    if not full:
        raise ValueError("lower, upper, v and m need at least one axis, the trials")
    flat = [np.broadcast_to(x, full).reshape(-1, full[-1]) for x in arrays]
    return full[:-1], _pieces(*flat)


def _pieces(lower: FloatArray, upper: FloatArray, v: FloatArray, m: FloatArray) -> Iterator[Piece]:
    step = max(1, CHUNK // max(lower.shape[1], 1))
    for start in range(0, len(lower), step):
        a, b, x, times = (np.ascontiguousarray(z[start : start + step].T) for z in (lower, upper, v, m))
        here = times > 0
        right = (a <= b) & (a < np.inf) & (b > -np.inf) & (x > 0) & (x < np.inf)
        sound = np.all(right | ~here, axis=0)
        telling = here & right & ~((a == -np.inf) & (b == np.inf))
        a, b = np.where(telling, a, 0.0), np.where(telling, b, 0.0)
        times = np.where(telling, times, 0.0)
        yield Contributions(a, b, np.where(telling, x, 1.0), times, a < b, total(times)), sound


def _fit(d: Contributions, sound: NDArray[np.bool_], common: bool) -> tuple[NDArray[Any], ...]:
    mu, tau2, height, count = highest(d, common=common)
    limit = ceiling(d, common)
    free = sound & (limit >= height - 1e-9 * d.k)
    status = np.where(count > 1, Status.SEVERAL_OPTIMA, np.where(tau2 > 0, Status.OK, Status.BOUNDARY))
    status = np.where(free, Status.UNBOUNDED, status)
    few, good = d.k <= 0, sound & ~free & np.isfinite(mu + tau2 + height)
    status = np.where(good | free, status, Status.NOT_CONVERGED)
    status = np.where(few & sound, Status.TOO_FEW, status).astype(np.int8)
    t, slope_there, _ = slope(d, tau2, mu, True)
    numbers = np.stack([mu, -1 / t.mu_mu, tau2, slope_there])
    numbers[:, ~good | few] = np.nan
    height = np.where(free, limit, np.where(good, height, np.nan))
    height[few] = np.nan
    one = total(np.where(np.isinf(d.lower) | np.isinf(d.upper), d.m, 0.0))
    exact = total(np.where(d.part, 0.0, d.m))
    return d.k, exact, d.k - exact - one, one, *numbers, height, status
