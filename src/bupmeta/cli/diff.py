"""`bupmeta diff`: what changed between two data files or reports, and what that did to each pool."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["diff"]


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--spec", "specs", multiple=True, metavar="FILE", help="A specification to analyse both by.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option(
    "--plot", type=click.Path(path_type=Path), metavar="OUT", help="Draw each pool before and after."
)
def diff(old: str, new: str, specs: tuple[str, ...], as_json: bool, plot: Path | None) -> None:
    """Say what changed from OLD to NEW, and what that did to each pool.

    OLD and NEW are each a file of trial results or a report (a folder that `bupmeta run` wrote, or its results.json).
    Exits with 0 whether or not anything differs.
    """
    from bupmeta.cli.options import check_figure
    from bupmeta.living import diff as compare
    from bupmeta.table import json_text

    check_figure(plot)
    found = compare(old, new, spec=specs)
    if plot:
        from bupmeta.plots import before_after, save  # matplotlib takes 0.4 s to load

        save(before_after(found), plot)
    if as_json:
        click.echo(json_text(found.to_dict()), nl=False)
    else:
        click.echo(str(found))
