"""Results in files of other programs as rows of trials.csv, with a list of all that could not be said in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bupmeta.errors import DataError
from bupmeta.exchange.entries import Entry, Unmapped, row_name
from bupmeta.exchange.filled import check_given, to_fill, unfit
from bupmeta.exchange.formats import FORMATS, FormatName, find_format
from bupmeta.exchange.opened import Markup, open_bytes, read_file
from bupmeta.table import Column, Table, quantity
from bupmeta.trials.schema import COLUMN_NAMES

__all__ = ["Imported", "Remark", "import_bytes", "import_file"]

_YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a user has to do: "left out" of the rows, "to fill" in them, or "to check"."""

    kind: str
    where: str
    what: str
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """Rows for trials.csv, as text, and what remains to be done about them."""

    path: str
    sha256: str
    format: FormatName
    rows: tuple[Mapping[str, str], ...]
    remarks: tuple[Remark, ...]

    def to_csv(self) -> str:
        """Write the rows as a file that `bupmeta check` reads, with every column of trials.csv."""
        return Table(tuple(Column(name, name) for name in COLUMN_NAMES), self.rows).to_csv()

    def table(self) -> Table:
        """Show what could not be mapped, and why."""
        columns = (
            Column("kind", "What to do"), Column("where", "Where"), Column("what", "What"), Column("why", "Why"),
        )  # fmt: skip
        return Table(
            columns,
            tuple(asdict(remark) for remark in self.remarks),
            f"{self.path}: {quantity(len(self.rows), 'row')}, {self.title}",
        )

    @property
    def title(self) -> str:
        """What wrote the file."""
        return FORMATS[self.format].title

    def to_dict(self) -> dict[str, Any]:
        """Give rows and remarks as JSON knows them; empty cells are left out."""
        rows = [{name: cell for name, cell in row.items() if cell} for row in self.rows]
        return {
            "file": self.path, "sha256": self.sha256, "format": self.format, "rows": rows,
            "remarks": [asdict(remark) for remark in self.remarks],
        }  # fmt: skip


def import_file(
    path: str | Path, given: Mapping[str, str] | None = None, *, analysis: str = "", measure: str = ""
) -> Imported:
    """Read a file of RevMan, R or JASP as rows of trials.csv.

    `given` are cells that the file does not have, by column, for every row; `analysis` keeps one analysis, as the file
    numbers it; `measure` says what bare estimates are (MD, or the logarithm of an OR, RR or HR). Raises DataError, one
    sentence, for a file that cannot be read, and SpecError for a cell that its column cannot hold.
    """
    return import_bytes(read_file(path), str(path), given or {}, analysis=analysis, measure=measure)


def import_bytes(
    data: bytes, path: str, given: Mapping[str, str], *, analysis: str = "", measure: str = ""
) -> Imported:
    r"""Read the bytes of such a file; `path` is what messages call it.

    >>> found = import_bytes(b"study,year,m1i,sd1i,n1i,m2i,sd2i,n2i\nAnn,2001,4,2,20,5,2,21\n", "a.csv", {})
    >>> found.format, found.rows[0]["report_form"], found.rows[0]["as_printed"]
    ('R', 'arm_means_sd', '4 (SD 2), n 20; control 5 (SD 2), n 21')
    """
    check_given(given)
    opened = open_bytes(data, path)
    name = find_format(opened)
    found = [_fitting(one) for one in FORMATS[name].read(opened, measure) if _asked(one, analysis)]
    entries = [one for one in found if isinstance(one, Entry)]
    left = tuple(
        Remark("left out", one.where, one.what, one.why) for one in found if isinstance(one, Unmapped)
    )
    if not entries:
        why = (
            f": {left[0].what}, {left[0].why}"
            if left
            else f"; there is no analysis {analysis}"
            if analysis
            else ""
        )
        raise DataError(f"{path} holds no result that a row of trials.csv can have{why}")
    rows = _rows(entries, given, _source(opened))
    fill = tuple(Remark("to fill", where, what, why) for where, what, why in to_fill(rows))
    return Imported(path, opened.sha256, name, tuple(rows), (*left, *fill, *_checks(entries, rows)))


def _asked(one: Entry | Unmapped, analysis: str) -> bool:
    return not analysis or re.search(rf"\banalysis {re.escape(analysis)}(?!\d)", one.where) is not None


def _fitting(one: Entry | Unmapped) -> Entry | Unmapped:
    """Leave out what `bupmeta check` would refuse in the row, whatever else were filled."""
    why = unfit(one.cells) if isinstance(one, Entry) else ""
    return Unmapped(one.where, one.study, why) if isinstance(one, Entry) and why else one


def _source(opened: object) -> str:
    doi = opened.root.get("DOI", "") if isinstance(opened, Markup) else ""
    return f"https://doi.org/{doi}" if re.fullmatch(r"10\.\d{4,9}/\S+", doi) else ""


def _rows(entries: Sequence[Entry], given: Mapping[str, str], source: str) -> list[dict[str, str]]:
    trials = _names([entry.study for entry in entries])
    names: Counter[str] = Counter()
    rows = []
    for entry in entries:
        cells = dict.fromkeys(COLUMN_NAMES, "")
        year = entry.year if _YEAR.fullmatch(entry.year) else "".join(_YEAR.findall(entry.study)[:1])
        cells |= {
            "trial": trials[entry.study], "study": " ".join(entry.study.split()), "year": year, "use": "main",
            "outcome": row_name(entry.outcome), "source_kind": "data set", "source": source,
            "place": f"{entry.where}, {entry.study}", "population": entry.group, "extraction": "single",
        }  # fmt: skip
        cells |= {**entry.cells, **given}
        name = "_".join(filter(None, (cells["trial"], cells["outcome"])))
        names[name] += 1
        cells["row"] = name if names[name] == 1 else f"{name}_{names[name]}"
        rows.append(cells)
    return rows


def _names(studies: Sequence[str]) -> dict[str, str]:
    """A name for each trial that a row can have; two labels never share one."""
    out: dict[str, str] = {}
    for study in studies:
        if study not in out:
            base = name = row_name(study) or "trial"
            number = 1
            while name in out.values():
                number += 1
                name = f"{base}_{number}"
            out[study] = name
    return out


def _checks(entries: Sequence[Entry], rows: Sequence[Mapping[str, str]]) -> tuple[Remark, ...]:
    said = Counter((entry.where, remark) for entry in entries for remark in entry.remarks)
    same = Counter((row["trial"], row["outcome"]) for row in rows)
    years = "the file gives the year {!r}, which is none from 1950 to 2100"
    odd = [entry for entry in entries if entry.year not in ("", "NA") and not _YEAR.fullmatch(entry.year)]
    twice = "the trial stands there more than once: say in `use` which rows are parts of it or the same result again"
    return (
        *(Remark("to check", where, quantity(count, "row"), why) for (where, why), count in said.items()),
        *(Remark("to check", entry.where, entry.study, years.format(entry.year)) for entry in odd),
        *(
            Remark("to check", trial, quantity(count, "row"), twice)
            for (trial, _), count in same.items()
            if count > 1
        ),
    )
