"""From a number in a report back to the figures that a paper printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bupmeta.analysis import record
from bupmeta.analysis.trace import trace
from bupmeta.cli import main
from bupmeta.errors import DataError
from bupmeta.table import json_text

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def report(tmp_path_factory, analysed):
    folder = tmp_path_factory.mktemp("report")
    found = record(analysed("bupropion"))
    (folder / "results.json").write_text(json_text(found), encoding="utf-8")
    return folder


def steps(table) -> dict[str, str]:
    return {row["step"]: row["what"] for row in reversed(table.rows)}


@pytest.mark.parametrize("name", ["semenchuk2001", "Semenchuk 2001", "semenchuk2001_pain"])
def test_a_trial_is_traced_to_what_was_printed_and_where(report, name):
    """By its key, label or data row: formula, assumption, row, figures and address (bupropion.csv, sem2001_pain)."""
    found = steps(trace(report, name))
    assert "p < 0.001" in found["As printed"]
    assert found["Data row"] == "semenchuk2001_pain"
    assert found["Formula"].startswith("SE = |difference| / t from p < 0.001 with 40 df")
    assert "upper bound" in found["Assumption"]
    assert found["Read at"] == "http://pubmed.ncbi.nlm.nih.gov/11706096/"


def test_a_silent_trial_is_traced_too(report):
    """Katz 2005 has no effect, a reason, the range its words admit, and its source."""
    found = steps(trace(report, "katz2005"))
    assert found["Effect"].startswith("none: not significant")
    assert "comparable" not in found["Effect"]
    assert "SD" in found["Admits"]
    assert found["Read at"].startswith("https://")


def test_a_condition_shows_its_whole_chain(report):
    """The pool, the trials behind it and the silent ones."""
    table = trace(report, "neuropathic pain")
    kinds = {row["step"] for row in table.rows}
    assert {"Pool", "From", "Silent"} <= kinds


@pytest.mark.parametrize("number", ["-1.7", "−1.70", "-2.64"])
def test_a_number_is_found_where_it_stands(report, number):
    """A pooled number, rounded as it is shown, leads to its pool; a typographic minus will do."""
    assert any(row["step"] == "Pool" for row in trace(report, number).rows)


def test_never_pooled_studies_are_traced(report):
    """Farajirad 2013 is narrative only, and says why."""
    assert "never pooled here" in steps(trace(report, "farajirad2013"))["Trial"]


@pytest.mark.parametrize(
    ("what", "message"),
    [("semenchuk", "did you mean"), ("0.123456", "name a trial"), ("7.5", "name a trial")],
)
def test_what_is_not_there_is_said_in_one_sentence(report, what, message):
    """The nearest thing is named."""
    with pytest.raises(DataError, match=message):
        trace(report, what)


def test_a_folder_without_a_report_is_refused(tmp_path):
    """Missing, binary and foreign JSON files each get their sentence."""
    with pytest.raises(DataError, match="run `bupmeta run` first"):
        trace(tmp_path, "x")
    (tmp_path / "results.json").write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match=r"is no results\.json"):
        trace(tmp_path, "x")
    (tmp_path / "results.json").write_text("[]")
    with pytest.raises(DataError, match="it has no sections"):
        trace(tmp_path, "x")


def test_the_command_prints_text_and_json(report):
    """`bupmeta trace` shows the table, or one document."""
    text = CliRunner().invoke(main, ["trace", str(report), "katz2005"])
    assert text.exit_code == 0
    assert "not significantly different" in text.stdout
    document = json.loads(CliRunner().invoke(main, ["trace", str(report), "katz2005", "--json"]).stdout)
    assert document["rows"][0]["step"] == "Trial"
    wrong = CliRunner().invoke(main, ["trace", str(report), "katz205"])
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "did you mean 'katz2005'" in wrong.stderr


@pytest.mark.parametrize(
    ("number", "of"), [("-0.91", "of all evidence"), ("-0.90", "posterior"), ("1.18", "interval")]
)
def test_numbers_of_all_evidence_are_traced_too(report, number, of):
    """The step before the pool says which number it is; the chain ends at figures and addresses."""
    found = trace(report, number).rows
    assert any(row["step"] == "Number" and of in row["what"] for row in found)
    assert any(row["step"] == "Read at" for row in found)


def test_a_negative_number_needs_no_dashes(report):
    """`bupmeta trace REPORT -1.70` is understood."""
    assert CliRunner().invoke(main, ["trace", str(report), "-1.70"]).exit_code == 0


def test_a_harm_leads_to_its_rows_and_says_that_it_was_never_pooled(report):
    """By title, by what readers see (148 of 1,000 had a dry mouth, 28/189), and by the row of the external trial."""
    for name in ("dry mouth", "148", "external2013_dry_mouth"):
        rows = trace(report, name).rows
        assert {"step": "Data row", "what": "external2013_dry_mouth"} in rows
        assert any("not about pain, never pooled" in row["what"] for row in rows)


def test_a_report_of_one_group_is_traced(report):
    """Eight of 22 had insomnia in the open study, which no pool holds."""
    found = steps(trace(report, "semenchuk2000_ae_insomnia"))
    assert found["Shown in"] == "insomnia: one group only, no comparison"
    assert found["As printed"] == "insomnia 8; 22 patients"


@pytest.mark.parametrize(
    "change", [{"sections": None}, {"sections": [1]}, {"outcomes": float("nan")}, {"narrative": 3}]
)
def test_results_of_another_make_are_one_sentence(report, tmp_path, change):
    """A key of the wrong kind, and NaN, which JSON does not have, name the file and say to run again."""
    path = tmp_path / "results.json"
    stored = json.loads((report / "results.json").read_text(encoding="utf-8"))
    path.write_text(json.dumps(stored | change), encoding="utf-8")
    with pytest.raises(DataError, match=r"results\.json: is no results\.json") as caught:
        trace(path, "nobody")
    assert "\n" not in str(caught.value)
