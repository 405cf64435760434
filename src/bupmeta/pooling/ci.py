"""Confidence intervals of the pooled effect: one function and one row of `CI` per method, all of them batched."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from bupmeta.errors import ModelError
from bupmeta.kernels import Fit, FloatArray
from bupmeta.pooling.fitted import Fitted, Interval, student
from bupmeta.pooling.models import CiName, RandomEffects

__all__ = ["CI", "intervals"]


def wald(f: Fitted) -> Interval:
    """Return mu -+ z/sqrt(sum w) (DerSimonian & Laird 1986)."""
    return student(f.fit.mu, f.se, np.full_like(f.se, np.inf), f.model.level)


def t(f: Fitted) -> Interval:
    """Return mu -+ t/sqrt(sum w) with k - 1 df (Follmann & Proschan 1999)."""
    return student(f.fit.mu, f.se, f.df, f.model.level)


def hartung_knapp_se(f: Fitted, floor: float) -> FloatArray:
    """Return sqrt(max(floor, q)/sum w), q = sum w (y - mu)^2/(k - 1); Wald's for one study."""
    scale = np.maximum(f.fit.scale, floor)
    return np.sqrt(np.where(f.fit.k > 1, scale, 1.0) * f.fit.var)


def hartung_knapp(f: Fitted) -> Interval:
    """Return the interval of Hartung & Knapp 2001 and Sidik & Jonkman 2002, t with k - 1 df."""
    return student(f.fit.mu, hartung_knapp_se(f, 0.0), f.df, f.model.level)


def hartung_knapp_adhoc(f: Fitted) -> Interval:
    """Return Hartung-Knapp with its factor floored at 1 (Knapp & Hartung 2003; Roever et al. 2015)."""
    return student(f.fit.mu, hartung_knapp_se(f, 1.0), f.df, f.model.level)


CI: dict[CiName, Callable[[Fitted], Interval]] = {
    "Wald": wald,
    "t": t,
    "HK": hartung_knapp,
    "HK-adhoc": hartung_knapp_adhoc,
}


def intervals(fit: Fit, y: ArrayLike, v: ArrayLike, m: ArrayLike | None, model: RandomEffects) -> Interval:
    """Return the confidence interval of every data set of a batch; arrays as in `kernels.fit`.

    Raises ModelError where the method is refused for the data, with its reason.

    >>> from bupmeta.kernels import fit
    >>> y, v, m = np.array([-0.9, -1.6, -0.2]), np.array([0.33, 0.19, 0.05]), 1 - np.eye(3)
    >>> left_out = intervals(fit(y, v, m), y, v, m, RandomEffects(ci="Wald"))
    >>> left_out.low.round(2).tolist()
    [-2.22, -0.91, -2.02]
    """
    ma = np.ones(1) if m is None else np.asarray(m, dtype=float)
    return CI[model.ci](Fitted(np.asarray(y, dtype=float), np.asarray(v, dtype=float), ma, fit, model))
