"""The between-study variance: one row here per estimator, and it works in every refit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bupmeta.kernels import moments
from bupmeta.kernels.optimum import highest, nearest
from bupmeta.kernels.roots import q_root
from bupmeta.kernels.status import Status
from bupmeta.kernels.weighted import FloatArray, Studies

__all__ = ["TAU2", "Estimator", "Found", "Search", "Tau2Name"]

Tau2Name = Literal["EE", "DL", "DLIT", "HE", "HS", "HSk", "SJ", "SJIT", "ML", "REML", "EB", "PM", "PMM"]
Search = Literal["global", "local"]
Found = tuple[FloatArray, NDArray[np.int8]]
Estimator = Callable[[Studies, Search], Found]


def common(d: Studies, _: Search) -> Found:
    """Return tau2 = 0: one common effect."""
    return np.zeros(d.k.shape), np.zeros(d.k.shape, dtype=np.int8)


def truncated(raw: FloatArray) -> Found:
    """Return an estimate cut off at 0 and whether it was."""
    return np.maximum(raw, 0.0), np.where(raw > 0, Status.OK, Status.BOUNDARY).astype(np.int8)


def closed(estimate: Callable[[Studies], FloatArray]) -> Estimator:
    """Return a closed form as an estimator."""
    return lambda d, _: truncated(estimate(d))


def paule_mandel(d: Studies, _: Search) -> Found:
    """Return the root of Q(tau2) = k - 1 (Paule & Mandel 1982).

    Iterated DerSimonian-Laird and Sidik-Jonkman and empirical Bayes (Morris 1983) solve the same equation.
    """
    return truncated(q_root(d, d.k - 1))


def median_unbiased(d: Studies, _: Search) -> Found:
    """Return the root of Q(tau2) = median of chi2 with k - 1 df (Viechtbauer 2021)."""
    from scipy.special import chdtri  # loaded when used: it costs twice what numpy does

    return truncated(q_root(d, np.where(d.k > 1, chdtri(np.maximum(d.k - 1, 1e-300), 0.5), 0.0)))


def likelihood(*, restricted: bool) -> Estimator:
    """Return the estimator that maximises the (restricted) likelihood over all tau2 >= 0."""

    def estimate(d: Studies, search: Search) -> Found:
        if search == "local":
            return truncated(nearest(d, restricted))
        tau2, count = highest(d, restricted)
        status = np.where(tau2 > 0, Status.OK, Status.BOUNDARY)
        return tau2, np.where(count > 1, Status.SEVERAL_OPTIMA, status).astype(np.int8)

    return estimate


TAU2: dict[Tau2Name, Estimator] = {
    "EE": common,
    "DL": closed(moments.dersimonian_laird),
    "DLIT": paule_mandel,
    "HE": closed(moments.hedges),
    "HS": closed(moments.hunter_schmidt),
    "HSk": closed(lambda d: moments.hunter_schmidt(d, corrected=True)),
    "SJ": closed(moments.sidik_jonkman),
    "SJIT": paule_mandel,
    "ML": likelihood(restricted=False),
    "REML": likelihood(restricted=True),
    "EB": paule_mandel,
    "PM": paule_mandel,
    "PMM": median_unbiased,
}
