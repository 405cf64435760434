"""The README's code runs and its table is the one that is printed."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from bupmeta.cli import COMMANDS, main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_python_block_runs(monkeypatch):
    """What a reader copies works as it stands, from the project's folder."""
    monkeypatch.chdir(ROOT)
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(compile(code, "README.md", "exec"), {})


def test_the_table_is_the_one_printed(monkeypatch, tmp_path):
    """The rows shown are those of `bupmeta run analyses/bupropion.toml`, up to where they are cut."""
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(main, ["run", "analyses/bupropion.toml", "--output", str(tmp_path)])
    (table,) = re.findall(r"```text\n(.*?)```", README, re.DOTALL)
    for line in table.splitlines():
        assert line.removesuffix("...").rstrip() in result.stdout


def test_every_command_shown_exists():
    """No command in the README is made up."""
    named = set(re.findall(r"^(?:\$ | +\.venv/bin/)bupmeta (\w+)", README, re.MULTILINE))
    assert named == {"pool", "check", "run"} <= set(COMMANDS)
