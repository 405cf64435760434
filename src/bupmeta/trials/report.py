"""Every fault of a file in one go, as a table or as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bupmeta.table import Column, Table, quantity
from bupmeta.trials.faults import Fault
from bupmeta.trials.lint import lint
from bupmeta.trials.risk_of_bias.checks import checks
from bupmeta.trials.risk_of_bias.read import read_judgements
from bupmeta.trials.rows import read_rows

__all__ = ["JUDGEMENTS", "CheckReport", "check_folder", "check_judgements", "check_trials"]

#: The file of judgements that stands beside the trials.
JUDGEMENTS = "risk_of_bias.csv"

_COLUMNS = (
    Column("line", "Row", "integer"),
    Column("row", "Name"),
    Column("column", "Column"),
    Column("value", "Value"),
    Column("wrong", "What is wrong"),
    Column("right", "What would be right"),
    Column("severity", "Severity"),
    Column("code", "Code"),
)


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found: the faults of a file, errors first."""

    path: str
    sha256: str
    rows: int
    faults: tuple[Fault, ...]

    @property
    def errors(self) -> tuple[Fault, ...]:
        """Faults that stop an analysis."""
        return tuple(f for f in self.faults if f.severity == "error" and not f.acknowledged)

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """Faults to look at."""
        return tuple(f for f in self.faults if f.severity == "warning" and not f.acknowledged)

    @property
    def acknowledged(self) -> tuple[Fault, ...]:
        """Faults that the row's note declares to be the report's own."""
        return tuple(f for f in self.faults if f.acknowledged)

    def summary(self) -> str:
        """Say in one sentence how many faults of each kind there are."""
        counts = (
            quantity(len(self.errors), "error"),
            quantity(len(self.warnings), "warning"),
            f"{len(self.acknowledged)} acknowledged",
        )
        return f"{self.path}: {quantity(self.rows, 'row')}, {', '.join(counts)}"

    def table(self) -> Table:
        """Return errors and warnings as a table, acknowledged faults as its notes, a line per code."""
        rows = tuple(asdict(f) for f in (*self.errors, *self.warnings))
        return Table(_COLUMNS, rows, caption=self.summary(), notes=self._notes())

    def _notes(self) -> tuple[str, ...]:
        by_code: dict[str, dict[str, None]] = {}
        for f in self.acknowledged:
            by_code.setdefault(f.code, {})[f"{f.row} (row {f.line})"] = None
        return tuple(f"Acknowledged {code}: {', '.join(rows)}" for code, rows in by_code.items())

    def to_dict(self) -> dict[str, Any]:
        """Return counts and faults as plain values."""
        return {
            "file": self.path,
            "sha256": self.sha256,
            "rows": self.rows,
            "errors": len(self.errors),
            "warnings": len(self.warnings),
            "acknowledged": len(self.acknowledged),
            "faults": [asdict(f) for f in (*self.errors, *self.warnings, *self.acknowledged)],
        }

    def __str__(self) -> str:
        if self.errors or self.warnings:
            return str(self.table())
        return "\n".join((self.summary(), *self._notes()))


def check_trials(path: str | Path) -> CheckReport:
    """Check every row of a file of trial results.

    Raises
    ------
    DataError
        When the file cannot be read as a table with the columns of trials.csv.

    Examples
    --------
    >>> check_trials("data/trials.csv").errors
    ()

    """
    rows = read_rows(path)
    return CheckReport(rows.path, rows.sha256, len(rows.rows), lint(rows))


def check_judgements(path: str | Path, trials: str | Path) -> CheckReport:
    """Check every row of a file of judgements of risk of bias against the file of the trials.

    Raises
    ------
    DataError
        When one of the files cannot be read as a table with its columns.

    Examples
    --------
    >>> check_judgements("data/risk_of_bias.csv", "data/trials.csv").errors
    ()

    """
    rows = read_judgements(path)
    designs = {row.word("trial"): row.word("design") for row in read_rows(trials).rows}
    return CheckReport(rows.path, rows.sha256, len(rows.rows), lint(rows, checks(designs)))


def check_folder(path: str | Path) -> tuple[CheckReport, ...]:
    """Check a file of trial results and, where it stands beside them, the file of judgements; or that file alone.

    Raises
    ------
    DataError
        When a file cannot be read as a table with its columns.

    Examples
    --------
    >>> [report.path for report in check_folder("data/trials.csv")]
    ['data/trials.csv', 'data/risk_of_bias.csv']

    """
    beside = Path(path).parent / JUDGEMENTS
    if Path(path).name == JUDGEMENTS:
        return (check_judgements(path, beside.with_name("trials.csv")),)
    found = check_trials(path)
    return (found, check_judgements(beside, path)) if beside.exists() else (found,)
