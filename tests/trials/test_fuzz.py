"""Whatever stands in a file: a DataError or trials, never another exception, never a silent type error."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bupmeta.errors import DataError
from bupmeta.trials.lint import lint
from bupmeta.trials.read import read_trials
from bupmeta.trials.rows import read_rows
from bupmeta.trials.schema import COLUMNS

_LINES = Path("data/trials.csv").read_text(encoding="utf-8")
_ROWS = list(csv.DictReader(io.StringIO(_LINES)))[:40:4]  # ten rows of many forms keep it quick
_NUMERIC = [c for c in COLUMNS if c.kind in ("integer", "number")]
_CELL = st.one_of(
    st.text(max_size=12),
    st.floats().map(str),
    st.integers().map(str),
    st.sampled_from(
        [
            "",
            "0",
            "-0",
            "1e-300",
            "1e300",
            "0.05",
            "100",
            "\u22121",
            "1,5",
            "5.",
            ".5",
            "main",
            "[ok: p-zero]",
        ]
    ),
)
_QUICK = settings(max_examples=120, deadline=None, derandomize=True, database=None)


def _csv(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "trials.csv"


@_QUICK
@given(
    changes=st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from([c.name for c in COLUMNS]), _CELL), max_size=6
    )
)
def test_random_cells_never_raise_anything_but_a_data_error(path, changes):
    rows = [dict(row) for row in _ROWS]
    for index, column, cell in changes:
        rows[index][column] = cell
    path.write_text(_csv(rows), encoding="utf-8", errors="replace", newline="")
    try:
        faults = lint(read_rows(path))
        trials = read_trials(path)
    except DataError:
        return
    assert not [f for f in faults if f.severity == "error" and not f.acknowledged]
    assert trials.to_frame().shape[0] == len(trials)


@_QUICK
@given(column=st.sampled_from(_NUMERIC), text=st.from_regex(r"[A-Za-z/%][A-Za-z0-9 /%]{0,6}", fullmatch=True))
def test_a_word_in_a_number_column_is_always_a_fault_of_that_cell(path, column, text):
    rows = [dict(row) for row in _ROWS]
    rows[3][column.name] = text
    path.write_text(_csv(rows), encoding="utf-8", newline="")
    faults = [f for f in lint(read_rows(path)) if f.column == column.name and f.line == 5]
    assert "not-a-number" in {f.code for f in faults}


@_QUICK
@given(cuts=st.lists(st.tuples(st.integers(0, 3000), st.binary(max_size=4)), min_size=1, max_size=5))
def test_random_bytes_never_raise_anything_but_a_data_error(path, cuts):
    data = bytearray(_csv(_ROWS).encode())
    for place, new in cuts:
        data[place : place + 2] = new
    path.write_bytes(bytes(data))
    try:
        lint(read_rows(path))
    except DataError:
        return
