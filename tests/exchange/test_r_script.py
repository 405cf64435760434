"""`bupmeta export r`: scripts that metafor runs and agrees with, and labels that cannot do anything in them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from bupmeta.analysis import record
from bupmeta.cli import main
from bupmeta.exchange import r_script
from bupmeta.exchange.r_text import r_comment, r_numbers, r_string

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "tests" / "reference"
HOSTILE = (
    '"); cat("RAN"); ("', "\\", "'; system('true')", "<script>alert(1)</script>", '=cmd|"/c calc"!A0',
    "א\u202eב", "x" * 5000, "`cat('RAN')`", "%s \\x41 \\u{41}", "🐁",
)  # fmt: skip


@cache
def no_r() -> str:
    """Why scripts cannot be run here; empty when they can."""
    if shutil.which("Rscript") is None:
        return "Rscript is not installed"
    done = subprocess.run(["Rscript", "-e", "library(metafor)"], capture_output=True, check=False)
    return "R has no package metafor" if done.returncode else ""


def run(script: Path) -> subprocess.CompletedProcess[str]:
    if why := no_r():
        pytest.skip(why)
    return subprocess.run(["Rscript", str(script)], capture_output=True, text=True, check=False)


def exported(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["export", "r", *arguments])
    assert result.exit_code == 0, result.stderr
    return result.stdout


TABLES = {
    "hackshaw1998_effects.csv": (["--tau2", "PM", "--level", "90"], ["--tau2", "DL", "--prediction", "HTS"]),
    "normand1999_arms.csv": (["--measure", "SMD", "--ci", "HK", "--prediction", "HK"],),
    "bcg_counts.csv": (
        ["--measure", "RD"], ["--model", "MH", "--measure", "RR"], ["--model", "MH", "--measure", "RD"],
        ["--model", "Peto"], ["--tau2", "EE", "--ci", "Wald"], ["--tau2", "SJ", "--ci", "t"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("file", "options"), [(file, one) for file, ways in TABLES.items() for one in ways])
def test_metafor_agrees_with_a_pooled_table(tmp_path, file, options):
    """Every check of the script passes in R, to 1e-6, for estimates, means and counts."""
    script = tmp_path / "pool.R"
    exported(str(REFERENCE / file), *options, "-o", str(script))
    assert re.search(r"^check\(.estimate.", script.read_text(encoding="utf-8"), re.MULTILINE)
    done = run(script)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.fullmatch(r"[4-9] checks passed, 0 failed\n", done.stdout)


@pytest.mark.parametrize("name", ["bupropion", "antidepressants"])
def test_metafor_agrees_with_a_whole_analysis(tmp_path, name, analysed):
    """Every pool of both analyses, by every usual method that metafor has, is found again."""
    if why := no_r():
        pytest.skip(why)
    script = tmp_path / "analysis.R"
    script.write_text(r_script(record(analysed(name))), encoding="utf-8")
    done = run(script)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith(" 0 failed\n")


def test_a_wrong_number_is_found(tmp_path):
    """One changed digit in the data fails the script, and names what differs."""
    text = exported(str(REFERENCE / "hackshaw1998_effects.csv"))
    script = tmp_path / "wrong.R"
    script.write_text(text.replace("yi = c(0.16", "yi = c(0.26"), encoding="utf-8")
    assert script.read_text(encoding="utf-8") != text
    done = run(script)
    assert done.returncode != 0
    assert re.search(r"^DIFFERS .*: estimate, metafor ", done.stdout, re.MULTILINE)


def hostile_script(tmp_path: Path) -> str:
    rows = ["study,yi,vi"]
    for i, label in enumerate(HOSTILE):
        quoted = label.replace('"', '""')
        rows.append(f'"{quoted}",{i / 10},{0.1 + i / 50}')
    table = tmp_path / "=1+1.csv"
    table.write_text("\n".join(rows), encoding="utf-8")
    return exported(str(table))


def test_hostile_labels_stay_inside_strings(tmp_path):
    """Outside strings and comments no part of a label is left, and the code is plain ASCII."""
    lines = [line for line in hostile_script(tmp_path).splitlines() if not line.startswith("#")]
    code = re.sub(r'"(?:[^"\\]|\\.)*"', "", "\n".join(lines))
    assert "\n".join(lines).isascii()
    assert not re.search(r"RAN|system|cmd|alert|xxx", code)


def test_hostile_labels_come_back_from_r(tmp_path):
    """Quotes, commands, control marks and 5,000 characters are what they were, and nothing runs."""
    script = tmp_path / "hostile.R"
    ask = 'cat(paste(utf8ToInt(paste(trials$slab, collapse = "|")), collapse = " "))'
    script.write_text(f"{hostile_script(tmp_path)}\n{ask}\n", encoding="utf-8")
    done = run(script)
    assert done.returncode == 0, done.stderr
    assert "".join(chr(int(code)) for code in done.stdout.splitlines()[-1].split()) == "|".join(HOSTILE)
    assert "RAN" not in done.stdout


def test_text_for_r():
    """A string keeps what it holds; a comment stays on its line; numbers keep their digits."""
    assert r_string("a\x00\ud800\n") == '"a\\ufffd\\ufffd\\n"'
    assert "\n" not in r_comment("a\nb\u2028c\rd")
    assert len(r_comment("x" * 5000)) < 320
    assert r_numbers([1 / 3, 1e-300, None, 2]) == "c(0.3333333333333333, 1e-300, NA, 2)"


def test_a_script_has_every_pool_and_says_what_it_leaves_out(tmp_path, analysed):
    """Pools without an effect, and trials without one, stay in sight as comments."""
    results = record(analysed("bupropion"))
    stored = tmp_path / "results.json"
    stored.write_text(json.dumps(results), encoding="utf-8")
    text = exported(str(stored))
    assert text == r_script(json.loads(stored.read_text(encoding="utf-8")))
    assert "# ---- fibromyalgia (MD), points of 0-10\n# no effect to pool" in text
    assert "# without an effect: Katz 2005 (not significant, no numbers)" in text
    assert results["data"]["sha256"] in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["REF/bcg_counts.csv", "--model", "GLMM"], "no counterpart in metafor"),
        (["analyses/bupropion.toml", "--ci", "HK"], "--ci is an option for tables"),
        (["analyses/bupropion.toml", "--model", "MH"], "--model is an option for tables"),
        (["nothing.csv"], "no such file"),
        (["nothing.json"], "cannot be read"),
    ],
)
def test_what_cannot_be_exported_is_one_sentence(arguments, words, monkeypatch):
    """Exit code 2 and one sentence that says what to do."""
    monkeypatch.chdir(ROOT)
    given = [argument.replace("REF", str(REFERENCE)) for argument in arguments]
    result = CliRunner().invoke(main, ["export", "r", *given])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert words in result.stderr
    assert result.stderr.count("\n") == 1


def test_export_alone_shows_its_targets():
    """Without a target the command lists them."""
    result = CliRunner().invoke(main, ["export"])
    assert result.exit_code == 0
    assert "  r  " in result.stdout
