"""`bupmeta pool --model` on counts: the reference numbers, ratios shown as ratios, options that do not go together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bupmeta.cli import main

REFERENCE = Path(__file__).parents[1] / "reference"
HEADER = "study,events_active,n_active,events_control,n_control,drug\n"
FOUR = HEADER + "Ann,4,50,9,51,x\nBen,2,40,7,39,x\nCal,0,30,0,31,y\nDee,5,60,11,62,y\nEve,,,,,y\n"


def run(*args: str, stdin: str) -> Result:
    """Call `bupmeta pool` with a file on standard input."""
    return CliRunner().invoke(main, ["pool", "-", *args], input=stdin, prog_name="bupmeta")


def counts(name: str) -> tuple[str, dict]:
    stored = json.loads((REFERENCE / f"{name}.json").read_text())
    raw = [stored["raw"][key] for key in ("ai", "n1i", "ci", "n2i")]
    rows = ["ai,n1i,ci,n2i", *(",".join("NA" if x is None else str(x) for x in row) for row in zip(*raw))]
    return "\n".join(rows) + "\n", stored["rare"]


@pytest.mark.parametrize("name", ["yusuf1985_or", "nielweise2007_or"])
@pytest.mark.parametrize(
    ("args", "key", "rel"),
    [
        (["--model", "MH"], "MH_OR", 1e-9),
        (["--model", "mh", "--measure", "RR"], "MH_RR", 1e-9),
        (["--model", "MH", "--measure", "rd"], "MH_RD", 1e-9),
        (["--model", "Peto"], "Peto", 1e-9),
        (["--model", "GLMM"], "GLMM_UM.FS", 1e-3),
        (["--model", "GLMM", "--glmm", "CM.AL", "--ci", "Wald"], "GLMM_CM.AL", 1e-3),
    ],
)
def test_counts_equal_the_reference(name: str, args: list[str], key: str, rel: float) -> None:
    """Mantel-Haenszel, Peto and GLMM of a CSV file equal tests/reference (metafor 5.1-12)."""
    text, reference = counts(name)
    result = run(*args, "--json", stdin=text)
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    assert (found["mu"], found["se"]) == pytest.approx(
        (reference[key]["beta"], reference[key]["se"]), rel=rel
    )
    if key == "GLMM_CM.AL":
        assert found["ci"] == pytest.approx([reference[key]["ci_lb"], reference[key]["ci_ub"]], rel=rel)


def test_text_shows_ratios_groups_and_what_became_of_empty_cells() -> None:
    """Odds ratios below 1 are printed as such; each group has its pool; trials without events are named."""
    result = run("--model", "MH", "--by", "drug", "--leave-one-out", stdin=FOUR)
    assert result.exit_code == 0, result.stderr
    for words in (
        "Mantel-Haenszel meta-analysis of 3 trials",
        "as OR: 0.37 (0.18 to 0.77)",  # statsmodels 0.15, StratifiedTable: 0.3673 (0.1750 to 0.7708)
        "no events in both arms in Cal",
        "without an effect: Eve",
        "Left out",
    ):
        assert words in result.stdout
    assert "−" not in result.stdout.split("Left out")[0].split("Groups by")[0].split("as OR")[0]


def test_a_group_without_an_odds_ratio_leaves_the_others() -> None:
    """A group whose only trial has no events says so, and the pool stands."""
    text = HEADER + "Ann,4,50,9,51,x\nBen,2,40,7,39,x\nCal,0,30,0,31,y\n"
    found = json.loads(run("--model", "Peto", "--by", "drug", "--json", stdin=text).stdout)
    assert [(group["group"], group["status"]) for group in found["groups"]] == [
        ("x", "ok"),
        ("y", "not pooled"),
    ]
    assert found["method"] == "Peto"


@pytest.mark.parametrize("model", ["IV", "MH", "Peto", "GLMM", "beta-binomial", "penalised"])
def test_every_model_pools_and_draws(model: str, tmp_path: Path) -> None:
    """Each model gives a table and a forest plot."""
    out = tmp_path / "out.svg"
    result = run("--model", model, "--plot", str(out), stdin=FOUR)
    assert result.exit_code == 0, result.stderr
    assert out.stat().st_size > 1000


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--model", "Peto", "--measure", "RR"], "--model Peto gives OR, not RR"),
        (["--model", "MH", "--tau2", "DL"], "--tau2 is an option of --model IV, not of MH"),
        (["--model", "GLMM", "--ci", "HK"], "has PL and Wald"),
        (["--model", "MH", "--gosh"], "--gosh is an option of --model IV"),
    ],
)
def test_options_that_do_not_go_together_are_refused(args: list[str], said: str) -> None:
    """One sentence on standard error, exit code 2."""
    result = run(*args, stdin=FOUR)
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr


def test_estimates_are_refused_by_models_of_counts() -> None:
    """A file of y and v with --model MH: the sentence says which columns are needed."""
    result = run("--model", "MH", stdin="y,v\n0.1,0.2\n")
    assert result.exit_code == 2
    assert "events_active" in result.stderr
