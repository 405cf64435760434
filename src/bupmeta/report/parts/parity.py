"""Every pooled number as other programs would print it, and why theirs would differ."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.analysis import Analysis, Section
from bupmeta.analysis.programs import conventions_of, program_table, source_table
from bupmeta.report.document import Folded, Paragraph, Part, Tabled
from bupmeta.report.figures import slug
from bupmeta.report.words import measure_title
from bupmeta.table import Column, Table

__all__ = ["parity"]

_SAID = (
    "The same trials, pooled as four other programs would unless told otherwise. The programs themselves were not run: "
    "their conventions are those of the tables below, computed by bupmeta. Where a number differs, it is for the "
    "choices that are named, and not for an error of either program."
)


def parity(analysis: Analysis) -> Iterator[Part]:
    """Show each pool of two trials or more under the conventions of every program, then the conventions."""
    folds = tuple(
        Folded(f"{section.title}, {measure_title(section.measure)}", (Tabled(name, table),))
        for section in analysis.sections
        if (table := _of_section(section)) is not None
        for name in [f"parity_{slug(section.title)}_{section.measure}"]
    )
    if not folds:
        return
    programs = Tabled("parity_programs", program_table(conventions_of(analysis.spec.model)))
    sources = Folded("Where these conventions were seen", (Tabled("parity_sources", source_table()),))
    yield Part("parity", "As other programs would pool it", (Paragraph(_SAID), *folds, programs, sources))


def _of_section(section: Section) -> Table | None:
    """One table of all pools of a section, the total first; None where nothing was pooled."""
    first = (section.total,) if section.total is not None else ()
    found = [
        (pool.title, pool.parity.table()) for pool in (*first, *section.subgroups) if pool.parity is not None
    ]
    if not found:
        return None
    rows = tuple({"pool": title, **row} for title, table in found for row in table.rows)
    notes = tuple(dict.fromkeys(f"{title}: {note}" for title, table in found for note in table.notes))
    same = {note for _, table in found for note in table.notes}
    columns = (Column("pool", "Trials of"), *found[0][1].columns)
    return Table(columns, rows, notes=tuple(same) if len(same) == 1 else notes)
