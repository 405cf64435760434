"""Reading judgements of risk of bias: each fault with its row, and what nobody judged is not assessed."""

from __future__ import annotations

import csv
import io
from typing import get_args

import pytest

from bupmeta.errors import DataError
from bupmeta.trials import read_trials
from bupmeta.trials.report import check_judgements
from bupmeta.trials.risk_of_bias import TOOLS, Assessment, Judgement, read_risk_of_bias
from bupmeta.trials.risk_of_bias.schema import COLUMNS
from bupmeta.trials.risk_of_bias.words import JUDGEMENTS, Judged, JudgementName, ToolName

_COMMON = {
    "trial": "a2001", "outcome": "all", "tool": "RoB 2", "domain": "D1", "judgement": "low",
    "support": "random numbers", "judged_by": "a review", "source": "https://example.org/a",
}  # fmt: skip


@pytest.fixture
def judged(tmp_path, row, write):
    """Write made-up judgements beside one parallel and one crossover trial, and give both paths."""

    def write_file(*changes, tool="RoB 2", **common):
        trials = write([row(), row("paired_means_p", row="b2001_pain", trial="b2001", study="Trial B 2001")])
        text = io.StringIO()
        writer = csv.DictWriter(text, [c.name for c in COLUMNS], lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(_COMMON | {"tool": tool} | common | change for change in changes)
        path = tmp_path / "risk_of_bias.csv"
        path.write_text(text.getvalue(), encoding="utf-8")
        return path, trials

    return write_file


def _codes(paths):
    return [f.code for f in check_judgements(*paths).faults]


def test_the_options_are_the_keys_of_their_tables():
    assert set(get_args(ToolName)) == set(TOOLS)
    assert set(get_args(JudgementName)) == set(JUDGEMENTS)
    assert {*get_args(JudgementName), "not assessed"} == set(get_args(Judged))


def test_the_project_has_the_five_judgements_of_katz_and_no_other():
    found = read_risk_of_bias("data/risk_of_bias.csv", read_trials("data/trials.csv"))
    # evidence note of Katz 2005: Cochrane CD014682, table tblf-0083
    katz = {one.domain: one.judgement for one in found}
    assert katz == {
        "sequence generation": "low",
        "allocation concealment": "unclear",
        "blinding of participants": "unclear",
        "blinding of assessment": "unclear",
        "incomplete data": "high",
    }
    assert {one.trial for one in found} == {"katz2005"}
    assert found.warnings == ()


@pytest.mark.parametrize(
    ("change", "column", "wrong"),
    [
        ({"trial": "a2011"}, "trial", "no trial of trials.csv; did you mean `a2001`?"),
        ({"tool": "ROB2"}, "tool", "not a word of this column; did you mean `RoB 2`?"),
        ({"domain": "S"}, "domain", "no domain of RoB 2; one of `D1`, `D2`"),
        (
            {"domain": "incomplete dta"},
            "domain",
            "not a word of this column; did you mean `incomplete data`?",
        ),
        (
            {"judgement": "some concern"},
            "judgement",
            "not a word of this column; did you mean `some concerns`?",
        ),
        ({"judgement": "unclear"}, "judgement", "no judgement of RoB 2; did you mean `some concerns`?"),
        (
            {"outcome": "pain_intensty"},
            "outcome",
            "not a word of this column; did you mean `pain_intensity`?",
        ),
        ({"judged_by": ""}, "judged_by", "empty"),
        ({"source": "PubMed"}, "source", "not of the form this column holds"),
    ],
)
def test_every_fault_names_its_row_column_value_and_repair(judged, change, column, wrong):
    path, trials = judged(change)
    with pytest.raises(DataError) as error:
        read_risk_of_bias(path, read_trials(trials))
    assert f", {column}" in str(error.value)
    assert wrong in str(error.value)
    assert "row 2 (" in str(error.value)


def test_one_domain_is_judged_once_and_one_trial_by_one_tool(judged):
    assert _codes(judged({}, {"judgement": "high"})) == ["duplicate-judgement"]
    assert _codes(judged({}, {"tool": "RoB 1", "domain": "other bias"})) == ["two-tools"]
    assert _codes(judged({}, {"outcome": "pain_intensity"}, {"domain": "D2"})) == []


def test_an_overall_judgement_is_no_better_than_its_worst_domain(judged):
    overall = {"domain": "overall", "support": ""}
    assert _codes(judged({"judgement": "high"}, overall)) == ["overall-too-good"]
    assert _codes(judged({"judgement": "some concerns"}, overall | {"judgement": "high"})) == []


def test_a_crossover_wants_the_tool_with_periods_unless_the_note_declares_otherwise(judged):
    assert _codes(judged({}, trial="b2001")) == ["tool-for-design"]
    assert _codes(judged({}, trial="b2001", tool="RoB 2 crossover", domain="S")) == []
    assert _codes(judged({}, tool="RoB 2 crossover")) == ["tool-for-design"]
    (fault,) = check_judgements(*judged({}, trial="b2001", note="[ok: tool-for-design]")).faults
    assert fault.acknowledged


def test_a_judgement_without_its_words_is_a_warning(judged):
    assert _codes(judged({"support": ""})) == ["no-support"]


def test_judgements_of_an_outcome_stand_before_those_of_all_outcomes(judged):
    path, trials = judged({}, {"outcome": "pain_intensity", "judgement": "high"})
    found = read_risk_of_bias(path, read_trials(trials))
    assert found.of("a2001", "pain_intensity").of("D1") == "high"
    assert found.of("a2001", "ae_nausea").of("D1") == "low"
    assert not found.of("b2001", "pain_intensity").assessed


def _assessed(tool, **judgements):
    made = [
        Judgement(2, "a2001", "all", tool, domain, word, "", "a review", "https://example.org/a", "", "")
        for domain, word in judgements.items()
    ]
    return Assessment("a2001", tool, tuple(made))


def test_a_trial_is_low_only_when_every_domain_is_low():
    low = dict.fromkeys(TOOLS["RoB 2"].domains, "low")
    assert _assessed("RoB 2", **low).overall == "low"
    assert _assessed("RoB 2", **low | {"D3": "some concerns"}).overall == "some concerns"
    assert _assessed("RoB 2", D1="low", D2="low").overall == "not assessed"
    assert _assessed("RoB 2", D5="high").overall == "high"
    assert _assessed("RoB 2", **low, overall="some concerns").overall == "some concerns"
    assert Assessment("a2001").overall == "not assessed"


def test_a_file_of_judgements_without_a_column_or_a_row_is_refused(tmp_path):
    path = tmp_path / "risk_of_bias.csv"
    names = [c.name for c in COLUMNS]
    path.write_text(",".join(names).replace("domain", "domian") + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"has no column `domain` \(is it `domian`\?\)"):
        read_risk_of_bias(path)
    path.write_text(",".join(names) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"no rows; give it one row per published judgement$"):
        read_risk_of_bias(path)
