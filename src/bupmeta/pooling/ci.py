"""Confidence intervals of the pooled effect: one function and one row of `CI` per method, each for any batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from bupmeta.kernels import Fit, FloatArray
from bupmeta.kernels.henmi_copas import henmi_copas
from bupmeta.kernels.kenward_roger import kenward_roger
from bupmeta.kernels.likelihood import optima
from bupmeta.kernels.permutation import DRAWS, EXACT_UP_TO, SEED, permutation_limits, permutation_p
from bupmeta.kernels.profile_mu import mu_limits, mu_statistic
from bupmeta.pooling.fitted import Fitted, Interval, student
from bupmeta.pooling.models import CiName, RandomEffects

__all__ = ["CI", "SLOW", "intervals"]


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
    """Return Kenward & Roger's interval; refused below 2 df, where it explodes."""
    var, df = kenward_roger(f.v, f.m, f.fit.tau2)
    lost = (f.fit.k > 1) & ~((var > 0) & np.isfinite(df))
    few = df < 2 - 1e-9  # three trials of one precision have 2, up to rounding
    out = student(f.fit.mu, np.sqrt(np.where(lost, np.nan, var)), np.where(few, np.nan, df), f.model.level)
    if lost.any():
        why = "Kenward-Roger's variance cannot be computed for variances so far apart; use ci='HK-adhoc'"
        return replace(out, refused=why)
    if not few.any():
        return out
    return replace(
        out,
        refused=f"Kenward-Roger has {float(df[few].min()):.3g} degrees of freedom here and its interval explodes "
        "below 2; use ci='HK-adhoc'",
    )


def profile_likelihood(f: Fitted) -> Interval:
    """Return the profile-likelihood interval of mu with the likelihood-ratio test (Hardy & Thompson 1996)."""
    if f.model.common_effect:  # at a fixed tau2 the log-likelihood is a parabola in mu
        return replace(
            wald(f), notes=("with τ² held at 0 the profile-likelihood interval is the Wald interval",)
        )

    notes: tuple[str, ...] = (
        () if f.model.tau2 == "ML" else ("the profile interval is that of maximum likelihood",)
    )
    if not f.fit.mu.shape and len(optima(f.y, f.v, kind="ML")) > 1:
        notes += (
            "the likelihood has several maxima, so this interval spans what may be several separate ones",
        )
    low, high = mu_limits(f.y, f.v, f.m, level=f.model.level)
    statistic, p = mu_statistic(f.y, f.v, f.m)
    return Interval(f.fit.mu, low, high, f.se, statistic, np.full(low.shape, np.inf), p, notes)


def permutation(f: Fitted) -> Interval:
    """Return the interval of the sign-flip test (Follmann & Proschan 1999); refused for too few studies."""
    alpha, fewest = 1 - f.model.level, float(np.min(f.fit.k))

    def too_few(k: float) -> bool:
        return 2 / 2**k > alpha * (1 + 1e-9)

    def one(y: FloatArray, v: FloatArray) -> tuple[float, float, float]:
        if too_few(y.size):
            return (np.nan,) * 3
        p = float(permutation_p(y, v, np.zeros(1), f.model.tau2)[0])
        return *permutation_limits(y, v, f.model.level, f.model.tau2), p

    rows = np.array([one(y, v) for y, v in f.rows()]).reshape(*f.fit.mu.shape, 3)
    low, high, p = np.moveaxis(rows, -1, 0)
    many = float(np.max(f.fit.k)) > EXACT_UP_TO
    notes = (f"sign flips: {DRAWS:,} drawn with seed {SEED}",) if many else ()
    out = Interval(f.fit.mu, low, high, f.se, f.fit.mu / f.se, np.full(low.shape, np.inf), p, notes)
    if not too_few(fewest):
        return out
    return replace(
        out,
        refused=f"with {fewest:.0f} studies the smallest p of a sign-flip test is {min(1.0, 2 / 2**fewest):.3g}, "
        f"so it has no interval at level {f.model.level:g}; use ci='HK-adhoc' or a lower level",
    )


def henmi_copas_interval(f: Fitted) -> Interval:
    """Return Henmi & Copas 2010: the common-effect estimate, wide enough for heterogeneity."""
    shape = f.fit.mu.shape
    mu, se, half, p, tau2 = henmi_copas(f.y, f.v, f.m, level=f.model.level)
    notes: tuple[str, ...] = (
        "Henmi-Copas: the estimate is the common-effect one, with DerSimonian-Laird tau²",
    )
    if np.any(tau2 == 0):
        notes += (
            "Henmi-Copas is not conservative here: with tau² = 0 it is narrower than the Wald interval",
        )
    return Interval(mu, mu - half, mu + half, se, mu / se, np.full(shape, np.inf), p, notes)


def quick(f: Fitted) -> Interval:
    """Return normal limits, at once for any number of data sets, about the estimate of the model's own interval."""
    if f.model.ci != "Henmi-Copas":
        return wald(f)
    w = f.m / f.v
    w1, w2 = w.sum(-1), (w / f.v).sum(-1)
    tau2 = np.maximum(f.fit.q - (f.fit.k - 1), 0.0) / (w1 - w2 / w1)  # DerSimonian-Laird
    se = np.sqrt((1 + tau2 * w2 / w1) / w1)
    return student((w * f.y).sum(-1) / w1, se, np.full(se.shape, np.inf), f.model.level)


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


#: The methods that solve for the interval of each data set, which takes a moment.
SLOW: tuple[CiName, ...] = ("PL", "permutation", "Henmi-Copas")


def intervals(
    fit: Fit, y: ArrayLike, v: ArrayLike, m: ArrayLike | None, model: RandomEffects, *, normal: bool = False
) -> Interval:
    """Return the confidence interval of every data set of a batch; arrays as in `kernels.fit`.

    Wald, t, the Hartung-Knapps and KR are one array expression; the others are solved for, unless `normal` limits are
    enough. Where a method is refused for a data set, its limits are NaN and `refused` says why.

    >>> from bupmeta.kernels import fit
    >>> y, v, m = np.array([-0.9, -1.6, -0.2]), np.array([0.33, 0.19, 0.05]), 1 - np.eye(3)
    >>> left_out = intervals(fit(y, v, m), y, v, m, RandomEffects(ci="Wald"))
    >>> left_out.low.round(2).tolist()
    [-2.22, -0.91, -2.02]
    """
    ma = np.ones(1) if m is None else np.asarray(m, dtype=float)
    fitted = Fitted(np.asarray(y, dtype=float), np.asarray(v, dtype=float), ma, fit, model)
    return (quick if normal else CI[model.ci])(fitted)
