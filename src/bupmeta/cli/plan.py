"""`bupmeta plan`: what a next trial could change in the pool of a CSV file."""

from __future__ import annotations

import shutil
import sys
from math import log
from pathlib import Path
from typing import Any, get_args

import click

from bupmeta import __version__
from bupmeta.cli.options import Level, check_figure
from bupmeta.cli.pool_options import MEASURES, one_of
from bupmeta.effects.columns import RATIOS
from bupmeta.effects.tabular import read_effects
from bupmeta.errors import SpecError
from bupmeta.planning import TrialDesign, extended_funnel, information_size, next_trial
from bupmeta.pooling import CiName, RandomEffects, Tau2Name
from bupmeta.pooling import pool as pool_effects
from bupmeta.table import json_text

__all__ = ["plan"]

SCHEMA_VERSION = 1
SIZES = (25, 50, 100, 200, 400)
DEFAULT = RandomEffects()


@click.command()
@click.argument("file")
@click.option(
    "--n", "sizes", type=int, multiple=True, help="Persons per arm, or crossing over; may be repeated."
)
@click.option("--sd", type=float, help="Standard deviation of persons, or of differences within them.")
@one_of("--design", get_args(TrialDesign), "Design of the next trial.", "parallel")
@click.option("--threshold", type=float, help="What the interval is to exclude; by default no effect.")
@click.option("--delta", type=float, help="The effect that is to be found, for the information size.")
@click.option("--power", type=float, default=0.9, show_default=True, help="Power to find --delta.")
@click.option("--scale", type=float, help="Units of the effects that an SMD of 1 is.")
@one_of("--tau2", get_args(Tau2Name), "Estimator of tau2.", DEFAULT.tau2)
@one_of("--ci", get_args(CiName), "Interval of the effect.", DEFAULT.ci)
@click.option("--level", type=Level(), default="95", show_default=True, help="Confidence of every result.")
@click.option(
    "--input-level", type=Level(), default="95", show_default=True, help="Confidence of ci_low, ci_high."
)
@one_of("--measure", MEASURES, "What to make of raw arms, or what y is (logarithms for ratios).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--plot", type=click.Path(path_type=Path), metavar="OUT", help="Draw chances against size.")
@click.option("--funnel", type=click.Path(path_type=Path), metavar="OUT", help="Draw the extended funnel.")
def plan(
    file: str,
    sizes: tuple[int, ...],
    sd: float | None,
    design: TrialDesign,
    threshold: float | None,
    delta: float | None,
    power: float,
    scale: float | None,
    level: float,
    input_level: float,
    measure: str | None,
    as_json: bool,
    plot: Path | None,
    funnel: Path | None,
    **model: Any,
) -> None:
    """Say what a next trial could change in the pool of any CSV file.

    FILE (- for standard input) is what `bupmeta pool` reads. What the trial will find is predicted by the posterior
    under a half-normal prior of tau; the chance is that the interval of the pool then excludes the threshold.
    """
    for path in (plot, funnel):
        check_figure(path)
    source = sys.stdin.buffer.read() if file == "-" else file
    table = read_effects(source, measure=measure, ci_level=input_level)
    result = pool_effects(table.effects, RandomEffects(level=level, **model))
    ratio = table.effects.measure in RATIOS
    at = 0.0 if threshold is None else _logarithm("--threshold", threshold, ratio)
    chances = next_trial(result, sizes or SIZES, sd=sd, design=design, threshold=at, scale=scale)
    needed = None
    if delta is not None:
        effect = _logarithm("--delta", delta, ratio)
        needed = information_size(result, effect, sd=sd, design=design, power=power)
    if plot or funnel:
        from bupmeta import plots  # matplotlib takes 0.4 s to load

        if plot:
            plots.save(plots.next_trial(chances), plot)
        if funnel:
            plots.save(plots.extended_funnel(extended_funnel(result, threshold=at, scale=scale)), funnel)
    if as_json:
        document = {
            "schema_version": SCHEMA_VERSION,
            "program": f"bupmeta {__version__}",
            "file": table.file.path,
            "sha256": table.file.sha256,
            "measure": table.effects.measure,
            "next_trial": chances.to_dict(),
            "information_size": None if needed is None else needed.to_dict(),
        }
        click.echo(json_text(document), nl=False)
        return
    width = shutil.get_terminal_size((120, 24)).columns
    shown = [chances.table(), *([needed.table()] if needed is not None else [])]
    click.echo("\n\n".join(one.to_text(width) for one in shown))


def _logarithm(option: str, value: float, ratio: bool) -> float:
    """Return a value as the analysis has it; SpecError for a ratio that is not above 0."""
    if not ratio:
        return value
    if value <= 0:
        raise SpecError(f"{option} {value:g} is not a ratio; give one above 0, such as 0.8")
    return log(value)
