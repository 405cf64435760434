"""The published schemas are schemas, and what bupmeta writes is what they say."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from bupmeta.analysis.record import record
from bupmeta.analysis.schema import SchemaName, schema_text
from bupmeta.cli import main

ROOT = Path(__file__).parents[2]


def faults(name: str, document: object) -> list[str]:
    """Say where a document departs from a schema."""
    errors = Draft202012Validator(json.loads(schema_text(name))).iter_errors(document)
    return [f"{error.json_path}: {error.message[:200]}" for error in errors]


@pytest.fixture(scope="module")
def bupropion(analysed):
    return record(analysed("bupropion"))


@pytest.mark.parametrize("name", get_args(SchemaName))
def test_every_schema_is_one_and_is_printed(name):
    """Draft 2020-12 accepts it, every reference leads somewhere, and `bupmeta schema` prints the file."""
    document = json.loads(CliRunner().invoke(main, ["schema", name]).stdout)
    Draft202012Validator.check_schema(document)
    used = {part.split('"')[0] for part in schema_text(name).split("#/$defs/")[1:]}
    assert used == set(document.get("$defs", {}))


def test_another_name_is_one_sentence():
    """It says which schemas there are; exit 2."""
    result = CliRunner().invoke(main, ["schema", "reslts"])
    assert (result.exit_code, "choose one of results, run, manifest" in result.stderr) == (2, True)


def test_results_are_what_the_schema_says(bupropion):
    """Of the project's first analysis; the report's tests validate every file of every report."""
    assert faults("results", bupropion) == []


def _new_key(document):
    document["sections"][0]["total"]["surprise"] = 1


def _lost_key(document):
    del document["sections"][0]["total"]["result"]["tau2"]


def _text_for_number(document):
    document["sections"][0]["total"]["result"]["mu"] = "-1.7"


def _short_hash(document):
    document["data"]["sha256"] = "abc"


@pytest.mark.parametrize("spoil", [_new_key, _lost_key, _text_for_number, _short_hash])
def test_the_schema_notices(bupropion, spoil):
    """A key that is new or gone, a number as text, and a hash that is none are no results.json."""
    document = copy.deepcopy(bupropion)
    spoil(document)
    assert faults("results", document)
