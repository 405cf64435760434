"""`bupmeta run`: analyse specifications and write their reports."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bupmeta.analysis import AnalysisSpec

__all__ = ["run"]


@click.command()
@click.argument("specs", nargs=-1, metavar="[SPEC]...")
@click.option("-o", "--output", default="reports", show_default=True, help="Folder for the reports' folders.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of tables.")
def run(specs: tuple[str, ...], output: str, as_json: bool) -> None:
    """Analyse each SPEC (default: every analyses/*.toml) and write its report to OUTPUT/NAME.

    A report is report.html, results.json, forest plots and tables. The same inputs give the same bytes.
    """
    from bupmeta.analysis import analyse, read_spec
    from bupmeta.analysis.record import record
    from bupmeta.report import summary_table, write_report
    from bupmeta.table import json_text

    questions = [read_spec(path) for path in specs or _default_specs()]
    _refuse_repeated([question.name for question in questions])
    steps = sum(_steps(question) for question in questions)
    with Progress(steps) as progress:
        # Everything is computed before anything is written, so that a fault leaves all reports as they were.
        analyses = [analyse(question, progress=progress.step) for question in questions]
        reports = []
        for analysis in analyses:
            progress.step(f"report of {analysis.spec.name}")
            reports.append(write_report(analysis, Path(output) / analysis.spec.name))
    if as_json:
        click.echo(json_text([record(analysis) for analysis in analyses]), nl=False)
        return
    for analysis, report in zip(analyses, reports):
        click.echo(summary_table(analysis).to_text())
        click.echo(f"\nreport  {report.html}\n")


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


class Progress:
    """A bar on stderr for people who wait longer than a second; nothing elsewhere."""

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._done = 0
        self._begun = time.monotonic()
        self._bar: Any = None

    def __enter__(self) -> Progress:
        return self

    def step(self, title: str) -> None:
        """Say what is begun now."""
        self._done += 1
        if self._bar is None and sys.stderr.isatty() and time.monotonic() - self._begun > 1:
            self._bar = click.progressbar(
                length=self._steps, file=sys.stderr, item_show_func=lambda item: str(item or "")
            )
            self._bar.__enter__()
            self._bar.update(self._done - 1, title)
        if self._bar is not None:
            self._bar.update(1, title)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            if error is None:
                self._bar.update(self._steps)  # sections without trials announce fewer steps
            self._bar.__exit__(kind, error, trace)
