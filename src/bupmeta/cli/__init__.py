"""The command line: a group whose commands load when they are used, and one way to end with an error."""

from __future__ import annotations

import codecs
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NamedTuple, NoReturn

import click

from bupmeta import __version__
from bupmeta.errors import BupmetaError

__all__ = ["COMMANDS", "LazyCommand", "main"]


class LazyCommand(NamedTuple):
    """Where a command lives ("module:name") and what it does, so that help needs to load none of them."""

    target: str
    help: str

    def load(self) -> click.Command:
        """Import the command."""
        module, name = self.target.split(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command


#: Every command by its name; a new one is a file in this folder and a row here.
COMMANDS: dict[str, LazyCommand] = {
    "run": LazyCommand(
        "bupmeta.cli.run:run",
        "Analyse each SPEC (default: every analyses/*.toml) and write its report to OUTPUT/NAME.",
    ),
    "check": LazyCommand(
        "bupmeta.cli.check:check",
        "List every fault of CSV (default: data/trials.csv) with its row and column.",
    ),
    "pool": LazyCommand("bupmeta.cli.pool:pool", "Pool the effects in any CSV file."),
    "plan": LazyCommand(
        "bupmeta.cli.plan:plan", "Say what a next trial could change in the pool of any CSV file."
    ),
    "verify": LazyCommand(
        "bupmeta.cli.verify:verify",
        "Redo each REPORT (default: every folder in reports/), run the notebooks, and compare.",
    ),
    "trace": LazyCommand("bupmeta.cli.trace:trace", "Say where WHAT in REPORT comes from."),
    "import": LazyCommand(
        "bupmeta.cli.importing:import_", "Read FILE of RevMan, R or JASP as rows of trials.csv."
    ),
    "export": LazyCommand(
        "bupmeta.cli.export:export", "Write what bupmeta found as a script for another program."
    ),
    "schema": LazyCommand(
        "bupmeta.cli.schema:schema", "Print the JSON Schema of NAME.json: results, run or manifest."
    ),
    "diff": LazyCommand(
        "bupmeta.cli.diff:diff", "Say what changed from OLD to NEW, and what that did to each pool."
    ),
    "simulate": LazyCommand(
        "bupmeta.cli.simulate:simulate", "Simulate meta-analyses and show bias and coverage of each method."
    ),
}

# What stands in where a terminal's encoding lacks a character; a lost minus would turn a result around.
PLAIN = {"−": "-", "–": "-", "─": "-", "²": "2", "τ": "tau", "×": "x", "≤": "<=", "≥": ">=", "∞": "inf"}


def _plain(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    lost = error.object[error.start : error.end]
    return "".join(PLAIN.get(c, "?") for c in lost), error.end


class Main(click.Group):
    """A click group that loads commands by name and turns every failure into one sentence and a code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Give the names in the order of the registry."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """Load one command."""
        return COMMANDS[cmd_name].load() if cmd_name in COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or suggest the nearest name."""
        name = str(args[0])
        if name not in COMMANDS and not name.startswith("-") and not ctx.resilient_parsing:
            raise click.NoSuchCommand(name, possibilities=COMMANDS, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as above
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.help) for name, command in COMMANDS.items()])

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> NoReturn:
        """Run, and leave with 0, the error's own code, 2 for a wrong call, 130 when interrupted, or 70."""
        codecs.register_error("bupmeta", _plain)
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="bupmeta")
        given = sys.argv[1:] if args is None else list(args)
        extra["standalone_mode"] = False  # or click would print usage and errors in its own form
        try:
            code = super().main(given, *rest, obj=tuple(given), **extra)
        except (click.Abort, KeyboardInterrupt):
            sys.exit(130)
        except Exception as error:
            if "--debug" in given[: next((i for i, arg in enumerate(given) if arg in COMMANDS), None)]:
                traceback.print_exc()
            message, code = _sentence(error, given)
            click.echo(f"bupmeta: {message}", err=True)
        sys.exit(code if isinstance(code, int) else 0)


def _sentence(error: Exception, args: Sequence[str]) -> tuple[str, int]:
    """Say what went wrong and give the exit code; an error nobody foresaw asks to be reported."""
    match error:
        case BupmetaError():
            return str(error), error.exit_code
        case click.UsageError(ctx=click.Context(command_path=path)):
            return f"{error.format_message()} (see: {path} --help)", 2
        case click.ClickException():
            return error.format_message(), 2
        case OSError():
            return ": ".join(str(part) for part in (error.filename, error.strerror or error) if part), 2
        case MemoryError():
            return "there is not enough memory for this; take fewer studies or a smaller sample", 2
    fault = f"{type(error).__name__}: {error}"
    again = " ".join(["bupmeta --debug", *(arg for arg in args if arg != "--debug")])
    return f"this is a fault in bupmeta ({fault}); please report it with what `{again}` prints", 70


@click.group(cls=Main, context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True)
@click.version_option(__version__, message="bupmeta %(version)s")
@click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an error.")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Meta-analysis of clinical trials in which every report form counts."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
