"""data/datapackage.json: the schema of trials.csv as a Data Package 2.0 description."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from bupmeta.trials.schema import COLUMNS, Column

__all__ = ["datapackage", "datapackage_text"]


def datapackage(csv: bytes) -> dict[str, Any]:
    """Return the Data Package 2.0 description of a trials.csv with these bytes."""
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
            {
                "name": "trials",
                "type": "table",
                "path": "trials.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(csv),
                "hash": f"sha256:{hashlib.sha256(csv).hexdigest()}",
                "schema": {
                    "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
                    "fields": [_field(column) for column in COLUMNS],
                    "missingValues": [""],
                    "primaryKey": ["row"],
                    "foreignKeys": [
                        {"fields": ["superseded_by"], "reference": {"resource": "", "fields": ["row"]}}
                    ],
                },
            }
        ],
    }


def datapackage_text(csv: bytes) -> str:
    """Return the text of datapackage.json."""
    return json.dumps(datapackage(csv), indent=2, ensure_ascii=False) + "\n"


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
