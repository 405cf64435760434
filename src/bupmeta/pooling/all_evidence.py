"""Pool every trial that says something: estimates as they are, words as the interval they leave for the estimate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtr, stdtrit

from bupmeta.effects import Effects, Silent
from bupmeta.errors import DataError
from bupmeta.kernels import FloatArray, Status
from bupmeta.kernels.censored import CensoredFit, censored_fit, censored_information, censored_optima
from bupmeta.kernels.censored_profile import CensoredLimits, censored_limits, censored_statistic
from bupmeta.pooling.heterogeneity import h2_of, i2_of
from bupmeta.pooling.models import AllEvidence
from bupmeta.pooling.result import MetaResult

__all__ = ["Evidence", "evidence", "pool_all_evidence"]

Pair = tuple[float, float]
STATUS = {
    Status.OK: "ok",
    Status.BOUNDARY: "tau2 at its boundary",
    Status.SEVERAL_OPTIMA: "several optima",
    Status.UNBOUNDED: "no estimate",
}
ENDLESS = (
    "no estimate: every trial is one-sided and the likelihood rises without end; only the interval is known"
)


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What every trial contributes, estimates first, then the silent trials that say something; (k,) arrays.

    `lower` = `upper` is an estimate; `v` its variance; `silent` are the trials of the last rows.
    """

    lower: FloatArray
    upper: FloatArray
    v: FloatArray
    silent: tuple[Silent, ...]

    def __len__(self) -> int:
        return len(self.v)

    def fit(self, m: FloatArray | None = None) -> CensoredFit:
        """Fit every data set of `m`; one contribution has nothing to vary from, so tau2 is 0 there."""
        return censored_fit(self.lower, self.upper, self.v, m, common=len(self) == 1)

    def limits(self, level: float, m: FloatArray | None = None) -> CensoredLimits:
        """Return the profile-likelihood intervals of every data set of `m`; for one contribution with tau2 = 0."""
        data = self.lower, self.upper, self.v, np.ones(len(self)) if m is None else m
        alone = data[3].sum(-1) == 1
        if alone.all() or not alone.any():
            return censored_limits(*data, level=level, common=bool(alone.all()))
        random, common = (censored_limits(*data, level=level, common=held) for held in (False, True))
        return CensoredLimits(*(np.where(alone, a, b) for a, b in zip(common, random)))


def evidence(effects: Effects) -> Evidence:
    """Collect what the trials of `effects` contribute; raises DataError, naming the trial, for an impossible interval.

    >>> from bupmeta.effects import Admissible
    >>> words = Silent("Cal 2009", "not significant", admissible=Admissible(-0.6, 0.6, 0.3))
    >>> all_of_it = evidence(Effects.from_arrays([-0.9], [0.3], silent=[words]))
    >>> len(all_of_it), all_of_it.upper.tolist()
    (2, [-0.9, 0.6])
    """
    telling = []
    for trial in effects.silent:
        said = trial.admissible
        if said is None or (said.lower == -np.inf and said.upper == np.inf):
            continue
        if not (said.lower <= said.upper and 0 < said.se < np.inf):
            raise DataError(
                f"the words of {trial.label!r} leave no estimate between {said.lower:g} and {said.upper:g} "
                f"with standard error {said.se:g}"
            )
        telling.append((said.lower, said.upper, said.se**2, trial))
    rows = np.array([row[:3] for row in telling]).reshape(-1, 3)
    exact = np.column_stack([effects.y, effects.y, effects.v])
    lower, upper, v = np.concatenate([exact, rows]).T
    return Evidence(lower, upper, v, tuple(row[3] for row in telling))


def pool_all_evidence(effects: Effects, model: AllEvidence) -> MetaResult:
    """Pool effects and silent trials under `model`; `bupmeta.pool` calls it.

    Raises DataError where no trial says anything about the effect.
    """
    found = evidence(effects)
    k = len(found)
    if not k:
        raise DataError(
            "no trial says anything about the effect: there is neither an estimate nor an interval"
        )
    fit, limits = found.fit(), found.limits(model.level)
    lower, upper, v = found.lower, found.upper, found.v
    status = Status(int(fit.status))
    mu, tau2, one = float(fit.mu), float(fit.tau2), k == 1
    ci = float(limits.mu_low), float(limits.mu_high)
    tau2_ci = None if one else (float(limits.tau2_low), float(limits.tau2_high))
    w = 1 / v
    s2 = np.nan if one else float((k - 1) / (w.sum() - (w**2).sum() / w.sum()))
    statistic = float(censored_statistic(lower, upper, v, common=one))
    weights = censored_information(lower, upper, v, mu=mu, tau2=tau2)
    there = status != Status.UNBOUNDED
    spread = there and not one
    prediction = _prediction(mu, float(np.sqrt(tau2 + fit.var)), k, model.level) if spread else None
    return MetaResult(
        effects=effects,
        model=model,
        k=k,
        mu=mu,
        se=float(np.sqrt(fit.var)),
        ci=ci,
        p=float(2 * ndtr(-abs(statistic))),
        statistic=statistic,
        df=None,
        weights=100 * (weights / weights.sum())[: len(effects)],
        status="one trial" if one and there else STATUS[status],
        tau2=tau2 if spread else None,
        tau2_ci=tau2_ci,
        i2=i2_of(tau2, s2) if spread else None,
        i2_ci=None if tau2_ci is None else (_i2(tau2_ci[0], s2), _i2(tau2_ci[1], s2)),
        h2=h2_of(tau2, s2) if spread else None,
        h2_ci=None if tau2_ci is None else (h2_of(tau2_ci[0], s2), h2_of(tau2_ci[1], s2)),
        prediction=prediction,
        **_likelihood(fit, k, s2 if spread else 0.0),
        optima=tuple(top.tau2 for top in censored_optima(lower, upper, v)) if spread else (),
        notes=_notes(effects, found, fit, ci, prediction),
    )


def _i2(tau2: float, s2: float) -> float:
    return 100.0 if np.isinf(tau2) else i2_of(tau2, s2)


def _prediction(mu: float, spread: float, k: int, level: float) -> Pair | None:
    """Return mu -+ t sqrt(tau2 + se^2) with k - 1 df, as for `RandomEffects`; none for two trials."""
    half = -float(stdtrit(k - 1, (1 - level) / 2)) * spread
    return (mu - half, mu + half) if k > 2 else None


def _likelihood(fit: CensoredFit, k: int, s2: float) -> dict[str, Any]:
    """Return log-likelihood, criteria and the certificate; `s2` is 0 where no heterogeneity was estimated."""
    ll, parameters = float(fit.log_likelihood), 1 + (s2 > 0)
    room = max(k, parameters + 2)
    return {
        "log_likelihood": ll,
        "aic": 2 * parameters - 2 * ll,
        "aicc": 2 * parameters * room / (room - parameters - 1) - 2 * ll,
        "bic": parameters * float(np.log(k)) - 2 * ll,
        "gradient": (float(fit.tau2) + s2) * float(fit.score) if s2 else None,
    }


def _notes(
    effects: Effects, found: Evidence, fit: CensoredFit, ci: Pair, prediction: Pair | None
) -> tuple[str, ...]:
    mute = len(effects.silent) - len(found.silent)
    counts = f"{fit.k_exact:.0f} exact, {fit.k_interval:.0f} interval, {fit.k_one_sided:.0f} one-sided"
    notes = [f"contributions: {counts}" + (f"; {mute} known without any result" if mute else "")]
    if fit.status == Status.UNBOUNDED:
        notes.append(ENDLESS)
    elif not np.isfinite(ci).all():
        notes.append("the interval of the effect has an end at infinity: too little bounds it there")
    if not fit.k_exact:
        notes.append("no trial printed an estimate: the result rests on words alone")
    if len(found) == 1:
        notes.append("one trial: reported, not pooled")
    elif len(found) == 2:
        notes.append("no prediction interval: two trials do not tell how effects vary")
    elif len(found) < 5 and prediction:
        notes.append("the prediction interval is unreliable: fewer than five trials")
    return tuple(notes)
