"""The README's code runs and its table is the one that is printed."""

from __future__ import annotations

import re
from pathlib import Path

import click
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
    """No command in the README is made up, nor any of its options."""
    shown = re.findall(r"^(?:\$ | +\.venv/bin/)bupmeta (\w+)(.*)", README, re.MULTILINE)
    assert {name for name, _ in shown} >= {"run", "pool", "plan", "import", "check", "export", "diff"}
    for name, rest in shown:
        command, words = COMMANDS[name].load(), rest.split()
        if isinstance(command, click.Group):
            command = command.commands[words[0]]
        known = {option for param in command.params for option in (*param.opts, *param.secondary_opts)}
        assert {word for word in words if word.startswith("-")} <= known, (name, rest)
