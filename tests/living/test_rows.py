"""Rows and cells: what a difference is, and what is none."""

from __future__ import annotations

from typing import Any
from unicodedata import normalize

import pytest

from bupmeta.errors import DataError
from bupmeta.living import RowChanges, compare_rows
from bupmeta.living.sources import side


def changes(old: Any, new: Any) -> RowChanges:
    one, two = side(old), side(new)
    assert one.trials is not None
    assert two.trials is not None
    return compare_rows(one.trials, two.trials, one.header, two.header)


def test_another_copy_of_a_file_is_the_same_file(rows: Any, write: Any) -> None:
    """Order of rows and columns, delimiter, byte order mark, line ends, decimals and accents make no difference."""
    mixed = [{key: normalize("NFD", value) + " " for key, value in row.items()} for row in rows]
    for row in mixed:
        row["mean_active"] = row["mean_active"].strip()
        row["mean_active"] += "0" if "." in row["mean_active"] else ""
    again = write(
        "b.csv", mixed[::-1], list(rows[0])[::-1], encoding="utf-8-sig", delimiter=";", lineterminator="\r\n"
    )
    found = changes(write("a.csv", rows), again)
    assert not found
    assert found.same == len(rows)
    assert not found.table().rows
    assert not found.trial_table().rows


def test_each_changed_cell_is_named(rows: Any, updated: Any, write: Any) -> None:
    """Rows are matched by key; a changed cell has its row, column, old and new value, and the trial is listed."""
    found = changes(write("a.csv", rows), write("b.csv", updated))
    assert [row.row for row in found.went] == ["vitton2004_haeuser_t24"]
    assert not found.came
    numbers = [(c.row, c.column, c.old, c.new) for c in found.cells if c.column != "note"]
    old = {row["row"]: row for row in rows}
    assert numbers == [
        (
            "carette1986_haeuser_t1",
            "mean_active",
            float(old["carette1986_haeuser_t1"]["mean_active"]),
            4.10,
        ),
        ("chappell2008_pain", "n_active", int(old["chappell2008_pain"]["n_active"]), 100),
    ]
    assert [(t.study, t.what, t.cells) for t in found.trials] == [
        ("Carette 1986", "changed", 2), ("Vitton 2004", "went", 0), ("Chappell 2008", "changed", 2),
    ]  # fmt: skip
    assert found.same == len(rows) - 3
    turned = changes(write("b.csv", updated), write("a.csv", rows))
    assert [row.row for row in turned.came] == ["vitton2004_haeuser_t24"]
    assert [(t.study, t.what) for t in turned.trials if t.rows_came] == [("Vitton 2004", "came")]


def test_a_long_cell_is_shown_around_the_difference(rows: Any, updated: Any, write: Any) -> None:
    """The table cuts a long note so that what was added to it can be seen."""
    table = changes(write("a.csv", rows), write("b.csv", updated)).table()
    (note,) = [row for row in table.rows if (row["row"], row.get("column")) == ("chappell2008_pain", "note")]
    assert str(note["new"]).endswith("Corrected: 100.")
    assert len(str(note["new"])) < 100


def test_a_renamed_row_neither_came_nor_went(rows: Any, write: Any) -> None:
    """A row under another key with the same content is renamed; its key is the one cell that differs."""
    other = [dict(row, row="carette_main") if row["row"] == "carette1986_haeuser_t1" else row for row in rows]
    found = changes(write("a.csv", rows), write("b.csv", other))
    assert found.renamed == {"carette1986_haeuser_t1": "carette_main"}
    assert not found.came
    assert not found.went
    assert [(cell.column, cell.new) for cell in found.cells] == [("row", "carette_main")]
    assert [row["what"] for row in found.table().rows] == ["renamed"]


def test_rows_that_could_be_paired_in_two_ways_are_not(rows: Any, unseen: Any, write: Any) -> None:
    """Two rows with the same content under new keys came and went: nothing says which is which."""

    def twins(*names: str) -> list[Any]:
        return [*rows, *(dict(unseen, row=name, trial=name, study=name) for name in names)]

    found = changes(write("a.csv", twins("one", "two")), write("b.csv", twins("three", "four")))
    assert {row.row for row in found.went} == {"one", "two"}
    assert {row.row for row in found.came} == {"three", "four"}
    assert not found.renamed


def test_a_column_that_was_added_is_named_once(rows: Any, write: Any) -> None:
    """A column of only one file is one difference, with the number of rows it is filled in, not one per cell."""
    header = [name for name in rows[0] if name != "scale_basis"]
    found = changes(write("a.csv", rows, header), write("b.csv", rows))
    filled = sum(bool(row["scale_basis"]) for row in rows)
    assert filled > 5
    assert found.columns_came == {"scale_basis": filled}
    assert not found.cells
    assert bool(found)
    foreign = changes(write("a.csv", rows), write("b.csv", [row | {"mine": "=cmd()"} for row in rows]))
    assert foreign.columns_came == {"mine": 0}  # not a column of trials.csv, so not read


def test_a_side_that_cannot_be_read_is_named(rows: Any, write: Any, tmp_path: Any) -> None:
    """UTF-16, a missing file, foreign JSON and an empty folder are refused with the path."""
    for path in (write("utf16.csv", rows, encoding="utf-16"), tmp_path / "no.csv", tmp_path):
        with pytest.raises(DataError, match=str(path)):
            side(path)
    (tmp_path / "other.json").write_text('{"sections": [{"title": "x"}]}', encoding="utf-8")
    with pytest.raises(DataError, match=r"is no results\.json"):
        side(tmp_path / "other.json")
