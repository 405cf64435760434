"""Presets from the command line and from a specification."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner

from bupmeta.analysis import Analysis
from bupmeta.analysis.spec import Figures
from bupmeta.cli import main
from bupmeta.plots import svg_text
from bupmeta.report.figures import section_figure

ROOT = Path(__file__).parents[2]


def test_pool_draws_in_the_conventions_asked_for(tmp_path: Path) -> None:
    """The picture has JAMA's words; another name is refused with the nearest, and nothing is written."""
    counts, picture = ROOT / "tests" / "reference" / "bcg_counts.csv", tmp_path / "f.svg"
    done = CliRunner().invoke(
        main, ["pool", str(counts), "--measure", "RR", "--plot", str(picture), "--preset", "jama"]
    )
    assert done.exit_code == 0, done.output
    assert ">Source<" in picture.read_text(encoding="utf-8")
    wrong = CliRunner().invoke(
        main, ["pool", str(counts), "--plot", str(tmp_path / "g.svg"), "--preset", "JAMMA"]
    )
    assert wrong.exit_code == 2
    assert "did you mean JAMA" in wrong.stderr
    assert not (tmp_path / "g.svg").exists()


def test_a_report_follows_its_specification(analysed: Callable[[str], Analysis]) -> None:
    """`[figures] preset` decides the columns and the line of heterogeneity of the forest plots of a report."""
    found = analysed("bupropion")
    analysis = replace(found, spec=replace(found.spec, figures=Figures("RevMan")))
    figure = section_figure(analysis, analysis.section("neuropathic pain"))
    assert figure is not None
    assert ">Study or subgroup<" in svg_text(figure)
    assert ">-1.70 [-2.64, -0.76]<" in svg_text(figure)
