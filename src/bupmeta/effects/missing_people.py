"""People who were randomized and have no outcome: how many there were, and effects in which they count."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bupmeta.effects.core import Effects, FloatArray, Origin
from bupmeta.effects.counts import CountMeasure
from bupmeta.effects.difference import is_paired
from bupmeta.effects.tables import Tables
from bupmeta.errors import DataError
from bupmeta.kernels.missing import risk_with_missing
from bupmeta.kernels.table_effects import corrected
from bupmeta.trials import Result, Trials

__all__ = ["MissingPeople", "as_failures", "effects_with_missing", "handling", "missing_people"]

Imors = tuple[float, float]
_FILLED_IN = re.compile(r"\b(?:LOCF|m?BOCF|MMRM|multiple imputation)\b")


@dataclass(frozen=True, slots=True)
class MissingPeople:
    """Per trial: people without an outcome, active and control (None where not known), and how that is known.

    `handled` is what the report says about them, where it says anything: an analysis set such as "ITT with LOCF", or
    how its values were filled in.
    """

    label: str
    active: int | None
    control: int | None
    how: str
    handled: str = ""

    @property
    def any(self) -> bool:
        """Whether it is known that somebody is missing."""
        return bool(self.active or self.control)


def missing_people(trials: Trials, tables: Tables) -> tuple[MissingPeople, ...]:
    """Say for each table how many randomized people are not in it, as far as the rows of the file tell.

    Randomized people per group are seldom printed. They are known of a crossover, where everybody was to get each
    treatment; of a percentage that fits fewer people than its group had; and where the sizes of another row of the
    same trial add up to all who were randomized.

    >>> from bupmeta.effects import event_tables
    >>> from bupmeta.trials import read_trials
    >>> trials = read_trials("data/trials.csv")
    >>> found = missing_people(trials, event_tables(trials, outcome="responder_30"))
    >>> [(one.label, one.active, one.control) for one in found]
    [('Skljarevski 2009', 3, 4), ('Arnold 2005', 0, 0), ('Miki 2016', 4, 4)]
    """
    by_row = {row.row: row for row in trials}
    out = []
    for i, (label, origin) in enumerate(zip(tables.labels, tables.origin)):
        rows = [by_row[name] for name in origin.rows]
        counted = int(tables.n_active[i]), int(tables.n_control[i])
        others = [row for row in trials if row.trial == origin.trial]
        found, how = _randomized(rows, others, counted)
        handled = "; ".join(dict.fromkeys(word for row in rows for word in handling(row)))
        if found is None:
            out.append(MissingPeople(label, None, None, how, handled))
        else:
            out.append(MissingPeople(label, found[0] - counted[0], found[1] - counted[1], how, handled))
    return tuple(out)


def handling(row: Result) -> tuple[str, ...]:
    """Give what a row says of people without an outcome: its analysis set, and how values were filled in.

    >>> from bupmeta.trials import read_trials
    >>> trials = read_trials("data/trials.csv")
    >>> handling(trials["katz2005_attr"]), handling(trials["vollmer2014_pain"])
    (('ITT with LOCF',), ('MMRM',))
    """
    named = _FILLED_IN.findall(f"{row.source.as_printed} {row.source.remark}")
    printed = row.analysis_set or ""
    return tuple(filter(None, (printed, *(word for word in named if word not in printed))))


def _randomized(
    rows: Sequence[Result], others: Sequence[Result], counted: tuple[int, int]
) -> tuple[tuple[int, int] | None, str]:
    """People randomized to both groups, or None, and how that is known."""
    whole = next((row.n_randomized for row in others if row.n_randomized), None)
    if is_paired(rows[0]):
        if whole is None:
            return None, "the number of people randomized was not printed"
        found = whole * len(rows), whole
        if found[0] < counted[0] or found[1] < counted[1]:
            return None, "more people were counted than were randomized"
        return found, f"a crossover of {whole} people, each to get every treatment"
    printed = _sizes(rows)
    if printed is not None and printed != counted:
        return printed, "the percentages fit at most the people counted, not all of the group"
    if whole is None:
        return None, "the number of people randomized was not printed"
    if sum(counted) == whole:
        return counted, "as far as the rows say, everybody randomized is counted"
    for row in others:
        sizes = _sizes([row])
        if (
            len(rows) == 1
            and sizes
            and sum(sizes) == whole
            and sizes[0] >= counted[0]
            and sizes[1] >= counted[1]
        ):
            return sizes, f"the sizes of {row.row} add up to the {whole} randomized"
    return None, f"{whole} were randomized in the whole trial; how many to each group was not printed"


def _sizes(rows: Sequence[Result]) -> tuple[int, int] | None:
    active, control = [row.form.n_active for row in rows], rows[0].form.n_control
    return (sum(n for n in active if n), control) if all(active) and control else None


def as_failures(tables: Tables, missing: Sequence[MissingPeople]) -> Tables:
    """Count everybody who was randomized, those without an outcome as people without the event.

    A trial whose missing people are not known stays as it is. Raises DataError for another number of trials.

    >>> tables = Tables.from_counts([29], [47], [20], [34], ["Beasley"])
    >>> lost = [MissingPeople("Beasley", 22, 34, "")]
    >>> found = as_failures(tables, lost)
    >>> float(found.events_active[0]), float(found.n_active[0]), float(found.n_control[0])
    (29.0, 69.0, 68.0)
    """
    _each_once(tables, missing)
    words = "people without an outcome counted as without the event"
    return Tables.from_counts(
        tables.events_active,
        tables.n_active + [one.active or 0 for one in missing],
        tables.events_control,
        tables.n_control + [one.control or 0 for one in missing],
        tables.labels,
        origin=_assuming(tables.origin, missing, words),
        silent=tables.silent,
    )


def effects_with_missing(
    tables: Tables, missing: Sequence[MissingPeople], imor: Imors, measure: CountMeasure = "RR"
) -> Effects:
    """Give each trial's effect when missing people have `imor` (active, control) times the odds of the others.

    An `imor` of 0 makes them failures (people without the event), 1 like the others, infinity people with the event:
    informative-missingness odds ratios of White, Higgins & Wood 2008. A trial whose missing people are not known is
    taken as it is, which its origin says. Raises DataError for a negative odds ratio or another number of trials.

    >>> tables = Tables.from_counts([29], [47], [20], [34], ["Beasley"])
    >>> lost = [MissingPeople("Beasley", 22, 34, "")]
    >>> effects_with_missing(tables, lost, (0, 0)).y.round(4).tolist()  # 29/69 against 20/68
    [0.357]
    """
    _each_once(tables, missing)
    if min(imor) < 0 or np.isnan(imor).any():
        raise DataError(f"imor={imor!r} has a negative odds ratio; it must be 0 or more")
    t = corrected(tables.cells, "0.5 in trials with a zero")
    lost = [[one.active or 0 for one in missing], [one.control or 0 for one in missing]]
    p1, v1 = risk_with_missing(t.a, t.n1, lost[0], imor[0])
    p2, v2 = risk_with_missing(t.c, t.n2, lost[1], imor[1])
    y, v = _CONTRASTS[measure](p1, v1, p2, v2)
    as_they_are = tables.effects(measure)
    used = [tables.labels.index(label) for label in as_they_are.labels]
    if not used:
        return as_they_are
    words = f"missing people with {imor[0]:g} (active) and {imor[1]:g} (control) times the odds of the others"
    origin = _assuming(as_they_are.origin, [missing[i] for i in used], words)
    return Effects.from_arrays(
        y[used], v[used], as_they_are.labels, measure=measure, unit=as_they_are.unit, origin=origin,
        silent=as_they_are.silent,
    )  # fmt: skip


def _each_once(tables: Tables, missing: Sequence[MissingPeople]) -> None:
    if len(missing) != len(tables):
        raise DataError(f"there are {len(missing)} numbers of missing people for {len(tables)} trials")


def _assuming(origin: Sequence[Origin], missing: Sequence[MissingPeople], words: str) -> list[Origin]:
    return [
        replace(one, assumption="; ".join(filter(None, (one.assumption, words if lost.any else ""))))
        for one, lost in zip(origin, missing)
    ]


def _risk_ratio(
    p1: FloatArray, v1: FloatArray, p2: FloatArray, v2: FloatArray
) -> tuple[FloatArray, FloatArray]:
    return np.log(p1 / p2), v1 / p1**2 + v2 / p2**2


def _odds_ratio(
    p1: FloatArray, v1: FloatArray, p2: FloatArray, v2: FloatArray
) -> tuple[FloatArray, FloatArray]:
    q1, q2 = p1 * (1 - p1), p2 * (1 - p2)
    return np.log(p1 * (1 - p2) / (p2 * (1 - p1))), v1 / q1**2 + v2 / q2**2


def _difference(
    p1: FloatArray, v1: FloatArray, p2: FloatArray, v2: FloatArray
) -> tuple[FloatArray, FloatArray]:
    return p1 - p2, v1 + v2


_CONTRASTS = {"RR": _risk_ratio, "OR": _odds_ratio, "RD": _difference}
