"""Pool under priors: the posterior by quadrature, and its summaries under the names every pool has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from scipy.special import chdtrc

from bupmeta.effects import Effects
from bupmeta.errors import DataError, ModelError
from bupmeta.kernels import FloatArray, fit
from bupmeta.kernels.censored import censored_information
from bupmeta.kernels.posterior import Joint, log_marginal_common, posterior_grid
from bupmeta.kernels.posterior_lattice import Lattice, posterior_lattice
from bupmeta.pooling.all_evidence import Evidence, evidence
from bupmeta.pooling.heterogeneity import h2_of, i2_of
from bupmeta.pooling.models import Bayes
from bupmeta.pooling.posterior import Marginal, Posterior
from bupmeta.pooling.result import MetaResult

__all__ = ["known", "no_end", "pool_bayes", "posterior", "quadrature"]

WORDS = (
    "the estimate is the posterior median, the interval the shortest credible one, the SE the posterior SD"
)


def posterior(effects: Effects, model: Bayes) -> Posterior:
    """Return the posterior of `effects` under `model`; `pool` does, with everything else.

    Raises DataError where there is nothing to pool, and ModelError where the posterior is improper.

    >>> from bupmeta import priors
    >>> found = posterior(Effects.from_arrays([-0.4, -0.9], [0.04, 0.09]), Bayes(priors.HalfNormal(0.5)))
    >>> f"{found.tau.median:.4f} {found.theta_new.sd:.4f}"
    '0.3008 0.5690'
    """
    return _posterior(effects, model, known(effects, model))


def known(effects: Effects, model: Bayes) -> Evidence:
    """Return what enters under `model`; raises DataError where nothing does."""
    found = evidence(effects if model.evidence == "all" else replace(effects, silent=()))
    if not len(found):
        mute = f"; {len(effects.silent)} trials are known without one" if effects.silent else ""
        raise DataError(f"there is no effect to pool{mute}")
    return found


def quadrature(found: Evidence, model: Bayes) -> Joint | Lattice:
    """Return the joint posterior of mu and tau; raises ModelError where it is improper, endless or beyond doubles."""
    exact = bool((found.lower == found.upper).all())
    try:
        with _within_doubles(model):
            return _exact(found, model) if exact else _lattice(found, model)
    except ValueError:
        proper = model.tau.proper and (exact or model.mu.proper)
        raise ModelError(no_end(len(found), model.words, proper)) from None


def no_end(k: int, words: str, proper: bool) -> str:
    """Say why a quadrature found no end of a posterior: there is none, or the tails of proper priors are too long.

    >>> no_end(1, "log τ² ~ t0.1(0, 1²), μ ~ Flat()", proper=True)[:62]
    'the tails of log τ² ~ t0.1(0, 1²), μ ~ Flat() are too long to '
    """
    if proper:
        return (
            f"the tails of {words} are too long to be integrated over, and {k} trials do not cut them; "
            "take priors with shorter tails, such as HalfNormal(0.5)"
        )
    return (
        f"{k} trials do not tell enough under {words}: the posterior is improper; "
        "take proper priors, such as HalfNormal(0.5)"
    )


@contextmanager
def _within_doubles(model: Bayes) -> Iterator[None]:
    """Raise ModelError for arithmetic that gives no number, which would otherwise become a NaN further on."""
    try:
        with np.errstate(divide="raise", invalid="raise", over="raise"):
            yield
    except ArithmeticError:
        raise ModelError(
            f"the posterior under {model.words} cannot be computed with 16 digits for these trials; give effects in "
            "another unit, or a less extreme prior"
        ) from None


def _posterior(effects: Effects, model: Bayes, found: Evidence) -> Posterior:
    joint = quadrature(found, model)
    tau2 = joint.axis.tau2
    tau = _tau(joint)
    studies = []
    for y, v in zip(effects.y.tolist(), effects.v.tolist()):
        share = tau2 / (tau2 + v)
        studies.append(_marginal(joint, share * y, 1 - share, share * v))
    proper = model.tau.proper and model.mu.proper
    log_marginal = float(joint.log_marginal)

    def common() -> float:
        """Log of the marginal likelihood at tau = 0 over that of the model."""
        if isinstance(joint, Joint):
            return float(log_marginal_common(found.lower, found.v, model.mu.centre)) - log_marginal
        return joint.log_common() - log_marginal

    return Posterior(
        model,
        effects.labels,
        _marginal(joint),
        tau,
        _marginal(joint, 0.0, 1.0, tau2),
        tuple(studies),
        log_marginal if proper else None,
        common,
    )


def _exact(found: Evidence, model: Bayes) -> Joint:
    return posterior_grid(
        found.lower,
        found.v,
        lambda log_tau: model.tau.log_density(log_tau, found.v),
        model.mu.centre,
        upper=model.tau.upper,
    )


def _lattice(found: Evidence, model: Bayes) -> Lattice:
    return posterior_lattice(
        found.lower,
        found.upper,
        found.v,
        lambda log_tau: model.tau.log_density(log_tau, found.v),
        model.mu.log_density,
        largest=model.tau.upper,
    )


def _tau(joint: Joint | Lattice) -> Marginal:
    first, second = (
        float(joint.expect(power * joint.axis.log_tau) if isinstance(joint, Joint) else joint.expect(power))
        for power in (1, 2)
    )
    sd = float(np.sqrt(max(second - first * first, 0.0))) if np.isfinite(second) else np.inf
    return Marginal(first if np.isfinite(first) else np.nan, sd, joint.tau())


def _marginal(
    joint: Joint | Lattice,
    shift: FloatArray | float = 0.0,
    slope: FloatArray | float = 1.0,
    noise: FloatArray | float = 0.0,
) -> Marginal:
    mean, sd = joint.moments(shift, slope, noise)
    if isinstance(joint, Joint):
        return Marginal(float(mean), float(sd), joint.mixture(shift, slope, noise))
    plain = np.ndim(noise) == 0
    return Marginal(float(mean), float(sd), joint.mu() if plain else joint.spread(shift, slope, noise))


def pool_bayes(effects: Effects, model: Bayes) -> MetaResult:
    """Pool `effects` under `model`; `bupmeta.pool` calls it. Raises what `posterior` raises."""
    found = known(effects, model)
    with _within_doubles(model):
        return _summary(effects, model, found)


def _summary(effects: Effects, model: Bayes, found: Evidence) -> MetaResult:
    k, level = len(found), model.level
    after = _posterior(effects, model, found)
    mu, tau = after.mu.median, after.tau.median
    w = 1 / found.v
    tau_ci = after.tau.interval(level)
    tau2, one = tau * tau, k == 1
    s2 = np.nan if one else float((k - 1) / (w.sum() - (w**2).sum() / w.sum()))
    tau2_ci = None if one else (tau_ci[0] ** 2, tau_ci[1] ** 2)
    information = censored_information(found.lower, found.upper, found.v, mu=mu, tau2=tau2)
    cochran = fit(effects.y, effects.v, tau2="EE") if len(effects) > 1 else None
    q = None if cochran is None else float(cochran.q)
    return MetaResult(
        effects=effects,
        model=model,
        k=k,
        mu=mu,
        se=after.mu.sd,
        ci=after.mu.interval(level),
        p=np.nan,
        statistic=np.nan,
        df=None,
        weights=100 * (information / information.sum())[: len(effects)],
        status="one trial" if one else "ok",
        tau2=None if one else tau2,
        tau2_ci=tau2_ci,
        i2=None if one else i2_of(tau2, s2),
        i2_ci=None if tau2_ci is None else (i2_of(tau2_ci[0], s2), i2_of(tau2_ci[1], s2)),
        h2=None if one else h2_of(tau2, s2),
        h2_ci=None if tau2_ci is None else (h2_of(tau2_ci[0], s2), h2_of(tau2_ci[1], s2)),
        q=q,
        q_df=None if q is None else len(effects) - 1,
        q_p=None if q is None else float(chdtrc(len(effects) - 1, q)),
        prediction=None if k < 3 else after.theta_new.interval(level),
        posterior=after,
        notes=_notes(effects, found, model),
    )


def _notes(effects: Effects, found: Evidence, model: Bayes) -> tuple[str, ...]:
    notes = [WORDS]
    k, words, mute = len(found), len(found.silent), len(effects.silent) - len(found.silent)
    if words:
        exact = k - words
        enter = "1 trial enters as an estimate" if exact == 1 else f"{exact} trials enter as estimates"
        notes.append(f"{enter}, {words} by what {'its words admit' if words == 1 else 'their words admit'}")
    if mute and model.evidence == "all":
        notes.append(f"{mute} known without any result")
    if k == 1:
        notes.append("one trial: reported, not pooled; the prior alone says how much another could differ")
    elif k == 2:
        notes.append("no prediction interval: two trials do not tell how effects vary")
    elif k < 5:
        notes.append("the prediction interval rests on the prior of tau as much as on fewer than five trials")
    return tuple(notes)
