"""Traffic lights and bars of risk of bias: the layouts say what was judged and what was not."""

from __future__ import annotations

from typing import get_args

import pytest

from bupmeta.errors import DataError
from bupmeta.plots import risk_bars, traffic_light
from bupmeta.plots.judgements import LOOKS
from bupmeta.plots.risk_bars import risk_bars_layout
from bupmeta.plots.save import svg_text
from bupmeta.plots.traffic_light import MOST, traffic_light_layout
from bupmeta.trials.risk_of_bias import TOOLS, Assessment, Judged, Judgement


def _judged(tool, *words):
    made = [
        Judgement(2, "t", "all", tool, domain, word, "", "a review", "", "", "")
        for domain, word in zip(TOOLS[tool].domains, words, strict=False)
        if word
    ]
    return Assessment("t", tool, tuple(made))


TRIALS = {
    "Trial A": Assessment("a"),
    "Trial B": _judged("RoB 2", "low", "high", "low", None, "low"),
    "Trial C": _judged("RoB 2", *["low"] * 5),
    "Trial D": _judged("RoB 1", "low"),
}


def test_every_judgement_has_a_look_of_its_own_sign_and_words():
    assert set(LOOKS) == set(get_args(Judged))
    assert len({look.sign for look in LOOKS.values()}) == len({look.words for look in LOOKS.values()}) == 5


def test_judged_trials_come_first_and_what_nobody_judged_is_shown_as_such():
    layout = traffic_light_layout(TRIALS)
    assert layout.headings == ("D1", "D2", "D3", "D4", "D5", "overall")
    assert layout.rows == (
        ("Trial B", ("low", "high", "low", "not assessed", "low", "high")),
        ("Trial C", ("low",) * 6),
        ("Trial A", ("not assessed",) * 6),
    )
    assert layout.present == ("low", "high", "not assessed")
    assert "D1: randomization process; D2: deviations" in layout.note


def test_each_tool_has_a_plot_of_its_own_and_unjudged_trials_stand_in_one_of_them():
    other = traffic_light_layout(TRIALS, "RoB 1")
    assert [label for label, _ in other.rows] == ["Trial D"]
    assert other.rows[0][1] == ("low", *["not assessed"] * 6, "not assessed")
    assert "the tool gives no judgement of the whole" in other.note


def test_many_trials_without_a_judgement_share_a_row_that_counts_them():
    many = {f"Trial {i}": Assessment(str(i)) for i in range(MOST + 1)}
    rows = traffic_light_layout({"Trial B": TRIALS["Trial B"]} | many).rows
    assert [label for label, _ in rows] == ["Trial B", f"{MOST + 1} further trials"]


def test_without_any_judgement_nothing_is_drawn():
    with pytest.raises(DataError, match="no trial was judged; there is no risk of bias to draw"):
        traffic_light_layout({"Trial A": Assessment("a")})
    with pytest.raises(DataError, match="no trial was judged by RoB 2 crossover"):
        traffic_light_layout(TRIALS, "RoB 2 crossover")


def test_bars_hold_the_shares_of_trials_and_of_weight():
    layout = risk_bars_layout(TRIALS, [10, 50, 40, 0])
    first, second, *_, overall = layout.bars
    assert (first.domain, overall.domain) == ("D1", "overall")
    assert first.trials == {"low": 0.5, "not assessed": 0.5}  # B and C; D was judged by another tool
    assert first.weight == pytest.approx({"low": 0.9, "not assessed": 0.1})
    assert second.weight == pytest.approx({"low": 0.4, "high": 0.5, "not assessed": 0.1})
    assert overall.trials == {"low": 0.25, "high": 0.25, "not assessed": 0.5}


def test_without_weights_the_bars_say_so():
    layout = risk_bars_layout(TRIALS)
    assert [dict(bar.weight) for bar in layout.bars] == [{}] * 6
    assert "Share of 4 trials; no trial has a weight in a pool" in layout.note


def test_pictures_are_drawn_the_same_every_time_with_the_words_of_their_key():
    for draw in (traffic_light, risk_bars):
        first, again = (svg_text(draw(TRIALS)) for _ in range(2))
        assert first == again
        assert all(f">{words}<" in first for words in ("low risk", "high risk", "not assessed"))
