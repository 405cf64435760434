"""Write data/README.md and data/datapackage.json from the schema: `python -m bupmeta.trials.codebook`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from bupmeta.trials.datapackage import RESOURCES, datapackage_text
from bupmeta.trials.forms import FORMS, alternatives, needed, optional
from bupmeta.trials.forms.base import Tested
from bupmeta.trials.lint import CHECKS
from bupmeta.trials.lint.check import Check
from bupmeta.trials.risk_of_bias.checks import checks
from bupmeta.trials.risk_of_bias.schema import COLUMNS as JUDGED
from bupmeta.trials.risk_of_bias.schema import WORDS
from bupmeta.trials.schema import COLUMNS, GROUPS, Column
from bupmeta.trials.words import MEANINGS, ReportFormName

__all__ = ["ENTERS", "readme"]

_MAY = " ‡"
_SILENT = "no effect; listed with its reason: "

ENTERS: dict[ReportFormName, str] = {
    "arm_means_sd": "difference of means; SE from the SDs",
    "arm_means_se": "difference of means; SE from the SEs",
    "arm_means_ci": "difference of means; SEs from the intervals",
    "arm_means_p": "difference of means; SE from an exact p, its upper bound from p <",
    "arm_means": _SILENT + "nothing about the spread",
    "paired_means_sd": "paired difference; correlation from an exact p, else assumed",
    "paired_means_ci": "paired difference; SEs from the intervals, correlation assumed",
    "paired_means_p": "paired difference; SE from an exact p, its upper bound from p <",
    "difference_ci": "difference; SE from the interval at its level",
    "difference_se": "difference and SE as printed",
    "difference_p": "difference; SE from an exact p, its upper bound from p <",
    "p_only": _SILENT + "a p value without an estimate",
    "not_significant": _SILENT + "not significant is not zero",
    "direction_only": _SILENT + "a direction without a size",
    "within_group_only": _SILENT + "comparisons with baseline only",
    "one_arm_means": _SILENT + "no comparison between groups",
    "counts": "patients counted: not a mean score",
    "percentages": "patients counted: not a mean score",
    "crossover_counts": "patients counted: not a mean score",
    "one_arm_counts": _SILENT + "no comparison between groups",
    "total_counts": _SILENT + "not told by arm",
    "ratio": "patients counted: not a mean score",
    "nnt": "patients counted: not a mean score",
    "text_only": _SILENT + "words",
    "not_obtained": _SILENT + "a known trial whose result was not read",
}

_INTRODUCTION = """\
# trials.csv

One row is one reported result of a trial, exactly as printed; nothing in it is computed or remembered.
An empty cell means: not printed. Numbers have a decimal point and no unit. The file is UTF-8 with
commas; any spreadsheet opens it, and `bupmeta check data/trials.csv` says what is wrong with it, row by row.

Three habits keep it right:

* **The report form comes first.** It says what kind of result is printed, and so which number columns
  are filled. "Not significant" without a number is a form of its own: no p value, no zero.
* **Signs and directions stay as printed.** `difference_sign`, `value` and `higher_is` say how to read
  them; the program turns them round.
* **Every number stands in `as_printed` (or in the note)**, with its unit and the fewest words that
  identify it: figures, not sentences.

A fault of the report itself (a sign lost in print, an interval that is not symmetric) is declared in
the note with the code that `bupmeta check` prints, such as `[ok: asymmetric-ci]`; it is then listed as
acknowledged. A fault of the file is put right in the file.

This page is written by `python -m bupmeta.trials.codebook` from the schema in `src/bupmeta/trials/`.

"""

_JUDGEMENTS = """\

# risk_of_bias.csv

One row is one judgement of a trial's risk of bias that somebody published, for one outcome or for all of them, in one
domain of one tool. Nobody judges here: a trial or a domain without a row is *not assessed*, and is shown as such. That
is no low risk of bias.

`bupmeta check` reads this file when it stands beside the trials, and reports its faults in the same way.

"""

_LICENCE = """\
## Licence

Creative Commons Attribution 4.0 International (CC-BY-4.0), see `LICENSE` in this folder. The figures are
those of the cited reports; please cite these, too.
"""


def readme() -> str:
    """Return the codebook as Markdown.

    Examples
    --------
    >>> readme().splitlines()[0]
    '# trials.csv'

    """
    parts = [_INTRODUCTION, "## Columns\n\nColumns marked • have a value in every row.\n"]
    for group, title in GROUPS.items():
        parts.append(f"\n### {title}\n\n{_columns(c for c in COLUMNS if c.group == group)}")
    parts.append("\n## Words\n")
    parts.extend(_words(COLUMNS, MEANINGS))
    parts.append(
        "\n## Report forms\n\nEvery form may also fill `n_active`, `n_control`, `n_paired` and the baseline columns; "
        "† marks those\nthat may print a test (`p_relation`, `p`, `p_about`, `t`, `df`) as well.\n\n"
    )
    parts.append(_table(("Form", "What is printed", "Needs", "May fill", "Enters an analysis as"), _forms()))
    parts.append(
        "\n## Checks\n\nBesides the type, words and limits of every cell, `bupmeta check` looks for what follows. "
        "Those\nmarked ‡ may be declared in the note, as `[ok: code]`.\n\n"
    )
    parts.append(_checks(CHECKS))
    parts += [_JUDGEMENTS, "## Columns of judgements\n\n", _columns(JUDGED), "\n## Words of judgements\n"]
    parts.extend(_words(JUDGED, WORDS))
    parts += ["\n## Checks of judgements\n\n", _checks(checks({}))]
    return "".join([*parts, "\n", _LICENCE])


def _columns(columns: Iterable[Column]) -> str:
    rows = ((f"`{c.name}`{' •' if c.required else ''}", _kind(c), c.description) for c in columns)
    return _table(("Column", "Holds", "Meaning"), rows)


def _words(columns: Iterable[Column], meanings: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for column in columns:
        if column.name in meanings:
            rest = " (other words are allowed, with a warning)" if column.open else ""
            pairs = ((f"`{word}`", meaning) for word, meaning in meanings[column.name].items())
            yield f"\n### {column.name}{rest}\n\n" + _table(("Word", "Meaning"), pairs)


def _checks(found: Mapping[str, Check]) -> str:
    rows = ((f"`{code}`{_MAY if c.declarable else ''}", c.severity, c.finds) for code, c in found.items())
    return _table(("Code", "Severity", "Finds"), rows)


def _kind(column: Column) -> str:
    if column.words == ("yes",):
        return "yes or empty"
    if column.words:
        return "a word, see below"
    kind = {"integer": "whole number", "number": "number"}.get(column.kind, "text")
    return f"{kind} ({column.unit})" if column.unit else kind


def _forms() -> Iterator[tuple[str, ...]]:
    common = set(optional(Tested))
    for name, form in FORMS.items():
        required = [f"`{c}`" for c in needed(form)]
        choices = [" and ".join(f"`{c}`" for c in choice) for choice in alternatives(form)]
        if choices:
            required.append(" or ".join(choices))
        either = {c for choice in alternatives(form) for c in choice}
        may = [f"`{c}`" for c in optional(form) if c not in common | either]
        mark = " †" if issubclass(form, Tested) else ""
        printed = (form.__doc__ or "").rstrip(".")
        yield f"`{name}`{mark}", printed, ", ".join(required), ", ".join(may), ENTERS[name]


def _table(head: Sequence[str], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def main(folder: str = "data") -> None:
    """Write README.md and datapackage.json beside trials.csv and risk_of_bias.csv."""
    path = Path(folder)
    text = datapackage_text(*((path / f"{name}.csv").read_bytes() for name in RESOURCES))
    (path / "README.md").write_text(readme(), encoding="utf-8", newline="\n")
    (path / "datapackage.json").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(*sys.argv[1:2])
