"""Every trial with what it printed, where that was read, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

from bupmeta.analysis import Analysis
from bupmeta.effects import Origin, Silent
from bupmeta.report.tables import Row, named_pools
from bupmeta.table import Column, Table

__all__ = ["Sourced", "sources", "sources_table"]


def sources_table(analysis: Analysis) -> Table:
    """Every trial of the analysis with the address of what was read."""
    columns = (
        Column("label", "Trial"),
        Column("treatment", "Treatment"),
        Column("printed", "As printed"),
        Column("how", "What became of it"),
        Column("note", "Note"),
        Column("address", "Source"),
        Column("rows", "Rows of the data file"),
    )
    rows: tuple[Row, ...] = tuple(
        {
            "label": trial["label"],
            "treatment": trial["treatment"],
            "printed": trial["printed"],
            "how": trial["how"],
            "note": trial["note"],
            "address": trial["address"],
            "rows": ", ".join(trial["rows"]),
        }
        for trial in sources(analysis)
    )
    return Table(columns, rows, "Trials and their sources")


class Sourced(TypedDict):
    """A trial as it was found, and what became of it."""

    label: str
    treatment: str
    printed: str
    how: str
    address: str
    note: str
    rows: tuple[str, ...]
    conditions: tuple[str, ...]


def sources(analysis: Analysis) -> list[Sourced]:
    """Give every trial of the primary measure once, with all its rows, in alphabetical order."""
    found: dict[str, Sourced] = {}
    for section in analysis.of(analysis.spec.measures[0]):
        for pool, _ in named_pools(section):
            effects = pool.effects
            for label, origin in zip(effects.labels, effects.origin):
                how = "; ".join(filter(None, (origin.formula, origin.assumption)))
                _add(found, section.title, label, origin, how)
            for trial in effects.silent:
                _add(found, section.title, trial.label, trial, trial.kind)
    outcome = analysis.spec.question.outcome
    for trial in analysis.narrative:
        _also(found, outcome, trial.label, trial, "never pooled")
    for trial in analysis.other_outcomes:
        _also(found, outcome, trial.label, trial, "not reported")
    for title, label, entry, how in _outcomes(analysis):
        _also(found, title, label, entry, how)
    return sorted(found.values(), key=lambda trial: trial["label"])


def _outcomes(analysis: Analysis) -> Iterator[tuple[str, str, Origin | Silent, str]]:
    """Every trial of responders and harms, with the title of the outcome and what became of it there."""
    for section in analysis.outcomes:
        title = section.outcome.title
        for effects, how in (
            *((pool.effects, "") for pool in section.pools),
            *((one.effects, "never pooled") for one in (*section.beside, *section.outside)),
        ):
            for label, origin in zip(effects.labels, effects.origin):
                yield title, label, origin, how or origin.formula
            for trial in effects.silent:
                yield title, trial.label, trial, how or trial.kind
        for trial in section.narrative:
            yield title, trial.label, trial, "never pooled"
        for one in section.groups:
            yield title, one.trial.label, one.trial, one.trial.kind


def _also(found: dict[str, Sourced], title: str, label: str, entry: Origin | Silent, how: str) -> None:
    """Add what a trial printed of a further outcome, once."""
    earlier = found.get(entry.trial)
    if earlier is None:
        found[entry.trial] = _sourced(label, entry, f"{title}: {how}", entry.rows, ())
        return
    if set(entry.rows) <= set(earlier["rows"]):
        return
    printed = entry.printed
    named = printed.casefold().startswith(title.casefold())
    earlier["printed"] = f"{earlier['printed']} | {printed if named else f'{title}: {printed}'}"
    earlier["how"] = _together(earlier["how"], title, how)
    earlier["rows"] = tuple(dict.fromkeys((*earlier["rows"], *entry.rows)))


def _together(told: str, title: str, how: str) -> str:
    """Add what became of one more outcome; outcomes that it holds for in a row are named together.

    >>> _together("nausea: never pooled", "tremor", "never pooled")
    'nausea, tremor: never pooled'
    """
    ending = f": {how}"
    if told.endswith(ending):
        return f"{told.removesuffix(ending)}, {title}{ending}"
    return f"{told}; {title}{ending}"


def _add(found: dict[str, Sourced], condition: str, label: str, entry: Origin | Silent, how: str) -> None:
    """The total, which comes last, says what became of a trial; subgroups may have further rows of it."""
    earlier, seen = ((), ()) if (old := found.get(entry.trial)) is None else (old["rows"], old["conditions"])
    rows, conditions = ((*earlier, *entry.rows), (*seen, condition))
    found[entry.trial] = _sourced(label, entry, how, rows, conditions)


def _sourced(
    label: str, entry: Origin | Silent, how: str, rows: tuple[str, ...], conditions: tuple[str, ...]
) -> Sourced:
    return {
        "label": label,
        "treatment": entry.treatment,
        "printed": entry.printed,
        "how": how,
        "address": entry.address,
        "note": entry.remark if isinstance(entry, Origin) else entry.note,
        "rows": tuple(dict.fromkeys(rows)),
        "conditions": tuple(dict.fromkeys(conditions)),
    }
