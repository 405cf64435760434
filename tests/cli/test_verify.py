"""`bupmeta verify` passes on what was written and finds every tampering."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from bupmeta.cli import main

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A project with one report."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("analyses", "data"):
        shutil.copytree(ROOT / name, folder / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert CliRunner().invoke(main, ["run", "analyses/bupropion.toml"]).exit_code == 0
    return folder


@pytest.fixture
def project(built, tmp_path, monkeypatch):
    """A copy of it to tamper with, as the working directory."""
    shutil.copytree(built, tmp_path / "p")
    monkeypatch.chdir(tmp_path / "p")
    return tmp_path / "p"


def verify(*args: str):
    return CliRunner().invoke(main, ["verify", *args])


def test_an_untouched_report_is_verified(project):
    """Exit 0, and every row agrees."""
    result = verify()
    assert result.exit_code == 0
    assert "reports/bupropion: verified" in result.stdout
    assert "DIFFERS" not in result.stdout


def _digit(project):
    path = project / "reports" / "bupropion" / "results.json"
    path.write_text(path.read_text().replace('"mu": -1.7,', '"mu": -1.8,', 1))
    return "mu is -1.8 in the report, -1.7 now"


def _cell(project):
    path = project / "data" / "trials.csv"
    path.write_text(path.read_text().replace("41 patients", "41 persons", 1))
    return "SHA-256"


def _figure(project):
    path = project / "reports" / "bupropion" / "forest_neuropathic_pain_MD.svg"
    path.write_text(path.read_text().replace("Semenchuk", "Semenschuk", 1))
    return "bytes differ from byte"


def _missing(project):
    (project / "reports" / "bupropion" / "report.html").unlink()
    return "is missing from the report"


def _added(project):
    (project / "reports" / "bupropion" / "table_extra.csv").write_text("x")
    return "is no part of this report"


@pytest.mark.parametrize("tamper", [_digit, _cell, _figure, _missing, _added])
def test_every_tampering_is_found_and_named(project, tamper):
    """Exit 1, one sentence on stderr, and the first difference in the table."""
    expected = tamper(project)
    result = verify("reports/bupropion")
    assert result.exit_code == 1
    assert expected in " ".join(result.stdout.split())
    assert result.stderr.startswith("bupmeta: reports/bupropion: differs")


def test_json_names_what_was_compared(project):
    """One document with a row per thing."""
    (found,) = json.loads(verify("--json").stdout)
    assert {"every number of results.json", "report.html"} <= {row["what"] for row in found["rows"]}


def test_nothing_to_verify_is_one_sentence(project, tmp_path):
    """No report, a foreign file and a lost specification each say so; exit 2."""
    (project / "analyses" / "bupropion.toml").rename(project / "analyses" / "other.toml")
    lost = verify()
    assert (lost.exit_code, "name it with --spec" in lost.stderr) == (2, True)
    assert verify("--spec", "analyses/other.toml").exit_code == 1  # all but its name agrees
    (tmp_path / "results.json").write_text("{}")
    assert "is no results.json" in verify(str(tmp_path)).stderr
    shutil.rmtree(project / "reports")
    assert "there is no report" in verify().stderr
