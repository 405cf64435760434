"""The filters of a specification: which rows they mean, and a sentence where they mean none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import get_args

from bupmeta.analysis.spec import AnalysisSpec, Filter
from bupmeta.errors import SpecError, closest, instead
from bupmeta.trials import COLUMNS, Result, Trials
from bupmeta.trials.risk_of_bias import Judged, RiskOfBias

__all__ = ["RISK", "any_outcome", "check_filters", "matching", "text_of", "without"]

#: In filters that drop rows, the overall judgement of the row's trial; no column of trials.csv.
RISK = "risk_of_bias"


def check_filters(spec: AnalysisSpec, trials: Trials) -> None:
    """Raise SpecError for a filter that names a column or a value that no row has.

    >>> from bupmeta.analysis import read_spec
    >>> from bupmeta.trials import read_trials
    >>> check_filters(read_spec("analyses/bupropion.toml"), read_trials("data/trials.csv"))
    """
    for label, wanted in _filters(spec):
        _check_filter(spec, trials, label, wanted)
    for label, wanted in _dropping(spec):
        _check_risk(spec, label, wanted.get(RISK, ()))
        _check_filter(spec, trials, label, {name: words for name, words in wanted.items() if name != RISK})


def matching(trials: Trials, wanted: Filter) -> Trials:
    """Give the rows that a filter means.

    >>> from bupmeta.trials import read_trials
    >>> trials = read_trials("data/trials.csv")
    >>> [row.row for row in matching(trials, {"trial": ("katz2005",), "outcome": ("analysed",)})]
    ['katz2005_itt']
    """
    kept = (row for row in trials if all(text_of(row[name]) in values for name, values in wanted.items()))
    return Trials(tuple(kept), trials.path, trials.sha256, trials.warnings)


def without(trials: Trials, drop: Filter, judged: RiskOfBias | None = None) -> Trials:
    """Give the rows that a filter does not mean: those with none of its values.

    Its key `risk_of_bias` means rows whose trial has that overall judgement.

    >>> from bupmeta.trials import read_trials
    >>> from bupmeta.trials.risk_of_bias import read_risk_of_bias
    >>> trials = read_trials("data/trials.csv").select(drug="bupropion", use="main", outcome="pain_intensity")
    >>> judged = read_risk_of_bias("data/risk_of_bias.csv")
    >>> len(trials), len(without(trials, {"risk_of_bias": ("high",)}, judged))
    (4, 3)
    """

    def meant(row: Result) -> bool:
        return any(_cell(row, name, judged) in values for name, values in drop.items())

    kept = tuple(row for row in trials if not meant(row))
    return Trials(kept, trials.path, trials.sha256, trials.warnings)


def _cell(row: Result, name: str, judged: RiskOfBias | None) -> str:
    if name != RISK:
        return text_of(row[name])
    return "not assessed" if judged is None else judged.of(row.trial, row.outcome).overall


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
        yield (
            f"sensitivity {alternative.name!r}",
            {"trial": alternative.without} if alternative.without else {},
        )
    for column in spec.groups.by:
        yield "groups.by", {column: ()}
    for one in spec.outcomes:
        yield f"outcome {one.title!r}", {"outcome": (one.outcome,)}
    if spec.groups.of_interest:
        yield "groups.of_interest", {spec.groups.by[0]: spec.groups.of_interest}


def _dropping(spec: AnalysisSpec) -> Iterable[tuple[str, Filter]]:
    """The filters that drop rows, which may name the judgement of a trial beside columns."""
    for alternative in spec.sensitivity:
        yield f"sensitivity {alternative.name!r} drop", alternative.drop
    for name, wanted in (spec.multiverse.without if spec.multiverse else {}).items():
        yield f"multiverse.without.{name}", wanted


def _check_risk(spec: AnalysisSpec, label: str, values: Sequence[str]) -> None:
    if values and spec.risk_of_bias is None:
        raise SpecError(
            f"{spec.path}: {label} names {RISK}, and the specification has no file of judgements; add {RISK} = PATH"
        )
    for value in values:
        if value not in (known := get_args(Judged)):
            raise SpecError(f"{spec.path}: {label} has {RISK} = {value!r}; {instead(value, known)}")


def _check_filter(spec: AnalysisSpec, trials: Trials, label: str, wanted: Filter) -> None:
    """A value is right when the column's vocabulary or any row of the file has it; a typing error is neither."""
    columns = {column.name: column for column in COLUMNS}
    for name, values in wanted.items():
        if name not in columns:
            raise SpecError(f"{spec.path}: {label} names the column {name!r}; {instead(name, columns)}")
        known = set(columns[name].words) | {text_of(row[name]) for row in trials if row[name] is not None}
        for value in values:
            if value not in known:
                guess = closest(value, sorted(known))
                hint = f"did you mean {guess!r}?" if guess else f"there are {', '.join(sorted(known)[:12])}"
                raise SpecError(
                    f"{spec.path}: {label} has {name} = {value!r}, which no row of {spec.data} has; {hint}"
                )
