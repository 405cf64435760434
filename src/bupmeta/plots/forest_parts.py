"""The parts of a forest plot as values: blocks go in, columns, rows and an axis come out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from bupmeta.plots.axis import Axis
from bupmeta.plots.look import HOUSE, Look

if TYPE_CHECKING:
    from bupmeta.effects import Effects
    from bupmeta.pooling import MetaResult

__all__ = ["Band", "Block", "Column", "ForestLayout", "Interval", "Kind", "Row", "clean"]

Kind = Literal["heading", "study", "admissible", "silent", "pooled", "prediction", "note"]
Interval = tuple[float, float]
LONGEST = 400  # characters; what is longer than any cell is cut
JOINERS = "\u200c\u200d"  # invisible, but part of the spelling of some languages


@dataclass(frozen=True, slots=True)
class Block:
    """One group of trials: its pooled result, or its effects when they are not pooled, or neither.

    `sentence` is printed under the trials instead of the heterogeneity line or of why nothing is pooled, `remark` after
    either.
    `admissible` gives, by label, the interval in which a silent trial's effect must lie (infinite ends allowed).
    With `studies=False` only what was pooled is shown (a total).
    """

    title: str = ""
    result: MetaResult | None = None
    effects: Effects | None = None
    sentence: str = ""
    admissible: Mapping[str, Interval] = field(default_factory=dict)
    studies: bool = True
    remark: str = ""

    @property
    def data(self) -> Effects | None:
        """The effects shown: those given, else those that were pooled."""
        return self.effects if self.effects is not None or self.result is None else self.result.effects


@dataclass(frozen=True, slots=True)
class Column:
    """A column of text on one side of the plot; a `flexible` one may be broken over lines or cut."""

    key: str
    title: str
    side: Literal["left", "right"] = "left"
    align: Literal["left", "right"] = "left"
    flexible: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its cells by column key, what is drawn on the axis, or the text that stands there instead.

    `area` is that of the square, the largest of a block being 1; `detail` a small line under the cells (what the
    report printed); `link` the data row the trial came from.
    """

    kind: Kind
    cells: Mapping[str, str] = field(default_factory=dict)
    estimate: float | None = None
    interval: Interval | None = None
    area: float = 0.0
    text: str = ""
    detail: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A range of effects to read the estimates against, and what it means."""

    low: float
    high: float
    label: str


@dataclass(frozen=True, slots=True)
class ForestLayout:
    """Everything that a forest plot shows; `forest_draw.draw` turns it into a figure."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    axis: Axis
    favours: tuple[str, str] = ("", "")
    band: Band | None = None
    title: str = ""
    key: tuple[str, ...] = ()
    look: Look = HOUSE

    @property
    def empty(self) -> bool:
        """Whether no row has anything to draw: then there is no axis either."""
        return all(row.interval is None for row in self.rows)


def clean(text: str) -> str:
    r"""The text on one line, without characters that no page can show (controls, bidirectional overrides).

    >>> clean("two\n lines\x00")
    'two lines'
    """
    kept = "".join(c if c.isprintable() or c in JOINERS else " " for c in text[: 4 * LONGEST])
    short = " ".join(kept.split())
    return short if len(short) <= LONGEST else short[: LONGEST - 1].rstrip() + "…"
