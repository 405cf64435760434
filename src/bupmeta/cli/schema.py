"""`bupmeta schema`: the JSON Schema of a file that a report holds."""

from __future__ import annotations

import click

__all__ = ["schema"]


@click.command()
@click.argument("name")
def schema(name: str) -> None:
    """Print the JSON Schema of NAME.json: results, run or manifest."""
    from bupmeta.analysis.schema import schema_text

    click.echo(schema_text(name), nl=False)
