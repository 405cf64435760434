"""What kind of trial each one is: patients, treatments, design, length and size, gathered from all of its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bupmeta.trials import Result, Trials

__all__ = ["Characteristics", "characteristics"]


@dataclass(frozen=True, slots=True)
class Characteristics:
    """One trial (PRISMA 2020, item 17). A text lists every value that its rows have; it is empty where none is printed.

    `baseline` are the printed mean scores before treatment, active / control, in the units of the scale.
    """

    trial: str
    label: str
    year: int
    condition: str
    population: str
    treatment: str
    comparator: str
    design: str
    blinding: str
    weeks: str
    n: int | None
    scale: str
    baseline: str
    analysis_set: str
    registration: str


def characteristics(rows: Trials) -> tuple[Characteristics, ...]:
    """Gather the trials of `rows`, oldest first.

    >>> from bupmeta.trials import read_trials
    >>> (katz,) = characteristics(read_trials("data/trials.csv").trial("katz2005"))
    >>> katz.design, katz.n, katz.analysis_set
    ('crossover', 54, 'ITT with LOCF; ITT')
    """
    found = (_one([row for row in rows if row.trial == key]) for key in rows.keys)
    return tuple(sorted(found, key=lambda one: (one.year, one.label)))


def _one(rows: list[Result]) -> Characteristics:
    first = rows[0]
    return Characteristics(
        trial=first.trial,
        label=first.study,
        year=first.year,
        condition=_all(row.condition for row in rows),
        population=_all(row.population for row in rows),
        treatment=_all(f"{row.drug} {row.dose}".strip() for row in rows),
        comparator=_all(row.comparator for row in rows),
        design=_all(row.design or "" for row in rows),
        blinding=_all(row.blinding or "" for row in rows),
        weeks=_all(f"{row.weeks:g}" if row.weeks is not None else "" for row in rows),
        n=max((row.n_randomized for row in rows if row.n_randomized is not None), default=None),
        scale=_all(row.scale.name for row in rows),
        baseline=_all(_baseline(row) for row in rows),
        analysis_set=_all(row.analysis_set for row in rows),
        registration=_all(row.source.registration for row in rows),
    )


def _all(words: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(filter(None, words)))


def _baseline(row: Result) -> str:
    active, control = row.baseline.active, row.baseline.control
    if active is None and control is None:
        return ""
    return " / ".join("not printed" if mean is None else f"{mean:g}" for mean in (active, control))
