"""The intervals that a next trial could move: of the pool as it was asked for, Wald's, and a posterior."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from bupmeta.effects import Effects
from bupmeta.errors import DataError, ModelError
from bupmeta.kernels import FloatArray, fit
from bupmeta.kernels.one_more import shortest_after
from bupmeta.kernels.posterior import Joint
from bupmeta.kernels.posterior_lattice import Lattice
from bupmeta.kernels.shortest import shortest
from bupmeta.pooling import MetaResult, pool
from bupmeta.pooling.bayes import known, quadrature
from bupmeta.pooling.ci import SLOW, intervals
from bupmeta.pooling.models import AllEvidence, Bayes, RandomEffects
from bupmeta.pooling.prior_scale import prior_scale
from bupmeta.pooling.tau_priors import HalfNormal

__all__ = ["Ends", "Method", "Now", "method_words", "now"]

_SAID = {
    "Wald": "Wald",
    "t": "t",
    "HK": "Hartung-Knapp",
    "HK-adhoc": "Hartung-Knapp, floored",
    "KR": "Kenward-Roger",
}

#: Low and high ends once a trial has found y with variance v, (B,) each.
Ends: TypeAlias = Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]


@dataclass(frozen=True, slots=True, eq=False)
class Method:
    """One way to make an interval: its name, the interval now, and the intervals after one more trial."""

    name: str
    now: tuple[float, float]
    after: Ends


@dataclass(frozen=True, slots=True, eq=False)
class Now:
    """What is known before a next trial: its `effects`, the posterior under `model`, every method, and the words."""

    effects: Effects
    model: Bayes
    posterior: Joint | Lattice
    methods: tuple[Method, ...]
    words: str
    k: int


def now(result: MetaResult, scale: float | None = None) -> Now:
    """Collect what a next trial is predicted from and what it could move.

    What a trial will find is predicted by the posterior under the priors of `result`, or else under tau ~
    half-normal(0.5) on the scale of an SMD (`scale` units of the effects). Under RandomEffects the methods are its own
    interval, Wald's and the posterior; where words count as evidence, the posterior alone. Raises ModelError for models
    of counts, intervals that are solved for one by one, and effects whose scale is not known.
    """
    model, effects = result.model, result.effects
    if isinstance(model, RandomEffects | AllEvidence):
        unit, words = prior_scale(effects, scale)
        if unit is None:
            raise ModelError("say by `scale` how many units of the effects an SMD of 1 is")
        all_of_it = isinstance(model, AllEvidence)
        prior = HalfNormal(0.5).scaled(unit)
        bayes = Bayes(prior, level=model.level, evidence="all" if all_of_it else "extractable")
    elif isinstance(model, Bayes):
        bayes, words = model, ""
    else:
        raise ModelError(
            "a next trial is planned for estimates; pool the effects of the counts by RandomEffects()"
        )
    found = known(effects, bayes)
    posterior = quadrature(found, bayes)
    words_too = ", all evidence" if bayes.evidence == "all" else ""
    law = posterior.mixture() if isinstance(posterior, Joint) else posterior.mu()
    mine = Method(f"Bayes{words_too}", shortest(law, bayes.level), _posterior(posterior, bayes.level))
    methods = (*_classical(effects, model), mine) if isinstance(model, RandomEffects) else (mine,)
    return Now(effects, bayes, posterior, methods, words, len(found))


def method_words(name: str) -> str:
    """Say the name of a method without its abbreviations and without the estimator of tau2.

    >>> method_words("REML, HK-adhoc"), method_words("Bayes, all evidence")
    ('Hartung-Knapp, floored', 'Bayes, all evidence')
    """
    *_, last = name.split(", ")
    return name if name.startswith("Common effect") else _SAID.get(last, name)


def _posterior(joint: Joint | Lattice, level: float) -> Ends:
    return lambda y, v: shortest_after(joint, y, v, level)


def _classical(effects: Effects, model: RandomEffects) -> tuple[Method, ...]:
    if model.ci in SLOW:
        raise ModelError(f"the {model.ci} interval is solved for one by one; pool with ci='HK-adhoc'")
    wald = replace(model, ci="Wald")
    return tuple(_method(effects, one) for one in dict.fromkeys((model, wald)))


def _method(effects: Effects, model: RandomEffects) -> Method:
    if not len(effects):
        raise DataError("there is no effect to add a trial to")

    def after(y: FloatArray, v: FloatArray) -> tuple[FloatArray, FloatArray]:
        ys, vs = (
            np.concatenate([np.broadcast_to(old, (y.size, old.size)), new[:, None]], axis=1)
            for old, new in ((effects.y, y), (effects.v, v))
        )
        found = intervals(fit(ys, vs, tau2=model.tau2), ys, vs, None, model)
        return found.low, found.high

    name = f"Common effect, {model.ci}" if model.common_effect else f"{model.tau2}, {model.ci}"
    return Method(name, pool(effects, model).ci, after)
