"""`bupmeta simulate`: a table or one JSON document."""

from __future__ import annotations

import json

from click.testing import CliRunner

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
