"""data/datapackage.json: the schemas of the data files as a Data Package 2.0 description."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from bupmeta.trials.risk_of_bias.schema import COLUMNS as JUDGED
from bupmeta.trials.schema import COLUMNS, Column

__all__ = ["RESOURCES", "datapackage", "datapackage_text"]

#: The files, without their suffix, in the order in which their bytes are given.
RESOURCES: tuple[str, ...] = ("trials", "risk_of_bias")
_BETTER = {"fields": ["superseded_by"], "reference": {"resource": "", "fields": ["row"]}}
_OF_TRIAL = {"fields": ["trial"], "reference": {"resource": "trials", "fields": ["trial"]}}


def datapackage(trials: bytes, judgements: bytes) -> dict[str, Any]:
    """Return the Data Package 2.0 description of a trials.csv and a risk_of_bias.csv with these bytes."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "bupmeta-trials",
        "title": "Trials of bupropion and other antidepressants in chronic pain, as printed",
        "description": "One row per reported result, with the figures as printed and where they are printed.",
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "title": "Creative Commons Attribution 4.0 International",
                "path": "https://creativecommons.org/licenses/by/4.0/",
            }
        ],
        "resources": [
            _resource("trials", trials, COLUMNS, ["row"], _BETTER),
            _resource("risk_of_bias", judgements, JUDGED, ["trial", "outcome", "tool", "domain"], _OF_TRIAL),
        ],
    }


def datapackage_text(trials: bytes, judgements: bytes) -> str:
    """Return the text of datapackage.json."""
    return json.dumps(datapackage(trials, judgements), indent=2, ensure_ascii=False) + "\n"


def _resource(
    name: str, csv: bytes, columns: Sequence[Column], key: list[str], foreign: dict[str, Any]
) -> dict[str, Any]:
    return {
        "name": name,
        "type": "table",
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(csv),
        "hash": f"sha256:{hashlib.sha256(csv).hexdigest()}",
        "schema": {
            "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
            "fields": [_field(column) for column in columns],
            "missingValues": [""],
            "primaryKey": key,
            "foreignKeys": [foreign],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    limits = {
        "required": column.required or None,
        "unique": column.name == "row" or None,
        "minimum": column.minimum,
        "maximum": column.maximum,
        "pattern": column.pattern or None,
        "enum": list(column.words) if column.words and not column.open else None,
    }
    kind = column.kind if column.kind in ("integer", "number") else "string"
    field: dict[str, Any] = {"name": column.name, "type": kind, "description": column.description}
    if column.unit:
        field["unit"] = column.unit
    constraints = {name: value for name, value in limits.items() if value is not None}
    return field | ({"constraints": constraints} if constraints else {})
