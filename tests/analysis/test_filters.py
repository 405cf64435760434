"""Dropping rows by the judgement of their trial: in a sensitivity analysis, in the multiverse, and said wrongly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bupmeta.analysis import analyse, read_spec
from bupmeta.analysis.filters import without
from bupmeta.analysis.spec import MultiverseAxes, Sensitivity
from bupmeta.errors import SpecError
from bupmeta.trials import read_trials

ROOT = Path(__file__).parents[2]
HIGH = {"risk_of_bias": ("high",)}


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """Four trials of duloxetine, one of them with a made-up judgement, and nothing else that takes time."""
    path = tmp_path_factory.mktemp("data") / "risk_of_bias.csv"
    head = (ROOT / "data" / "risk_of_bias.csv").read_text(encoding="utf-8").splitlines()[0]
    row = "gao2015,all,RoB 2,D3,high,made up,made up,https://example.org/a,,"
    path.write_text(f"{head}\n{row}\n", encoding="utf-8")
    spec = read_spec(ROOT / "analyses" / "antidepressants.toml")
    return replace(
        spec,
        risk_of_bias=path,
        select={**spec.select, "trial": ("yasuda2011", "smith2013", "vollmer2014", "gao2015")},
        measures=("MD",),
        outcomes=(),
        findings=(),
        multiverse=None,
        sensitivity=(),
    )


def test_rows_go_by_the_overall_judgement_of_their_trial():
    """Without a file of judgements every trial is not assessed."""
    trials = read_trials(ROOT / "data" / "trials.csv")
    assert len(without(trials, HIGH)) == len(trials)
    assert len(without(trials, {"risk_of_bias": ("not assessed",)})) == 0


def test_a_sensitivity_analysis_and_the_multiverse_can_leave_out_trials_at_high_risk(few):
    """One trial fewer than all of them."""
    spec = replace(
        few,
        sensitivity=(Sensitivity("low risk only", drop=HIGH),),
        multiverse=MultiverseAxes(without={"trials at high risk": HIGH}),
    )
    total = analyse(spec).section("neuropathic pain").total
    assert "Gao 2015" in total.effects.labels
    assert [one.result.k for one in total.alternatives] == [total.result.k - 1]
    crossed = total.multiverse
    cells = {crossed.choices(i)["rows left out"]: k for i, k in enumerate(crossed.k.tolist())}
    assert cells == {"none left out": 4, "trials at high risk": 3}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"sensitivity": (Sensitivity("x", drop={"risk_of_bias": ("hihg",)}),)},
            "sensitivity 'x' drop has risk_of_bias = 'hihg'; did you mean 'high'?",
        ),
        (
            {"multiverse": MultiverseAxes(without={"x": HIGH}), "risk_of_bias": None},
            "multiverse.without.x names risk_of_bias, and the specification has no file of judgements",
        ),
    ],
)
def test_a_wrong_judgement_or_no_file_of_them_is_one_sentence(few, changes, sentence):
    """Before anything is computed."""
    with pytest.raises(SpecError) as error:
        analyse(replace(few, **changes))
    assert sentence in str(error.value)
