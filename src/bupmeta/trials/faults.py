"""What can be wrong with a row, said once: where, what, and what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bupmeta.table import quantity
from bupmeta.trials.cells import Severity, Value

__all__ = ["Fault", "Row", "fault_lines"]

_ACKNOWLEDGED = re.compile(r"\[ok:\s*([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file: spreadsheet row number, each cell's text, and its value where it has one.

    `absent` are the columns that the file does not have, `key` the one that holds the row's name.
    """

    line: int
    text: Mapping[str, str]
    value: Mapping[str, Value]
    absent: frozenset[str] = frozenset()
    key: str = "row"

    @property
    def name(self) -> str:
        """What the row goes by in messages."""
        return self.text.get(self.key, "")

    @property
    def acknowledged(self) -> frozenset[str]:
        """Codes of faults that the note declares to be the report's own: `[ok: code, code]`."""
        found = _ACKNOWLEDGED.findall(self.text.get("note", ""))
        return frozenset(code.strip() for codes in found for code in codes.split(",") if code.strip())

    def number(self, column: str) -> float | None:
        """Return the number in a column, None when empty."""
        value = self.value.get(column)
        return None if isinstance(value, str) else value

    def word(self, column: str) -> str:
        """Return the text in a column, empty when there is none."""
        value = self.value.get(column)
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one cell."""

    line: int
    row: str
    column: str
    value: str
    wrong: str
    right: str
    code: str
    severity: Severity = "error"
    acknowledged: bool = False

    def __str__(self) -> str:
        value = f" = {self.value}" if self.value else ""
        row = f" ({self.row})" if self.row else ""
        return f"row {self.line}{row}, {self.column}{value}: {self.wrong}; {self.right} [{self.code}]"


def fault_lines(path: str, faults: Iterable[Fault]) -> str:
    """Return all faults as one message, a line each."""
    faults = tuple(faults)
    count = quantity(len(faults), "error")
    return "\n  ".join((f"{path} has {count}:", *map(str, faults)))
