"""Effects from any CSV file: estimates with their precision, or raw arms, under the usual column names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bupmeta.effects.columns import ALIASES, FORMS, find_columns, find_form
from bupmeta.effects.convert import CONVERT, Numbers, compare, compare_precision, off_centre
from bupmeta.effects.core import Effects, FloatArray, Origin, Silent
from bupmeta.effects.sheet import Sheet
from bupmeta.errors import DataError
from bupmeta.table import in_percent
from bupmeta.trials.csvfile import CsvFile, parse_csv, read_csv, shown

__all__ = ["EffectTable", "read_effects"]

#: An estimate further from the middle of its interval, in widths, is told: rounding of few digits does less.
SKEWED = 0.1
_NAMES = tuple(name for column, aliases in ALIASES.items() for name in (column, *aliases))


@dataclass(frozen=True, slots=True)
class EffectTable:
    """A file as effects; `form` says what its rows held, `lines` in which row of the file each label stands."""

    effects: Effects
    form: str
    file: CsvFile
    lines: Mapping[str, int]
    notes: tuple[str, ...] = ()

    def groups(self, column: str) -> dict[str, Effects]:
        """Return the effects by the value in `column`, in order of appearance, silent trials with their group.

        Raises DataError for a column that is not there, and for an empty cell.
        """
        path, header = self.file.path, self.file.header
        if column not in header:
            have = ", ".join(f"`{shown(name)}`" for name in header)
            raise DataError(f"{path} has no column `{column}` to group by; it has {have}")
        group = {r.line: " ".join(r.cells[header.index(column)].split()) for r in self.file.records}
        for line, name in group.items():
            if not name:
                raise DataError(f"{path}: row {line}, column `{column}` is empty; every trial needs a group")
        groups = {}
        for name in dict.fromkeys(group.values()):
            silent = tuple(s for s in self.effects.silent if group[self.lines[s.label]] == name)
            inside = [i for i, label in enumerate(self.effects.labels) if group[self.lines[label]] == name]
            groups[name] = replace(self.effects.take(inside), silent=silent)
        return groups


def read_effects(
    source: str | Path | bytes,
    *,
    measure: str | None = None,
    ci_level: float = 0.95,
    name: str = "standard input",
) -> EffectTable:
    r"""Read the file at a path, or its bytes (called `name` in messages), as one effect per row.

    The columns decide the form, see `columns.FORMS`; `measure` chooses between those that a form can give (MD or
    SMD; OR, RR or RD), or says what a ready-made y is; ratios are analysed as logarithms. `ci_level` is that of
    ci_low and ci_high where no column ci_level says it. A row whose numbers are all missing, or a trial whose
    counts say nothing about a ratio, stays as a silent trial. Raises DataError, one sentence with file, row,
    column and value, for anything that cannot be right.

    >>> table = read_effects(b"trial;yi;sei\nAnn;-0,4;0,2\nBen;-0,9;0,3\n")
    >>> table.form, table.effects.y.tolist(), table.effects.v.round(3).tolist()
    ('y and se', [-0.4, -0.9], [0.04, 0.09])
    """
    file = _parse(source, name)
    if not file.records:
        raise DataError(f"{file.path} has a header and no rows; give it one row per trial")
    found = find_columns(file.header, file.path)
    form = find_form(found, file.header, file.path, measure)
    measure, needs = measure or FORMS[form].measures[0], FORMS[form].needs
    sheet = Sheet(file, found)
    sheet.check_decimals(needs)
    rows = sheet.complete(needs)
    x = {column: sheet.numbers(column, rows) for column in needs}
    if "ci_low" in x:
        given = sheet.numbers("ci_level", rows) / 100 if "ci_level" in found else np.full(len(rows), ci_level)
        x["ci_level"] = given
    compare(x, sheet, rows)
    if "v" in x:
        compare_precision(x["v"], sheet, rows)
    with np.errstate(over="ignore"):  # what overflows is refused with its label
        y, v = CONVERT[form](x, measure)
    labels = sheet.labels()
    effects = _effects(sheet, labels, rows, y, v, measure, form)
    lines = {label: record.line for label, record in zip(labels, file.records)}
    return EffectTable(effects, form, file, lines, _notes(x, [labels[i] for i in rows], effects.labels))


def _parse(source: str | Path | bytes, name: str) -> CsvFile:
    if isinstance(source, bytes):
        return parse_csv(source, name, known=_NAMES)
    return read_csv(source, known=_NAMES)


def _effects(
    sheet: Sheet, labels: list[str], rows: list[int], y: FloatArray, v: FloatArray, measure: str, form: str
) -> Effects:
    """Put numbers, labels and origins together; what has no number becomes a silent trial."""
    place = [(f"row {record.line}",) for record in sheet.file.records]
    usable = [j for j in range(len(rows)) if not np.isnan(v[j])]
    reasons = dict.fromkeys(range(len(labels)), "no numbers in the file")
    reasons |= dict.fromkeys(rows, "no events, or only events, in both arms")
    for j in usable:
        del reasons[rows[j]]
    silent = [
        Silent(labels[i], why, rows=place[i], year=sheet.whole(i, "year")) for i, why in reasons.items()
    ]
    if not usable:
        raise DataError(f"{sheet.file.path} holds no effect ({silent[0].label}: {silent[0].kind})")
    origin = [
        Origin(
            rows=place[rows[j]],
            year=sheet.whole(rows[j], "year"),
            n_active=sheet.whole(rows[j], "n_active"),
            n_control=sheet.whole(rows[j], "n_control"),
            formula=f"{measure} from {form}" if measure != "generic" else form,
        )
        for j in usable
    ]
    try:
        return Effects.from_arrays(
            y[usable],
            v[usable],
            [labels[rows[j]] for j in usable],
            measure=measure,
            origin=origin,
            silent=silent,
        )
    except DataError as error:
        raise DataError(f"{sheet.file.path}: {error}") from None


def _notes(x: Numbers, labels: list[str], used: tuple[str, ...]) -> tuple[str, ...]:
    """Say what was assumed about intervals and what was added to counts."""
    notes = []
    if "ci_level" in x:
        levels = " and ".join(f"{in_percent(level)} %" for level in sorted(set(x["ci_level"].tolist())))
        notes.append(f"variances are from the intervals given, read as normal intervals of {levels}")
        ratio = next((name for name in ("or", "rr", "hr") if name in x), None)
        ends = [x["ci_low"], x[ratio or "y"], x["ci_high"]]
        with np.errstate(divide="ignore"):  # compare() has refused what has no logarithm
            off = off_centre(*(np.log(end) if ratio else end for end in ends)) > SKEWED
        if off.any():
            names = [label for label, far in zip(labels, off) if far]
            notes.append(
                f"not in the middle of its interval, whose width is used all the same: {', '.join(names)}"
            )
    if "events_active" in x:
        arms = [(x[f"events_{a}"], x.get(f"n_{a}"), x.get(f"nonevents_{a}")) for a in ("active", "control")]
        empty = [(e == 0) | ((e == n) if n is not None else (rest == 0)) for e, n, rest in arms]
        names = [label for label, one, other in zip(labels, *empty) if (one or other) and label in used]
        if names:
            notes.append(f"an empty cell: 1/2 was added to all four cells of {', '.join(names)}")
    return tuple(notes)
