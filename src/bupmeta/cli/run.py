"""`bupmeta run`: analyse specifications and write their reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bupmeta.cli.progress import Progress

if TYPE_CHECKING:
    from bupmeta.analysis import AnalysisSpec

__all__ = ["run"]


@click.command()
@click.argument("specs", nargs=-1, metavar="[SPEC]...")
@click.option("-o", "--output", default="reports", show_default=True, help="Folder for the reports' folders.")
@click.option(
    "--formats", metavar="LIST", help="Which of html, pdf, word and markdown to write; all of them."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of tables.")
@click.pass_obj
def run(
    arguments: tuple[str, ...] | None, specs: tuple[str, ...], output: str, formats: str | None, as_json: bool
) -> None:
    """Analyse each SPEC (default: every analyses/*.toml) and write its report to OUTPUT/NAME.

    A report is the page in every format, its figures and tables, results.json with all numbers, and manifest.json
    with the hash of everything. The same inputs give the same bytes.
    """
    from bupmeta.analysis import analyse, read_spec
    from bupmeta.analysis.record import record
    from bupmeta.report import chosen, summary_table, write_report
    from bupmeta.table import json_text

    wanted = chosen(
        [name.strip() for name in ("html,pdf,word,markdown" if formats is None else formats).split(",")]
    )
    questions = [read_spec(path) for path in specs or _default_specs()]
    _refuse_repeated([question.name for question in questions])
    steps = sum(_steps(question) for question in questions)
    with Progress(steps) as progress:
        # Everything is computed before anything is written, so that a fault leaves all reports as they were.
        analyses = [analyse(question, progress=progress.step) for question in questions]
        reports = []
        for analysis in analyses:
            progress.step(f"report of {analysis.spec.name}")
            folder = Path(output) / analysis.spec.name
            reports.append(write_report(analysis, folder, wanted, arguments or ()))
    for file, reason in dict.fromkeys(missing for report in reports for missing in report.left_out):
        click.echo(f"bupmeta: {file} is left out: {reason}", err=True)
    if as_json:
        click.echo(json_text([record(analysis) for analysis in analyses]), nl=False)
        return
    for analysis, report in zip(analyses, reports):
        click.echo(summary_table(analysis).to_text())
        click.echo(f"\nreport  {report.html if 'html' in wanted else report.folder}\n")


def _steps(question: AnalysisSpec) -> int:
    """How many steps a run announces: sections in each measure, methods of each multiverse, outcomes, the report."""
    sections = max(len(question.groups.of_interest), 1) + bool(question.groups.overall)
    axes = question.multiverse
    methods = len(axes.tau2) * len(axes.ci) if axes is not None else 0
    return 1 + sections * (len(question.measures) + methods) + len(question.outcomes)


def _default_specs() -> list[Path]:
    from bupmeta.errors import SpecError

    found = sorted(Path("analyses").glob("*.toml"))
    if not found:
        raise SpecError("there is no analysis in analyses/; name a specification: bupmeta run PATH.toml")
    return found


def _refuse_repeated(names: list[str]) -> None:
    from bupmeta.errors import SpecError

    for name in names:
        if names.count(name) > 1:
            raise SpecError(f"two specifications are called {name!r}; their reports would share a folder")
