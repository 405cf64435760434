"""Read trials.csv: every row checked, one error that lists every fault."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bupmeta.errors import DataError
from bupmeta.trials.faults import Row, fault_lines
from bupmeta.trials.forms import FORMS, needed, optional
from bupmeta.trials.records import Baseline, Result, Scale, Source, Trials
from bupmeta.trials.rows import read_rows
from bupmeta.trials.schema import COLUMNS

__all__ = ["read_trials", "to_result"]


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
