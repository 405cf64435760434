"""The methods compared: each says of every data set whether its 95 % interval holds mu = 0, and how wide it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias, get_args

import numpy as np

from bupmeta.kernels import FloatArray, fit
from bupmeta.kernels.axis import Axis
from bupmeta.kernels.permutation import flip_limits, flip_p
from bupmeta.kernels.posterior import FLAT, joint
from bupmeta.kernels.shortest import shortest_near
from bupmeta.pooling import RandomEffects, intervals, priors
from bupmeta.pooling.models import CiName, Tau2Name

__all__ = ["LEVEL", "LIMITS", "METHODS", "MethodName", "Seen"]

MethodName: TypeAlias = Literal[
    "common effect",
    "Wald, DL",
    "Wald, REML",
    "t",
    "HK",
    "HK-adhoc",
    "KR",
    "PL",
    "permutation, DL",
    "Henmi-Copas",
    "Bayes half-normal(0.5)",
    "Bayes half-normal(1.0)",
    "Bayes pain (Rhodes)",
]
LEVEL = 0.95
#: Nodes of tau for all data sets of a batch: log tau from -23 to 5. Intervals are those of `pool` to 2e-5.
NODES = Axis.between(-2.9, 4.15, 0.15, 0.1, np.inf)
PIECE = 2500
#: One in so many data sets has its permutation test inverted; whether its interval holds mu = 0 is known of all.
INVERTED, HALVINGS = 25, 12

Ends: TypeAlias = tuple[FloatArray, FloatArray]
#: From `y` (n, k) and `v` (k,) to the ends of n intervals, NaN where the method is refused.
Limits: TypeAlias = Callable[[FloatArray, FloatArray], Ends]


class Seen(NamedTuple):
    """Of each data set: 1 if the interval holds mu = 0, else 0, and its width; NaN where there is none."""

    covered: FloatArray
    width: FloatArray


def _classical(tau2: Tau2Name, ci: CiName) -> Limits:
    def ends(y: FloatArray, v: FloatArray) -> Ends:
        found = intervals(fit(y, v, tau2=tau2), y, v, None, RandomEffects(tau2=tau2, ci=ci, level=LEVEL))
        return found.low, found.high

    return ends


def _bayes(prior: priors.TauPrior) -> Limits:
    def ends(y: FloatArray, v: FloatArray) -> Ends:
        law = joint(y, v, lambda log_tau: prior.log_density(log_tau, v), FLAT, NODES).mixture()
        low, high = (law.quantile(np.full(len(y), p)) for p in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
        return shortest_near(law, LEVEL, low, high)

    def pieces(y: FloatArray, v: FloatArray) -> Ends:
        low, high = zip(*(ends(part, v) for part in np.array_split(y, -(-len(y) // PIECE))))
        return np.concatenate(low), np.concatenate(high)

    return pieces


def _seen(limits: Limits) -> Callable[[FloatArray, FloatArray], Seen]:
    def seen(y: FloatArray, v: FloatArray) -> Seen:
        low, high = limits(y, v)
        return Seen(np.where(np.isnan(low), np.nan, (low <= 0) & (high >= 0)), high - low)

    return seen


def _permutation(y: FloatArray, v: FloatArray) -> Seen:
    """Test mu = 0 in every data set, and invert the test in some; too few trials have no interval."""
    covered, width = np.full((2, len(y)), np.nan)
    if 2 / 2 ** y.shape[-1] <= 1 - LEVEL:
        covered = (flip_p(y, v, "DL") > (1 - LEVEL) * (1 + 1e-9)).astype(float)
        low, high = flip_limits(y[: max(20, len(y) // INVERTED)], v, LEVEL, "DL", halvings=HALVINGS)
        width[: len(low)] = high - low
    return Seen(covered, width)


#: The methods that give an interval at once, by their name; tau2 by REML where nothing else is said.
LIMITS: dict[MethodName, Limits] = {
    "common effect": _classical("EE", "Wald"),
    "Wald, DL": _classical("DL", "Wald"),
    "Wald, REML": _classical("REML", "Wald"),
    "t": _classical("REML", "t"),
    "HK": _classical("REML", "HK"),
    "HK-adhoc": _classical("REML", "HK-adhoc"),
    "KR": _classical("REML", "KR"),
    "PL": _classical("ML", "PL"),
    "Henmi-Copas": _classical("DL", "Henmi-Copas"),
    "Bayes half-normal(0.5)": _bayes(priors.HalfNormal(0.5)),
    "Bayes half-normal(1.0)": _bayes(priors.HalfNormal(1.0)),
    "Bayes pain (Rhodes)": _bayes(priors.rhodes2015("pain")),
}
METHODS: dict[MethodName, Callable[[FloatArray, FloatArray], Seen]] = {
    name: _permutation if name == "permutation, DL" else _seen(LIMITS[name]) for name in get_args(MethodName)
}
