"""Read trials.csv: every row checked, one error that lists every fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bupmeta.errors import DataError
from bupmeta.trials.cells import BadCell, Value, closest, parse_cell, tidy_number
from bupmeta.trials.csvfile import CsvFile, read_csv, shown
from bupmeta.trials.faults import Fault, Row, fault_lines
from bupmeta.trials.forms import FORMS, needed, optional
from bupmeta.trials.records import Baseline, Result, Scale, Source, Trials
from bupmeta.trials.schema import COLUMN_NAMES, COLUMNS, Column

__all__ = ["Rows", "read_rows", "read_trials", "to_result"]

_NUMERIC = frozenset(c.name for c in COLUMNS if c.kind in ("integer", "number"))


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a file with the faults of single cells."""

    path: str
    sha256: str
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]


def read_trials(path: str | Path) -> Trials:
    """Read a file of trial results and check every row.

    Raises
    ------
    DataError
        One sentence when the file cannot be read; else a list of every error with its row and column.

    Examples
    --------
    >>> trials = read_trials("data/trials.csv")
    >>> trials["katz2005_pain"].form
    NotSignificant(n_active=None, n_control=None, n_paired=44, favours=None)

    """
    from bupmeta.trials.lint import lint  # the checks look at rows, not at files

    rows = read_rows(path)
    faults = lint(rows)
    errors = [f for f in faults if f.severity == "error" and not f.acknowledged]
    if errors:
        raise DataError(fault_lines(rows.path, errors))
    warnings = tuple(f for f in faults if f not in errors)
    return Trials(tuple(to_result(row) for row in rows.rows), rows.path, rows.sha256, warnings)


def read_rows(path: str | Path) -> Rows:
    """Read the rows of a file; faults of single cells are returned, not raised.

    Raises
    ------
    DataError
        When the file is no table, lacks columns, or has no row.

    """
    file = read_csv(path, known=COLUMN_NAMES)
    faults = _header(file)
    if not file.records:
        raise DataError(f"{file.path} has a header and no rows; give it one row per reported result")
    index = {name: i for i, name in enumerate(file.header)}
    columns = [c for c in COLUMNS if c.name in index]
    absent = frozenset(COLUMN_NAMES) - frozenset(file.header)
    decimal_comma = _decimal_comma(file, index)
    rows: list[Row] = []
    for record in file.records:
        text = dict.fromkeys(COLUMN_NAMES, "")
        value: dict[str, Value] = dict.fromkeys(COLUMN_NAMES)
        bad: list[tuple[Column, BadCell]] = []
        for column in columns:
            cell = record.cells[index[column.name]].strip()
            if column.name in _NUMERIC:
                cell = tidy_number(cell, decimal_comma=decimal_comma)
            text[column.name] = cell
            parsed = parse_cell(column, cell)
            if isinstance(parsed, BadCell):
                bad.append((column, parsed))
                value[column.name] = cell if column.open else None
            else:
                value[column.name] = parsed
        rows.append(Row(record.line, text, value, absent))
        faults += [_cell_fault(rows[-1], column, cell) for column, cell in bad]
    return Rows(file.path, file.sha256, tuple(rows), tuple(faults))


def to_result(row: Row) -> Result:
    """Return the checked row as a value."""
    cell: Mapping[str, Any] = row.value  # the checks have held every cell to its column's type
    form = FORMS[cell["report_form"]]
    words: dict[str, Any] = {
        c.name: cell[c.name] if c.kind != "text" else cell[c.name] or "" for c in COLUMNS
    }
    plain: dict[str, Any] = {name: words[name] for name in Result.__dataclass_fields__ if name in words}
    plain["scale"] = Scale(
        words["scale"], cell["scale_min"], cell["scale_max"], cell["higher_is"], cell["scale_basis"]
    )
    plain["adjusted"] = cell["adjusted"] == "yes"
    plain["source"] = Source(
        words["source_kind"], words["source"], words["place"], words["pmid"], words["doi"],
        words["registration"], words["as_printed"], words["note"], words["extraction"],
    )  # fmt: skip
    names = ("baseline_active", "baseline_sd_active", "baseline_control", "baseline_sd_control")
    return Result(
        line=row.line,
        baseline=Baseline(*(cell[name] for name in names)),
        form=form(**{name: cell[name] for name in (*needed(form), *optional(form))}),
        cells=row.value,
        **plain,
    )


def _header(file: CsvFile) -> list[Fault]:
    missing = [c.name for c in COLUMNS if c.name not in file.header and not c.optional]
    extra = [name for name in file.header if name not in COLUMN_NAMES]
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
            _meant(name),
            "extra-column",
            "warning",
        )
        for name in extra
    ]


def _meant(name: str) -> str:
    guess = closest(name, COLUMN_NAMES)
    return f"did you mean `{guess}`?" if guess else "remove it, or move its text to `note`"


def _decimal_comma(file: CsvFile, index: Mapping[str, int]) -> bool:
    """Whether the file writes 0,43 for 0.43: a comma in some number and a point in none."""
    where: Sequence[int] = [i for name, i in index.items() if name in _NUMERIC]
    numbers = "".join(record.cells[i] for record in file.records for i in where)
    return "," in numbers and "." not in numbers


def _cell_fault(row: Row, column: Column, bad: BadCell) -> Fault:
    text = shown(row.text[column.name])
    return Fault(row.line, shown(row.name), column.name, text, bad.wrong, bad.right, bad.code, bad.severity)
