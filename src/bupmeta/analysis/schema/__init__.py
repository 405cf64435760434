"""The published JSON Schemas (draft 2020-12) of the JSON files that a report holds."""

from __future__ import annotations

from importlib.resources import files
from typing import Literal, get_args

from bupmeta.errors import SpecError

__all__ = ["SchemaName", "schema_text"]

SchemaName = Literal["results", "run", "manifest"]


def schema_text(name: str) -> str:
    """Give the JSON Schema of NAME.json; SpecError, naming those there are, for another name.

    >>> import json
    >>> json.loads(schema_text("results"))["$id"]
    'urn:bupmeta:schema:results:1'
    """
    known = get_args(SchemaName)
    if name not in known:
        raise SpecError(f"there is no schema {name!r}; choose one of {', '.join(known)}")
    return (files("bupmeta.analysis.schema") / f"{name}.schema.json").read_text(encoding="utf-8")
