"""`bupmeta pool`: a CSV file of effects or raw arms in, a pooled effect out."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, get_args

import click

from bupmeta import designs
from bupmeta.cli.options import check_figure
from bupmeta.cli.pool_models import COUNT_MODELS, bayes_model, refuse_options
from bupmeta.cli.pool_options import chosen_model, one_of, pool_options, prior_options, typed
from bupmeta.cli.pool_output import Group, Pooled
from bupmeta.effects import Effects
from bupmeta.effects.tables import Tables
from bupmeta.effects.tabular import EffectTable, read_effects
from bupmeta.effects.tabular_counts import tables_of
from bupmeta.errors import BupmetaError, SpecError
from bupmeta.pooling import Bayes, MetaResult, RandomEffects, TableModel, leave_one_out
from bupmeta.pooling import pool as pool_effects
from bupmeta.robustness import Refits, refit
from bupmeta.table import json_text
from bupmeta.table.notation import PresetName

__all__ = ["pool"]

T = TypeVar("T")

SHARED = ("IV", "MH", "Peto")
LONG = 17  # from this many studies on, pooling every subset takes long enough to say so


@click.command()
@click.argument("file")
@pool_options(("IV", "Bayes", *COUNT_MODELS))
@prior_options
@click.option("--by", metavar="COLUMN", help="Also pool each group of this column.")
@click.option("--leave-one-out", "left_out", is_flag=True, help="Also pool without each study in turn.")
@click.option("--gosh", is_flag=True, help="Also pool every subset of the studies.")
@click.option("--parity", is_flag=True, help="Also pool as metafor, meta, RevMan and Stata would.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@one_of("--preset", get_args(PresetName), "Conventions of the forest plot of --plot.", "house")
@click.option(
    "--plot",
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="Draw a forest plot (that of leave-one-out or GOSH, if asked for) as .svg, .png or .pdf.",
)
def pool(
    file: str,
    method: str,
    glmm: str,
    level: float,
    input_level: float,
    measure: str | None,
    by: str | None,
    left_out: bool,
    gosh: bool,
    parity: bool,
    as_json: bool,
    preset: PresetName,
    plot: Path | None,
    tau_prior: str | None,
    mu_prior: str | None,
    **model: Any,
) -> None:
    """Pool the effects in any CSV file.

    FILE (- for standard input) has one row per study, with y and v, se, or ci_low and ci_high; or n, mean and sd of
    both arms; or events and n of both arms, by these or other usual names. Other columns may stand beside them.
    """
    check_figure(plot)
    source = sys.stdin.buffer.read() if file == "-" else file
    chosen: RandomEffects | Bayes | TableModel | None = None
    if method == "Bayes":
        refuse_options(typed(model), method)
    else:
        refuse_options(typed(["tau_prior", "mu_prior"]), method, "Bayes")
        chosen = chosen_model(method, measure, glmm, level, model)
    table = read_effects(
        source, measure=measure or ("OR" if method in COUNT_MODELS else None), ci_level=input_level
    )
    groups = table.groups(by) if by else {}
    if not isinstance(chosen, TableModel):
        chosen = chosen or bayes_model(table.effects, tau_prior, mu_prior, level)
        result = pool_effects(table.effects, chosen)
        parts = {name: Group.pooled(effects, chosen) for name, effects in groups.items()}
        left, why_left = _tried(lambda: refit(result, designs.leave_one_out()), left_out, "leave-one-out")
        subsets, why_subsets = _tried(lambda: _subsets(result), gosh, "GOSH")
        result = replace(result, notes=(*result.notes, *why_left, *why_subsets))
        found = Pooled(table, result, by or "", parts, left, subsets)
    else:
        if gosh:
            raise SpecError("--gosh is an option of --model IV; counts have --leave-one-out")
        found = _pool_counts(table, chosen, by or "", groups, left_out)
    if parity:
        from bupmeta.analysis.parity_counts import parity_of_result  # what else needs analyses loads none

        if method not in SHARED:
            raise SpecError(
                f"--parity compares models that other programs share ({', '.join(SHARED)}), not {method}"
            )
        given = tables_of(table) if isinstance(chosen, TableModel) else None
        found = replace(found, parity=parity_of_result(found.result, given))
    if plot:
        from bupmeta.plots import save  # matplotlib takes 0.4 s to load

        save(found.figure(preset), plot)
    if as_json:
        click.echo(json_text(found.document()), nl=False)
    else:
        width = shutil.get_terminal_size((120, 24)).columns
        click.echo("\n\n".join(shown.to_text(width) for shown in found.tables()))


def _tried(call: Callable[[], T], wanted: bool, name: str) -> tuple[T | None, tuple[str, ...]]:
    """Return what a further analysis found, or why there is none: the pool stands without it."""
    if not wanted:
        return None, ()
    try:
        return call(), ()
    except BupmetaError as error:
        return None, (f"no {name}: {error}",)


def _pool_counts(
    table: EffectTable, model: TableModel, by: str, groups: dict[str, Effects], left_out: bool
) -> Pooled:
    """Pool the counts of the file, and those of each group."""
    tables = tables_of(table)
    parts = {name: _part(tables, {*e.labels, *(s.label for s in e.silent)}) for name, e in groups.items()}
    result = pool_effects(tables, model)
    left, why = _tried(lambda: leave_one_out(tables, model), left_out, "leave-one-out")
    return Pooled(
        table,
        replace(result, notes=(*result.notes, *why)),
        by,
        {name: Group.of_counts(part, groups[name], model) for name, part in parts.items()},
        left,
    )


def _part(tables: Tables, labels: set[str]) -> Tables | None:
    at = [i for i, label in enumerate(tables.labels) if label in labels]
    return replace(tables.take(at), silent=()) if at else None


def _subsets(result: MetaResult) -> Refits:
    if result.k >= LONG and sys.stderr.isatty():
        click.echo("pooling subsets of the studies ...", err=True)
    return refit(result, designs.subsets())
