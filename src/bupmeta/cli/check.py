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

    A risk_of_bias.csv beside it is checked, too. Exits with 2 when there are errors; faults that a note declares, as
    `[ok: code]`, are listed and pass.
    """
    from bupmeta.table import json_text
    from bupmeta.trials.report import check_folder

    found, *beside = check_folder(csv)
    if as_json:
        judgements = {"risk_of_bias": beside[0].to_dict()} if beside else {}
        click.echo(json_text(found.to_dict() | judgements))
    else:
        click.echo("\n\n".join(map(str, (found, *beside))))
    if any(report.errors or (strict and report.warnings) for report in (found, *beside)):
        context.exit(2)
