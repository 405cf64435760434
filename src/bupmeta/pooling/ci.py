"""Confidence intervals of the pooled effect: one function and one row of `CI` per method, each for any batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from bupmeta.errors import ModelError
from bupmeta.kernels import Fit, FloatArray
from bupmeta.kernels.henmi_copas import henmi_copas
from bupmeta.kernels.kenward_roger import kenward_roger
from bupmeta.kernels.permutation import DRAWS, EXACT_UP_TO, SEED, permutation_limits, permutation_p
from bupmeta.kernels.profile import mu_limits, mu_statistic
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


def kenward_roger_interval(f: Fitted) -> Interval:
    """Return Kenward & Roger's interval; raises ModelError below 2 df, where it explodes."""
    var, df = kenward_roger(f.v, f.m, f.fit.tau2)
    if np.any(df < 2):
        raise ModelError(
            f"Kenward-Roger has {float(np.min(df)):.2g} degrees of freedom here and its interval explodes below 2; "
            "use ci='HK-adhoc'"
        )
    return student(f.fit.mu, np.sqrt(var), df, f.model.level)


def profile_likelihood(f: Fitted) -> Interval:
    """Return the profile-likelihood interval of mu with the likelihood-ratio test (Hardy & Thompson 1996)."""

    def one(y: FloatArray, v: FloatArray) -> Ends:
        low, high = mu_limits(y, v, f.model.level)
        return low, high, *mu_statistic(y, v)

    note = "the profile interval is that of maximum likelihood"
    return _each(f, one, () if f.model.tau2 == "ML" else (note,))


def permutation(f: Fitted) -> Interval:
    """Return the interval of the sign-flip test (Follmann & Proschan 1999); raises ModelError for too few studies."""
    alpha, fewest = 1 - f.model.level, float(np.min(f.fit.k))
    if 2 / 2**fewest > alpha * (1 + 1e-9):
        raise ModelError(
            f"with {fewest:.0f} studies the smallest p of a sign-flip test is {min(1.0, 2 / 2**fewest):.3g}, "
            f"so it has no interval at level {f.model.level:g}; use ci='HK-adhoc' or a lower level"
        )

    def one(y: FloatArray, v: FloatArray) -> Ends:
        p = float(permutation_p(y, v, np.zeros(1), f.model.tau2)[0])
        return *permutation_limits(y, v, f.model.level, f.model.tau2), np.nan, p

    many = float(np.max(f.fit.k)) > EXACT_UP_TO
    out = _each(f, one, (f"sign flips: {DRAWS} drawn with seed {SEED}",) if many else ())
    return replace(out, statistic=out.mu / out.se)


def henmi_copas_interval(f: Fitted) -> Interval:
    """Return Henmi & Copas 2010: the common-effect estimate, wide enough for heterogeneity."""
    shape = f.fit.mu.shape
    rows = np.array([henmi_copas(y, v, f.model.level) for y, v in f.rows()]).reshape(*shape, 5)
    mu, se, half, p, tau2 = np.moveaxis(rows, -1, 0)
    notes: tuple[str, ...] = (
        "Henmi-Copas: the estimate is the common-effect one, with DerSimonian-Laird tau²",
    )
    if np.any(tau2 == 0):
        notes += (
            "Henmi-Copas is not conservative here: with tau² = 0 it is narrower than the Wald interval",
        )
    return Interval(mu, mu - half, mu + half, se, mu / se, np.full(shape, np.inf), p, notes)


Ends = tuple[float, float, float, float]


def _each(f: Fitted, one: Callable[[FloatArray, FloatArray], Ends], notes: tuple[str, ...]) -> Interval:
    """Return low, high, statistic and p of `one` data set after the other."""
    rows = np.array([one(y, v) for y, v in f.rows()]).reshape(*f.fit.mu.shape, 4)
    low, high, statistic, p = np.moveaxis(rows, -1, 0)
    return Interval(f.fit.mu, low, high, f.se, statistic, np.full(low.shape, np.inf), p, notes)


CI: dict[CiName, Callable[[Fitted], Interval]] = {
    "Wald": wald,
    "t": t,
    "HK": hartung_knapp,
    "HK-adhoc": hartung_knapp_adhoc,
    "KR": kenward_roger_interval,
    "PL": profile_likelihood,
    "permutation": permutation,
    "Henmi-Copas": henmi_copas_interval,
}


def intervals(fit: Fit, y: ArrayLike, v: ArrayLike, m: ArrayLike | None, model: RandomEffects) -> Interval:
    """Return the confidence interval of every data set of a batch; arrays as in `kernels.fit`.

    Wald, t, the Hartung-Knapps and KR are one array expression; the others take the data sets one by one.

    Raises ModelError where the method is refused for the data, with its reason.

    >>> from bupmeta.kernels import fit
    >>> y, v, m = np.array([-0.9, -1.6, -0.2]), np.array([0.33, 0.19, 0.05]), 1 - np.eye(3)
    >>> left_out = intervals(fit(y, v, m), y, v, m, RandomEffects(ci="Wald"))
    >>> left_out.low.round(2).tolist()
    [-2.22, -0.91, -2.02]
    """
    ma = np.ones(1) if m is None else np.asarray(m, dtype=float)
    return CI[model.ci](Fitted(np.asarray(y, dtype=float), np.asarray(v, dtype=float), ma, fit, model))
