"""RevMan Web: the data rows in the download of a review (...-data-rows.csv), one study to a row."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.exchange.entries import Entry, Unmapped, arms, counts, difference, number
from bupmeta.exchange.opened import Opened, has_columns
from bupmeta.trials.csvfile import CsvFile

__all__ = ["knows", "read"]

_NEEDED = {"Analysis group", "Analysis number", "Study", "Experimental N", "Control N"}


def knows(opened: Opened) -> bool:
    """Whether the header is that of data rows."""
    return has_columns(opened, _NEEDED)


def read(opened: Opened, measure: str) -> Iterator[Entry | Unmapped]:
    """Give every row, by the cells that are filled; `measure` says what a generic estimate is."""
    assert isinstance(opened, CsvFile)
    for record in opened.records:
        row = {name: cell.strip() for name, cell in zip(opened.header, record.cells)}
        place = f"row {record.line}, analysis {row['Analysis group']}.{row['Analysis number']}"
        cells = _cells(row, measure)
        if isinstance(cells, str):
            yield Unmapped(place, row["Study"], cells)
            continue
        name = row.get("Analysis name") or f"analysis {row['Analysis group']}.{row['Analysis number']}"
        yield Entry(
            place,
            row["Study"],
            name,
            cells,
            row.get("Study year", ""),
            row.get("Subgroup", ""),
        )


def _cells(row: dict[str, str], measure: str) -> dict[str, str] | str:
    def at(name: str) -> float | None:
        return number(row.get(name))

    sides = ("Experimental", "Control")
    if all(at(f"{side} mean") is not None for side in sides):
        return arms(*({"n": at(f"{s} N"), "mean": at(f"{s} mean"), "sd": at(f"{s} SD")} for s in sides))
    if all(at(f"{side} cases") is not None for side in sides):
        return counts(*({"events": at(f"{s} cases"), "n": at(f"{s} N")} for s in sides))
    if at("GIV Mean") is not None:
        if measure == "MD":
            return difference(at("GIV Mean"), at("GIV SE"))
        return "generic inverse variance: this file does not say of which measure; --measure MD if of means"
    if at("O-E") is not None:
        return "O-E and its variance, which no column holds"
    return "no numbers"
