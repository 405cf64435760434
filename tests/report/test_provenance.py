"""What a report says of its own making: a manifest that fits, a crate for archives, one file of host facts."""

from __future__ import annotations

import json
import re
import shutil
import sys
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

import bupmeta as bm
from bupmeta.cli import main
from bupmeta.report import write_report
from bupmeta.report.environment import PACKAGES, source_sha256, versions
from bupmeta.report.folder import files_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def analysis(analysed):
    return analysed("bupropion")


@pytest.fixture(scope="module")
def report(written):
    return written("bupropion")


def read(report, name):
    return json.loads((report.folder / name).read_text(encoding="utf-8"))


def test_the_manifest_lists_every_file_with_its_hash(report):
    """All but itself and run.json; data, specification and program by their hashes too."""
    manifest = read(report, "manifest.json")
    listed = {one["name"]: one for one in manifest["outputs"]}
    assert set(listed) == set(files_of(report.folder)) - {"manifest.json", "run.json"}
    for name, one in listed.items():
        data = (report.folder / name).read_bytes()
        assert (one["bytes"], one["sha256"]) == (len(data), sha256(data).hexdigest())
    assert manifest["data"]["sha256"] == sha256((ROOT / "data" / "trials.csv").read_bytes()).hexdigest()
    assert manifest["program"] == {"name": "bupmeta", "version": bm.__version__, "sha256": source_sha256()}


def test_only_run_json_holds_facts_about_the_machine(report):
    """No other file names the system, and the report says nothing about where it lies."""
    facts = read(report, "run.json")
    assert facts["python"]["version"] == ".".join(map(str, sys.version_info[:3]))
    for name in set(report.files) - {"run.json"}:
        data = (report.folder / name).read_bytes()
        assert str(report.folder).encode() not in data
        assert str(ROOT).encode() not in data


def test_the_packages_that_make_a_report_are_dependencies(report):
    """Each of PACKAGES stands in pyproject.toml, and the versions are those of the lock file where it is installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needed = [
        *project["dependencies"],
        *project["optional-dependencies"]["pdf"],
        *project["optional-dependencies"]["word"],
    ]
    assert set(PACKAGES) <= {re.match(r"[\w.-]+", one)[0] for one in needed}
    assert read(report, "manifest.json")["dependencies"] == versions()
    pins = dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert set(versions()) <= {name.lower() for name in pins}


def test_the_crate_says_what_came_from_what(report):
    """RO-Crate 1.2: the descriptor, a root with a name, a description, the data's licence and all files, one action."""
    crate = read(report, "ro-crate-metadata.json")
    graph = {one["@id"]: one for one in crate["@graph"]}
    assert crate["@context"] == "https://w3id.org/ro/crate/1.2/context"
    assert graph["ro-crate-metadata.json"]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.2"}
    assert graph["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    root = graph["./"]
    assert root["license"] == {"@id": "https://creativecommons.org/licenses/by/4.0/"}
    files = {one["@id"] for one in root["hasPart"]}
    assert files == set(report.files) - {"ro-crate-metadata.json"}
    assert all(graph[name]["@type"] == "File" for name in files)
    action = graph["#run"]
    assert {one["@id"] for one in action["result"]} == files
    assert graph[action["instrument"]["@id"]]["softwareVersion"] == bm.__version__
    references = re.findall(r'"@id": "([^"]+)"', json.dumps(crate["@graph"]))
    assert {one for one in references if not one.startswith("https://w3id.org/")} == set(graph)


def test_a_report_of_data_without_a_licence_claims_none(tmp_path):
    """Where no datapackage.json describes exactly these bytes, the crate states no licence."""
    shutil.copytree(ROOT / "analyses", tmp_path / "analyses")
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("datapackage.json"))
    found = write_report(bm.analyse(tmp_path / "analyses" / "bupropion.toml"), tmp_path / "r", ["markdown"])
    (root,) = [one for one in read(found, "ro-crate-metadata.json")["@graph"] if one["@id"] == "./"]
    assert "license" not in root


def test_the_file_of_judgements_is_named_among_the_inputs(report):
    """In manifest.json with its hash, and in the crate as one of the inputs of the run."""
    digest = sha256((ROOT / "data" / "risk_of_bias.csv").read_bytes()).hexdigest()
    assert read(report, "manifest.json")["risk_of_bias"] == {"name": "risk_of_bias.csv", "sha256": digest}
    graph = {one["@id"]: one for one in read(report, "ro-crate-metadata.json")["@graph"]}
    assert [one["@id"] for one in graph["#run"]["object"]] == ["#data", "#specification", "#risk-of-bias"]
    assert digest in graph["#risk-of-bias"]["description"]


def test_a_missing_library_leaves_one_file_out(analysis, tmp_path, monkeypatch):
    """The rest of the report is written; the result and run.json say what is missing and why."""
    monkeypatch.setitem(sys.modules, "typst", None)
    found = write_report(analysis, tmp_path / "r")
    assert "report.pdf" not in found.files
    assert {"report.html", "report.docx", "report.md"} <= set(found.files)
    ((file, reason),) = found.left_out
    assert file == "report.pdf"
    assert read(found, "run.json")["left_out"] == [{"file": file, "reason": reason}]


def test_formats_can_be_chosen_and_left_out_ones_are_said(tmp_path, monkeypatch):
    """--formats writes only what it names; a missing library is one sentence on stderr and no failure."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setitem(sys.modules, "typst", None)
    command = ["run", "analyses/bupropion.toml", "-o", str(tmp_path), "--formats", "markdown, pdf"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0
    assert (
        result.stderr
        == "bupmeta: report.pdf is left out: PDF needs the package typst: pip install 'bupmeta[pdf]'\n"
    )
    assert {name for name in files_of(tmp_path / "bupropion") if name.startswith("report")} == {"report.md"}
    facts = json.loads((tmp_path / "bupropion" / "run.json").read_text())
    assert facts["formats"] == ["pdf", "markdown"]
    assert facts["arguments"] == command
    wrong = CliRunner().invoke(main, ["run", "--formats", "docx"])
    assert (wrong.exit_code, "choose from html, pdf, word, markdown" in wrong.stderr) == (2, True)


def test_the_citation_file_names_this_version_and_nobody_who_is_none():
    """CITATION.cff has what version 1.2.0 of the format requires; its author is an entity."""
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(cff)
    assert cff["cff-version"] == "1.2.0"
    assert cff["version"] == bm.__version__
    assert cff["license"] == "BSD-3-Clause"
    assert [set(author) for author in cff["authors"]] == [{"name"}]
