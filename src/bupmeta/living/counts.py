"""The same attribution for pools of counts, whose models take tables and no weights: one pool per trial."""

from __future__ import annotations

from bupmeta.analysis.outcomes import MODELS
from bupmeta.effects import Tables
from bupmeta.errors import BupmetaError
from bupmeta.living.attribution import Attribution, Pair, Share, minus
from bupmeta.living.pools import Counts, Entry, PoolState
from bupmeta.pooling import RandomEffects

__all__ = ["attribute_counts"]


def attribute_counts(name: str, old: PoolState, new: PoolState, model: RandomEffects) -> Attribution:
    """Undo the change of the counts of each trial of the pool `name` alone, by the model of the new pool."""
    labels = [
        label for label in {**old.counts, **new.counts} if old.counts.get(label) != new.counts.get(label)
    ]
    shares = []
    for label in labels:
        one, two = old.counts.get(label), new.counts.get(label)
        undone = {key: value for key, value in new.counts.items() if key != label}
        mu, ci = _pooled(undone if one is None else {**undone, label: one}, new, model)
        before, after = (None if counts is None else _entry(label, counts) for counts in (one, two))
        shares.append(Share(label, label, before, after, None, mu, ci, minus(new.mu, mu), None, None))
    shares.sort(key=lambda share: -abs(share.shift or 0.0))
    return Attribution(name, tuple(shares), minus(new.mu, old.mu), None)


def _entry(label: str, counts: Counts) -> Entry:
    active, n_active, control, n_control = counts
    return Entry(label, label, (), kind=f"{active} of {n_active} against {control} of {n_control}")


def _pooled(
    counts: dict[str, Counts], state: PoolState, model: RandomEffects
) -> tuple[float | None, Pair | None]:
    if not counts:
        return None, None
    active, n_active, control, n_control = zip(*counts.values())
    tables = Tables.from_counts(active, n_active, control, n_control, list(counts))
    try:
        found = MODELS[state.model](tables, state.measure, model)  # type: ignore[index, arg-type]  # names as stored
    except BupmetaError:  # no trial has an event, say
        return None, None
    return found.mu, found.ci
