"""Tables of all the evidence beside the extractable results."""

from __future__ import annotations

from dataclasses import replace

from bupmeta.analysis import Pool
from bupmeta.effects.readings import AXES, Reading, value_words
from bupmeta.pooling.evidence_shifts import Shifts
from bupmeta.report.evidence_words import admitted
from bupmeta.report.tables import Row
from bupmeta.table import Column, Table, capital

__all__ = ["evidence_tables", "readings_table"]


def evidence_tables(pool: Pool) -> list[Table]:
    """Extractable-only beside all-evidence, the shift of each silent trial, and what unseen results could do."""
    found = pool.evidence
    if found is None:
        return []
    rows: list[Row] = []
    compared = (
        ("extractable results only", pool.result),
        ("all evidence, maximum likelihood", found.result),
        ("all evidence, posterior", found.bayes),
    )
    for name, result in compared:
        if result is not None:
            numbers = {key: getattr(result, key) for key in ("k", "mu", "ci", "tau2", "prediction")}
            rows.append({"what": name, "notes": "; ".join(result.notes), **numbers})
    columns = (
        Column("what", "Pooled from"),
        Column("k", "Trials", "integer"),
        Column("mu", "Estimate", "number"),
        Column("ci", "Interval", "interval"),
        Column("tau2", "tau²", "number", 3),
        Column("prediction", "Prediction interval", "interval"),
        Column("notes", "Notes"),
    )
    beside = (
        [Table(columns, tuple(rows), "Extractable results beside all the evidence")] if len(rows) > 1 else []
    )
    shifts = [_shifts(found.shifts)] if found.result is not None and len(found.shifts) else []
    return [*beside, *shifts, *([found.worst.table()] if found.worst is not None else [])]


def _shifts(found: Shifts) -> Table:
    """The shift of each silent trial, with what its words admit in words."""
    table = found.table()
    columns = tuple(
        Column("admissible", "Effects it admits") if one.key == "admissible" else one for one in table.columns
    )
    rows = tuple(
        {**row, "admissible": admitted(trial)} for row, trial in zip(table.rows, found.trials, strict=True)
    )
    return replace(table, columns=columns, rows=rows)


def readings_table(pool: Pool) -> Table | None:
    """What a single trial says under each declared reading of its report; None where there is one reading only.

    One column for each choice that any reading rests on: it is empty where the reading does not.
    """
    if pool.result is None or pool.result.k != 1:
        return None
    found = [one for one in pool.readings[pool.effects.labels[0]].readings if isinstance(one, Reading)]
    if len(found) < 2:
        return None
    axes = dict.fromkeys(name for one in found for name, _ in one.axes)
    columns = (
        Column("y", "Effect", "number"),
        Column("se", "SE", "number", 3),
        *(Column(name, capital(AXES.get(name, name))) for name in axes),
    )
    rows: tuple[Row, ...] = tuple(
        {"y": one.y, "se": one.v**0.5, **{name: value_words(value) for name, value in one.axes}}
        for one in found
    )
    caption = f"{pool.effects.labels[0]}, read in {len(rows)} declared ways; the first is the one used"
    return Table(columns, rows, caption, ("An empty cell: this reading does not rest on that choice.",))
