"""2x2 tables: pooled ratios and differences without a correction for empty cells, and tests of homogeneity.

Every function takes the cells of K tables, `a` events and `b` others in group 1, `c` and `d` in group 2, each `(K,)`,
and `m`, how often each table is in the data set, `(..., K)`: batch first, as in `kernels.fit`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from bupmeta.kernels.weighted import FloatArray

__all__ = ["MANTEL_HAENSZEL", "RD_VARIANCES", "Cells", "MHName", "Pooled", "RdVariance", "breslow_day", "cmh"]
__all__ += ["mantel_haenszel", "peto"]

MHName = Literal["OR", "RR", "RD"]
RdVariance = Literal["Sato", "Greenland-Robins"]


@dataclass(frozen=True, slots=True)
class Cells:
    """The four cells of K tables, each of shape (K,)."""

    a: FloatArray
    b: FloatArray
    c: FloatArray
    d: FloatArray

    @property
    def n1(self) -> FloatArray:
        """People in group 1."""
        return self.a + self.b

    @property
    def n2(self) -> FloatArray:
        """People in group 2."""
        return self.c + self.d

    @property
    def n(self) -> FloatArray:
        """People in the table."""
        return self.a + self.b + self.c + self.d

    def take(self, which: ArrayLike) -> Cells:
        """Return the tables that an index or a mask picks."""
        at = np.asarray(which)
        return Cells(self.a[at], self.b[at], self.c[at], self.d[at])


@dataclass(frozen=True, slots=True)
class Pooled:
    """A pooled estimate (a logarithm, of a ratio), its variance, and the weight of each table, `(..., K)`."""

    mu: FloatArray
    var: FloatArray
    weights: FloatArray


def mantel_haenszel(t: Cells, measure: MHName, m: ArrayLike = 1.0) -> Pooled:
    """Pool by Mantel & Haenszel 1959; NaN where no table tells anything.

    >>> t = Cells(*(np.array(x, float) for x in ([8, 22], [98, 76], [5, 16], [115, 69])))
    >>> float(mantel_haenszel(t, "OR").mu.round(4)), float(mantel_haenszel(t, "RD").mu.round(4))
    (0.3387, 0.0349)
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return MANTEL_HAENSZEL[measure](t, np.asarray(m, dtype=float))


def _odds_ratio(t: Cells, m: FloatArray) -> Pooled:
    """Variance of Robins, Breslow & Greenland 1986."""
    r, s = m * t.a * t.d / t.n, m * t.b * t.c / t.n
    p, q = (t.a + t.d) / t.n, (t.b + t.c) / t.n
    up, down = r.sum(-1), s.sum(-1)
    var = ((p * r).sum(-1) / up**2 + (p * s + q * r).sum(-1) / (up * down) + (q * s).sum(-1) / down**2) / 2
    return Pooled(np.log(up / down), var, s)


def _risk_ratio(t: Cells, m: FloatArray) -> Pooled:
    """Variance of Greenland & Robins 1985."""
    r, s = m * t.a * t.n2 / t.n, m * t.c * t.n1 / t.n
    up, down = r.sum(-1), s.sum(-1)
    spread = m * (t.n1 * t.n2 * (t.a + t.c) - t.a * t.c * t.n) / t.n**2
    return Pooled(np.log(up / down), spread.sum(-1) / (up * down), s)


def _risk_difference(t: Cells, m: FloatArray) -> Pooled:
    w = m * t.n1 * t.n2 / t.n
    mu = (m * (t.a * t.n2 - t.c * t.n1) / t.n).sum(-1) / w.sum(-1)
    return Pooled(mu, RD_VARIANCES["Sato"](t, m, mu), w)


def _sato(t: Cells, m: FloatArray, mu: FloatArray) -> FloatArray:
    """Sato, Greenland & Robins 1989: right for many small tables and for few large ones."""
    p = m * (t.n1**2 * t.c - t.n2**2 * t.a + t.n1 * t.n2 * (t.n2 - t.n1) / 2) / t.n**2
    q = m * (t.a * t.d + t.b * t.c) / (2 * t.n)
    return np.asarray((mu * p.sum(-1) + q.sum(-1)) / (m * t.n1 * t.n2 / t.n).sum(-1) ** 2)


def _greenland_robins(t: Cells, m: FloatArray, _: FloatArray) -> FloatArray:
    """Greenland & Robins 1985: right for few large tables."""
    r = m * (t.a * t.b * t.n2**3 + t.c * t.d * t.n1**3) / (t.n1 * t.n2 * t.n**2)
    return np.asarray(r.sum(-1) / (m * t.n1 * t.n2 / t.n).sum(-1) ** 2)


#: Variance of the Mantel-Haenszel risk difference `mu` by its authors; programs do not agree about it.
RD_VARIANCES: dict[RdVariance, Callable[[Cells, FloatArray, FloatArray], FloatArray]] = {
    "Sato": _sato,
    "Greenland-Robins": _greenland_robins,
}


MANTEL_HAENSZEL: dict[MHName, Callable[[Cells, FloatArray], Pooled]] = {
    "OR": _odds_ratio,
    "RR": _risk_ratio,
    "RD": _risk_difference,
}


def score(t: Cells) -> tuple[FloatArray, FloatArray]:
    """Return observed minus expected events of group 1, and their hypergeometric variance, per table."""
    events, n = t.a + t.c, t.n
    rest = np.maximum(n - 1, 1)  # one person in both groups together has no variance
    return t.a - events * t.n1 / n, events * (n - events) * t.n1 * t.n2 / (n**2 * rest)


def peto(t: Cells, m: ArrayLike = 1.0) -> Pooled:
    """Pool log odds ratios in one step from 1 (Yusuf, Peto et al. 1985): for rare events and equal groups.

    >>> t = Cells(*(np.array(x, float) for x in ([0, 1], [116, 43], [3, 3], [114, 32])))
    >>> [float(x.round(3)) for x in (peto(t).mu, peto(t).var)]
    [-1.608, 0.591]
    """
    excess, var = score(t)
    weights = np.asarray(m, dtype=float) * var
    with np.errstate(divide="ignore", invalid="ignore"):
        return Pooled(
            (np.asarray(m, dtype=float) * excess).sum(-1) / weights.sum(-1), 1 / weights.sum(-1), weights
        )


def cmh(t: Cells, *, continuity: bool = True) -> float:
    """Return the Cochran-Mantel-Haenszel chi2 (1 df) for no association; `continuity` takes 1/2 off.

    >>> t = Cells(*(np.array(x, float) for x in ([8, 22], [98, 76], [5, 16], [115, 69])))
    >>> round(cmh(t, continuity=False), 4)
    1.1914
    """
    excess, var = score(t)
    off = max(abs(float(excess.sum())) - 0.5 * continuity, 0.0)
    return off**2 / float(var.sum()) if var.sum() > 0 else float("nan")


def breslow_day(t: Cells, log_odds_ratio: float) -> tuple[float, float, int]:
    """Return Breslow & Day's 1980 chi2 for equal odds ratios, the same as Tarone 1985 corrects it, and the df.

    Tables with no events or only events, or an empty group, hold no odds ratio and are not counted.

    >>> t = Cells(*(np.array(x, float) for x in ([8, 22], [98, 76], [5, 16], [115, 69])))
    >>> round(breslow_day(t, 0.3387)[1], 3)
    0.349
    """
    events = t.a + t.c
    t = t.take((events > 0) & (events < t.n) & (t.n1 > 0) & (t.n2 > 0))
    events, ratio = t.a + t.c, np.exp(log_odds_ratio)
    # a (d) = ratio (b) (c) at fixed margins: (1 - ratio) x^2 + linear x - ratio n1 events = 0, the root in range
    square, linear = 1 - ratio, t.n2 - events + ratio * (t.n1 + events)
    constant = -ratio * t.n1 * events
    x = -2 * constant / (linear + np.sqrt(linear**2 - 4 * square * constant))
    with np.errstate(divide="ignore"):
        var = 1 / (1 / x + 1 / (t.n1 - x) + 1 / (events - x) + 1 / (t.n2 - events + x))
    q = float(((t.a - x) ** 2 / var).sum())
    return q, q - float((t.a - x).sum()) ** 2 / float(var.sum()), len(t.a) - 1
