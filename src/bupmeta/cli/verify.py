"""`bupmeta verify`: redo a report and compare."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["verify"]


@click.command()
@click.argument("reports", nargs=-1, metavar="[REPORT]...")
@click.option("--spec", metavar="FILE", help="The specification, if it is not in analyses/.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def verify(reports: tuple[str, ...], spec: str | None, as_json: bool) -> None:
    """Redo each REPORT (default: every folder in reports/) and compare.

    Every number must agree to a relative 1e-8 and every file byte for byte, which holds for the pinned packages. Exits
    with 1 when anything differs, after saying what and where first.
    """
    from bupmeta.errors import DataError, VerificationError
    from bupmeta.report.verify import verify as redo
    from bupmeta.table import json_text

    folders = [Path(name) for name in reports] or [
        path.parent for path in sorted(Path("reports").glob("*/results.json"))
    ]
    if not folders:
        raise DataError("there is no report in reports/; run `bupmeta run` first, or name a folder")
    found = [redo(folder, spec) for folder in folders]
    if as_json:
        click.echo(json_text([one.table().to_dict() for one in found]), nl=False)
    else:
        click.echo("\n\n".join(one.table().to_text() for one in found))
    differing = [str(one.folder) for one in found if not one.passed]
    if differing:
        raise VerificationError(f"{', '.join(differing)}: differs from what its data and specification give")
