"""The columns of trials.csv, in order: the one place that says what a row holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from bupmeta.trials.forms import FORMS
from bupmeta.trials.words import MEANINGS

__all__ = ["COLUMNS", "COLUMN_NAMES", "GROUPS", "PRINTED_NUMBERS", "Column", "Group"]

Group: TypeAlias = Literal["row", "use", "who", "design", "outcome", "printed", "source"]

GROUPS: dict[Group, str] = {
    "row": "Which result this is",
    "use": "What analyses may do with it",
    "who": "Patients, drug and comparator",
    "design": "The trial",
    "outcome": "What was measured, and on which scale",
    "printed": "The numbers, exactly as printed; the report form decides which are filled",
    "source": "Where it is printed, and who checked",
}

_FAR = 1_000_000  # scale units; no scale ends beyond
_MANY = 1_000_000  # patients; more is a slip of the keyboard


@dataclass(frozen=True, slots=True)
class Column:
    """One column of trials.csv.

    `words` is a closed vocabulary unless `open` (then another word is only a warning); `optional`
    columns may be missing from the header; `required` ones have a value in every row.

    Examples
    --------
    >>> next(c for c in COLUMNS if c.name == "weeks").unit
    'weeks'

    """

    name: str
    group: Group
    kind: Literal["text", "word", "integer", "number"]
    description: str
    unit: str = ""
    words: tuple[str, ...] = ()
    open: bool = False
    required: bool = False
    optional: bool = False
    minimum: float | None = None
    maximum: float | None = None
    pattern: str = ""


def _text(name: str, group: Group, description: str, *, required: bool = False, pattern: str = "") -> Column:
    return Column(name, group, "text", description, required=required, pattern=pattern)


def _word(name: str, group: Group, description: str, **settings: bool) -> Column:
    return Column(name, group, "word", description, words=tuple(MEANINGS[name]), **settings)  # type: ignore[arg-type]  # only flags


def _count(name: str, description: str, unit: str = "patients") -> Column:
    return Column(name, "printed", "integer", description, unit=unit, minimum=0, maximum=_MANY)


def _number(
    name: str,
    description: str,
    unit: str = "scale units",
    low: float | None = None,
    high: float | None = None,
) -> Column:
    if unit == "scale units":
        low, high = -_FAR if low is None else low, _FAR
    return Column(name, "printed", "number", description, unit=unit, minimum=low, maximum=high)


def _arm(arm: str) -> tuple[Column, ...]:
    return (
        _number(f"mean_{arm}", f"mean in the {arm} arm (or phase)"),
        _number(f"sd_{arm}", "its standard deviation", low=0),
        _number(f"se_{arm}", "its standard error", low=0),
        _number(f"ci_low_{arm}", "lower limit of its confidence interval"),
        _number(f"ci_high_{arm}", "upper limit of its confidence interval"),
    )


COLUMNS: tuple[Column, ...] = (
    _text("row", "row", "unique name: trial and what is reported", required=True, pattern=r"[a-z0-9_]+"),
    _text("trial", "row", "name shared by all rows of one trial", required=True, pattern=r"[a-z0-9_]+"),
    _text("study", "row", "label in tables and plots, such as Semenchuk 2001", required=True),
    Column("year", "row", "integer", "year of publication, or of the end of an unpublished trial",
           required=True, minimum=1950, maximum=2100),
    _word("use", "use", "whether analyses may take this row", required=True),
    _text("superseded_by", "use", "row that is preferred for the same contrast and outcome"),
    _word("condition", "who", "condition under which results are pooled", required=True),
    _text("population", "who", "patients as the report describes them"),
    _text("drug", "who", "active drug: generic name, lower case", required=True, pattern=r"[^A-Z]+"),
    _word("drug_class", "who", "class of the active drug", required=True),
    _text("dose", "who", "dose and formulation"),
    _text("comparator", "who", "what the control arm got"),
    _word("comparator_type", "who", "kind of control", required=True),
    _word("design", "design", "design of the comparison; empty when not known"),
    _text("design_note", "design", "remarks on the design"),
    _word("blinding", "design", "blinding as stated"),
    Column("weeks", "design", "number", "length of treatment (of one period in a crossover)",
           unit="weeks", minimum=0),
    Column("n_randomized", "design", "integer", "patients randomized in the whole trial",
           unit="patients", minimum=1, maximum=_MANY),
    _text("analysis_set", "design", "patients in the analysis: ITT, completers 28 of 61, ..."),
    _word("outcome", "outcome", "what was measured", required=True, open=True),
    _text("scale", "outcome", "scale, and the time when it was read"),
    Column("scale_min", "outcome", "number", "lowest possible score", unit="scale units",
           minimum=-_FAR, maximum=_FAR),
    Column("scale_max", "outcome", "number", "highest possible score", unit="scale units",
           minimum=-_FAR, maximum=_FAR),
    _word("scale_basis", "outcome", "whether the limits of the scale are printed; filled where they are",
          optional=True),
    _word("higher_is", "outcome", "what a higher score means"),
    _word("value", "outcome", "what the means and differences are"),
    Column("adjusted", "outcome", "word", "yes when figures are least-squares or adjusted", words=("yes",)),
    Column("report_form", "printed", "word", "what kind of result is printed",
           words=tuple(FORMS), required=True),
    _count("n_active", "patients behind the active figure"),
    _count("n_control", "patients behind the control figure"),
    _count("n_paired", "patients measured under both treatments of a crossover"),
    _number("baseline_active", "mean at baseline, active arm"),
    _number("baseline_sd_active", "its standard deviation", low=0),
    _number("baseline_control", "mean at baseline, control arm"),
    _number("baseline_sd_control", "its standard deviation", low=0),
    *_arm("active"),
    *_arm("control"),
    _number("difference", "difference between treatments"),
    _word("difference_sign", "printed", "direction of that difference"),
    _number("difference_se", "its standard error", low=0),
    _number("difference_ci_low", "lower limit of its confidence interval"),
    _number("difference_ci_high", "upper limit of its confidence interval"),
    _number("ci_level", "level of the printed confidence intervals", "percent", 50, 99.99),
    _word("p_relation", "printed", "sign before the p value"),
    _number("p", "p value", "", 0, 1),
    _word("p_about", "printed", "what the p value compares"),
    _word("favours", "printed", "arm that did better where only words or a p value say so", optional=True),
    _number("t", "t statistic", ""),
    _number("df", "its degrees of freedom", "", 0),
    _count("events_active", "patients with the event, active"),
    _count("events_control", "patients with the event, control"),
    _number("percent_active", "patients with the event, active", "percent", 0, 100),
    _number("percent_control", "patients with the event, control", "percent", 0, 100),
    _word("ratio_measure", "printed", "which ratio is printed"),
    _number("ratio", "the ratio (or the number needed to treat), active over control", "", 0),
    _number("ratio_ci_low", "lower limit of its confidence interval", "", 0),
    _number("ratio_ci_high", "upper limit of its confidence interval", "", 0),
    _text("as_printed", "source", "the figures as printed, with the fewest words that identify them"),
    _text("note", "source", "what a reader must know; `[ok: code]` declares a fault of the report itself"),
    _word("source_kind", "source", "kind of page"),
    _text("source", "source", "address of the page", required=True, pattern=r"https?://\S+"),
    _text("place", "source", "where on that page: abstract, table, register section"),
    _text("pmid", "source", "PubMed number", pattern=r"[0-9]{1,8}"),
    _text("doi", "source", "digital object identifier", pattern=r"10\.[0-9]{4,9}/\S+"),
    _text("registration", "source", "trial registration"),
    _word("extraction", "source", "how often the row was extracted", required=True),
)  # fmt: skip

COLUMN_NAMES: tuple[str, ...] = tuple(c.name for c in COLUMNS)

# The numbers a report prints about its result; each belongs to some report forms and not to others.
PRINTED_NUMBERS: tuple[str, ...] = tuple(
    c.name for c in COLUMNS if c.group == "printed" and c.kind in ("integer", "number")
)
