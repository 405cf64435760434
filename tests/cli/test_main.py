"""The group itself: what it loads, how it helps, and how it ends."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from bupmeta import __version__
from bupmeta.cli import COMMANDS, LazyCommand, main
from bupmeta.errors import DataError, VerificationError

HEAVY = {"numpy", "scipy", "pandas", "matplotlib", "statsmodels", "jinja2", "jsonschema", "forestplot"}
LOADED = "import sys; print(*sys.modules)"


def python(*args: str, **options: object) -> subprocess.CompletedProcess[str]:
    """Run a fresh interpreter of this environment."""
    return subprocess.run([sys.executable, *args], capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload,no-any-return]  # options pass through


@pytest.mark.parametrize("module", ["bupmeta", "bupmeta.cli"])
def test_import_loads_nothing_heavy(module: str) -> None:
    """Importing the package or its command line costs no numerical or drawing library."""
    assert HEAVY.isdisjoint(python("-c", f"import {module}; {LOADED}").stdout.split())


@pytest.mark.parametrize("option", ["--version", "--help", "-h"])
def test_help_and_version_load_nothing_heavy(option: str) -> None:
    """The first thing people type answers at once."""
    code = f"import atexit; atexit.register(lambda: exec({LOADED!r})); from bupmeta.cli import main; main([{option!r}])"
    done = python("-c", code)
    assert done.returncode == 0
    assert HEAVY.isdisjoint(done.stdout.split())
    assert "click" in done.stdout.split()


def test_version() -> None:
    """The version is one line that names the program."""
    assert CliRunner().invoke(main, ["--version"]).output == f"bupmeta {__version__}\n"


@pytest.mark.parametrize("args", [[], ["--help"], ["-h"]])
def test_help_lists_every_command(args: list[str]) -> None:
    """Help names each command with its line, and is what a bare call prints."""
    result = CliRunner().invoke(main, args)
    assert result.exit_code == 0
    for name, command in COMMANDS.items():
        assert name in result.output
        assert command.help in " ".join(result.output.split())


@pytest.mark.parametrize("name", list(COMMANDS))
def test_the_line_of_help_is_that_of_the_command(name: str) -> None:
    """The registry says the same as the command's own first sentence."""
    assert (COMMANDS[name].load().help or "").split("\n\n")[0] == COMMANDS[name].help


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["verfy"], "No such command 'verfy'. Did you mean 'verify'? (see: bupmeta --help)"),
        (["--vresion"], "No such option '--vresion'. Did you mean '--version'? (see: bupmeta --help)"),
        (["pool", "--levle", "90", "x.csv"], "Did you mean"),
        (["pool"], "Missing argument 'FILE'"),
    ],
)
def test_a_wrong_call_is_one_sentence_with_a_hint(args: list[str], said: str) -> None:
    """A slip of the keyboard gets the nearest name, on stderr, with exit code 2."""
    result = CliRunner().invoke(main, args, prog_name="bupmeta")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("bupmeta: ")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def failing(error: BaseException) -> LazyCommand:
    """A command that raises `error`; `failing` finds it through this module's name."""

    @click.command()
    def command() -> None:
        raise error

    globals()["_command"] = command
    sys.modules["failing_command"] = sys.modules[__name__]
    return LazyCommand("failing_command:_command", "Fails.")


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (DataError("a.csv, row 3: no"), 2, "bupmeta: a.csv, row 3: no\n"),
        (VerificationError("mu differs"), 1, "bupmeta: mu differs\n"),
        (PermissionError(13, "Permission denied", "/x"), 2, "bupmeta: /x: Permission denied\n"),
        (OSError(28, "No space left on device"), 2, "bupmeta: No space left on device\n"),
        (MemoryError(), 2, "bupmeta: there is not enough memory"),
        (KeyboardInterrupt(), 130, ""),
        (
            ZeroDivisionError("oh"),
            70,
            "bupmeta: this is a fault in bupmeta (ZeroDivisionError: oh); please report",
        ),
    ],
)
def test_every_error_is_one_sentence_and_its_code(
    error: BaseException, code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No error of a command reaches the user as a traceback."""
    monkeypatch.setitem(COMMANDS, "fail", failing(error))
    result = CliRunner().invoke(main, ["fail"])
    assert result.exit_code == code
    assert result.stderr.lstrip("\n").startswith(said)
    assert "Traceback" not in result.output
    assert result.stdout == ""


def test_debug_shows_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the command, --debug adds the traceback that a report of a fault needs."""
    monkeypatch.setitem(COMMANDS, "fail", failing(ZeroDivisionError("oh")))
    result = CliRunner().invoke(main, ["--debug", "fail"])
    assert result.exit_code == 70
    assert "Traceback" in result.stderr
    assert result.stderr.splitlines()[-1].startswith("bupmeta: this is a fault")


def test_a_closed_pipe_is_quiet() -> None:
    """`bupmeta ... | head` ends without a word on stderr."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "bupmeta", "--help"], stdout=closed, stderr=subprocess.PIPE, check=False
        )
    assert done.stderr == b""


def test_a_minus_survives_a_poor_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the encoding has no typographic minus the plain one is printed, never a question mark."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(click.Group, "main", lambda *_, **__: sys.stdout.write("−0.5 τ² ü"))
    with pytest.raises(SystemExit):
        main(["pool"])
    out.flush()
    assert out.buffer.getvalue() == b"-0.5 tau2 ?"  # type: ignore[attr-defined]  # it is the BytesIO above
