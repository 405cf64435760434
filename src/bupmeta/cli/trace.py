"""`bupmeta trace`: where a number of a report comes from."""

from __future__ import annotations

import click

__all__ = ["trace"]


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("report")
@click.argument("what")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def trace(report: str, what: str, as_json: bool) -> None:
    """Say where WHAT in REPORT comes from.

    REPORT is a folder that `bupmeta run` wrote. WHAT is a trial, a row of the data file, a condition, or a number of
    the summary. The chain ends at the figures as printed and their address.
    """
    from bupmeta.analysis.trace import trace as follow

    table = follow(report, what)
    click.echo(table.to_json() if as_json else table.to_text(), nl=not as_json)
