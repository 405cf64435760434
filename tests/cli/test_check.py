"""`bupmeta check`: a table or JSON on stdout, exit code 2 with errors, one sentence for unreadable files."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

_DATA = "data/trials.csv"


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(import_module("bupmeta.cli").main, ["check", *arguments])


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "trials.csv"
    path.write_text(
        Path(_DATA).read_text(encoding="utf-8").replace(",fibromyalgia,", ",fibromialgia,", 1),
        encoding="utf-8",
    )
    return path


@pytest.fixture
def warned(tmp_path: Path) -> Path:
    path = tmp_path / "trials.csv"
    path.write_text(
        Path(_DATA).read_text(encoding="utf-8").replace(",pain_relief_onset,", ",first_week,", 1),
        encoding="utf-8",
    )
    return path


def test_the_projects_data_pass_by_default_and_strictly():
    for arguments in ([], [_DATA], ["--strict"]):
        result = _run(*arguments)
        assert result.exit_code == 0, result.output
        assert "data/trials.csv: 219 rows, 0 errors, 0 warnings" in result.stdout
        assert "data/risk_of_bias.csv: 5 rows, 0 errors, 0 warnings" in result.stdout
        assert "Acknowledged no-size: farajirad2013_ae" in result.stdout  # arm sizes are not in its abstract


def test_an_error_is_shown_with_its_row_column_value_and_repair_and_exits_with_2(broken):
    result = _run(str(broken), "--json")
    assert result.exit_code == 2
    found = json.loads(result.stdout)
    assert (found["errors"], found["warnings"]) == (1, 0)
    fault = found["faults"][0]
    assert (fault["column"], fault["value"], fault["right"]) == (
        "condition",
        "fibromialgia",
        "did you mean `fibromyalgia`?",
    )
    assert fault["line"] > 1
    text = _run(str(broken))
    assert text.exit_code == 2
    assert "fibromialgia" in text.stdout
    assert "1 error, 0 warnings" in text.stdout


def test_warnings_fail_only_a_strict_check(warned):
    assert _run(str(warned)).exit_code == 0
    assert _run(str(warned), "--strict").exit_code == 2


def test_judgements_beside_the_trials_are_checked_and_fail_the_check(tmp_path):
    for name in ("trials.csv", "risk_of_bias.csv"):
        text = Path("data", name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace("katz2005,all", "kats2005,all", 1), encoding="utf-8")
    for path in ("trials.csv", "risk_of_bias.csv"):
        result = _run(str(tmp_path / path))
        assert result.exit_code == 2
        assert "did you mean `katz2005`?" in result.stdout
    found = json.loads(_run(str(tmp_path / "trials.csv"), "--json").stdout)
    assert (found["errors"], found["risk_of_bias"]["errors"]) == (0, 1)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "no such file"), (b"", "is empty"), (b"\xff\xfer\x00", "UTF-16"), (b"a,b\n1,2\n", "no column")],
)
def test_what_cannot_be_read_is_one_sentence_on_stderr(tmp_path, content, sentence):
    path = tmp_path / "trials.csv"
    if content is not None:
        path.write_bytes(content)
    result = _run(str(path))
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_check_loads_no_numerical_library():
    code = (
        "import sys, bupmeta.trials.report as r; r.check_trials('data/trials.csv')\n"
        "print(sorted({'numpy', 'scipy', 'pandas', 'matplotlib'} & set(sys.modules)))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )
