"""`bupmeta pool`: a CSV file of effects or raw arms in, a pooled effect out."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar, get_args

import click

from bupmeta import designs
from bupmeta.cli.options import Level, OneOf
from bupmeta.cli.pool_output import Group, Pooled
from bupmeta.effects.columns import FORMS
from bupmeta.effects.tabular import read_effects
from bupmeta.pooling import CiName, MetaResult, PredictionName, RandomEffects, Tau2CiName
from bupmeta.pooling import pool as pool_effects
from bupmeta.pooling.models import Tau2Name
from bupmeta.robustness import Refits, refit
from bupmeta.table import json_text

__all__ = ["pool"]

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT = RandomEffects()
MEASURES = tuple(dict.fromkeys(measure for form in FORMS.values() for measure in form.measures))
SUFFIXES = (".svg", ".png", ".pdf")
LONG = 17  # from this many studies on, pooling every subset takes long enough to say so


def _option(name: str, options: Sequence[str], text: str, default: str | None = None) -> Callable[[F], F]:
    return click.option(name, type=OneOf(options), default=default, show_default=True, help=text)


@click.command()
@click.argument("file")
@_option("--tau2", get_args(Tau2Name), "Estimator of tau2.", DEFAULT.tau2)
@_option("--ci", get_args(CiName), "Interval of the effect.", DEFAULT.ci)
@_option("--prediction", get_args(PredictionName), "Prediction interval.", DEFAULT.prediction)
@_option("--tau2-ci", get_args(Tau2CiName), "Interval of tau2, I2 and H2.", DEFAULT.tau2_ci)
@click.option("--level", type=Level(), default="95", show_default=True, help="Confidence of every result.")
@click.option(
    "--input-level", type=Level(), default="95", show_default=True, help="Confidence of ci_low, ci_high."
)
@_option("--measure", MEASURES, "What to make of raw arms, or what y is (logarithms for ratios).")
@click.option("--by", metavar="COLUMN", help="Also pool each group of this column.")
@click.option("--leave-one-out", is_flag=True, help="Also pool without each study in turn.")
@click.option("--gosh", is_flag=True, help="Also pool every subset of the studies.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option(
    "--plot",
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="Draw a forest plot (that of leave-one-out or GOSH, if asked for) as .svg, .png or .pdf.",
)
def pool(
    file: str,
    level: float,
    input_level: float,
    measure: str | None,
    by: str | None,
    leave_one_out: bool,
    gosh: bool,
    as_json: bool,
    plot: Path | None,
    **model: Any,
) -> None:
    """Pool the effects in any CSV file.

    FILE (- for standard input) has one row per study, with y and v, se, or ci_low and ci_high; or n, mean and sd of
    both arms; or events and n of both arms, by these or other usual names. Other columns may stand beside them.
    """
    if plot and plot.suffix.lower() not in SUFFIXES:
        raise click.UsageError(
            f"the figure {plot} must end in one of {', '.join(SUFFIXES)}", click.get_current_context()
        )
    source = sys.stdin.buffer.read() if file == "-" else file
    table = read_effects(source, measure=measure, ci_level=input_level)
    groups = table.groups(by) if by else {}
    chosen = RandomEffects(level=level, **model)
    result = pool_effects(table.effects, chosen)
    found = Pooled(
        table,
        result,
        by or "",
        {name: Group.pooled(effects, chosen) for name, effects in groups.items()},
        refit(result, designs.leave_one_out()) if leave_one_out else None,
        _subsets(result) if gosh else None,
    )
    if plot:
        from bupmeta.plots import save  # matplotlib takes 0.4 s to load

        save(found.figure(), plot)
    if as_json:
        click.echo(json_text(found.document()), nl=False)
    else:
        width = shutil.get_terminal_size((120, 24)).columns
        click.echo("\n\n".join(shown.to_text(width) for shown in found.tables()))


def _subsets(result: MetaResult) -> Refits:
    if result.k >= LONG and sys.stderr.isatty():
        click.echo("pooling subsets of the studies ...", err=True)
    return refit(result, designs.subsets())
