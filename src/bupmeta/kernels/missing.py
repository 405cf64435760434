"""Risks in which the missing people count: their odds of the event are a known multiple of those who were seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from bupmeta.kernels.weighted import FloatArray

__all__ = ["risk_with_missing"]


def risk_with_missing(
    events: ArrayLike, observed: ArrayLike, missing: ArrayLike, imor: ArrayLike
) -> tuple[FloatArray, FloatArray]:
    """Give the risk among all people of a group, and its variance, at an informative-missingness odds ratio.

    `imor` is the odds of the event among the missing over those among the observed: 1 when they are alike, 0 when
    nobody missing had the event, infinite when everybody did. White, Higgins & Wood 2008 (two-stage methods); the
    variance is by the delta method, given `imor`, and lets the share of the missing vary.

    >>> risk, var = risk_with_missing(29, 47, 22, [0, 1])
    >>> risk.round(4).tolist(), var.round(6).tolist()
    ([0.4203, 0.617], [0.003531, 0.005028])
    """
    n, lost = np.asarray(observed, dtype=np.float64), np.asarray(missing, dtype=np.float64)
    p, odds = np.asarray(events, dtype=np.float64) / n, np.asarray(imor, dtype=np.float64)
    every = n + lost
    share = lost / every
    endless = np.isinf(odds)
    factor = np.where(endless, 1.0, odds)
    base = 1 - p + p * factor
    among = np.where(endless, 1.0, p * factor / base)  # the risk of those who are missing
    slope = 1 - share + np.where(endless, 0.0, share * factor / base**2)
    risk = (1 - share) * p + share * among
    var = slope**2 * p * (1 - p) / n + (among - p) ** 2 * share * (1 - share) / every
    return risk, var
