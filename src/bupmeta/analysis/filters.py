"""The filters of a specification: which rows they mean, and a sentence where they mean none."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from bupmeta.analysis.spec import AnalysisSpec, Filter
from bupmeta.errors import SpecError
from bupmeta.trials import COLUMNS, Trials

__all__ = ["any_outcome", "check_filters", "matching", "text_of"]


def check_filters(spec: AnalysisSpec, trials: Trials) -> None:
    """Raise SpecError for a filter that names a column or a value that no row has.

    >>> from bupmeta.analysis import read_spec
    >>> from bupmeta.trials import read_trials
    >>> check_filters(read_spec("analyses/bupropion.toml"), read_trials("data/trials.csv"))
    """
    for label, wanted in _filters(spec):
        _check_filter(spec, trials, label, wanted)


def matching(trials: Trials, wanted: Filter) -> Trials:
    """Give the rows that a filter means.

    >>> from bupmeta.trials import read_trials
    >>> trials = read_trials("data/trials.csv")
    >>> [row.row for row in matching(trials, {"trial": ("katz2005",), "outcome": ("analysed",)})]
    ['katz2005_itt']
    """
    kept = (row for row in trials if all(text_of(row[name]) in values for name, values in wanted.items()))
    return Trials(tuple(kept), trials.path, trials.sha256, trials.warnings)


def any_outcome(wanted: Filter) -> Filter:
    """Give the same filter for rows of every outcome."""
    return {name: values for name, values in wanted.items() if name != "outcome"}


def text_of(value: object) -> str:
    """Give a cell as a specification writes it: 2001 and not 2001.0, an empty text for an empty cell.

    >>> text_of(2001.0), text_of(None)
    ('2001', '')
    """
    return "" if value is None else f"{value:g}" if isinstance(value, int | float) else str(value)


def _filters(spec: AnalysisSpec) -> Iterable[tuple[str, Filter]]:
    yield "select", spec.select
    yield "narrative", spec.narrative
    for alternative in spec.sensitivity:
        yield f"sensitivity {alternative.name!r} drop", alternative.drop
        yield (
            f"sensitivity {alternative.name!r}",
            {"trial": alternative.without} if alternative.without else {},
        )
    for name, wanted in (spec.multiverse.without if spec.multiverse else {}).items():
        yield f"multiverse.without.{name}", wanted
    for column in spec.groups.by:
        yield "groups.by", {column: ()}
    for one in spec.outcomes:
        yield f"outcome {one.title!r}", {"outcome": (one.outcome,)}
    if spec.groups.of_interest:
        yield "groups.of_interest", {spec.groups.by[0]: spec.groups.of_interest}


def _check_filter(spec: AnalysisSpec, trials: Trials, label: str, wanted: Filter) -> None:
    """A value is right when the column's vocabulary or any row of the file has it; a typing error is neither."""
    columns = {column.name: column for column in COLUMNS}
    for name, values in wanted.items():
        if name not in columns:
            raise SpecError(f"{spec.path}: {label} names the column {name!r}; {_near(name, tuple(columns))}")
        known = set(columns[name].words) | {text_of(row[name]) for row in trials if row[name] is not None}
        for value in values:
            if value not in known:
                hint = _near(value, tuple(sorted(known)))
                raise SpecError(
                    f"{spec.path}: {label} has {name} = {value!r}, which no row of {spec.data} has; {hint}"
                )


def _near(wrong: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(wrong, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known[:12])}"
