"""The one verb: pool effects under a model."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from scipy.special import chdtrc

from bupmeta.effects import Effects
from bupmeta.effects.core import check_numbers
from bupmeta.effects.rates import Rates
from bupmeta.effects.tables import Tables
from bupmeta.errors import DataError, ModelError
from bupmeta.kernels import Fit, FloatArray, Status, fit
from bupmeta.kernels.likelihood import log_likelihood, optima, score
from bupmeta.kernels.precision import se_tau2
from bupmeta.pooling.all_evidence import pool_all_evidence
from bupmeta.pooling.bayes import pool_bayes
from bupmeta.pooling.ci import CI, wald
from bupmeta.pooling.fitted import Fitted, Interval
from bupmeta.pooling.heterogeneity import TAU2_CI, h2_of, i2_of
from bupmeta.pooling.models import AllEvidence, Bayes, Model, RandomEffects
from bupmeta.pooling.pool_tables import pool_tables
from bupmeta.pooling.prediction import DRAWN, PREDICTION
from bupmeta.pooling.result import MetaResult
from bupmeta.pooling.table_models import TableModel

__all__ = ["pool"]

Pair = tuple[float, float]
DEFAULT = RandomEffects()
EMPTY = "the interval of tau² is empty: Q is smaller than expected"


def pool(effects: Effects | Tables | Rates, model: Model | TableModel = DEFAULT) -> MetaResult:
    """Pool `effects` under `model`, or `Tables` of counts under a model of counts; one study is reported as it is.

    Raises DataError when `effects` is not an `Effects` or holds what is no number, and ModelError where a
    method is refused for these data (Kenward-Roger below 2 df, permutation with too few studies).

    >>> effects = Effects.from_arrays([-0.9, -1.6, -0.2], [0.33, 0.19, 0.05])
    >>> result = pool(effects, RandomEffects(tau2="DL", ci="Wald"))
    >>> f"{result.mu:.4f} ({result.ci[0]:.4f}, {result.ci[1]:.4f}), tau2 {result.tau2:.4f}"
    '-0.8437 (-1.7810, 0.0936), tau2 0.5149'
    """
    if isinstance(model, TableModel):
        return pool_tables(effects, model)
    if isinstance(effects, Tables | Rates):
        raise DataError(
            f"{type(model).__name__} pools estimates, not counts; give it their effects(), or pool the counts "
            "with MantelHaenszel(), BinomialNormal() or another model of counts"
        )
    if not isinstance(effects, Effects):
        raise DataError(
            f"pool() takes effects, not {type(effects).__name__}; make them with Effects.from_arrays(y, v)"
        )
    check_numbers(effects.labels, effects.y, effects.v)  # effects can be built by hand
    if isinstance(model, AllEvidence):
        return pool_all_evidence(effects, model)
    if isinstance(model, Bayes):
        return pool_bayes(effects, model)
    if not isinstance(model, RandomEffects):
        raise ModelError(f"pool() takes a model such as RandomEffects(), not {type(model).__name__}")
    if not len(effects):
        known = f"; {len(effects.silent)} trials are known without one" if effects.silent else ""
        raise DataError(f"there is no effect to pool{known}")
    y, v = effects.y, effects.v
    found = fit(y, v, tau2=model.tau2)
    fitted = Fitted(y, v, np.ones_like(y), found, model)
    if len(effects) == 1:
        return _alone(effects, model, wald(fitted))
    ci = CI[model.ci](fitted)
    if ci.refused:
        raise ModelError(ci.refused)
    prediction, notes = _prediction(fitted)
    tau2_ci = None if model.common_effect else TAU2_CI[model.tau2_ci](fitted)
    if tau2_ci is None and not model.common_effect:
        notes = (*notes, EMPTY)
    likelihood = _likelihood(fitted, len(effects))
    notes = (*notes, *_maxima(model, likelihood["optima"]))
    if model.ci == "HK" and np.ptp(y) == 0:
        notes = (*notes, "all estimates are equal, so the HK interval has no width; use ci='HK-adhoc'")
    k, tau2, q, s2 = len(effects), float(found.tau2), float(found.q), float(found.typical_v)
    i2_q = 100 * max(0.0, 1 - (k - 1) / q) if q > 0 else 0.0
    with np.errstate(all="ignore"):  # one study that outweighs the rest 1e9 times leaves no digit of it
        se_of_tau2 = se_tau2(y, v, method=model.tau2, tau2=found.tau2)
    weights = 1 / (v + (0.0 if model.ci == "Henmi-Copas" else tau2))  # those of the estimate that is shown
    return MetaResult(
        effects=effects,
        model=model,
        k=k,
        **_interval(ci),
        tau2=tau2,
        se_tau2=_number(se_of_tau2),
        tau2_ci=tau2_ci,
        i2=i2_q if model.common_effect else i2_of(tau2, s2),
        i2_ci=_through(tau2_ci, s2, i2_of),
        i2_q=i2_q,
        h2=q / (k - 1) if model.common_effect else h2_of(tau2, s2),
        h2_ci=_through(tau2_ci, s2, h2_of),
        q=q,
        q_df=k - 1,
        q_p=float(chdtrc(k - 1, q)),
        weights=weights * (100 / weights.sum()),
        prediction=prediction,
        **likelihood,
        status=_status(found, model),
        notes=(*ci.notes, *notes),
    )


def _number(x: FloatArray) -> float | None:
    return float(x) if np.isfinite(x) else None


def _interval(ci: Interval) -> dict[str, Any]:
    return {
        "mu": float(ci.mu),
        "se": float(ci.se),
        "ci": (float(ci.low), float(ci.high)),
        "p": float(ci.p),
        "statistic": float(ci.statistic),
        "df": _number(ci.df),
    }


def _through(pair: Pair | None, s2: float, transform: Any) -> Pair | None:
    return None if pair is None else (transform(pair[0], s2), transform(pair[1], s2))


def _prediction(f: Fitted) -> tuple[Pair | None, tuple[str, ...]]:
    method, k = PREDICTION[f.model.prediction], int(f.fit.k)
    if method is None or f.model.common_effect:
        return None, ()
    if k == 2:
        return None, ("no prediction interval: two trials do not tell how effects vary",)
    low, high = method(f)
    notes = ("the prediction interval is unreliable: fewer than five trials",) if k < 5 else ()
    if f.model.prediction == "bootstrap":
        notes = (*notes, DRAWN)
    return (float(low), float(high)), notes


def _likelihood(f: Fitted, k: int) -> dict[str, Any]:
    """Log-likelihood at the estimate with its criteria, and the certificate: score and local maxima."""
    name, tau2 = f.model.tau2, f.fit.tau2
    restricted = name == "REML"
    ll = float(log_likelihood(f.y, f.v, tau2=tau2, restricted=restricted))
    parameters, n = 1 + (not f.model.common_effect), k - restricted
    room = max(n, parameters + 2)
    kind: Literal["REML", "ML"] | None = "REML" if restricted else "ML" if name == "ML" else None
    several = int(f.fit.status) == Status.SEVERAL_OPTIMA
    scale = float(tau2) + float(f.fit.typical_v)
    return {
        "log_likelihood": ll,
        "aic": 2 * parameters - 2 * ll,
        "aicc": 2 * parameters * room / (room - parameters - 1) - 2 * ll,
        "bic": parameters * float(np.log(n)) - 2 * ll,
        "gradient": scale * float(score(f.y, f.v, tau2=tau2, restricted=restricted)) if kind else None,
        "optima": tuple(o.tau2 for o in optima(f.y, f.v, kind=kind))
        if kind and several
        else (float(tau2),) * (kind is not None),
    }


def _maxima(model: RandomEffects, optima: tuple[float, ...]) -> tuple[str, ...]:
    """Say where several maxima lie, and what becomes of a profile of tau2 that has them."""
    if len(optima) < 2:
        return ()
    kind = "restricted likelihood" if model.tau2 == "REML" else "likelihood"
    *first, last = (f"{tau2:.4g}" for tau2 in optima)
    said = f"the {kind} has maxima at τ² = {', '.join(first)} and {last}; the highest is taken"
    if model.tau2_ci != "PL":
        return (said,)
    return said, "the profile-likelihood interval of τ² spans what may be several separate ones"


def _status(found: Fit, model: RandomEffects) -> str:
    if int(found.status) == Status.SEVERAL_OPTIMA:
        return "several optima"
    return "ok" if model.common_effect or float(found.tau2) > 0 else "tau2 at its boundary"


def _alone(effects: Effects, model: RandomEffects, ci: Interval) -> MetaResult:
    return MetaResult(
        effects=effects,
        model=model,
        k=1,
        **_interval(ci),
        weights=np.array([100.0]),
        status="one trial",
        notes=("one trial: reported, not pooled",),
    )
