"""The parts about certainty and risk of bias: proposals are called so, reviewers are seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bupmeta.analysis.certainty import Override, rate
from bupmeta.report.document import Document, Paragraph, Picture, Tabled, Terms, walk
from bupmeta.report.parts.findings import certainty, summary
from bupmeta.report.parts.risk_of_bias import risk_of_bias


@pytest.fixture(scope="module")
def bupropion(analysed):
    return analysed("bupropion")


def blocks(parts, kind):
    """Give every block of one kind."""
    return list(walk(Document("t", "k", Terms(()), tuple(parts)), kind))


def tables(parts):
    """Give the tables by name."""
    return {one.name: one.table for one in blocks(parts, Tabled)}


def test_the_summary_of_findings_says_proposal_and_how_many_trials_of_how_many(bupropion):
    """Sign and words; one row each as the specification asks."""
    parts = list(summary(bupropion))
    table = tables(parts)["summary_of_findings"]
    first = dict(zip([column.title for column in table.columns], table.cells()[0]))
    assert first["Persons (trials)"] == "41 (1 of 2)"
    assert first["Certainty, proposed"].startswith("⊕◯◯◯ very low: one trial with an effect")
    assert first["Difference in points"] == "−1.70 (−2.64 to −0.76)"
    assert first["With, per 1,000"] == ""
    assert len(table.rows) == len(bupropion.spec.findings) <= 7
    assert any("The certainty is a proposal:" in one.text for one in blocks(parts, Paragraph))


def test_every_domain_has_its_number_and_every_rule_its_source(bupropion):
    """Six domains per finding."""
    found = tables(certainty(bupropion))
    own = found["certainty_dry_mouth_people_without_pain"]
    assert [column.title for column in own.columns] == ["Domain", "Proposed", "Triggered by"]
    assert own.cells()[2] == ["indirectness", "one level down", "of the weight: 100 % people without pain"]
    assert {row["domain"] for row in own.rows} == {row["domain"] for row in found["certainty_rules"].rows}


def test_a_reviewer_stands_beside_the_proposal(bupropion):
    """With the reason, and the level without it."""
    first = bupropion.findings[0]
    own = [Override("number of trials", -1, "the trial was read in full")]
    changed = replace(bupropion, findings=(replace(first, certainty=rate(first.body, own)),))
    found = tables([*summary(changed), *certainty(changed)])
    assert "(steps decided by the reviewer)" in found["summary_of_findings"].cells()[0][3]
    table = found["certainty_pain_intensity_neuropathic_pain"]
    assert table.caption == "pain intensity, neuropathic pain: very low; very low without the reviewer"
    assert table.cells()[5][3:] == ["one level down", "the trial was read in full"]


def test_judgements_are_drawn_with_who_judged_and_what_it_rests_on(bupropion):
    """One traffic light per tool; bars where more than one trial is known."""
    parts = list(risk_of_bias(bupropion))
    assert [one.name for one in blocks(parts, Picture)] == [
        "risk_of_bias_rob_1",
        "risk_shares_all_conditions",
    ]
    support = tables(parts)["risk_of_bias_rob_1"]
    assert support.cells()[4][:4] == [
        "Katz 2005",
        "incomplete data",
        "high",
        "ITT with LOCF; attrition 14/54 (25.9%)",
    ]
    bars = tables(parts)["risk_shares_all_conditions"]
    assert bars.cells()[0] == ["sequence generation", "trials", "0.33", "0.00", "0.00", "0.67"]
    assert bars.cells()[1] == ["sequence generation", "weight", "0.00", "0.00", "0.00", "1.00"]
    words = [one.text for one in blocks(parts, Paragraph)]
    assert words[0] == "Published judgements were found of one trial (Katz 2005), out of three known trials."


def test_without_a_judgement_nothing_is_drawn_and_every_trial_is_listed(bupropion):
    """Not assessed is said in words."""
    found = bupropion.risk_of_bias
    none = {label: replace(one, tool=None, judgements=()) for label, one in found.everyone.items()}
    empty = replace(found, pools=(replace(found.pools[-1], assessments=none),))
    parts = list(risk_of_bias(replace(bupropion, risk_of_bias=empty)))
    assert blocks(parts, Picture) == []
    assert blocks(parts, Paragraph)[0].text == "No judgement was found for any of the three known trials."
    assert [row[1] for row in tables(parts)["risk_of_bias"].cells()] == ["not assessed"] * 3
    assert list(risk_of_bias(replace(bupropion, risk_of_bias=None))) == []
