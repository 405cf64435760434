"""An independent recomputation of every pool by statsmodels."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

from bupmeta.effects import Effects
from bupmeta.kernels.fit import fit

__all__ = ["CrossCheck", "cross_check"]

# Relative to the standard error and its square. statsmodels stops its Paule-Mandel iteration when Q is within 1e-5 of
# k - 1; with a stricter rule rounding can carry it past the root, and it then returns 0.
_TOLERANCE = {"DL": 1e-9, "PM": 1e-4}


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """One estimator, here and in statsmodels, with the reason for any difference."""

    tau2_method: str
    tau2: float
    tau2_statsmodels: float
    mu: float
    mu_statsmodels: float
    agrees: bool
    explanation: str


def cross_check(effects: Effects) -> tuple[CrossCheck, ...]:
    """DL and PM by statsmodels' `combine_effects` beside the kernel's, for two studies or more.

    statsmodels does not truncate the one-step DL tau2 at 0; where it is negative, the kernel's tau2 is 0 and the
    estimates differ by design. That is then the explanation given, and the truncation itself is what is checked.
    """
    if len(effects) < 2:
        return ()
    from statsmodels.stats.meta_analysis import combine_effects

    checks = []
    for method, theirs in (("DL", "dl"), ("PM", "pm")):
        own = fit(effects.y, effects.v, tau2="DL" if method == "DL" else "PM")
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", RuntimeWarning
            )  # the root of a variance that its negative tau2 makes
            other = combine_effects(effects.y, effects.v, method_re=theirs)
        tau2, mu, se = float(own.tau2), float(own.mu), float(own.var) ** 0.5
        negative = other.tau2 < 0
        same = (
            tau2 == 0.0
            if negative
            else abs(tau2 - other.tau2) <= _TOLERANCE[method] * max(tau2, se**2)
            and abs(mu - other.mean_effect_re) <= _TOLERANCE[method] * se
        )
        checks.append(
            CrossCheck(
                tau2_method=method,
                tau2=tau2,
                tau2_statsmodels=float(other.tau2),
                mu=mu,
                mu_statsmodels=float(other.mean_effect_re),
                agrees=bool(same),
                explanation=_explain(negative, same),
            )
        )
    return tuple(checks)


def _explain(negative: bool, same: bool) -> str:
    if not same:
        return "differs: to be looked into"
    if negative:
        return "statsmodels lets the one-step tau2 fall below 0; here it is 0, the common effect"
    return "agrees"
