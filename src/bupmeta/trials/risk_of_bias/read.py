"""Read risk_of_bias.csv: every row checked, one error that lists every fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bupmeta.errors import DataError
from bupmeta.trials.faults import Row, fault_lines
from bupmeta.trials.lint import lint
from bupmeta.trials.records import Trials
from bupmeta.trials.risk_of_bias.checks import checks
from bupmeta.trials.risk_of_bias.records import Judgement, RiskOfBias
from bupmeta.trials.risk_of_bias.schema import COLUMNS
from bupmeta.trials.rows import Rows, read_rows

__all__ = ["read_judgements", "read_risk_of_bias"]


def read_judgements(path: str | Path) -> Rows:
    """Read the rows of a file of judgements; faults of single cells are returned, not raised.

    Raises
    ------
    DataError
        When the file is no table, lacks columns, or has no row.

    """
    return read_rows(path, COLUMNS, key="trial", per="published judgement")


def read_risk_of_bias(path: str | Path, trials: Trials | None = None) -> RiskOfBias:
    """Read a file of published judgements and check every row, also against `trials` where these are given.

    Raises
    ------
    DataError
        One sentence when the file cannot be read; else a list of every error with its row and column.

    Examples
    --------
    >>> read_risk_of_bias("data/risk_of_bias.csv")
    <RiskOfBias: 5 judgements of 1 trial, data/risk_of_bias.csv>

    """
    rows = read_judgements(path)
    wanted = checks({row.trial: row.design or "" for row in trials or ()})
    if trials is None:
        del wanted["unknown-trial"]
    faults = lint(rows, wanted)
    errors = [f for f in faults if f.severity == "error" and not f.acknowledged]
    if errors:
        raise DataError(fault_lines(rows.path, errors))
    warnings = tuple(f for f in faults if f not in errors)
    return RiskOfBias(tuple(_judgement(row) for row in rows.rows), rows.path, rows.sha256, warnings)


def _judgement(row: Row) -> Judgement:
    cells: dict[str, Any] = {c.name: row.value[c.name] or "" for c in COLUMNS}
    return Judgement(line=row.line, **cells)
