"""`bupmeta export`: what bupmeta found, as a script of another program that finds it again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from bupmeta.cli.pool_options import chosen_model, pool_options
from bupmeta.files import write_whole

__all__ = ["export"]


@click.group(invoke_without_command=True)
@click.pass_context
def export(context: click.Context) -> None:
    """Write what bupmeta found as a script for another program."""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@export.command("r")
@click.argument("source")
@click.option("-o", "--output", metavar="FILE", help="Write the script there instead of to standard output.")
@pool_options()
def r(
    source: str,
    output: str | None,
    method: str,
    glmm: str,
    level: float,
    input_level: float,
    measure: str | None,
    **model: Any,
) -> None:
    """Write a script for R's metafor that finds every pool again and checks it.

    SOURCE is a report (a folder that `bupmeta run` wrote, or its results.json), a specification (.toml), or a table as
    `bupmeta pool` reads it (- for standard input), pooled here with the same options.
    """
    path = Path(source)
    if path.is_dir() or path.suffix.lower() in (".json", ".toml"):
        _refuse_options()
        text = _of_analysis(path)
    else:
        data = sys.stdin.buffer.read() if source == "-" else source
        text = _of_table(data, chosen_model(method, measure, glmm, level, model), measure, input_level)
    if output is None:
        click.echo(text, nl=False)
    else:
        write_whole(output, text.encode())


def _refuse_options() -> None:
    from click.core import ParameterSource

    from bupmeta.errors import SpecError

    context = click.get_current_context()
    for name in context.params:
        typed = context.get_parameter_source(name) is not ParameterSource.DEFAULT
        if name not in ("source", "output") and typed:
            shown = "model" if name == "method" else name.replace("_", "-")
            raise SpecError(
                f"--{shown} is an option for tables; the model of a report is that of its specification"
            )


def _of_analysis(path: Path) -> str:
    from bupmeta.analysis import analyse, record
    from bupmeta.analysis.stored import load_results, of_this_version
    from bupmeta.exchange import r_script

    if path.suffix.lower() == ".toml":
        return r_script(record(analyse(path)))
    results = load_results(path)
    with of_this_version(path):
        return r_script(results)


def _of_table(source: str | bytes, model: Any, measure: str | None, input_level: float) -> str:
    from bupmeta.effects.tabular import read_effects
    from bupmeta.effects.tabular_counts import tables_of
    from bupmeta.exchange import r_script_of_pool
    from bupmeta.pooling import RandomEffects, pool

    if isinstance(model, RandomEffects):
        table = read_effects(source, measure=measure, ci_level=input_level)
        return r_script_of_pool(pool(table.effects, model), title=table.file.path)
    table = read_effects(source, measure=measure or "OR", ci_level=input_level)
    tables = tables_of(table)
    return r_script_of_pool(pool(tables, model), tables, title=table.file.path)
