"""Partial pooling across conditions: trials within conditions, conditions with each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from bupmeta.effects import Effects
from bupmeta.errors import DataError, ModelError
from bupmeta.kernels.local_information import information
from bupmeta.kernels.partial_pooling import Levels, partial_pooling
from bupmeta.pooling.bayes import no_end, posterior
from bupmeta.pooling.partial_result import Condition, PartialPool, PartialPooling
from bupmeta.pooling.posterior import Marginal

__all__ = ["partial_pool"]


def partial_pool(conditions: Mapping[str, Effects], model: PartialPooling) -> PartialPool:
    """Pool trials within conditions and conditions with each other, each beside its separate analysis.

    A condition without any effect gets what the others say of it; trials known by their words only do not enter, and
    are named. Raises DataError where fewer than two conditions are given, none has an effect, or measures differ, and
    ModelError where the posterior is improper.

    >>> from bupmeta import priors
    >>> back = Effects.from_arrays([-0.6, -0.4], [0.04, 0.06], measure="SMD")
    >>> nerve = Effects.from_arrays([-1.1], [0.09], measure="SMD")
    >>> model = PartialPooling(priors.HalfNormal(0.5), priors.HalfNormal(0.5))
    >>> found = partial_pool({"back": back, "nerve": nerve, "muscle": Effects.none()}, model)
    >>> [f"{one.name} {one.borrowed.median:.2f}, own {one.own:.2f}" for one in found.conditions]
    ['back -0.59, own 0.85', 'nerve -0.85, own 0.60', 'muscle -0.71, own 0.00']
    """
    told = _told(conditions)
    v = np.concatenate([effects.v for effects in told.values()])
    try:
        levels = partial_pooling(
            [(effects.y, effects.v) for effects in told.values()],
            lambda log_tau: model.tau.log_density(log_tau, v),
            lambda log_omega: model.omega.log_density(log_omega, v),
            model.mu.centre,
            upper=(model.tau.upper, model.omega.upper),
        )
    except ValueError:
        proper = model.tau.proper and model.omega.proper
        raise ModelError(no_end(len(v), model.words, proper)) from None
    unit = _unit(told)
    order = {name: i for i, name in enumerate(told)}
    found = tuple(
        _condition(name, effects, levels, order.get(name), model, unit)
        for name, effects in conditions.items()
    )
    mean, (tau, omega) = levels.mean(), levels.curves()
    moments = levels.scale_moments()
    proper = model.tau.proper and model.omega.proper and model.mu.proper
    return PartialPool(
        model,
        found,
        Marginal(*levels.moments(mean), mean),
        Marginal(*moments[0], tau),
        Marginal(*moments[1], omega),
        levels.log_marginal if proper else None,
    )


def _told(conditions: Mapping[str, Effects]) -> dict[str, Effects]:
    """Return the conditions that have an effect, checked."""
    if len(conditions) < 2:
        raise DataError("partial pooling needs two conditions or more; pool one by bm.pool() with bm.Bayes()")
    told = {name: effects for name, effects in conditions.items() if len(effects)}
    if not told:
        raise DataError("no condition has an effect, so that none can say anything about another")
    kinds = {(effects.measure, effects.unit) for effects in told.values()}
    if len(kinds) > 1:
        words = " and ".join(sorted(" ".join(filter(None, kind)) for kind in kinds))
        raise DataError(f"the conditions are in {words}; give all effects in one measure and unit")
    return told


def _unit(told: Mapping[str, Effects]) -> float:
    """Return the variance of one person, sum n/sum 1/v (Röver et al. 2021), NaN where no size is known."""
    pairs = [
        (origin.n, v)
        for effects in told.values()
        for origin, v in zip(effects.origin, effects.v.tolist())
        if origin.n
    ]
    return sum(n for n, _ in pairs) / sum(1 / v for _, v in pairs) if pairs else float("nan")


def _condition(
    name: str, effects: Effects, levels: Levels, c: int | None, model: PartialPooling, unit: float
) -> Condition:
    alone = None if c is None else posterior(replace(effects, silent=()), model.alone).mu
    law = levels.condition(c)
    with_others = Marginal(*levels.moments(law), law)
    noisy = levels.condition(c, noise=True)
    shares = levels.shares(c)[:-1].tolist()
    knows = (0.0 if alone is None else information(alone.law), information(law))
    return Condition(
        name,
        effects,
        alone,
        with_others,
        Marginal(*levels.moments(noisy), noisy),
        tuple(shares),
        0.0 if c is None else shares[c],
        knows[1] / knows[0] if knows[0] else float("inf"),
        (unit * knows[0], unit * knows[1]),
    )
