"""Cells of a simulation: the same rows wherever they run, kept when a run stops, never mixed with others."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from bupmeta.cells import Checkpoint, run_cells, workers
from bupmeta.errors import DataError

SETTINGS = {"simulation": "squares", "seed": 1}


@dataclass(frozen=True)
class Square:
    """A row."""

    x: int
    value: float | None


def square(x: int) -> list[Square]:
    """Two rows per cell, one without a number."""
    return [Square(x, x * x / 3), Square(x, None)]


def tasks(n: int) -> dict[str, partial[list[Square]]]:
    """A cell for each number below n."""
    return {f"x={x}": partial(square, x) for x in range(n)}


def test_rows_are_in_the_order_of_the_cells_wherever_they_run() -> None:
    """Two processes give what one gives."""
    with workers(2) as pool:
        beside = run_cells(tasks(6), Square, executor=pool)
    assert beside == run_cells(tasks(6), Square) == [row for x in range(6) for row in square(x)]


def test_one_job_needs_no_pool() -> None:
    """The caller's process is enough."""
    with workers(1) as pool:
        assert pool is None


def test_a_stopped_run_goes_on(tmp_path: Path) -> None:
    """Finished cells are not run again, a line torn by a stop is dropped, and the file then holds every cell."""
    file = tmp_path / "kept.jsonl"
    whole = run_cells(tasks(4), Square, checkpoint=Checkpoint(file, SETTINGS))
    lines = file.read_text().splitlines(keepends=True)
    assert len(lines) == 5
    file.write_text("".join(lines[:3]) + lines[3][:9])
    ran: list[int] = []

    def seen(x: int) -> list[Square]:
        ran.append(x)
        return square(x)

    counted: list[tuple[int, int]] = []
    again = run_cells(
        {f"x={x}": partial(seen, x) for x in range(4)},
        Square,
        checkpoint=Checkpoint(file, SETTINGS),
        progress=lambda done, total: counted.append((done, total)),
    )
    assert again == whole
    assert ran == [2, 3]
    assert counted == [(2, 4), (3, 4), (4, 4)]
    assert file.read_text() == "".join(lines)


def test_a_failing_cell_leaves_the_finished_ones(tmp_path: Path) -> None:
    """The error reaches the caller, and the cells before it are in the file."""
    file = tmp_path / "kept.jsonl"

    def fails() -> list[Square]:
        raise DataError("no")

    with pytest.raises(DataError, match="no"):
        run_cells({**tasks(2), "x=9": fails}, Square, checkpoint=Checkpoint(file, SETTINGS))
    assert list(Checkpoint(file, SETTINGS).done) == ["x=0", "x=1"]


def test_a_head_torn_by_a_stop_is_written_anew(tmp_path: Path) -> None:
    """A file that ends within its first line holds nothing yet."""
    file = tmp_path / "kept.jsonl"
    Checkpoint(file, SETTINGS)
    head = file.read_bytes()
    file.write_bytes(head[:20])
    assert Checkpoint(file, SETTINGS).done == {}
    assert file.read_bytes() == head


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"bupmeta": "0.0.1", "form": 1, "simulation": "squares", "seed": 1}\n', "bupmeta"),
        ("study,y,v\nA,1,2\n", "line 1"),
        ("# no newline", "no checkpoint"),
        ('{"form": 7}\n', "no checkpoint"),
    ],
)
def test_other_files_are_refused_and_left_alone(tmp_path: Path, text: str, words: str) -> None:
    """Another version, a table, a text, another form: one sentence that names the file."""
    file = tmp_path / "other.jsonl"
    file.write_text(text)
    with pytest.raises(DataError, match=words) as error:
        Checkpoint(file, SETTINGS)
    assert str(file) in str(error.value)
    assert file.read_text() == text


def test_other_settings_are_refused_with_what_differs(tmp_path: Path) -> None:
    """Another seed is another simulation; a line that is none, and rows with other columns, are told too."""
    file = tmp_path / "kept.jsonl"
    Checkpoint(file, SETTINGS).add("x=0", [{"x": 0, "value": 0.0}])
    with pytest.raises(DataError, match=r"seed 1, not 2"):
        Checkpoint(file, {**SETTINGS, "seed": 2})
    Checkpoint(file, SETTINGS).add("x=1", [{"y": 0}])
    with pytest.raises(DataError, match="other columns"):
        run_cells(tasks(2), Square, checkpoint=Checkpoint(file, SETTINGS))
    with file.open("a") as out:
        out.write(json.dumps([1]) + "\n")
    with pytest.raises(DataError, match="line 4"):
        Checkpoint(file, SETTINGS)


@pytest.mark.parametrize("line", ['{"cell": [1], "rows": []}', '{"cell": "a", "rows": 5}', "[" * 100_000])
def test_a_line_that_is_no_cell_is_named(tmp_path: Path, line: str) -> None:
    """A cell without a name, rows that are none, and JSON nested without end are refused by their line."""
    path = tmp_path / "cells.jsonl"
    Checkpoint(path, {"seed": 1})
    path.write_text(f"{path.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")
    with pytest.raises(DataError, match="line 2: this is no line of a checkpoint"):
        Checkpoint(path, {"seed": 1})
