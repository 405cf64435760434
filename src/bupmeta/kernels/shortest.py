"""The shortest interval that holds a given probability."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from bupmeta.errors import ModelError
from bupmeta.kernels.weighted import FloatArray

__all__ = ["Law", "shortest", "shortest_near"]

PLACES = 200
_BEYOND = (
    "the posterior has no interval that 16 digits can tell apart; give effects in another unit, a less extreme prior, "
    "or a level such as 0.95"
)


class Law(Protocol):
    """A distribution on the line."""

    def cdf(self, x: ArrayLike) -> FloatArray: ...  # noqa: D102 - as the name says

    def density(self, x: ArrayLike) -> tuple[FloatArray, FloatArray]: ...  # noqa: D102 - density and its slope

    def quantile(self, p: ArrayLike) -> FloatArray: ...  # noqa: D102 - as the name says


def shortest_near(law: Law, level: float, low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Improve (`low`, `high`) to the interval of probability `level` at whose ends the density is equal.

    Newton's method on both conditions, any batch shape; the step is held to a quarter of the width.

    >>> from bupmeta.kernels.mixture import Mixture
    >>> normal = Mixture(np.ones(1), np.zeros(1), np.ones(1))
    >>> low, high = shortest_near(normal, 0.95, np.array(-1.5), np.array(2.5))
    >>> f"{low:.6f} {high:.6f}"
    '-1.959964 1.959964'
    """
    for _ in range(30):
        (fa, sa), (fb, sb) = law.density(low), law.density(high)
        missing = level - (law.cdf(high) - law.cdf(low))
        with np.errstate(all="ignore"):
            # fb db - fa da = missing;  sa da / fa - sb db / fb = log fb - log fa
            ra, rb, gap = sa / fa, sb / fb, np.log(fb / fa)
            da = (gap * fb + rb * missing) / (ra * fb - rb * fa)
            db = (missing + fa * da) / fb
        bound = 0.25 * (high - low)
        da, db = (np.clip(np.where(np.isfinite(d), d, 0.0), -bound, bound) for d in (da, db))
        low, high = low + da, high + db
        if np.all(np.maximum(np.abs(da), np.abs(db)) <= 1e-11 * (high - low)):
            break
    return low, high


def shortest(law: Law, level: float, lowest: float = -np.inf) -> tuple[float, float]:
    """Return the shortest interval of probability `level` of one distribution whose values start at `lowest`.

    The best of many intervals is improved; one that starts at `lowest` stands if none is shorter. Raises ModelError
    where the distribution is so narrow, so wide, or the level so high that doubles do not tell its quantiles apart.

    >>> from bupmeta.kernels.mixture import Mixture
    >>> two = Mixture(np.array([0.5, 0.5]), np.array([0.0, 1.0]), np.array([0.1, 1.0]))
    >>> [round(x, 4) for x in shortest(two, 0.5)]
    [-0.1702, 0.1756]
    """
    spare = 1 - level
    outer, middle, quarter = spare / 50, 0.5, 0.25
    left, low_quarter, centre, high_quarter, right = law.quantile(
        [outer, quarter, middle, 1 - quarter, 1 - outer]
    )
    unit = (high_quarter - low_quarter) / 4
    if not (unit > 0 and np.isfinite([left, right]).all()):
        raise ModelError(_BEYOND)
    first, last = np.arcsinh(np.array([left - centre, right - centre]) / unit).tolist()
    x = centre + unit * np.sinh(np.linspace(first, last, PLACES))
    below = law.cdf(x)
    low = x[below <= below[-1] - level]
    if not low.size:
        raise ModelError(_BEYOND)
    high = np.interp(law.cdf(low) + level, below, x)
    best = int(np.argmin(high - low))
    edge = lowest, float(law.quantile(level)) if np.isfinite(lowest) else np.inf
    if best == 0 and edge[1] - lowest <= high[0] - low[0]:
        return edge
    a, b = shortest_near(law, level, low[best], high[best])
    found = float(a), float(b)
    return found if found[0] > lowest and found[1] - found[0] < edge[1] - edge[0] else edge
