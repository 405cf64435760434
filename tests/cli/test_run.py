"""`bupmeta run` as a user meets it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from bupmeta.cli import main

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with the project's analyses and data, as the working directory."""
    for name in ("analyses", "data"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def bupmeta(*args: str):
    return CliRunner().invoke(main, args)


def test_run_writes_every_report_and_prints_a_table_per_analysis(project):
    """Without arguments every specification in analyses/ is run."""
    result = bupmeta("run")
    assert result.exit_code == 0
    for name in ("bupropion", "antidepressants"):
        assert (project / "reports" / name / "report.html").exists()
        assert f"report  reports/{name}/report.html" in result.stdout
    assert "no eligible trial" in result.stdout
    assert "one trial, not" in result.stdout


def test_run_takes_one_specification_and_another_folder(project):
    """Only what is named is written, where it is asked for."""
    result = bupmeta("run", "analyses/bupropion.toml", "--output", "elsewhere")
    assert result.exit_code == 0
    assert [path.name for path in (project / "elsewhere").iterdir()] == ["bupropion"]
    assert not (project / "reports").exists()


def test_json_is_one_document_and_nothing_else(project):
    """--json prints what results.json holds."""
    result = bupmeta("run", "analyses/bupropion.toml", "--json")
    (found,) = json.loads(result.stdout)
    assert found == json.loads(
        (project / "reports" / "bupropion" / "results.json").read_text(encoding="utf-8")
    )


def _no_spec(project):
    return ["run", "analyses/nothing.toml"]


def _no_data(project):
    (project / "data" / "trials.csv").unlink()
    return ["run"]


def _empty_data(project):
    (project / "data" / "trials.csv").write_text("")
    return ["run"]


def _unknown_key(project):
    path = project / "analyses" / "bupropion.toml"
    path.write_text("titel = 1\n" + path.read_text())
    return ["run"]


def _no_match(project):
    path = project / "analyses" / "bupropion.toml"
    path.write_text(path.read_text().replace('["placebo", "active placebo"]', '"add-on"'))
    return ["run"]


def _output_is_a_file(project):
    (project / "reports").write_text("")
    return ["run"]


def _no_specs(project):
    shutil.rmtree(project / "analyses")
    return ["run"]


def _same_name(project):
    return ["run", "analyses/bupropion.toml", "analyses/bupropion.toml"]


def _broken_row(project):
    path = project / "data" / "trials.csv"
    path.write_text(path.read_text().replace(",0.001,", ",zero,", 1))
    return ["run"]


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_no_spec, "nothing.toml: there is no such file"),
        (_no_data, "data/trials.csv"),
        (_empty_data, "data/trials.csv"),
        (_unknown_key, "analyses/bupropion.toml: the key 'titel' is unknown"),
        (_no_match, "analyses/bupropion.toml: [select] matches no row"),
        (_output_is_a_file, "reports"),
        (_no_specs, "there is no analysis in analyses/"),
        (_same_name, "two specifications are called 'bupropion'"),
        (_broken_row, "p = zero"),
    ],
)
def test_bad_input_is_one_message_exit_2_and_nothing_half_written(project, spoil, message):
    """The message names what and where; no report is there that was not there before; no traceback."""
    command = spoil(project)
    result = bupmeta(*command)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.startswith("bupmeta: ")
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    left = project / "reports"
    assert not left.is_dir() or not any(left.iterdir())
