"""What every interval is made from: the data, its fit and the model; and the interval itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from bupmeta.kernels import Fit, FloatArray
from bupmeta.pooling.models import RandomEffects

__all__ = ["Fitted", "Interval", "student"]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Data sets `y`, `v`, `m` broadcasting to `(..., K)`, studies last, with their `fit` under `model`."""

    y: FloatArray
    v: FloatArray
    m: FloatArray
    fit: Fit
    model: RandomEffects

    @property
    def df(self) -> FloatArray:
        """Degrees of freedom k - 1; infinite (a normal distribution) for one study, which estimates no spread."""
        return np.where(self.fit.k > 1, self.fit.k - 1.0, np.inf)

    @property
    def se(self) -> FloatArray:
        """The Wald standard error, 1/sqrt(sum w)."""
        return np.sqrt(self.fit.var)

    def rows(self) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Give `y` and `v` of each data set with its studies repeated as `m` says, for methods without a batch."""
        shape = (*self.fit.mu.shape, max(x.shape[-1] for x in (self.y, self.v, self.m)))
        y, v, m = (np.broadcast_to(x, shape).reshape(-1, shape[-1]) for x in (self.y, self.v, self.m))
        for i in range(len(y)):
            times = m[i].astype(int)
            yield np.repeat(y[i], times), np.repeat(v[i], times)


@dataclass(frozen=True, slots=True)
class Interval:
    """Confidence interval of the pooled effect, every field with the batch shape; `df` is inf if normal.

    `mu` is the estimate that the method itself rests on, nearly always that of the fit. Where the method is refused,
    limits and p are NaN and `refused` says why.
    """

    mu: FloatArray
    low: FloatArray
    high: FloatArray
    se: FloatArray
    statistic: FloatArray
    df: FloatArray
    p: FloatArray
    notes: tuple[str, ...] = ()
    refused: str = ""


def student(mu: FloatArray, se: FloatArray, df: FloatArray, level: float) -> Interval:
    """Return mu -+ t se with the two-sided test of mu = 0 on `df` degrees of freedom (inf: normal).

    An estimate of exactly 0 has p = 1, even where se is 0 as well.
    """
    half = -stdtrit(df, (1 - level) / 2) * se
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.where(mu == 0, 0.0, mu / se)
    return Interval(mu, mu - half, mu + half, se, statistic, df, 2 * stdtr(df, -np.abs(statistic)))
