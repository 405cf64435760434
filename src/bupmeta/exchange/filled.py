"""The cells that files of other programs do not have: what a user may give for all rows, and what is still to fill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bupmeta.errors import SpecError, closest
from bupmeta.trials import COLUMNS
from bupmeta.trials.cells import BadCell, parse_cell
from bupmeta.trials.csvfile import shown

__all__ = ["check_given", "to_fill", "unfit"]

_BY_NAME = {column.name: column for column in COLUMNS}
#: Cells that differ from row to row and come from the file.
_OWN = {"row", "trial", "study", "report_form", "superseded_by", "as_printed"}
_MEANS = ("arm_means_sd", "difference_se")
_SCALE = "scale_min, scale_max and scale_basis say how the scale becomes points of 0-10; without them a row gives SMDs"
#: What else is asked of an empty cell, by column: the report forms that it matters for, and why.
_ALSO: dict[str, tuple[tuple[str, ...], str]] = {
    "value": (_MEANS, "endpoint, change or decrease; means cannot be read without it (--set value=...)"),
    "higher_is": (_MEANS, "worse or better; no mean of pain can be read without it (--set higher_is=...)"),
    "scale_max": (_MEANS, _SCALE),
    "design": ((*_MEANS, "counts"), "parallel or crossover; an empty cell is read as parallel groups"),
}


def check_given(given: Mapping[str, str]) -> None:
    """Raise SpecError when a column is not one that can be given for all rows, or cannot hold the value.

    >>> check_given({"condition": "fibromyalgya"})
    Traceback (most recent call last):
    bupmeta.errors.SpecError: column `condition` cannot be 'fibromyalgya': did you mean `fibromyalgia`?
    """
    for name, value in given.items():
        if name not in _BY_NAME:
            guess = closest(name, tuple(_BY_NAME))
            raise SpecError(
                f"trials.csv has no column `{shown(name)}`{f'; did you mean `{guess}`?' if guess else ''}"
            )
        column = _BY_NAME[name]
        if name in _OWN or column.group == "printed":
            raise SpecError(
                f"column `{name}` differs from row to row; it is read from the file, not set for all rows"
            )
        found = parse_cell(column, value)
        if isinstance(found, BadCell) and found.severity == "error":
            raise SpecError(f"column `{name}` cannot be {shown(value)!r}: {found.right}")


def unfit(cells: Mapping[str, str]) -> str:
    """Say which cell its column cannot hold, such as an SD below 0; "" where all fit.

    >>> unfit({"n_active": "20", "sd_active": "-2"})
    'sd_active -2: a number from 0 to 1e+06, with a decimal point and without a unit'
    """
    for name, value in cells.items():
        found = parse_cell(_BY_NAME[name], value)
        if isinstance(found, BadCell) and found.severity == "error":
            return f"{name} {shown(value)}: {found.right}"
    return ""


def to_fill(rows: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Give where, which column, and what is asked: what every row needs, then what else decides how it is read."""
    for column in COLUMNS:
        if column.required and (where := _where(rows, column.name)):
            words = f": {', '.join(column.words)}" if column.words and len(column.words) < 12 else ""
            yield (
                where,
                column.name,
                f"{column.description}{words}; needed in every row (--set {column.name}=...)",
            )
    for name, (forms, why) in _ALSO.items():
        concerned = [row for row in rows if row["report_form"] in forms]
        if where := _where(concerned, name):
            yield where, name, why


def _where(rows: Sequence[Mapping[str, str]], name: str) -> str:
    empty = [row["row"] for row in rows if not row[name]]
    if not empty:
        return ""
    return empty[0] if len(empty) == 1 else f"{len(empty)} rows" if len(empty) < len(rows) else "every row"
