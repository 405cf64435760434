"""The [[outcomes]] of a specification: each entry checked, each fault one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

from bupmeta.analysis.spec import (
    Conditions,
    CrossoverWay,
    MissingWay,
    Outcome,
    OutcomeAxes,
    OutcomeModel,
)
from bupmeta.effects.counts import CountMeasure
from bupmeta.errors import DataError, SpecError, instead
from bupmeta.pooling import AssumedRisk
from bupmeta.pooling.absolute import Event
from bupmeta.pooling.models import CiName, Tau2Name

__all__ = ["AXIS_KEYS", "KEYS", "outcome_axes", "outcomes"]

#: The keys of an entry and what each holds.
KEYS: dict[str, Literal["text", "number", "numbers"]] = {
    "title": "text",
    "outcome": "text",
    "event": "text",
    "measure": "text",
    "model": "text",
    "conditions": "text",
    "control_risk": "number",
    "control_risk_source": "text",
    "imor": "numbers",
    "note": "text",
}
_WORDS: dict[str, tuple[str, ...]] = {
    "event": get_args(Event),
    "measure": get_args(CountMeasure),
    "model": get_args(OutcomeModel),
    "conditions": get_args(Conditions),
}
#: The keys of [outcome_multiverse] and what each holds.
AXIS_KEYS: dict[str, Literal["text", "texts"]] = {
    "models": "texts",
    "tau2": "texts",
    "ci": "texts",
    "crossovers": "texts",
    "missing": "texts",
    "measure": "text",
}
_LEVELS: dict[str, tuple[str, ...]] = {
    "models": get_args(OutcomeModel),
    "tau2": get_args(Tau2Name),
    "ci": get_args(CiName),
    "crossovers": get_args(CrossoverWay),
    "missing": get_args(MissingWay),
    "measure": get_args(CountMeasure),
}
_ODDS_RATIOS = ("Peto", "GLMM")


def outcomes(where: Path, entries: Sequence[Mapping[str, Any]]) -> tuple[Outcome, ...]:
    """Check the entries and give them as values.

    Raises SpecError, naming the file and the outcome, for a word that is not known, a model without its measure, a
    risk without its source, or an outcome that is taken twice: two definitions are never one outcome.
    """
    found = tuple(_one(where, entry) for entry in entries)
    for name in ("title", "outcome"):
        values = [getattr(one, name) for one in found]
        for value in values:
            if values.count(value) > 1:
                raise SpecError(f"{where}: two [[outcomes]] have {name} = {value!r}; each has its own")
    return found


def _one(where: Path, entry: Mapping[str, Any]) -> Outcome:
    for key in ("title", "outcome", "event"):
        if not entry.get(key, "").strip():
            raise SpecError(f"{where}: an [[outcomes]] entry has no {key}")
    name = f"outcome {entry['title']!r}"
    for key, known in _WORDS.items():
        if key in entry and entry[key] not in known:
            raise SpecError(f"{where}: {name} has {key} = {entry[key]!r}; {instead(entry[key], known)}")
    if entry.get("model") in _ODDS_RATIOS and entry.get("measure", "RR") != "OR":
        raise SpecError(
            f'{where}: {name} has the model {entry["model"]}, which gives odds ratios; add measure = "OR"'
        )
    if any(value < 0 for value in entry.get("imor", ())):
        raise SpecError(f"{where}: {name} has a negative imor; an odds ratio is 0 or more")
    values = {key: value for key, value in entry.items() if not key.startswith("control_risk")}
    return Outcome(**values, control_risk=_risk(where, name, entry))


def outcome_axes(where: Path, table: Mapping[str, Any]) -> OutcomeAxes:
    """Check the axes of `[outcome_multiverse]`; raises SpecError for an empty axis or a level that is not known."""
    for key, found in table.items():
        levels = (found,) if isinstance(found, str) else found
        if not levels:
            raise SpecError(f"{where}: outcome_multiverse.{key} is empty; an axis needs at least one value")
        for level in levels:
            if level not in _LEVELS[key]:
                hint = instead(level, _LEVELS[key])
                raise SpecError(f"{where}: outcome_multiverse.{key} has {level!r}; {hint}")
            if levels.count(level) > 1:
                raise SpecError(f"{where}: outcome_multiverse.{key} has {level!r} twice; once is enough")
    return OutcomeAxes(**table)


def _risk(where: Path, name: str, entry: Mapping[str, Any]) -> AssumedRisk | None:
    given = [key for key in ("control_risk", "control_risk_source") if key in entry]
    if not given:
        return None
    if len(given) == 1 or not entry["control_risk_source"].strip():
        raise SpecError(f"{where}: {name} needs control_risk and control_risk_source together")
    try:
        return AssumedRisk(entry["control_risk"], entry["control_risk_source"])
    except DataError as error:
        raise SpecError(f"{where}: {name}: {error}") from None
