"""`bupmeta verify`: redo a report and compare."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bupmeta.cli.progress import Progress

if TYPE_CHECKING:
    from bupmeta.report.verify import Verification

__all__ = ["verify"]

_STEPS = 30  # about as many as one analysis announces


@click.command()
@click.argument("reports", nargs=-1, metavar="[REPORT]...")
@click.option("--spec", metavar="FILE", help="The specification, if it is not in analyses/.")
@click.option(
    "--notebooks/--no-notebooks", default=True, help="Also run the notebooks beside the specification."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def verify(reports: tuple[str, ...], spec: str | None, notebooks: bool, as_json: bool) -> None:
    """Redo each REPORT (default: every folder in reports/), run the notebooks, and compare.

    Every number must agree to a relative 1e-8 and every file byte for byte, or in content where the report was made
    with other packages or on another kind of machine, which is said. Exits with 1 when anything differs, after saying
    what and where first.
    """
    from bupmeta.errors import DataError, VerificationError
    from bupmeta.report.notebooks import check_notebooks
    from bupmeta.report.verify import findings_table
    from bupmeta.report.verify import verify as redo
    from bupmeta.table import json_text

    folders = [Path(name) for name in reports] or [
        path.parent for path in sorted(Path("reports").glob("*/results.json"))
    ]
    if not folders:
        raise DataError("there is no report in reports/; run `bupmeta run` first, or name a folder")
    with Progress(_STEPS * len(folders)) as progress:
        found = [redo(folder, spec, progress.step) for folder in folders]
        paths = _notebooks(found) if notebooks else []
        headlines = {one.spec.stem: one.headline for one in found}
        executed = check_notebooks(paths, headlines, progress.step)
    failed = [one.what for one in executed if not one.agrees]
    told = findings_table(executed, f"notebooks: {'not verified' if failed else 'verified'}")
    if as_json:
        tables = [one.table(whole=True) for one in found] + ([told] if executed else [])
        click.echo(json_text([table.to_dict() for table in tables]), nl=False)
    else:
        tables = [one.table() for one in found] + ([told] if executed else [])
        click.echo("\n\n".join(table.to_text() for table in tables))
    differing = [str(one.folder) for one in found if not one.passed] + failed
    if differing:
        raise VerificationError(f"{', '.join(differing)}: differs from what its data and specification give")


def _notebooks(found: list[Verification]) -> list[Path]:
    """Every notebook in the folders of the specifications, once."""
    folders = dict.fromkeys(one.spec.parent for one in found)
    return [path for folder in folders for path in sorted(folder.glob("*.ipynb"))]
