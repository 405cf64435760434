"""Pool 2x2 tables by maximum likelihood: binomial-normal and beta-binomial models."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import chdtrc, chdtri, ndtr, ndtri, stdtrit

from bupmeta.effects import Effects
from bupmeta.effects.tables import Tables
from bupmeta.errors import ModelError
from bupmeta.kernels.beta_binomial import beta_binomial
from bupmeta.kernels.glmm import GLMM, Contributions
from bupmeta.kernels.table_fit import TableFit, fit_tables
from bupmeta.kernels.table_likelihoods import saturated
from bupmeta.kernels.tables import Cells
from bupmeta.kernels.weighted import FloatArray
from bupmeta.pooling.result import MetaResult
from bupmeta.pooling.table_models import BetaBinomial, BinomialNormal, PoissonNormal

__all__ = [
    "contributions_of",
    "counted",
    "interval_of",
    "pool_likelihood",
    "prediction_of",
    "spread_limits",
    "start_of",
    "status_of",
]

ENDLESS = 30.0  # a tau, on the log scale, that no data can tell from infinity


def counted(tables: Tables, model: BinomialNormal | BetaBinomial) -> list[int]:
    """Return which trials count: all where study levels are random, else those that hold an odds ratio."""
    everything = isinstance(model, BetaBinomial) or model.model == "UM.RS"
    return [i for i, why in enumerate(tables.uninformative("OR")) if everything or not why]


def contributions_of(t: Cells, model: BinomialNormal | BetaBinomial) -> Contributions:
    """Return the log-likelihood per table under the model."""
    return beta_binomial(t) if isinstance(model, BetaBinomial) else GLMM[model.model](t, model.points)


def start_of(t: Cells, model: BinomialNormal | BetaBinomial) -> FloatArray:
    """Return where climbs start: the odds ratio and the level of all events together."""
    cells = [float(x.sum()) + 0.5 for x in (t.a, t.b, t.c, t.d)]
    mu, level = (
        np.log(cells[0] * cells[3] / (cells[1] * cells[2])),
        np.log((cells[0] + cells[2]) / (cells[1] + cells[3])),
    )
    if isinstance(model, BetaBinomial):
        return np.array([mu, 0.0, level])
    return np.array([mu, 0.0, level, 0.7]) if model.model == "UM.RS" else np.array([mu, 0.0])


def pool_likelihood(
    tables: Tables, effects: Effects, model: BinomialNormal | BetaBinomial, notes: tuple[str, ...]
) -> MetaResult:
    """Fit the model, and profile mu and tau2."""
    at = counted(tables, model)
    t, k = tables.cells.take(at), len(at)
    found = fit_tables(contributions_of(t, model), start_of(t, model))
    if k == 1:
        return _alone(effects, model, found, notes)
    tau2, status = float(found.x[1] ** 2), status_of(found, model.title)
    normal = isinstance(model, BinomialNormal)
    if not normal:
        rho = tau2 / (1 + tau2)
        notes = (
            *notes,
            f"people of one group correlate by {rho:.3g}; trials are not compared within themselves",
        )
    shown = tau2 if normal else 0.0
    weights = 1 / (effects.v + shown)
    prediction, said = prediction_of(found, model, k) if normal else (None, ())
    return MetaResult(
        effects=effects,
        model=model,
        k=k,
        **interval_of(found, model),
        weights=weights * (100 / weights.sum()),
        status=status,
        tau2=tau2 if normal else None,
        se_tau2=found.se_spread2 if normal else None,
        tau2_ci=spread_limits(found, model.level) if normal else None,
        **(_heterogeneity(t, found, model) if isinstance(model, BinomialNormal) else {}),
        prediction=prediction,
        **_criteria(found, k, model),
        gradient=found.slope * (tau2 + 1 / float((1 / effects.v).mean())) if normal else None,
        optima=found.optima if normal else (),
        notes=(*notes, *said, "weights are those of inverse variance at this tau²; the model has none"),
    )


def status_of(found: TableFit, title: str) -> str:
    """Say how the search ended; ModelError where the likelihood of tau2 rises without end."""
    if found.x[1] > ENDLESS:
        raise ModelError(
            f"the {title} likelihood of tau² rises without end: trials with empty cells point in opposite directions; "
            "use PenalisedLikelihood() or MantelHaenszel()"
        )
    if not found.converged:
        return "not converged"
    if len(found.optima) > 1:
        return "several optima"
    return "ok" if found.x[1] > 0 else "tau2 at its boundary"


def interval_of(found: TableFit, model: BinomialNormal | BetaBinomial | PoissonNormal) -> dict[str, Any]:
    """Return mu with its interval and test: likelihood-ratio, or Wald."""
    mu, se = float(found.x[0]), found.se
    z = -float(ndtri((1 - model.level) / 2))
    if model.ci == "Wald":
        ci, statistic = (mu - z * se, mu + z * se), mu / se
    else:
        ci = (found.limit(0, z * z / 2, mu - z * se), found.limit(0, z * z / 2, mu + z * se))
        statistic = float(np.sign(mu) * np.sqrt(found.deviance_without_effect()))
    return {
        "mu": mu,
        "se": se,
        "ci": ci,
        "statistic": statistic,
        "p": float(2 * ndtr(-abs(statistic))),
        "df": None,
    }


def spread_limits(found: TableFit, level: float) -> tuple[float, float]:
    """Profile the spread and square it: the limits of tau2 (Hardy & Thompson 1996), from 0 to infinity."""
    drop, tau = float(chdtri(1, 1 - level)) / 2, float(found.x[1])
    low = found.limit(1, drop, tau / 2, floor=0.0) if tau > 0 else 0.0
    return low**2, found.limit(1, drop, tau + max(0.2, tau / 2)) ** 2


def prediction_of(found: TableFit, model: BinomialNormal | BetaBinomial | PoissonNormal, k: int) -> Any:
    """Return t with k - 1 df around mu, as `prediction="t"` of `RandomEffects`, and notes; None for two trials."""
    if k == 2:
        return None, ("no prediction interval: two trials do not tell how effects vary",)
    half = -float(stdtrit(k - 1, (1 - model.level) / 2)) * float(np.sqrt(found.x[1] ** 2 + found.se**2))
    notes = ("the prediction interval is unreliable: fewer than five trials",) if k < 5 else ()
    return (float(found.x[0]) - half, float(found.x[0]) + half), notes


def _heterogeneity(t: Cells, found: TableFit, model: BinomialNormal) -> dict[str, Any]:
    """Q is the likelihood ratio of as many odds ratios as trials against one; not defined for random levels."""
    if model.model == "UM.RS":
        return {}
    q, df = max(2 * (saturated(t, model.model) - found.common_height), 0.0), len(t.a) - 1
    return {"q": q, "q_df": df, "q_p": float(chdtrc(df, q))}


def _criteria(found: TableFit, k: int, model: BinomialNormal | BetaBinomial) -> dict[str, Any]:
    levels = isinstance(model, BinomialNormal) and model.model == "UM.FS"
    conditional = isinstance(model, BinomialNormal) and model.model.startswith("CM")
    parameters, n = found.x.size + k * levels, k if conditional else 2 * k
    room = max(n, parameters + 2)
    return {
        "log_likelihood": found.height,
        "aic": 2 * parameters - 2 * found.height,
        "aicc": 2 * parameters * room / (room - parameters - 1) - 2 * found.height,
        "bic": parameters * float(np.log(n)) - 2 * found.height,
    }


def _alone(
    effects: Effects, model: BinomialNormal | BetaBinomial, found: TableFit, notes: tuple[str, ...]
) -> MetaResult:
    mu, se = found.common_mu, found.common_se
    half = -float(ndtri((1 - model.level) / 2)) * se
    return MetaResult(
        effects=effects,
        model=model,
        k=1,
        mu=mu,
        se=se,
        ci=(mu - half, mu + half),
        statistic=mu / se,
        p=float(2 * ndtr(-abs(mu / se))),
        df=None,
        weights=np.array([100.0]),
        status="one trial",
        notes=("one trial: reported, not pooled", *notes),
    )
