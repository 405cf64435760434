"""The formats that can be imported: one file and one row of `FORMATS` each, told apart by what a file holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bupmeta.errors import DataError
from bupmeta.exchange.entries import Entry, Unmapped
from bupmeta.exchange.formats import jasp, r_frame, revman5_csv, revman_web, rm5
from bupmeta.exchange.opened import Markup, Opened
from bupmeta.trials.csvfile import shown

__all__ = ["FORMATS", "Format", "FormatName", "find_format"]

FormatName: TypeAlias = Literal["rm5", "RevMan Web", "RevMan 5 CSV", "JASP", "R"]


@dataclass(frozen=True, slots=True)
class Format:
    """What writes such a file, whether an opened file is one, and its results; `measure` says what a bare y is."""

    title: str
    knows: Callable[[Opened], bool]
    read: Callable[[Opened, str], Iterator[Entry | Unmapped]]


#: The first that knows a file reads it; the names in a data frame of R are the least particular.
FORMATS: dict[FormatName, Format] = {
    "rm5": Format("a review of RevMan 5 (.rm5)", rm5.knows, rm5.read),
    "RevMan Web": Format("data rows of RevMan Web (CSV)", revman_web.knows, revman_web.read),
    "RevMan 5 CSV": Format("data and analyses of RevMan 5 (CSV)", revman5_csv.knows, revman5_csv.read),
    "JASP": Format("effect sizes of JASP (CSV)", jasp.knows, jasp.read),
    "R": Format("a data frame of metafor or meta (CSV)", r_frame.knows, r_frame.read),
}


def find_format(opened: Opened) -> FormatName:
    """Say which format a file has; DataError, naming those there are, when it has none of them."""
    for name, form in FORMATS.items():
        if form.knows(opened):
            return name
    known = "; ".join(form.title for form in FORMATS.values())
    if isinstance(opened, Markup):
        raise DataError(
            f"{opened.path} is XML of another kind (<{shown(opened.root.tag)}>); this reads {known}"
        )
    columns = ", ".join(f"`{shown(name)}`" for name in opened.header[:12])
    raise DataError(
        f"{opened.path} has the columns {columns}, which none of the formats has; this reads {known}"
    )
