"""A data frame of R's metafor or meta saved as CSV: raw columns of both groups, or an estimate with its precision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from math import exp

from scipy.special import ndtri

from bupmeta.effects.columns import find_columns
from bupmeta.exchange.entries import Entry, Unmapped, arms, counts, difference, number, ratio
from bupmeta.exchange.opened import Opened
from bupmeta.trials.cells import tidy_number
from bupmeta.trials.csvfile import CsvFile, shown

__all__ = ["columns", "entries", "estimate", "knows", "read"]

_LEVEL = 95.0
_LARGEST_LOG = 300.0  # exp(300) is about 1e130
_MEANS = ("mean_active", "sd_active", "mean_control", "sd_control")
_KNOWN = (_MEANS, ("events_active", "events_control"), ("y", "v"), ("y", "se"))


def knows(opened: Opened) -> bool:
    """Whether there are columns of both groups, or an estimate with a variance or a standard error."""
    if not isinstance(opened, CsvFile):
        return False
    found = columns(opened)
    return any(set(needs) <= set(found) for needs in _KNOWN)


def read(opened: Opened, measure: str) -> Iterator[Entry | Unmapped]:
    """Give every row; raw columns go before estimates, of which `measure` says what they are."""
    assert isinstance(opened, CsvFile)
    return entries(opened, columns(opened), measure)


def columns(file: CsvFile) -> Mapping[str, int]:
    """Find the understood columns; meta keeps what it was given as .n.e beside n.e, which then counts once."""
    own = [
        name if name.lstrip(".") == name or name.lstrip(".") not in file.header else ""
        for name in file.header
    ]
    return find_columns(own, file.path)


def entries(file: CsvFile, found: Mapping[str, int], measure: str) -> Iterator[Entry | Unmapped]:
    """Give every row of a table whose columns are known."""
    title = next((file.header.index(name) for name in ("outcome", "outclab") if name in file.header), None)
    comma = file.delimiter != ","  # as write.csv2 and spreadsheets of many countries have it
    rows = [{column: record.cells[i].strip() for column, i in found.items()} for record in file.records]
    named = Counter(text.get("study", "") for text in rows)
    for record, text in zip(file.records, rows):
        x = {column: number(tidy_number(cell, decimal_comma=comma)) for column, cell in text.items()}
        study = " ".join(text.get("study", "").split()) or f"row {record.line}"
        if named[text.get("study", "")] > 1 and text.get("study") and text.get("year"):
            study = f"{study} {text['year']}"  # authors of several trials
        cells = _cells(x, measure)
        where = f"row {record.line}"
        if isinstance(cells, str):
            yield Unmapped(where, study, cells)
            continue
        outcome = record.cells[title].strip() if title is not None else ""
        yield Entry(where, study, outcome, cells, text.get("year", ""))


def _cells(x: Mapping[str, float | None], measure: str) -> dict[str, str] | str:
    if set(_MEANS) <= set(x):
        return arms(
            *({what: x.get(f"{what}_{arm}") for what in ("n", "mean", "sd")} for arm in ("active", "control"))
        )
    if {"events_active", "events_control"} <= set(x):
        return counts(*({"events": x[f"events_{arm}"], "n": _size(x, arm)} for arm in ("active", "control")))
    v = x.get("v")
    se = x.get("se") if v is None else v**0.5 if v >= 0 else None
    return estimate(x.get("y"), se, measure)


def _size(x: Mapping[str, float | None], arm: str) -> float | None:
    events, others = x[f"events_{arm}"], x.get(f"nonevents_{arm}")
    given = x.get(f"n_{arm}")
    if given is None and events is not None and others is not None:
        return events + others
    return given


def estimate(y: float | None, se: float | None, measure: str) -> dict[str, str] | str:
    """Give the cells of an estimate: a difference of means, or a ratio from its logarithm with a 95 % interval.

    >>> estimate(-0.2, 0.1, "OR")["as_printed"]
    'OR 0.818730753 (95 % CI 0.67300912 to 0.996004402)'
    """
    if measure == "MD":
        return difference(y, se)
    if measure in ("OR", "RR", "HR"):
        if y is None or se is None or se <= 0:
            return "no estimate with a standard error above 0"
        half = -float(ndtri((1 - _LEVEL / 100) / 2)) * se
        if abs(y) + half > _LARGEST_LOG:
            return "a logarithm whose ratio is too large or too small to be written"
        ends = [float(f"{exp(end):.9g}") for end in (y, y - half, y + half)]
        return ratio(measure, ends[0], ends[1], ends[2], _LEVEL)
    if not measure:
        return "an estimate of which the file does not say what it is; give --measure MD, OR, RR or HR"
    return f"an estimate of {shown(measure)}, which no column holds; give the figures of both groups"
