"""`bupmeta import`: results of RevMan, R or JASP as rows of trials.csv."""

from __future__ import annotations

import sys

import click

from bupmeta.cli.options import OneOf

__all__ = ["import_"]


@click.command("import")
@click.argument("file")
@click.option("-o", "--output", metavar="CSV", help="Write the rows there instead of to standard output.")
@click.option("--set", "cells", multiple=True, metavar="COLUMN=VALUE", help="Fill a column of every row.")
@click.option("--analysis", default="", metavar="NUMBER", help="Only this analysis of a review, such as 1.2.")
@click.option("--measure", type=OneOf(("MD", "OR", "RR", "HR")), help="What bare estimates are (log ratios).")
@click.option("--json", "as_json", is_flag=True, help="Print rows and remarks as one JSON document.")
def import_(
    file: str, output: str | None, cells: tuple[str, ...], analysis: str, measure: str | None, as_json: bool
) -> None:
    """Read FILE of RevMan, R or JASP as rows of trials.csv.

    FILE (- for standard input) is a review of RevMan 5 (.rm5), data rows of RevMan Web or RevMan 5 as CSV, a data frame
    of metafor or meta saved as CSV, or effect sizes exported by JASP; which of them shows in what it holds. The rows go
    to standard output; what could not be mapped, is to be filled or to be checked is listed on standard error.
    """
    from bupmeta.exchange.importing import import_bytes
    from bupmeta.exchange.opened import read_file
    from bupmeta.files import write_whole
    from bupmeta.table import json_text

    given = dict(_cell(one) for one in cells)
    data, name = (sys.stdin.buffer.read(), "standard input") if file == "-" else (read_file(file), file)
    found = import_bytes(data, name, given, analysis=analysis, measure=measure or "")
    if output is not None:
        write_whole(output, found.to_csv().encode())
    if as_json:
        click.echo(json_text(found.to_dict()), nl=False)
    elif output is None:
        click.echo(found.to_csv(), nl=False)
    click.echo(found.table().to_text(), err=True)


def _cell(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise click.UsageError(f"--set {text!r} is no COLUMN=VALUE", click.get_current_context())
    return name.strip(), value.strip()
