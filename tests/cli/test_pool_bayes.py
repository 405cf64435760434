"""`bupmeta pool --model Bayes`: the posterior from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import bupmeta as bm
from bupmeta.cli import main

TWO = "study,y,v,g\nAnn,-0.9,0.05,a\nBen,-0.2,0.04,a\n"
SIX = f"{TWO}Cal,-0.5,0.06,a\nDee,-0.4,0.05,b\nEve,-1.1,0.09,b\nFay,0.1,0.08,b\n"
Y, V = [-0.9, -0.2, -0.5, -0.4, -1.1, 0.1], [0.05, 0.04, 0.06, 0.05, 0.09, 0.08]


def run(*more: str, text: str = SIX, measure: str = "SMD") -> tuple[int, str, str]:
    """Exit code and what is printed."""
    done = CliRunner().invoke(
        main,
        ["pool", "-", "--measure", measure, "--model", "Bayes", *more],
        input=text,
        env={"COLUMNS": "120"},
    )
    return done.exit_code, done.stdout, done.stderr


def test_the_document_holds_the_numbers_of_pool() -> None:
    """Priors as typed; JSON has the posterior of the library to ten digits, and the priors in words."""
    code, out, _ = run("--tau-prior", "half-cauchy:0.5", "--mu-prior", "normal:0,1", "--json", "--by", "g")
    assert code == 0
    found = json.loads(out)
    model = bm.Bayes(bm.priors.HalfCauchy(0.5), bm.priors.Normal(0, 1))
    expected = bm.pool(bm.Effects.from_arrays(Y, V, measure="SMD"), model)
    got = [found["mu"], *found["ci"], found["tau2"], found["posterior"]["log_marginal"]]
    assert (found["model"]["tau"], found["model"]["mu"]) == ("HalfCauchy(0.5)", "Normal(0, 1)")
    assert expected.posterior is not None
    want = [expected.mu, *expected.ci, expected.tau2, expected.posterior.log_marginal]
    assert got == pytest.approx(want, rel=1e-9)
    assert [group["k"] for group in found["groups"]] == [3, 3]


def test_the_text_shows_posterior_and_shrinkage() -> None:
    """Without a prior tau is half-normal(0.5); each trial's own effect is shown; of ratios it is the logarithm."""
    code, out, _ = run()
    assert code == 0
    assert "HalfNormal(0.5)" in out
    assert "effect of a new trial" in out
    assert "drawn towards the others" in out
    _, out, _ = run(measure="OR")
    assert "(logarithms)" in out


def test_two_trials_have_the_panel_too() -> None:
    """What each method makes of two trials stands beside the posterior that was asked for."""
    code, out, _ = run("--tau-prior", "rhodes:pain", text=TWO)
    assert code == 0
    assert "what each method makes of them" in out
    assert "t5(−3.16, 2.50²)" in out


def test_it_is_drawn(tmp_path: Path) -> None:
    """A forest plot as for any pool."""
    code, _, err = run("--plot", str(tmp_path / "forest.svg"))
    assert code == 0, err
    assert "posterior median" in (tmp_path / "forest.svg").read_text(encoding="utf-8").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--tau2", "DL"], "--tau2 is an option of --model IV, not of Bayes"),
        (["--ci", "HK"], "--ci is an option of --model IV, not of Bayes"),
        (["--tau-prior", "half-norml:1"], "did you mean half-normal"),
        (["--measure", "MD"], "give --tau-prior in their unit"),
        (
            ["--model", "IV", "--tau-prior", "half-normal:1"],
            "--tau-prior is an option of --model Bayes, not of IV",
        ),
        (["--model", "MH", "--mu-prior", "flat"], "--mu-prior is an option of --model Bayes, not of MH"),
    ],
)
def test_what_does_not_go_together_is_refused(more: list[str], words: str) -> None:
    """Options of other models, misspelt priors, and a scale that is not known: exit code 2 and one sentence."""
    code, out, err = run(*more)
    assert (code, out) == (2, "")
    assert words in err


def test_refits_are_refused_with_the_reason() -> None:
    """Leave-one-out is made for the other models: the pool stands, the reason is in its notes."""
    code, out, _ = run("--leave-one-out")
    assert code == 0
    assert "no leave-one-out" in out


@pytest.mark.parametrize(
    "more",
    [
        ("--tau-prior", "log-normal:-1e4,1"),
        ("--tau-prior", "inverse-gamma:1e300,1"),
        ("--mu-prior", "normal:0,1e-300"),
        ("--level", "99.9999999999999"),
    ],
)
def test_a_posterior_beyond_doubles_is_one_sentence(more: tuple[str, str]) -> None:
    """Priors and levels that 16 digits cannot follow exit with 2, without a warning or a NaN."""
    code, out, told = run(*more)
    assert (code, out) == (2, "")
    assert "16 digits" in told
    assert told.count("\n") == 1
