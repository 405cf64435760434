"""Rows of one trial against each other, and differences against the means beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bupmeta.trials.csvfile import shown
from bupmeta.trials.faults import Row
from bupmeta.trials.lint.check import Check, Finding, all_rows, each_row
from bupmeta.trials.lint.duplicates import pooled
from bupmeta.trials.lint.printed import printed

__all__ = ["CHECKS"]

_CONTROL = ("n_control", "mean_control", "sd_control", "se_control", "events_control", "percent_control")
_SAME_CONTROL = ("trial", "population", "outcome", "scale", "value", "comparator", "source", "report_form")
_OF_TRIAL = ("study", "year", "n_randomized")


def _groups(rows: Sequence[Row], columns: Sequence[str]) -> Iterator[list[Row]]:
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row.text[c] for c in columns), []).append(row)
    yield from (group for group in groups.values() if len(group) > 1)


def _means(row: Row) -> Iterator[tuple[str, str, str]]:
    """A difference that the two means contradict, in sign or size."""
    difference, active, control = (printed(row, c) for c in ("difference", "mean_active", "mean_control"))
    if not (difference and active and control) or row.word("value") in ("decrease", "percent_decrease"):
        return
    between = active - control if row.word("difference_sign") == "active - control" else control - active
    if between.overlaps(difference):
        return
    if between.low * difference.low < 0 and between.high * difference.high < 0:
        yield (
            "difference",
            f"the means differ by {(between.low + between.high) / 2:.3g}",
            "sign or difference_sign",
        )
    elif row.word("adjusted") != "yes" or not between.overlaps(difference.widened(0.25, 0)):
        yield (
            "difference",
            f"the means differ by {(between.low + between.high) / 2:.3g}",
            "look up all three numbers",
        )


def _mixed(rows: Sequence[Row]) -> Iterator[Finding]:
    """Endpoints and changes among the main rows of one trial, comparator and outcome."""
    with_means = [
        r for r in pooled(rows) if r.text["value"] and (r.text["mean_active"] or r.text["difference"])
    ]
    for group in _groups(with_means, ("trial", "comparator", "outcome")):
        kinds = {row.word("value") for row in group}
        if "endpoint" in kinds and len(kinds) > 1:
            for row in group:
                if row.word("value") != "endpoint":
                    wrong = "other main rows of this comparison are endpoints"
                    yield Finding(
                        row, "value", wrong, "one kind in one trial; use = alternative for the other"
                    )


def _control(rows: Sequence[Row]) -> Iterator[Finding]:
    """Rows that share a control arm and print different figures for it."""
    for first, *others in _groups(pooled(rows), _SAME_CONTROL):
        for row in others:
            for column in _CONTROL:
                a, b = first.number(column), row.number(column)
                if a is not None and b is not None and a != b:
                    wrong = f"row {first.line} ({first.name}) has {shown(first.text[column])} for the same control arm"
                    yield Finding(row, column, wrong, "the same figure, or say in `population` what differs")


def _trial(rows: Sequence[Row]) -> Iterator[Finding]:
    """Rows of one trial that disagree on its name, year or size."""
    for first, *others in _groups(rows, ("trial",)):
        for row in others:
            for column in _OF_TRIAL:
                a, b = first.text[column], row.text[column]
                if a and b and a != b:
                    yield Finding(
                        row, column, f"row {first.line} of the same trial has {shown(a)}", "one of the two"
                    )


def _year(row: Row) -> Iterator[tuple[str, str, str]]:
    """A year that the name of study or trial contradicts."""
    for column in ("study", "trial"):
        stated = re.search(r"((?:19|20)\d\d)[a-z]?$", row.text[column])
        if stated and row.text["year"] and stated[1] != row.text["year"]:
            yield "year", f"{column} says {stated[1]}", "the same year in both"
            return


CHECKS: dict[str, Check] = {
    "difference-against-means": each_row(_means, report=True),
    "mixed-values": all_rows(_mixed, report=True),
    "control-differs": all_rows(_control, "warning", report=True),
    "trial-differs": all_rows(_trial, "warning"),
    "year-differs": each_row(_year, "warning"),
}
