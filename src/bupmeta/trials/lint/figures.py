"""Stored numbers against the figures as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from bupmeta.trials.faults import Row
from bupmeta.trials.lint.check import Check, each_row
from bupmeta.trials.schema import PRINTED_NUMBERS

__all__ = ["CHECKS"]

_SIGNED = ("difference", "difference_ci_low", "difference_ci_high", "mean_active", "mean_control",
           "ci_low_active", "ci_high_active", "ci_low_control", "ci_high_control")  # fmt: skip
_FIGURE = re.compile(
    r"(?P<sign>(?:(?<![\w.)%])|(?<=[(=,:\[]))-\s?)?(?P<figure>[0-9]+(?:,[0-9]{3})+|[0-9]+(?:[.,][0-9]+)?|\.[0-9]+)"
)
_WORDS = 25


def _plain(text: str) -> str:
    return text.replace("\u2212", "-").replace("\u2013", "-").replace("\u00b7", ".")


def _figures(text: str) -> Iterator[tuple[Decimal, bool]]:
    """Return each figure of a text without its sign, and whether a minus stands before it."""
    for found in _FIGURE.finditer(_plain(text)):
        figure, minus = found["figure"], found["sign"] is not None
        for reading in {figure.replace(",", ""), figure.replace(",", ".")}:
            if reading.count(".") <= 1:
                yield Decimal(reading), minus


def _not_printed(row: Row) -> Iterator[tuple[str, str, str]]:
    """A number that neither `as_printed` nor the note shows."""
    known = {figure for figure, _ in _figures(f"{row.text['as_printed']}\n{row.text['note']}")}
    for column in PRINTED_NUMBERS:
        value = row.number(column)
        if value is None or (column == "ci_level" and value == 95):
            continue
        if abs(Decimal(row.text[column])) not in known:
            yield (
                column,
                "stands neither in as_printed nor in the note",
                "only printed numbers; quote the figure",
            )


def _sign(row: Row) -> Iterator[tuple[str, str, str]]:
    """A number that `as_printed` shows with the other sign."""
    printed: dict[Decimal, set[bool]] = {}
    for figure, minus in _figures(row.text["as_printed"]):
        printed.setdefault(figure, set()).add(minus)
    for column in _SIGNED:
        value = row.number(column)
        signs = printed.get(abs(Decimal(row.text[column])), set()) if value else set()
        if value and signs and (value < 0) not in signs:
            yield (
                column,
                "as_printed shows it with the other sign",
                "the sign as printed, or declare it in the note",
            )


def _empty(row: Row) -> Iterator[tuple[str, str, str]]:
    """No figures as printed."""
    if not row.text["as_printed"] and row.word("report_form") != "not_obtained":
        yield "as_printed", "empty", "the figures, their units and the fewest words that identify them"


def _sentence(row: Row) -> Iterator[tuple[str, str, str]]:
    """A sentence of the source instead of its figures."""
    words = len(re.findall(r"[^\W\d_]{2,}", row.text["as_printed"]))
    if words > _WORDS:
        yield "as_printed", f"{words} words look like a sentence of the source", "figures, not sentences"


CHECKS: dict[str, Check] = {
    "not-as-printed": each_row(_not_printed),
    "sign-as-printed": each_row(_sign, "warning", report=True),
    "as-printed-empty": each_row(_empty),
    "as-printed-sentence": each_row(_sentence, "warning"),
}
