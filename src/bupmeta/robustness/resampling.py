"""Standard errors from refits: the jackknife and the bootstrap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtrit

from bupmeta.designs import Bootstrap, LeaveOut
from bupmeta.errors import ModelError

if TYPE_CHECKING:
    from bupmeta.robustness.refit import Refits

__all__ = ["Resampling", "resampling"]


@dataclass(frozen=True, slots=True)
class Resampling:
    """The pooled effect `mu` with its bias, standard error and confidence interval by resampling studies."""

    method: str
    mu: float
    bias: float
    se: float
    ci: tuple[float, float]


def resampling(refits: Refits) -> Resampling:
    """Estimate bias and standard error of mu from a jackknife (`leave_out` refits) or a bootstrap.

    Jackknife leaving d of K out: variance (K - d)/d and bias (K - d)/d times those of the refits, t interval with
    K - 1 df (Tukey 1958; Shao & Wu 1989, eq. 2.2). Bootstrap: standard deviation and percentile interval (Efron &
    Tibshirani 1993, ch. 13). Raises ModelError for refits of another design.

    >>> from bupmeta import Effects, RandomEffects, designs, pool, refit
    >>> result = pool(Effects.from_arrays([1, 2, 6], [1, 1, 1]), RandomEffects(tau2="EE", ci="Wald"))
    >>> f"{resampling(refit(result, designs.jackknife())).se:.6f}"  # sd/sqrt(3), the mean being unweighted
    '1.527525'
    """
    result, mu = refits.result, refits.result.mu
    if isinstance(refits.design, LeaveOut):
        size, k = refits.design.size, result.k
        factor = (k - size) / size
        se = float(np.sqrt(factor) * refits.mu.std())
        half = -float(stdtrit(k - 1, (1 - result.model.level) / 2)) * se
        bias = factor * (float(refits.mu.mean()) - mu)
        return Resampling(f"{refits.design.title.lower()} jackknife", mu, bias, se, (mu - half, mu + half))
    if isinstance(refits.design, Bootstrap):
        tails = ((1 - result.model.level) / 2, (1 + result.model.level) / 2)
        low, high = np.quantile(refits.mu, tails).tolist()
        spread = float(refits.mu.std(ddof=1)) if len(refits) > 1 else float("nan")
        return Resampling("bootstrap", mu, float(refits.mu.mean()) - mu, spread, (low, high))
    raise ModelError(f"a {refits.design.title} is no resampling plan; use a jackknife or a bootstrap")
