"""`bupmeta check`: every fault of a file of trial results."""

from __future__ import annotations

import click

__all__ = ["check"]


@click.command()
@click.argument("csv", default="data/trials.csv")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--strict", is_flag=True, help="Let warnings fail the check, too.")
@click.pass_context
def check(context: click.Context, csv: str, as_json: bool, strict: bool) -> None:
    """List every fault of CSV (default: data/trials.csv) with its row and column.

    Exits with 2 when there are errors; faults that a note declares, as `[ok: code]`, are listed and pass.
    """
    from bupmeta.table import json_text
    from bupmeta.trials.report import check_trials

    report = check_trials(csv)
    click.echo(json_text(report.to_dict()) if as_json else str(report))
    if report.errors or (strict and report.warnings):
        context.exit(2)
