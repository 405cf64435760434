"""The intervals of every data set in a batch, with one rule for those that hold a single study."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np

from bupmeta.kernels.fit import Fit
from bupmeta.pooling.ci import intervals
from bupmeta.pooling.fitted import Fitted
from bupmeta.pooling.prediction import AT_ONCE, PREDICTION

if TYPE_CHECKING:
    from bupmeta.effects.core import FloatArray
    from bupmeta.pooling import RandomEffects
    from bupmeta.pooling.fitted import Interval

__all__ = ["limits", "predictions"]


def limits(
    found: Fit, y: FloatArray, v: FloatArray, m: FloatArray, model: RandomEffects, *, normal: bool = False
) -> tuple[FloatArray, str]:
    """Return mu, se, low, high and p, (5, n): by the model, and as it is (Wald) where there is one study.

    `y` and `v` are (K,) or (n, K), `m` is (n, K); `normal` limits save time. Limits and p are NaN where the model's
    interval is refused; the reason is returned beside them.
    """
    many = found.k > 1
    if many.all():
        ci = intervals(found, y, v, m, model, normal=normal)
        return _numbers(ci), ci.refused
    out = _numbers(intervals(found, y, v, m, replace(model, ci="Wald")))
    if not many.any():
        return out, ""
    rest = Fit(*(getattr(found, field.name)[many] for field in fields(Fit)))
    y, v = (x if x.ndim == 1 else x[many] for x in (y, v))
    ci = intervals(rest, y, v, m[many], model, normal=normal)
    out[:, many] = _numbers(ci)
    return out, ci.refused


def predictions(found: Fit, y: FloatArray, v: FloatArray, m: FloatArray, model: RandomEffects) -> FloatArray:
    """Return low and high of the prediction interval, (2, n); arrays as in `limits`.

    NaN where `pool` gives none (fewer than three studies, a common effect) and for a method that would have to be
    solved for in each data set.
    """
    method = PREDICTION[model.prediction] if model.prediction in AT_ONCE else None
    if method is None or model.common_effect:
        return np.full((2, len(found.mu)), np.nan)
    return np.where(found.k > 2, method(Fitted(y, v, m, found, model)), np.nan)


def _numbers(ci: Interval) -> FloatArray:
    return np.array([ci.mu, ci.se, ci.low, ci.high, ci.p])
