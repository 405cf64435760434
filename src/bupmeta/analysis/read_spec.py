"""Reading a specification: every key checked, every fault one sentence that names the file and the key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from hashlib import sha256
from os.path import normpath
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from bupmeta.analysis.read_ahead import across, ahead
from bupmeta.analysis.read_findings import FINDING_KEYS, STEP_KEYS, reviewer_steps, summary_rows
from bupmeta.analysis.read_outcomes import AXIS_KEYS, KEYS, outcome_axes, outcomes
from bupmeta.analysis.spec import (
    AnalysisSpec,
    Figures,
    Groups,
    MultiverseAxes,
    Question,
    ReadingAid,
    Sensitivity,
)
from bupmeta.effects import MEASURES, Measure
from bupmeta.effects.core import LARGEST
from bupmeta.effects.readings import PAboutName, PBoundName, ScoreName, SdName
from bupmeta.errors import ModelError, SpecError, instead
from bupmeta.pooling import RandomEffects
from bupmeta.pooling.models import CiName, Tau2Name
from bupmeta.table.notation import NOTATIONS
from bupmeta.trials.csvfile import shown

__all__ = ["read_spec"]

Kind: TypeAlias = Literal["text", "texts", "number", "numbers", "filter", "filters", "table", "tables"]

_TOP: dict[str, Kind] = {
    "name": "text",
    "title": "text",
    "data": "text",
    "question": "table",
    "select": "filter",
    "narrative": "filter",
    "measures": "texts",
    "favours": "texts",
    "groups": "table",
    "model": "table",
    "r": "number",
    "unseen_effects": "numbers",
    "reading_aid": "table",
    "remarks": "texts",
    "sensitivity": "tables",
    "multiverse": "table",
    "outcomes": "tables",
    "outcome_multiverse": "table",
    "figures": "table",
    "risk_of_bias": "text",
    "findings": "tables",
    "certainty": "tables",
    "across": "table",
    "next_trial": "table",
}
_TABLES: dict[str, dict[str, Kind]] = {
    "question": dict.fromkeys(("population", "intervention", "comparator", "outcome"), "text"),
    "groups": {"by": "texts", "of_interest": "texts", "overall": "text"},
    "model": {"tau2": "text", "ci": "text", "prediction": "text", "tau2_ci": "text", "level": "number"},
    "across": {"tau": "number", "omega": "number"},
    "next_trial": {
        "n": "numbers",
        "thresholds": "numbers",
        "delta": "number",
        "power": "number",
        "sd": "number",
    },
    "reading_aid": {"points": "number", "source": "text", "warning": "text"},
    "sensitivity": {
        "name": "text",
        "tau2": "text",
        "ci": "text",
        "r": "number",
        "drop": "filter",
        "without": "texts",
    },
    "multiverse": {
        "r": "numbers",
        "r_change": "numbers",
        "sd": "texts",
        "p_about": "texts",
        "p_bound": "texts",
        "score": "texts",
        "tau2": "texts",
        "ci": "texts",
        "without": "filters",
    },
    "outcomes": {**KEYS},
    "outcome_multiverse": {**AXIS_KEYS},
    "figures": {"preset": "text"},
    "findings": {**FINDING_KEYS},
    "certainty": {**STEP_KEYS},
}
_REQUIRED = ("title", "data", "question", "select")


def read_spec(path: str | Path) -> AnalysisSpec:
    """Read and check an analysis specification; the path of `data` is relative to the file.

    Raises SpecError, naming the file and the key, for anything unknown, missing or of the wrong type.
    """
    where = Path(path)
    try:
        raw = where.read_bytes()
        document = tomllib.loads(raw.decode("utf-8-sig"))
    except FileNotFoundError:
        raise SpecError(
            f"{where}: there is no such file; name an analysis such as analyses/bupropion.toml"
        ) from None
    except OSError as error:
        raise SpecError(f"{where}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SpecError(f"{where}: is not a text file in UTF-8") from None
    except ValueError as error:  # also a whole number of more digits than Python reads
        raise SpecError(f"{where}: is not valid TOML: {error}") from None
    except RecursionError:
        raise SpecError(f"{where}: is nested too deeply to be a specification") from None
    values = _checked(where, document, _TOP, "")
    for key in _REQUIRED:
        if key not in values:
            raise SpecError(f"{where}: the key {key!r} is missing")
    return _build(where, sha256(raw).hexdigest(), values)


def _build(where: Path, digest: str, values: dict[str, Any]) -> AnalysisSpec:
    for key in ("question", "reading_aid"):
        if key in values:
            missing = [name for name in _TABLES[key] if name not in values[key]]
            if missing:
                raise SpecError(f"{where}: the key {key + '.' + missing[0]!r} is missing")
    if len(values["select"].get("outcome", ())) != 1:
        raise SpecError(f'{where}: [select] must name one outcome, such as outcome = "pain_intensity"')
    for key in ("title", "data"):
        if not values[key].strip() or not values[key].isprintable():
            raise SpecError(f"{where}: {key} is {values[key]!r}; it must be a text that can be printed")
    for measure in values.get("measures", ()):
        if measure not in MEASURES:
            raise SpecError(f"{where}: measures has {measure!r}; {instead(measure, get_args(Measure))}")
    measures = values.get("measures", ("MD",))
    if not measures or measures[0] != "MD" or len(set(measures)) < len(measures):
        raise SpecError(
            f"{where}: measures is {list(measures)}; it begins with MD and names no measure twice"
        )
    if len(values.get("favours", ("", ""))) != 2:
        raise SpecError(f"{where}: favours needs two labels, the left and the right side of the plot")
    if not 0 <= values.get("r", 0.5) < 1:
        raise SpecError(f"{where}: r is {values['r']}; a within-person correlation lies from 0 to below 1")
    alternatives = [Sensitivity(**_named(where, entry)) for entry in values.get("sensitivity", ())]
    groups = Groups(**values.get("groups", {}))
    if not 1 <= len(groups.by) <= 2:
        raise SpecError(f"{where}: groups.by names {len(groups.by)} columns; it takes one or two")
    values |= {
        "question": Question(**values["question"]),
        "groups": groups,
        "model": _model(where, values.get("model", {})),
        "sensitivity": tuple(alternatives),
    }
    for alternative in alternatives:
        if alternative.r is not None and not 0 <= alternative.r < 1:
            raise SpecError(
                f"{where}: sensitivity {alternative.name!r} has r = {alternative.r:g}; from 0 to below 1"
            )
        _model(where, {key: value for key in ("tau2", "ci") if (value := getattr(alternative, key))})
    if "multiverse" in values:
        values["multiverse"] = _axes(where, values["multiverse"])
    for key, read in (("across", across), ("next_trial", ahead), ("outcome_multiverse", outcome_axes)):
        if key in values:
            values[key] = read(where, values[key])
    values["outcomes"] = outcomes(where, values.get("outcomes", ()))
    if "figures" in values:
        preset = values["figures"].get("preset", "house")
        if preset not in NOTATIONS:
            raise SpecError(f"{where}: figures.preset is {shown(preset)!r}; {instead(preset, NOTATIONS)}")
        values["figures"] = Figures(preset)
    values["findings"] = summary_rows(where, values.get("findings", ()))
    values["certainty"] = reviewer_steps(where, values.get("certainty", ()))
    if "risk_of_bias" in values:
        values["risk_of_bias"] = Path(normpath(where.parent / values["risk_of_bias"]))
    if "reading_aid" in values:
        values["reading_aid"] = ReadingAid(**values["reading_aid"])
        if not 0 < values["reading_aid"].points < 10:
            raise SpecError(
                f"{where}: reading_aid.points is {values['reading_aid'].points:g}; between 0 and 10"
            )
    values["data"] = Path(normpath(where.parent / values["data"]))
    name = values.pop("name", where.stem)
    if not name.replace("_", "").replace("-", "").isalnum():
        raise SpecError(
            f"{where}: name is {name!r}; it becomes a folder, so use letters, digits, - and _ only"
        )
    known = {item.name for item in fields(AnalysisSpec)}
    return AnalysisSpec(
        name=name, path=where, sha256=digest, **{k: v for k, v in values.items() if k in known}
    )


def _model(where: Path, options: dict[str, Any]) -> RandomEffects:
    try:
        return RandomEffects(**options)
    except ModelError as error:
        raise SpecError(f"{where}: {error}") from None


_WORDS: dict[str, tuple[str, ...]] = {
    "sd": get_args(SdName),
    "p_about": get_args(PAboutName),
    "p_bound": get_args(PBoundName),
    "score": get_args(ScoreName),
    "tau2": get_args(Tau2Name),
    "ci": get_args(CiName),
}


def _axes(where: Path, table: dict[str, Any]) -> MultiverseAxes:
    for name, values in table.items():
        if not values:
            raise SpecError(f"{where}: multiverse.{name} is empty; an axis needs at least one value")
        for value in values if name in _WORDS else ():
            if value not in _WORDS[name]:
                raise SpecError(f"{where}: multiverse.{name} has {value!r}; {instead(value, _WORDS[name])}")
        for value in values if name in ("r", "r_change") else ():
            if not 0 <= value < 1:
                raise SpecError(f"{where}: multiverse.{name} has {value:g}; it must lie from 0 to below 1")
    return MultiverseAxes(**table)


def _named(where: Path, entry: dict[str, Any]) -> dict[str, Any]:
    if not entry.get("name"):
        raise SpecError(f"{where}: a [[sensitivity]] entry has no name")
    return entry


def _checked(where: Path, table: Mapping[str, Any], known: Mapping[str, Kind], prefix: str) -> dict[str, Any]:
    checked: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            raise SpecError(f"{where}: the key {shown(prefix + key)!r} is unknown; {instead(key, known)}")
        checked[key] = _value(where, prefix + key, key, value, known[key])
    return checked


def _value(where: Path, label: str, key: str, value: Any, kind: Kind) -> Any:
    match kind, value:
        case "text", str():
            return value
        case "texts", list() if all(isinstance(item, str) for item in value):
            return tuple(value)
        case "number", int() | float() if not isinstance(value, bool):
            return _number(where, label, value)
        case "numbers", list() if all(isinstance(x, int | float) and not isinstance(x, bool) for x in value):
            return tuple(_number(where, label, item) for item in value)
        case "filters", dict() if all(isinstance(item, dict) for item in value.values()):
            return {
                name: _value(where, f"{label}.{name}", name, item, "filter") for name, item in value.items()
            }
        case "filter", dict():
            return {name: _allowed(where, f"{label}.{name}", allowed) for name, allowed in value.items()}
        case "table", dict():
            return _checked(where, value, _TABLES[key], f"{key}.")
        case "tables", list() if all(isinstance(item, dict) for item in value):
            return [_checked(where, item, _TABLES[key], f"{key}.") for item in value]
    expected = {
        "text": "a text",
        "texts": "a list of texts",
        "number": "a number",
        "numbers": "a list of numbers",
        "filters": "a table of names, each with column = value",
        "filter": "a table of column = value",
        "table": "a table",
        "tables": "a list of tables",
    }
    raise SpecError(f"{where}: {label} is {shown(repr(value))}; it must be {expected[kind]}")


def _number(where: Path, label: str, value: float) -> float:
    """Return a number that can be computed with: TOML also knows nan, inf and whole numbers of any length."""
    if not -LARGEST <= value <= LARGEST:
        raise SpecError(f"{where}: {label} has {shown(repr(value))}; it must be a number from -1e30 to 1e30")
    return float(value)


def _allowed(where: Path, label: str, value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    if not values or not all(isinstance(item, str) for item in values):
        raise SpecError(f"{where}: {label} is {value!r}; it must be a text or a list of texts")
    return tuple(values)
