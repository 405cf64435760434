"""Subsets of a pool under each usual model, so that a reader can switch trials off and see what the kernel gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from bupmeta import designs
from bupmeta.designs import Design
from bupmeta.effects import Effects
from bupmeta.errors import ModelError
from bupmeta.pooling import RandomEffects, pool
from bupmeta.robustness.refit import Refits, refit

__all__ = ["EVERY", "MOST", "Explored", "explore"]

EVERY = 12  # trials up to which every subset is computed
MOST = 2  # trials that can be left out of a larger pool


@dataclass(frozen=True, slots=True, eq=False)
class Explored:
    """A pool of K trials fitted again without some of them, by each of several models; the specified one is first.

    All models have the same data sets. `most` is None when they are all subsets, in the binary order of
    `designs.subsets()`; else they lack no trial, then one, then two (`most`), each in lexicographic order.
    """

    fits: Mapping[str, Refits]
    most: int | None

    @property
    def effects(self) -> Effects:
        """The trials."""
        return next(iter(self.fits.values())).result.effects

    def row(self, off: frozenset[int]) -> int | None:
        """Give the position of the data set without the trials `off`; None when it was not computed.

        >>> found = explore(Effects.from_arrays([1, 2, 4], [1, 1, 1]), {"as specified": RandomEffects()})
        >>> found.row(frozenset({2})), float(found.fits["as specified"].mu[2])
        (2, 1.5)
        """
        k = len(self.effects)
        if self.most is None:
            return sum(1 << i for i in range(k) if i not in off) - 1 if len(off) < k else None
        if len(off) > self.most:
            return None
        before = sum(1 for size in range(len(off)) for _ in combinations(range(k), size))
        return before + list(combinations(range(k), len(off))).index(tuple(sorted(off)))


def explore(effects: Effects, models: Mapping[str, RandomEffects]) -> Explored | None:
    """Fit each model to every subset of up to 12 trials, or to those that lack at most two; None below two trials.

    A model that is refused for all trials together is left out.

    >>> found = explore(Effects.from_arrays([1, 2, 4], [1, 1, 1]), {"common": RandomEffects(tau2="EE", ci="Wald")})
    >>> found.fits["common"].mu.round(2).tolist()
    [1.0, 2.0, 1.5, 4.0, 2.5, 3.0, 2.33]
    """
    if len(effects) < 2:
        return None
    fits = {}
    for name, model in models.items():
        try:
            fits[name] = refit(pool(effects, model), _design(len(effects)))
        except ModelError:
            continue
    return Explored(fits, None if len(effects) <= EVERY else MOST) if fits else None


def _design(k: int) -> Design:
    if k <= EVERY:
        return designs.subsets()
    gone = [off for size in range(MOST + 1) for off in combinations(range(k), size)]
    names = [f"without {', '.join(str(i + 1) for i in off) or 'none'}" for off in gone]
    return designs.membership([[int(i not in off) for i in range(k)] for off in gone], names)
