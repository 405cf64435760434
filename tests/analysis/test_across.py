"""What an analysis says across conditions and of a next trial: what the library says, where the spec asks for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import bupmeta as bm
from bupmeta import planning, priors
from bupmeta.analysis import Analysis, read_spec
from bupmeta.errors import SpecError
from bupmeta.report.parts import document

ROOT = Path(__file__).parents[2]
GOOD = (ROOT / "analyses" / "bupropion.toml").read_text(encoding="utf-8")


def test_conditions_are_pooled_as_the_library_does(analysed: Callable[[str], Analysis]) -> None:
    """`across` is bm.partial_pool of the conditions' effects, priors on the scale of points: 0.5 times 2.5."""
    run = analysed("antidepressants")
    effects = {section.title: section.total.effects for section in run.of("MD") if section.total}
    model = bm.PartialPooling(priors.HalfNormal(1.25), priors.HalfNormal(1.25))
    assert run.across is not None
    assert run.across.to_dict() == bm.partial_pool(effects, model).to_dict()


def test_conditions_without_trials_stay_a_guess(analysed: Callable[[str], Analysis]) -> None:
    """Of the three conditions of bupropion one has an effect: it borrows nothing, the others have none of their own."""
    found = analysed("bupropion").across
    assert found is not None
    assert [one.name for one in found.conditions] == [
        "neuropathic pain",
        "chronic low back pain",
        "fibromyalgia",
    ]
    nerve, back, muscle = found.conditions
    assert nerve.alone is not None
    assert nerve.borrowed.interval() == pytest.approx(nerve.alone.interval(), abs=1e-6)
    assert (back.alone, muscle.alone, muscle.own) == (None, None, 0.0)


def test_next_trials_are_those_of_the_library(analysed: Callable[[str], Analysis]) -> None:
    """Chances and information of a pool are what planning says with the SD of comparable trials, as declared."""
    total = analysed("antidepressants").section("chronic low back pain").total
    assert total is not None
    assert total.result is not None
    plans = total.ahead
    assert plans is not None
    sd = plans.information.spread.sd
    assert plans.sd_source.startswith(f"SD {sd:.2f} points, the median of")
    direct = planning.next_trial(total.result, [25, 50, 100, 200, 400], sd=sd, threshold=-1.0)
    assert plans.chances[1].to_dict() == direct.to_dict()
    assert plans.information.to_dict() == planning.information_size(total.result, -1.0, sd=sd).to_dict()


def test_the_report_tells_both_parts(analysed: Callable[[str], Analysis]) -> None:
    """Separate and borrowed stand side by side, guesses are called so, and results that wait are named."""
    parts = {part.key: part for part in document(analysed("bupropion")).parts}
    across, ahead = parts["across"], parts["next-trial"]
    texts = [getattr(block, "text", "") for block in (*across.blocks, *ahead.blocks)]
    said = " ".join(texts)
    assert "Read each condition by itself first" in said
    assert "no evidence about fibromyalgia" in said
    assert "The next trial may exist: the results of EudraCT 2019-000243-27 were not obtained" in said
    assert "is no reason for or against a trial" in said
    assert "With all evidence counted" in said


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("omega = 0.5", "omega = 0.0", "across.omega is 0"),
        ("omega = 0.5", "omga = 0.5", "did you mean 'omega'"),
        ("n = [25, 50, 100, 200, 400]", "n = [1]", "next_trial.n has 1"),
        ("n = [25, 50, 100, 200, 400]", "n = []", "next_trial.n is empty"),
        ("delta = -1.0", "delta = 0.0", "next_trial.delta is 0"),
        ("delta = -1.0", "power = 90.0", "next_trial.power is 90"),
        ("delta = -1.0", "sd = -2.0", "next_trial.sd is -2"),
    ],
)
def test_wrong_keys_are_one_sentence(tmp_path: Path, old: str, new: str, words: str) -> None:
    """A scale of 0, a typing error, a size of 1, nothing to find, an impossible power or SD."""
    path = tmp_path / "spec.toml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(SpecError, match=words):
        read_spec(path)
