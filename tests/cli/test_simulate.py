"""`bupmeta simulate`: a table or one JSON document."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from bupmeta.calibration import few
from bupmeta.cli import main


def test_the_same_seed_prints_the_same_document() -> None:
    """--json gives 36 settings times 3 methods with the number of replications and the seed in its notes."""
    call = ["simulate", "reporting-bias", "--replications", "4", "--seed", "2", "--json"]
    one, two = (CliRunner().invoke(main, call) for _ in "ab")
    assert one.exit_code == 0
    assert one.stdout == two.stdout
    document = json.loads(one.stdout)
    assert len(document["rows"]) == 108
    assert "4 replications per setting, seed 2" in document["notes"][0]


def test_the_table_is_for_people() -> None:
    done = CliRunner().invoke(main, ["simulate", "reporting-bias", "--replications", "2"])
    assert done.exit_code == 0
    assert "imputation" in done.stdout  # a narrow terminal breaks the name


def test_an_unknown_question_names_the_known_ones() -> None:
    done = CliRunner().invoke(main, ["simulate", "weather"])
    assert done.exit_code == 2
    assert "reporting-bias" in done.stderr


def test_jobs_and_a_resumed_run_print_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run from a file of its first settings equals one without; another seed is refused and the file left alone."""
    monkeypatch.setattr(
        "bupmeta.cli.simulate.STUDIES", {"few": partial(few, k=[2, 3], tau=[0.3], methods=["HK", "PL"])}
    )
    file = tmp_path / "few.jsonl"
    call = ["simulate", "few", "--replications", "20", "--json"]
    whole = CliRunner().invoke(main, call)
    kept = CliRunner().invoke(main, [*call, "--resume", str(file)])
    lines = file.read_bytes().splitlines(keepends=True)
    assert len(lines) == 7
    file.write_bytes(b"".join(lines[:4]))
    resumed = CliRunner().invoke(main, [*call, "--jobs", "2", "--resume", str(file)])
    assert whole.exit_code == kept.exit_code == resumed.exit_code == 0, resumed.stderr
    assert whole.stdout == kept.stdout == resumed.stdout
    assert set(file.read_bytes().splitlines()) == {line.strip() for line in lines}
    other = CliRunner().invoke(main, [*call, "--seed", "2", "--resume", str(file)])
    assert other.exit_code == 2
    assert "seed 1, not 2" in other.stderr
    assert len(file.read_bytes().splitlines()) == 7
