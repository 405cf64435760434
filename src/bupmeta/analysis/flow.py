"""From the rows of the data file to the pools: how many rows and trials are left after each step, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bupmeta.analysis.filters import text_of
from bupmeta.effects import Effects
from bupmeta.trials import Result, Trials

if TYPE_CHECKING:
    from bupmeta.analysis.results import Analysis, Section

__all__ = ["Flow", "Part", "Step", "Study", "eligibility", "flow"]


@dataclass(frozen=True, slots=True)
class Step:
    """One filter: the words of what it keeps, and the rows and trials before and after it."""

    kept: str
    rows_before: int
    trials_before: int
    rows: int
    trials: int

    @property
    def rows_out(self) -> int:
        """Rows that this step leaves out."""
        return self.rows_before - self.rows

    @property
    def trials_out(self) -> int:
        """Trials of which no row is left."""
        return self.trials_before - self.trials


@dataclass(frozen=True, slots=True)
class Part:
    """What became of the trials of one condition: each is counted once, and the counts add up to `trials`."""

    title: str
    trials: int
    with_effect: int
    without: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Flow:
    """Rows and trials from the file to the conditions; `sources` and `extraction` count the rows that were selected.

    `sources` says where rows were read, `extraction` whether two extractions agreed.
    """

    rows: int
    trials: int
    steps: tuple[Step, ...]
    parts: tuple[Part, ...]
    sources: Mapping[str, int]
    extraction: Mapping[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Give every count under its name."""
        return {
            "rows": self.rows,
            "trials": self.trials,
            "steps": [
                {
                    "kept": s.kept,
                    "rows": s.rows,
                    "trials": s.trials,
                    "rows_out": s.rows_out,
                    "trials_out": s.trials_out,
                }
                for s in self.steps
            ],
            "conditions": [
                {
                    "title": p.title,
                    "trials": p.trials,
                    "with_effect": p.with_effect,
                    "without": dict(p.without),
                }
                for p in self.parts
            ],
            "sources": dict(self.sources),
            "extraction": dict(self.extraction),
        }


def flow(trials: Trials, select: Mapping[str, tuple[str, ...]], sections: tuple[Section, ...]) -> Flow:
    """Count rows and trials through the filters of a selection, one column at a time, and into the sections.

    The outcome is asked last, so that the trials left out there are those that compare the right treatments and
    reported something else.
    """
    columns = sorted(select, key=lambda column: column == "outcome")
    rows: list[Result] = list(trials)
    steps = []
    for column in columns:
        kept = [row for row in rows if text_of(row[column]) in select[column]]
        words = f"{column.replace('_', ' ')}: {', '.join(select[column]).replace('_', ' ')}"
        steps.append(Step(words, len(rows), _trials(rows), len(kept), _trials(kept)))
        rows = kept
    return Flow(
        len(trials),
        _trials(list(trials)),
        tuple(steps),
        tuple(_part(section) for section in sections),
        _counted(row.source.kind or "not stated" for row in rows),
        _counted(row.source.extraction for row in rows),
    )


def _trials(rows: list[Result]) -> int:
    return len({row.trial for row in rows})


def _counted(words: Iterator[str]) -> dict[str, int]:
    return dict(Counter(words).most_common())


def _part(section: Section) -> Part:
    assert section.total is not None
    effects = section.total.effects
    without = Counter(trial.kind for trial in effects.silent)
    return Part(section.title, section.total.known, len(effects), dict(without.most_common()))


@dataclass(frozen=True, slots=True)
class Study:
    """One trial and what became of it in each synthesis, by (condition, measure)."""

    trial: str
    label: str
    fates: Mapping[tuple[str, str], str]


def eligibility(analysis: Analysis) -> tuple[Study, ...]:
    """Say of every trial what became of it in each synthesis (PRISMA 2020, item 13a), in alphabetical order.

    >>> from bupmeta.analysis import analyse
    >>> katz, *_ = (one for one in eligibility(analyse("analyses/bupropion.toml")) if one.trial == "katz2005")
    >>> katz.fates["chronic low back pain", "MD"]
    'not significant, no numbers'
    """
    labels: dict[str, str] = {}
    fates: dict[str, dict[tuple[str, str], str]] = {}
    for section in analysis.sections:
        if section.title == analysis.spec.groups.overall:
            continue
        for trial, label, fate in _fates(section):
            labels.setdefault(trial, label)
            fates.setdefault(trial, {})[section.title, section.measure] = fate
    found = (Study(trial, labels[trial], fates[trial]) for trial in labels)
    return tuple(sorted(found, key=lambda one: one.label))


def _fates(section: Section) -> Iterator[tuple[str, str, str]]:
    pools = (section.total,) if section.total is not None else section.subgroups
    for pool in pools:
        where = "" if section.total is not None else f", {pool.title}"
        yield from _of(pool.effects, where)
    for trial in section.silent:
        yield trial.trial, trial.label, trial.kind


def _of(effects: Effects, where: str) -> Iterator[tuple[str, str, str]]:
    verb = "reported" if len(effects) == 1 else "pooled"
    for label, origin in zip(effects.labels, effects.origin):
        yield origin.trial, label, verb + where
    for trial in effects.silent:
        yield trial.trial, trial.label, trial.kind
