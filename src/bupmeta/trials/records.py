"""A row of trials.csv as a value, and all rows as one immutable collection."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bupmeta.errors import DataError, SpecError, closest
from bupmeta.trials.cells import Value
from bupmeta.trials.faults import Fault
from bupmeta.trials.forms import ReportForm
from bupmeta.trials.schema import COLUMN_NAMES, COLUMNS
from bupmeta.trials.words import (
    Blinding,
    ComparatorType,
    Condition,
    Design,
    DrugClass,
    Extraction,
    HigherIs,
    ReportFormName,
    ScaleBasis,
    SourceKind,
    Use,
    ValueKind,
)  # fmt: skip

if TYPE_CHECKING:
    import pandas as pd

    from bupmeta.table import Table

__all__ = ["Baseline", "Result", "Scale", "Source", "Trials"]

_CODES = re.compile(r"\[(?:ok|second extraction):[^\]]*\]")


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale of a result; limits are None when they are not known, and `basis` says whether they are printed."""

    name: str
    minimum: float | None
    maximum: float | None
    higher_is: HigherIs | None
    basis: ScaleBasis | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """Means and standard deviations before treatment, None where not printed."""

    active: float | None
    sd_active: float | None
    control: float | None
    sd_control: float | None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a result is printed, its figures as printed, and who checked."""

    kind: SourceKind | None
    address: str
    place: str
    pmid: str
    doi: str
    registration: str
    as_printed: str
    note: str
    extraction: Extraction

    @property
    def remark(self) -> str:
        """The note for a reader: without the codes that `bupmeta check` and the extraction left in it."""
        return " ".join(_CODES.sub(" ", self.note).split())


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """One reported result: who, what and how, the printed numbers as a report form, and the source.

    Text that is not there is an empty string; a number or word that is not there is None.
    `result["column"]` is any cell by its column name.
    """

    line: int
    row: str
    trial: str
    study: str
    year: int
    use: Use
    superseded_by: str
    condition: Condition
    population: str
    drug: str
    drug_class: DrugClass
    dose: str
    comparator: str
    comparator_type: ComparatorType
    design: Design | None
    design_note: str
    blinding: Blinding | None
    weeks: float | None
    n_randomized: int | None
    analysis_set: str
    outcome: str
    scale: Scale
    value: ValueKind | None
    adjusted: bool
    baseline: Baseline
    report_form: ReportFormName
    form: ReportForm
    source: Source
    cells: Mapping[str, Value]

    def __getitem__(self, column: str) -> Value:
        return self.cells[column]


@dataclass(frozen=True, slots=True, eq=False)
class Trials:
    """All results of one file, in file order.

    `trials["semenchuk2001_pain"]` is one row, `trials.select(outcome="pain_intensity")` a part,
    `trials.trial("semenchuk2001")` all rows of one trial. `sha256` is the file's; `warnings` are the
    faults that do not stop an analysis.

    Examples
    --------
    >>> from bupmeta.trials import read_trials
    >>> trials = read_trials("data/trials.csv")
    >>> [r.report_form for r in trials.select(drug="bupropion", outcome="pain_intensity", use="main")]
    ['paired_means_p', 'not_obtained', 'not_significant', 'within_group_only']

    """

    results: tuple[Result, ...]
    path: str
    sha256: str
    warnings: tuple[Fault, ...] = ()

    def __len__(self) -> int:
        return len(self.results)

    def __iter__(self) -> Iterator[Result]:
        return iter(self.results)

    def __contains__(self, row: object) -> bool:
        return any(r.row == row for r in self.results)

    def __getitem__(self, row: str) -> Result:
        for result in self.results:
            if result.row == row:
                return result
        guess = closest(row, (r.row for r in self.results))
        raise DataError(f"{self.path} has no row `{row}`{_hint(guess)}")

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the trials, in file order."""
        return tuple(dict.fromkeys(r.trial for r in self.results))

    def trial(self, key: str) -> Trials:
        """Return all rows of one trial.

        Raises
        ------
        DataError
            When there is no such trial.

        """
        if key not in self.keys:
            guess = closest(key, self.keys)
            raise DataError(
                f"{self.path} has no trial `{key}`{f'; did you mean `{guess}`?' if guess else ''}"
            )
        return self.select(trial=key)

    def select(self, **filters: Value | Collection[Value]) -> Trials:
        """Return the rows whose columns have the given value, or one of the given values.

        `use="main"`, `drug_class=("SNRI", "TCA")`, `superseded_by=""` (empty).

        Raises
        ------
        SpecError
            For an unknown column, or a word that the column's vocabulary does not have.

        """
        wanted = {name: _wanted(name, value) for name, value in filters.items()}
        kept = (r for r in self.results if all(r.cells[name] in values for name, values in wanted.items()))
        return Trials(tuple(kept), self.path, self.sha256, self.warnings)

    def to_frame(self) -> pd.DataFrame:
        """Return a DataFrame with the columns of trials.csv."""
        import pandas as pd

        return pd.DataFrame(
            [dict(r.cells) for r in self.results], columns=list(COLUMN_NAMES)
        ).convert_dtypes()

    def table(self) -> Table:
        """Return the rows as a table: which result, of what, and the figures as printed."""
        from bupmeta.table import Column, Table

        shown = {"row": "Row", "condition": "Condition", "drug": "Drug", "comparator": "Comparator",
                 "outcome": "Outcome", "report_form": "Report form", "as_printed": "As printed"}  # fmt: skip
        rows = tuple({name: r.cells[name] or "" for name in shown} for r in self.results)
        return Table(tuple(Column(name, title) for name, title in shown.items()), rows)

    def __repr__(self) -> str:
        return f"<Trials: {len(self)} results of {len(self.keys)} trials, {self.path}>"


def _hint(guess: str) -> str:
    return f"; did you mean `{guess}`?" if guess else ""


_BY_NAME = {column.name: column for column in COLUMNS}


def _wanted(name: str, value: Value | Collection[Value]) -> Collection[Value]:
    if name not in _BY_NAME:
        guess = closest(name, COLUMN_NAMES)
        raise SpecError(f"trials have no column `{name}`{_hint(guess)}")
    values = (value,) if value is None or isinstance(value, str | int | float) else value
    column = _BY_NAME[name]
    for word in values:
        if column.words and not column.open and word not in (None, "", *column.words):
            guess = closest(str(word), column.words)
            right = (
                f"did you mean `{guess}`?" if guess else "it has " + ", ".join(f"`{w}`" for w in column.words)
            )
            raise SpecError(f"`{word}` is not a word of column `{name}`; {right}")
    return tuple(None if value == "" else value for value in values)
