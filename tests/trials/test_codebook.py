"""The committed codebook and data package are the generated ones, and another program accepts them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bupmeta.trials import FORMS
from bupmeta.trials.codebook import ENTERS, main, readme
from bupmeta.trials.datapackage import RESOURCES, datapackage_text
from bupmeta.trials.lint import CHECKS
from bupmeta.trials.risk_of_bias import schema as judged
from bupmeta.trials.risk_of_bias.checks import checks
from bupmeta.trials.schema import COLUMNS

_DATA = Path("data")
_RENEW = "run: python -m bupmeta.trials.codebook"


def test_the_committed_codebook_is_the_generated_one():
    assert (_DATA / "README.md").read_text(encoding="utf-8") == readme(), _RENEW


def test_the_committed_data_package_describes_the_committed_files():
    files = [(_DATA / f"{name}.csv").read_bytes() for name in RESOURCES]
    assert (_DATA / "datapackage.json").read_text(encoding="utf-8") == datapackage_text(*files), _RENEW


def test_every_column_form_word_and_check_is_in_the_codebook():
    text = readme()
    names = [c.name for c in COLUMNS] + list(FORMS) + list(CHECKS) + [w for c in COLUMNS for w in c.words]
    assert [name for name in names if f"`{name}`" not in text] == ["yes"]  # said in words: yes or empty
    assert list(ENTERS) == list(FORMS)


def test_every_column_word_and_check_of_judgements_is_in_the_codebook():
    text = readme().split("# risk_of_bias.csv")[1]
    words = [word for column in judged.WORDS.values() for word in column]
    names = [c.name for c in judged.COLUMNS] + words + list(checks({}))
    assert [name for name in names if f"`{name}`" not in text] == []


def test_main_writes_both_files_beside_the_data(tmp_path):
    for name in RESOURCES:
        shutil.copy(_DATA / f"{name}.csv", tmp_path)
    main(str(tmp_path))
    assert (tmp_path / "README.md").read_bytes() == (_DATA / "README.md").read_bytes()
    assert (tmp_path / "datapackage.json").read_bytes() == (_DATA / "datapackage.json").read_bytes()


@pytest.fixture(scope="module")
def frictionless():
    return pytest.importorskip("frictionless")


@pytest.mark.filterwarnings("ignore")  # frictionless and what it imports
def test_frictionless_finds_the_data_valid(frictionless):
    assert frictionless.validate(str(_DATA / "datapackage.json")).flatten(["type", "message"]) == []


@pytest.mark.filterwarnings("ignore")  # frictionless and what it imports
def test_frictionless_finds_a_wrong_word_and_a_wrong_hash(frictionless, tmp_path):
    for name in ("trials.csv", "risk_of_bias.csv", "datapackage.json"):
        shutil.copy(_DATA / name, tmp_path)
    path = tmp_path / "trials.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("parallel", "paralell", 1), encoding="utf-8")
    found = {e[0] for e in frictionless.validate(str(tmp_path / "datapackage.json")).flatten(["type"])}
    assert "hash-count" in found or "constraint-error" in found


def test_the_licence_is_named_the_same_everywhere():
    package = json.loads((_DATA / "datapackage.json").read_text(encoding="utf-8"))
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert "CC-BY-4.0" in (_DATA / "LICENSE").read_text(encoding="utf-8")
