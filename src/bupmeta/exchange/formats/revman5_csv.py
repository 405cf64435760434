"""RevMan 5: what its export of data and analyses writes as CSV, one row per comparison, outcome, subgroup or study."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.exchange.entries import Entry, Unmapped, arms, counts, number
from bupmeta.exchange.opened import Opened, has_columns
from bupmeta.trials.csvfile import CsvFile

__all__ = ["knows", "read"]

_NEEDED = {"Comparison Number", "Outcome Number", "Name", "Data Type"}


def knows(opened: Opened) -> bool:
    """Whether the header is that of RevMan's export."""
    return has_columns(opened, _NEEDED)


def read(opened: Opened, measure: str) -> Iterator[Entry | Unmapped]:
    """Give every study under its outcome; rows with a data type begin an outcome. `measure` is not needed."""
    del measure
    assert isinstance(opened, CsvFile)
    outcome = kind = subgroup = control = ""
    for record in opened.records:
        row = {name: cell.strip() for name, cell in zip(opened.header, record.cells)}
        if row["Outcome Number"] in ("", "0"):
            continue
        place = f"row {record.line}, analysis {row['Comparison Number']}.{row['Outcome Number']}"
        if row["Data Type"]:
            outcome, kind, subgroup, control = row["Name"], row["Data Type"], "", row.get("Group Label 2", "")
            continue
        if row.get("Year of study", "") == "" and not _filled(row):
            subgroup = row["Name"]
            continue
        cells = _cells(kind, row)
        if isinstance(cells, str):
            yield Unmapped(place, row["Name"], cells)
            continue
        placebo = (
            {"comparator": control, "comparator_type": "placebo"} if control.casefold() == "placebo" else {}
        )
        yield Entry(
            place,
            row["Name"],
            outcome,
            cells | placebo,
            row.get("Year of study", ""),
            subgroup,
        )


def _filled(row: dict[str, str]) -> bool:
    return any(number(row.get(name)) for name in ("Total 1", "Total 2", "Effect Estimate"))


def _cells(kind: str, row: dict[str, str]) -> dict[str, str] | str:
    def at(name: str) -> float | None:
        return number(row.get(name))

    match kind:
        case "CON":
            return arms(
                *({"n": at(f"Total {i}"), "mean": at(f"Mean {i}"), "sd": at(f"SD {i}")} for i in (1, 2))
            )
        case "DIC":
            return counts(*({"events": at(f"Events {i}"), "n": at(f"Total {i}")} for i in (1, 2)))
        case _:
            return f"data of the type {kind or 'not said'}, of which a row of this export has no figures by group"
