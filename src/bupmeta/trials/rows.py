"""The rows of a data file, cell by cell against its columns; faults of single cells are returned, not raised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bupmeta.errors import DataError, closest
from bupmeta.trials.cells import BadCell, Value, parse_cell, tidy_number
from bupmeta.trials.csvfile import CsvFile, read_csv, shown
from bupmeta.trials.faults import Fault, Row
from bupmeta.trials.schema import COLUMNS, Column

__all__ = ["Rows", "read_rows"]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a file with the faults of single cells."""

    path: str
    sha256: str
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]


def read_rows(
    path: str | Path,
    columns: Sequence[Column] = COLUMNS,
    *,
    key: str = "row",
    per: str = "reported result",
) -> Rows:
    """Read the rows of a file with these columns; faults of single cells are returned, not raised.

    A row goes by the name in its column `key`; `per` says what one row is of.

    Raises
    ------
    DataError
        When the file is no table, lacks columns, or has no row.

    """
    names = tuple(c.name for c in columns)
    file = read_csv(path, known=names)
    faults = _header(file, columns)
    if not file.records:
        raise DataError(f"{file.path} has a header and no rows; give it one row per {per}")
    index = {name: i for i, name in enumerate(file.header)}
    numeric = {c.name for c in columns if c.kind in ("integer", "number")}
    absent = frozenset(names) - frozenset(file.header)
    decimal_comma = _decimal_comma(file, [i for name, i in index.items() if name in numeric])
    rows: list[Row] = []
    for record in file.records:
        text = dict.fromkeys(names, "")
        value: dict[str, Value] = dict.fromkeys(names)
        bad: list[tuple[Column, BadCell]] = []
        for column in columns:
            if column.name in absent:
                continue
            cell = record.cells[index[column.name]].strip()
            if column.name in numeric:
                cell = tidy_number(cell, decimal_comma=decimal_comma)
            text[column.name] = cell
            parsed = parse_cell(column, cell)
            if isinstance(parsed, BadCell):
                bad.append((column, parsed))
                value[column.name] = cell if column.open else None
            else:
                value[column.name] = parsed
        rows.append(Row(record.line, text, value, absent, key))
        faults += [_cell_fault(rows[-1], column, cell) for column, cell in bad]
    return Rows(file.path, file.sha256, tuple(rows), tuple(faults))


def _header(file: CsvFile, columns: Sequence[Column]) -> list[Fault]:
    names = [c.name for c in columns]
    missing = [c.name for c in columns if c.name not in file.header and not c.optional]
    extra = [name for name in file.header if name not in names]
    if missing:
        meant = {name: closest(name, extra) for name in missing}
        named = ", ".join(
            f"`{name}`" + (f" (is it `{m}`?)" if (m := meant[name]) else "") for name in missing[:6]
        )
        more = f" and {len(missing) - 6} more" if len(missing) > 6 else ""
        raise DataError(f"{file.path} has no column {named}{more}; data/README.md lists the columns")
    return [
        Fault(
            1,
            "",
            shown(name),
            "",
            "not a column of this file, so not read",
            _meant(name, names),
            "extra-column",
            "warning",
        )
        for name in extra
    ]


def _meant(name: str, names: Sequence[str]) -> str:
    guess = closest(name, names)
    return f"did you mean `{guess}`?" if guess else "remove it, or move its text to `note`"


def _decimal_comma(file: CsvFile, where: Sequence[int]) -> bool:
    """Whether the file writes 0,43 for 0.43: a comma in some number and a point in none."""
    numbers = "".join(record.cells[i] for record in file.records for i in where)
    return "," in numbers and "." not in numbers


def _cell_fault(row: Row, column: Column, bad: BadCell) -> Fault:
    text = shown(row.text[column.name])
    return Fault(row.line, shown(row.name), column.name, text, bad.wrong, bad.right, bad.code, bad.severity)
