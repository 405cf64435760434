"""Values for other programs: plain JSON, CSV that a spreadsheet cannot be tricked with, and DataFrames."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from bupmeta.table.core import Table
    from bupmeta.table.numbers import Value


def native(value: Any) -> Any:
    """Turn a numpy scalar into the Python number it holds; leave everything else alone."""
    return value.item() if type(value).__module__ == "numpy" and getattr(value, "ndim", None) == 0 else value


def plain(value: Any) -> Any:
    """Turn a value into what JSON knows: floats to 10 significant digits, no -0, NaN and infinity as None.

    The last bits of a float differ between processors; ten digits do not (`bupmeta verify` relies on it).

    >>> plain({"ci": (-0.1 - 0.2, float("nan")), "zero": -0.0})
    {'ci': [-0.3, None], 'zero': 0.0}
    """
    value = native(value)
    if isinstance(value, float):
        return float(f"{value:.10g}") + 0.0 if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(item) for item in value]
    return value


def json_text(value: Any) -> str:
    """Write `plain(value)` as indented JSON with a final newline, keys in the order they are given."""
    return json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def table_dict(table: Table) -> dict[str, Any]:
    """Give the parts of `table` under their names, each row with every key of the columns."""
    return {
        "caption": table.caption,
        "columns": [{"key": c.key, "title": c.title, "kind": c.kind} for c in table.columns],
        "rows": [{c.key: plain(row.get(c.key)) for c in table.columns} for row in table.rows],
        "notes": list(table.notes),
    }


def flat(table: Table) -> tuple[list[str], list[list[Any]]]:
    """Give keys and rows with each interval column as two, KEY_low and KEY_high."""
    keys: list[str] = []
    for column in table.columns:
        ends = ("_low", "_high") if column.kind == "interval" else ("",)
        keys += [column.key + end for end in ends]
    rows: list[list[Any]] = []
    for row in table.rows:
        values: list[Any] = []
        for column in table.columns:
            value: Value = native(row.get(column.key))
            if column.kind != "interval":
                values.append(value)
            else:
                values += value if isinstance(value, tuple) else (value, None)
        rows.append(values)
    return keys, rows


def csv_text(table: Table) -> str:
    """Write keys and values as CSV with LF line ends; missing and not estimable are empty."""
    keys, rows = flat(table)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(keys)
    writer.writerows([[_csv_cell(value) for value in row] for row in rows])
    return out.getvalue()


def _csv_cell(value: Any) -> str:
    value = plain(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value.startswith(("=", "+", "@", "\t", "\r")):
        return "'" + value  # a spreadsheet would run it as a formula
    return "" if value is None else str(value)


def frame(table: Table) -> pd.DataFrame:
    """Give keys and values as a DataFrame."""
    import pandas as pd  # takes 0.4 s to load

    keys, rows = flat(table)
    return pd.DataFrame(rows, columns=keys)
