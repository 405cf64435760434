"""`bupmeta simulate`: how methods fare when reports hide what they found, or when trials are few."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bupmeta.calibration import Calibration, few
from bupmeta.cells import Progress, workers
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
@click.option(
    "--jobs",
    type=click.IntRange(min=1, max=64),
    default=1,
    show_default=True,
    help="Processes to run settings in.",
)
@click.option(
    "--resume",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Keep finished settings in FILE, and go on from those it holds.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def simulate(what: str, replications: int, seed: int, jobs: int, resume: Path | None, as_json: bool) -> None:
    """Simulate meta-analyses and show bias and coverage of each method.

    reporting-bias: results that are not significant lose their numbers with probability 0.5. All trials with numbers,
    all evidence, and multiple imputation are compared.

    few: how often thirteen intervals for 2 to 10 trials hold the truth, and how wide they are.
    """
    with workers(jobs) as executor, _bar() as progress:
        found = STUDIES[what](
            replications=replications, seed=seed, executor=executor, checkpoint=resume, progress=progress
        )
    table = found.table()
    width = shutil.get_terminal_size((120, 24)).columns
    click.echo(json_text(table.to_dict()) if as_json else table.to_text(width), nl=not as_json)


@contextmanager
def _bar() -> Iterator[Progress | None]:
    """Give what shows on a terminal how far a run is; elsewhere nothing is shown."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1, label="settings", file=sys.stderr, show_pos=True) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield progress
