"""`bupmeta simulate`: how methods fare when reports hide what they found, or when trials are few."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import click

from bupmeta.calibration import Calibration, few
from bupmeta.simulate import ReportingBias, reporting_bias
from bupmeta.table import json_text

__all__ = ["simulate"]

#: Every question that can be simulated, by its name on the command line.
STUDIES: dict[str, Callable[..., Calibration | ReportingBias]] = {
    "reporting-bias": reporting_bias,
    "few": few,
}


@click.command()
@click.argument("what", type=click.Choice(tuple(STUDIES)), metavar="|".join(STUDIES))
@click.option(
    "--replications",
    type=click.IntRange(min=2),
    default=1000,
    show_default=True,
    help="Data sets per setting.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of the random numbers."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def simulate(what: str, replications: int, seed: int, as_json: bool) -> None:
    """Simulate meta-analyses and show bias and coverage of each method.

    reporting-bias: results that are not significant lose their numbers with probability 0.5. All trials with numbers,
    all evidence, and multiple imputation are compared.

    few: the intervals of the common effect, Wald, Hartung-Knapp and Bayes for 2 to 10 trials, and how wide they are.
    """
    table = STUDIES[what](replications=replications, seed=seed).table()
    width = shutil.get_terminal_size((120, 24)).columns
    click.echo(json_text(table.to_dict()) if as_json else table.to_text(width), nl=not as_json)
