"""Events of one group: a share with its interval, from which no comparison follows."""

from __future__ import annotations

from dataclasses import dataclass

from bupmeta.effects.core import Silent
from bupmeta.effects.difference import Unusable
from bupmeta.effects.integers import events_that_fit
from bupmeta.effects.one_trial import silent_of
from bupmeta.kernels.risks import wilson
from bupmeta.trials import Result
from bupmeta.trials import forms as f

__all__ = ["OneGroup", "one_group"]


@dataclass(frozen=True, slots=True)
class OneGroup:
    """A report of one group: `events` of `n`, their share and its score interval, from 0 to 1; None where unknown."""

    trial: Silent
    events: int | None
    n: int | None
    risk: float | None = None
    ci: tuple[float, float] | None = None


def one_group(result: Result, level: float = 0.95) -> OneGroup | None:
    """Give what a report of one group holds; None for any other report form.

    People who withdrew are not among those who were measured under both treatments of a crossover, so the number of
    these is no denominator of withdrawals.

    >>> from bupmeta.trials import read_trials
    >>> found = one_group(read_trials("data/trials.csv")["semenchuk2001_resp_active"])
    >>> found.events, found.n, tuple(round(x, 3) for x in found.ci)
    (30, 41, (0.581, 0.843))
    """
    form = result.form
    if not isinstance(form, f.OneArmCounts):
        return None
    trial = silent_of([result], Unusable("one group only", "events of one group only: no comparison"))
    n = form.n_active or (None if result.outcome.startswith("withdrawal") else form.n_paired)
    events = form.events_active
    if events is None and n:
        fits = events_that_fit(form.percent_active or 0.0, n)
        events = fits[0] if len(fits) == 1 else None
    if events is None or not n:
        return OneGroup(trial, events, n)
    low, high = wilson(events, n, level)
    return OneGroup(trial, events, n, events / n, (float(low), float(high)))
