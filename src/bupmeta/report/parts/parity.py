"""Every pooled number as other programs would print it, and why theirs would differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bupmeta.analysis import Analysis, Pool
from bupmeta.analysis.outcome_results import EventPool
from bupmeta.analysis.parity import Parity
from bupmeta.analysis.programs import conventions_of, program_table, source_table
from bupmeta.report.document import Folded, Paragraph, Part, Tabled, slug
from bupmeta.report.words import measure_title
from bupmeta.table import Column, Table

__all__ = ["parity"]

_SAID = (
    "The same trials, pooled as four other programs would unless told otherwise. The programs themselves were not run: "
    "their conventions are those of the tables below, computed by bupmeta. Where a number differs, the "
    "choices that are named are the reason, not an error of either program."
)


def parity(analysis: Analysis) -> Iterator[Part]:
    """Show each pool of two trials or more under the conventions of every program, then the conventions."""
    folds = tuple(
        Folded(title, (Tabled(f"parity_{name}", table),))
        for title, name, pools in _sections(analysis)
        if (table := _together([(pool.title, pool.parity) for pool in pools if pool.parity is not None]))
    )
    if not folds:
        return
    programs = Tabled("parity_programs", program_table(conventions_of(analysis.spec.model)))
    sources = Folded("Where these conventions were seen", (Tabled("parity_sources", source_table()),))
    yield Part("parity", "As other programs would pool it", (Paragraph(_SAID), *folds, programs, sources))


def _sections(analysis: Analysis) -> Iterator[tuple[str, str, Sequence[Pool | EventPool]]]:
    """Title, name of the table's file, and pools of every section, the total first."""
    for section in analysis.sections:
        first = (section.total,) if section.total is not None else ()
        title = f"{section.title}, {measure_title(section.measure)}"
        yield title, f"{slug(section.title)}_{section.measure}", (*first, *section.subgroups)
    for one in analysis.outcomes:
        yield one.outcome.title, one.outcome.outcome, one.every


def _together(found: Sequence[tuple[str, Parity]]) -> Table | None:
    """One table of several pools; a note that holds for all of them is said once."""
    if not found:
        return None
    tables = [(title, one.table()) for title, one in found]
    rows = tuple({"pool": title, **row} for title, table in tables for row in table.rows)
    each = dict.fromkeys(note for _, table in tables for note in table.notes)
    named = dict.fromkeys(f"{title}: {note}" for title, table in tables for note in table.notes)
    columns = (Column("pool", "Trials of"), *tables[0][1].columns)
    return Table(columns, rows, notes=tuple(each) if len(each) < 2 else tuple(named))
