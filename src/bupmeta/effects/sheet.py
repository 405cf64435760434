"""The cells of a table of effects as numbers and labels; every fault is told with row, column and value."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from bupmeta.effects.core import FloatArray
from bupmeta.errors import DataError
from bupmeta.trials.cells import tidy_number
from bupmeta.trials.csvfile import CsvFile, shown

__all__ = ["MISSING", "RULES", "Sheet"]

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
MISSING = ("", "NA")  # R writes NA

Rule = tuple[Callable[[float], bool], str]
_POSITIVE: Rule = (lambda x: x > 0, "it must be above 0")
_COUNT: Rule = (lambda x: x >= 0 and x == int(x), "it must be a whole number of at least 0")
_SIZE: Rule = (lambda x: x >= 1 and x == int(x), "it must be a whole number of at least 1")

#: What a number in a column must be, and how that is said; a column that is not here takes any number.
RULES: dict[str, Rule] = {
    **dict.fromkeys(("v", "se", "or", "rr", "hr", "sd_active", "sd_control"), _POSITIVE),
    **dict.fromkeys(("n_active", "n_control"), _SIZE),
    **dict.fromkeys(
        ("events_active", "events_control", "nonevents_active", "nonevents_control"), _COUNT
    ),
    "ci_level": (lambda x: 50 <= x < 100, "it must be a confidence level in percent, such as 95"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """The records of a file with the position of each understood column."""

    file: CsvFile
    found: Mapping[str, int]

    def text(self, i: int, column: str) -> str:
        """Return the cell of record `i`, on one line."""
        return " ".join(self.file.records[i].cells[self.found[column]].split())

    def fail(self, i: int, column: str, words: str) -> NoReturn:
        """Raise the DataError about one cell."""
        name = shown(self.file.header[self.found[column]])
        cell = f"{self.file.path}: row {self.file.records[i].line}, column `{name}`"
        text = shown(self.text(i, column))
        raise DataError(f"{cell} is {f'{text!r}' if text else 'empty'}; {words}")

    def complete(self, columns: Sequence[str]) -> list[int]:
        """Return the records with a number in every column; a record with some but not all is an error."""
        rows = []
        for i in range(len(self.file.records)):
            missing = [column for column in columns if self.text(i, column) in MISSING]
            if not missing:
                rows.append(i)
            elif len(missing) < len(columns):
                self.fail(
                    i, missing[0], "give the number, or leave all numbers of a trial without an effect empty"
                )
        return rows

    def numbers(self, column: str, rows: Sequence[int]) -> FloatArray:
        """Return a column's numbers in the given records; decimal commas count outside comma-separated files."""
        comma = self.file.delimiter != ","
        texts = [tidy_number(self.text(i, column), decimal_comma=comma) for i in rows]
        allowed, words = RULES.get(column, (np.isfinite, "it must be a finite number"))
        for i, text in zip(rows, texts):
            if not _NUMBER.fullmatch(text):
                self.fail(i, column, "it must be a number, with a decimal point and without a unit")
            if not np.isfinite(float(text)) or not allowed(float(text)):
                self.fail(i, column, words)
        return np.array([float(text) for text in texts])

    def check_decimals(self, columns: Sequence[str]) -> None:
        """Refuse a file in which some numbers have a decimal comma and others a point: 1,234 could be either."""
        comma: tuple[int, str] | None = None
        point = False
        for i in range(len(self.file.records)):
            for column in columns:
                text = self.text(i, column)
                point = point or "." in text
                comma = comma or ((i, column) if "," in text else None)
        if comma and point:
            self.fail(*comma, "other numbers have a decimal point; write all of them with a point")

    def whole(self, i: int, column: str) -> int | None:
        """Return a whole number that only describes the trial (its year, its sizes), None if there is none."""
        text = self.text(i, column) if column in self.found else ""
        return int(text) if re.fullmatch(r"\d{1,9}", text) else None

    def labels(self) -> list[str]:
        """Return one label per record: the study's name, with the year where names repeat, else the row.

        Raises DataError for a label that two records share.
        """
        names = [
            self.text(i, "study") if "study" in self.found else "" for i in range(len(self.file.records))
        ]
        count = Counter(names)
        labels = []
        for i, name in enumerate(names):
            year = self.whole(i, "year")
            labels.append(f"{name} {year}" if count[name] > 1 and name and year else name)
        labels = [label or f"row {record.line}" for label, record in zip(labels, self.file.records)]
        for label, times in Counter(labels).items():
            if times > 1:
                lines = " and ".join(str(r.line) for r, x in zip(self.file.records, labels) if x == label)
                raise DataError(
                    f"{self.file.path}: rows {lines} are both called {shown(label)!r}; give each its own label"
                )
        return labels
