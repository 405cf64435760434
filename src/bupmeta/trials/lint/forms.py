"""Whether a row fills what its report form needs, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bupmeta.trials.faults import Row
from bupmeta.trials.forms import FORMS, alternatives, needed, optional
from bupmeta.trials.lint.check import Check, Finding, all_rows, each_row
from bupmeta.trials.schema import COLUMNS

__all__ = ["CHECKS"]

_PRINTED = tuple(c.name for c in COLUMNS if c.group == "printed" and not c.name.startswith("baseline"))
_TOGETHER = (
    ("p", "p_relation"), ("p", "p_about"), ("difference", "difference_sign"),
    ("ci_low_active", "ci_high_active"), ("ci_low_control", "ci_high_control"),
    ("difference_ci_low", "difference_ci_high"), ("ratio_ci_low", "ratio_ci_high"), ("scale_min", "scale_max"),
)  # fmt: skip
_LIMITS = ("ci_low_active", "ci_low_control", "difference_ci_low", "ratio_ci_low")
_SIZES = {  # report forms that give a standard error only with these sizes
    "arm_means_p": ("n_active", "n_control"),
    "difference_p": ("n_active", "n_control"),
    "paired_means_p": ("n_paired",),
    "percentages": ("n_active", "n_control"),
}


def _missing(row: Row) -> Iterator[tuple[str, str, str]]:
    """A number that the report form needs is missing."""
    name = row.word("report_form")
    if name not in FORMS:
        return
    form = FORMS[name]
    for column in needed(form):
        if not row.text[column]:
            yield column, f"empty, but {name} needs it", "the number printed, or another report form"
    choices = alternatives(form)
    if choices and not any(all(row.text[c] for c in choice) for choice in choices):
        one = " or ".join(" and ".join(choice) for choice in choices)
        yield choices[0][0], f"{name} needs {one}", "the numbers printed, or another report form"


def _unused(row: Row) -> Iterator[tuple[str, str, str]]:
    """A number is filled that the report form does not use."""
    name = row.word("report_form")
    if name not in FORMS:
        return
    form = FORMS[name]
    used = {"report_form", *needed(form), *optional(form)}
    if name == "not_significant":
        used |= {"p", "p_relation", "p_about"}  # p-inferred says it better
    for column in _PRINTED:
        if row.text[column] and column not in used:
            yield column, f"filled, but {name} does not use it", "leave empty, or choose another report form"


def _p_inferred(row: Row) -> Iterator[tuple[str, str, str]]:
    """A p value stands in a row reported only as not significant."""
    if row.word("report_form") == "not_significant" and row.text["p"]:
        yield "p", "a p value for a result reported as not significant", "leave empty; if printed, use p_only"


def _incomplete(row: Row) -> Iterator[tuple[str, str, str]]:
    """One half of a pair is missing: a limit, the sign or meaning of p, the direction of a difference."""
    for first, second in _TOGETHER:
        for has, lacks in ((first, second), (second, first)):
            if row.text[has] and not row.text[lacks]:
                yield lacks, f"empty, but {has} is filled", "fill both or neither"
    if any(row.text[c] for c in _LIMITS) and not row.text["ci_level"]:
        yield "ci_level", "empty, but a confidence interval is filled", "95 unless the report says otherwise"


def _sizes(row: Row) -> Iterator[tuple[str, str, str]]:
    """A result would give a standard error if its sizes were known."""
    lacking = [c for c in _SIZES.get(row.word("report_form"), ()) if not row.text[c]]
    if lacking and not row.text["n_paired"]:
        yield (
            lacking[0],
            "empty, so this row gives no standard error",
            "the number of patients, if it is printed",
        )


def _value(row: Row) -> Iterator[tuple[str, str, str]]:
    """A mean or difference whose kind or direction is not said."""
    numbers = any(row.text[c] for c in ("mean_active", "mean_control", "difference"))
    if numbers and not row.text["value"]:
        yield "value", "empty, so the means cannot be read", "endpoint, change, decrease or a percent kind"
    if numbers and row.word("outcome") == "pain_intensity" and not row.text["higher_is"]:
        yield "higher_is", "empty, so the sign cannot be read", "worse or better"


def _control(row: Row) -> Iterator[tuple[str, str, str]]:
    """A result without a control arm that analyses might take."""
    alone = row.word("design") == "single arm" or row.word("comparator_type") == "none"
    if alone and row.word("use") not in ("", "never_pool"):
        yield "use", "a result without a control arm may not be pooled", "never_pool"


def _basis(row: Row) -> Iterator[tuple[str, str, str]]:
    """Limits of a scale without a word whether they are printed, or the word without the limits."""
    limits, basis = row.text["scale_min"] or row.text["scale_max"], row.text["scale_basis"]
    if limits and not basis and "scale_basis" not in row.absent:
        yield "scale_basis", "empty, but the limits of the scale are filled", "printed, or presumed"
    if basis and not limits:
        yield "scale_basis", "filled, but the limits of the scale are not", "leave empty, or fill the limits"


def _no_basis(rows: Sequence[Row]) -> Iterator[Finding]:
    """No column says whether the limits of scales are printed."""
    for row in rows:
        if row.text["scale_max"] and "scale_basis" in row.absent:
            right = "a column scale_basis with printed or presumed where the limits are filled"
            yield Finding(row, "scale_basis", "the file has no such column, though scales have limits", right)
            return


CHECKS: dict[str, Check] = {
    "missing-number": each_row(_missing),
    "unused-number": each_row(_unused),
    "p-inferred": each_row(_p_inferred),
    "incomplete": each_row(_incomplete),
    "no-size": each_row(_sizes, "warning"),
    "unread-direction": each_row(_value),
    "no-control": each_row(_control),
    "scale-basis": each_row(_basis),
    "no-scale-basis": all_rows(_no_basis, "warning"),
}
