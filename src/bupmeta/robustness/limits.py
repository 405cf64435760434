"""The interval of every data set in a batch, with one rule for those that hold a single study."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np

from bupmeta.kernels.fit import Fit
from bupmeta.pooling.ci import intervals

if TYPE_CHECKING:
    from bupmeta.effects.core import FloatArray
    from bupmeta.pooling import RandomEffects
    from bupmeta.pooling.fitted import Interval

__all__ = ["limits"]


def limits(found: Fit, y: FloatArray, v: FloatArray, m: FloatArray, model: RandomEffects) -> FloatArray:
    """Return mu, se, low, high and p, (5, n): by the model, and as it is (Wald) where there is one study.

    `y` and `v` are (K,) or (n, K), `m` is (n, K). Raises ModelError where the model's interval is refused.
    """
    many = found.k > 1
    if many.all():
        return _numbers(intervals(found, y, v, m, model))
    out = _numbers(intervals(found, y, v, m, replace(model, ci="Wald")))
    if many.any():
        rest = Fit(*(getattr(found, field.name)[many] for field in fields(Fit)))
        y, v = (x if x.ndim == 1 else x[many] for x in (y, v))
        out[:, many] = _numbers(intervals(rest, y, v, m[many], model))
    return out


def _numbers(ci: Interval) -> FloatArray:
    return np.array([ci.mu, ci.se, ci.low, ci.high, ci.p])
