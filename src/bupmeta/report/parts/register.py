"""Every trial, what it printed, what became of it, and where it was read."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.analysis import Analysis
from bupmeta.report.document import Entry, Filed, Paragraph, Part, Register, Tabled, slug
from bupmeta.report.sources import Sourced, sources, sources_table

__all__ = ["register"]

_INTRODUCTION = "The figures are as printed; the link is the page they were read on."


def register(analysis: Analysis) -> Iterator[Part]:
    """List every trial with its source, in alphabetical order."""
    entries = tuple(
        Entry(
            f"{trial['label']} ({trial['treatment']})",
            _text(trial),
            trial["address"],
            trial["rows"],
            tuple(
                (f"forest_{slug(title)}_{analysis.spec.measures[0]}", title) for title in trial["conditions"]
            ),
        )
        for trial in sources(analysis)
    )
    if entries:
        table = Filed("The same as a table for programs", Tabled("sources", sources_table(analysis)))
        yield Part(
            "sources", "Every trial and its source", (Paragraph(_INTRODUCTION), Register(entries), table)
        )


def _text(trial: Sourced) -> str:
    printed = trial["printed"] or "nothing printed about this outcome"
    how = f"{trial['how'][:1].upper()}{trial['how'][1:]}." if trial["how"] else ""
    return " ".join(filter(None, (f"{printed}.", how, trial["note"])))
