"""The multiverse of one pool, from the axes that a specification declares."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from bupmeta.analysis.spec import AnalysisSpec, Filter, MultiverseAxes
from bupmeta.effects import Effects
from bupmeta.effects.readings import value_words
from bupmeta.robustness.multiverse import Variant, multiverse
from bupmeta.robustness.multiverse_result import Multiverse
from bupmeta.trials import Trials

__all__ = ["cross"]

_EVERY_ROW = "none left out"
# How the axes are called where people read them; the names in a specification are those of `effect_sizes`.
_TITLES = {
    "r": "within-person correlation of endpoint scores",
    "r_change": "within-person correlation of change scores",
    "sd": "standard deviation where none is printed",
    "p_about": "what an unexplained p value compares",
    "p_bound": "standard error at the bound of p, or below",
    "score": "score where a baseline is printed",
    "without": "rows left out",
}


def cross(
    spec: AnalysisSpec,
    rows: Trials,
    axes: MultiverseAxes,
    read: Callable[..., Effects],
    without: Callable[[Trials, Filter], Trials],
    progress: Callable[[str], None] | None = None,
) -> Multiverse | None:
    """Read `rows` under every declared choice by `read(rows, **choice)` and pool every reading by every method.

    `without(rows, filter)` gives the rows that a filter does not mean.
    """
    names = ("r", "r_change", "sd", "p_about", "p_bound", "score")
    variants = []
    for left_out in (_EVERY_ROW, *axes.without):
        kept = rows if left_out == _EVERY_ROW else without(rows, axes.without[left_out])
        for values in product(*(getattr(axes, name) for name in names)):
            choice = dict(zip(names, values))
            words = {_TITLES[name]: value_words(value) for name, value in choice.items()}
            variants.append(Variant({**words, _TITLES["without"]: left_out}, read(kept, **choice)))
    primary = {name: getattr(axes, name)[0] for name in names} | {"r": spec.r}
    marked = {_TITLES[name]: value_words(value) for name, value in primary.items()} | {
        _TITLES["without"]: _EVERY_ROW
    }
    return multiverse(variants, spec.model, tau2=axes.tau2, ci=axes.ci, marked=marked, progress=progress)
