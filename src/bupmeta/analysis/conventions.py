"""The same trials by the other usual methods, always shown beside the one that was specified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bupmeta.analysis.results import Alternative
from bupmeta.analysis.spec import AnalysisSpec
from bupmeta.effects import Effects
from bupmeta.errors import ModelError
from bupmeta.pooling import RandomEffects, pool
from bupmeta.pooling.ci import SLOW

__all__ = ["OTHERS", "conventions", "usual"]

#: What each of them changes in the model, by the name under which it is shown.
OTHERS: dict[str, dict[str, Any]] = {
    "common effect, normal interval": {"tau2": "EE", "ci": "Wald"},
    "REML, normal interval": {"tau2": "REML", "ci": "Wald"},
    "REML, Hartung-Knapp (Cochrane 2025)": {"tau2": "REML", "ci": "HK"},
    "REML, Hartung-Knapp floored at 1": {"tau2": "REML", "ci": "HK-adhoc"},
    "REML, Kenward-Roger": {"tau2": "REML", "ci": "KR"},
    "DerSimonian-Laird, prediction by Higgins": {"tau2": "DL", "prediction": "HTS"},
    "Paule-Mandel": {"tau2": "PM"},
    "maximum likelihood": {"tau2": "ML"},
    "empirical Bayes": {"tau2": "EB"},
    "Hedges": {"tau2": "HE"},
    "Hunter-Schmidt": {"tau2": "HS"},
    "Sidik-Jonkman": {"tau2": "SJ"},
}


def conventions(effects: Effects, model: RandomEffects) -> tuple[Alternative, ...]:
    """Pool again by every other usual method; a method that is refused keeps its row and its reason."""
    if len(effects) < 2:
        return ()
    found = []
    for name, changes in OTHERS.items():
        try:
            other = replace(model, **changes)
            if other == model:
                continue
            result = pool(effects, other)
        except ModelError as error:
            found.append(Alternative(name, None, str(error)))
        else:
            found.append(Alternative(name, result))
    return tuple(found)


def usual(spec: AnalysisSpec) -> dict[str, RandomEffects]:
    """Name the specified model, the models of its sensitivity analyses and the other usual ones, each once.

    Left out are models whose interval would have to be solved for in each of many data sets, unless specified.
    """
    found = {"as specified": spec.model}
    for name, changes in _changes(spec):
        try:
            model = replace(spec.model, **changes)
        except ModelError:  # Kenward-Roger without REML
            continue
        if model not in found.values() and model.ci not in SLOW:
            found[name] = model
    return found


def _changes(spec: AnalysisSpec) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in spec.sensitivity:
        changes = {name: value for name in ("tau2", "ci") if (value := getattr(one, name)) is not None}
        if changes and not (one.without or one.drop or one.r is not None):
            yield one.name, changes
    yield from OTHERS.items()
