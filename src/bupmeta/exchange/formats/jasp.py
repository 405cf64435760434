"""JASP: the data set with the columns that its effect size computation adds, exported as CSV."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.effects.columns import find_columns
from bupmeta.exchange.entries import Entry, Unmapped, number
from bupmeta.exchange.formats.r_frame import entries, estimate
from bupmeta.exchange.opened import Opened
from bupmeta.trials.csvfile import CsvFile

__all__ = ["knows", "read"]

# The names that JASP gives unless told otherwise (jaspMetaAnalysis 0.97.5, EffectSizeComputation.qml).
_Y, _SE, _V, _TYPE = (
    "computed effect size", "computed standard error", "computed sampling variance", "computed effect size type",
)  # fmt: skip
_RATIOS = {"OR": "OR", "RR": "RR", "MD": "MD"}


def knows(opened: Opened) -> bool:
    """Whether the computed columns are there."""
    return (
        isinstance(opened, CsvFile) and _Y in opened.header and (_SE in opened.header or _V in opened.header)
    )


def read(opened: Opened, measure: str) -> Iterator[Entry | Unmapped]:
    """Give every row: by its raw columns where JASP kept them, else by what it computed, of the type it says."""
    assert isinstance(opened, CsvFile)
    others = tuple("" if name.startswith("computed ") else name for name in opened.header)
    found = find_columns([name or f"computed {i}" for i, name in enumerate(others)], opened.path)
    raw = list(entries(opened, found, ""))
    for record, one in zip(opened.records, raw):
        if isinstance(one, Entry):
            yield one
            continue
        row = {name: cell.strip() for name, cell in zip(opened.header, record.cells)}
        v = number(row.get(_V))
        se = number(row.get(_SE)) if v is None else v**0.5 if v >= 0 else None
        kind = measure or _RATIOS.get(row.get(_TYPE, ""), row.get(_TYPE, ""))
        cells = estimate(number(row.get(_Y)), se, kind)
        if isinstance(cells, str):
            yield Unmapped(one.where, one.what, cells)
        else:
            year = record.cells[found["year"]].strip() if "year" in found else ""
            yield Entry(one.where, one.what, "", cells, year)
