"""The report as a reader, a reviewer and a browser meet it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest
from jsonschema import Draft202012Validator

import bupmeta as bm
from bupmeta.analysis.schema import SchemaName, schema_text
from bupmeta.effects.difference import SilentKind
from bupmeta.errors import DataError
from bupmeta.plots.style import PALETTE
from bupmeta.report import summary_table, write_report
from bupmeta.report.folder import files_of
from bupmeta.report.silent_words import KINDS
from bupmeta.report.templating import template_text
from bupmeta.report.words import answer

ROOT = Path(__file__).parents[2]
NAMES = ("bupropion", "antidepressants")


@pytest.fixture(scope="module")
def analyses(analysed):
    return {name: analysed(name) for name in NAMES}


@pytest.fixture(scope="module")
def reports(written):
    return {name: written(name) for name in NAMES}


class Page(HTMLParser):
    """Collect what the checks below need."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.scripts: list[tuple[str | None, str]] = []
        self._hidden = 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._hidden += tag in {"style", "script"}
        if tag == "script":
            self.scripts.append((dict(attrs).get("type"), ""))

    def handle_endtag(self, tag):
        self._hidden -= tag in {"style", "script"}

    def handle_data(self, data):
        if not self._hidden:
            self.words.append(data)
        elif self.tags[-1][0] == "script":
            kind, text = self.scripts[-1]
            self.scripts[-1] = kind, text + data

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def hashed(script: str) -> str:
    """Give a script's hash as a content security policy names it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


@pytest.fixture(scope="module", params=NAMES)
def page(request, reports):
    return Page(reports[request.param].html.read_text(encoding="utf-8"))


def test_the_page_needs_no_network(page):
    """No attribute loads anything from elsewhere, and the policy of the page forbids it."""
    for tag, attributes in page.tags:
        for name in ("src", "href", "xlink:href", "srcset", "action"):
            value = attributes.get(name)
            is_link = tag == "a" and name == "href"  # followed by a reader's click only
            assert value is None or is_link or value.startswith(("#", "data:")), (tag, value)
    policy = next(a["content"] for t, a in page.tags if t == "meta" and "http-equiv" in a)
    assert "default-src 'none'" in policy
    scripts = {hashed(text) for kind, text in page.scripts if kind != "application/json"}
    assert scripts == set(re.findall(r"'(sha256-[^']*)'", policy))
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)


def test_the_page_is_small_and_its_script_smaller(reports):
    """Under 3 MB whatever it holds; one hand-written script of at most 10 kB, and none where there is nothing to do."""
    for name in NAMES:
        assert reports[name].html.stat().st_size < 3_000_000
        scripts = Page(reports[name].html.read_text(encoding="utf-8")).scripts
        sizes = [len(text.encode()) for kind, text in scripts if kind != "application/json"]
        assert sizes == [size for size in sizes if size <= 10_000]
        assert len(sizes) == (name == "antidepressants")


def test_a_dark_screen_has_a_value_for_every_colour_of_a_figure(page):
    """No colour of a figure stands by its value alone, and the page gives each named one its dark value."""
    styles = " ".join(a.get("style") or "" for _, a in page.tags)
    assert not re.findall(r"(?:fill|stroke):(?!\s*(?:none|var|url))[^;]+", styles)
    css = template_text("report.css")
    assert all(f"--figure-{name}: #" in css for name in PALETTE)


def test_every_figure_has_its_numbers_behind_it(page):
    """After each figure comes a fold with at least one table, or the table stands open before it."""
    after = [tag for tag, _ in page.tags if tag in {"figure", "details", "table", "section"}]
    figures = [i for i, tag in enumerate(after) if tag == "figure"]
    assert figures
    assert all(after[i - 1] == "table" or after[i + 1 : i + 3] == ["details", "table"] for i in figures)


def test_the_page_is_well_formed_for_readers_of_all_kinds(page):
    """One h1, one main, unique ids, captions and scopes, described pictures, a language."""
    tags = [tag for tag, _ in page.tags]
    figures = [
        a for tag, a in page.tags if tag == "svg" and "role" in a
    ]  # the others are slices of these, for paper
    assert tags.count("h1") == tags.count("main") == tags.count("title") - len(figures) == 1
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    references = {a["aria-labelledby"] for _, a in page.tags if a.get("aria-labelledby")}
    assert {one for value in references for one in value.split()} <= set(ids)
    assert all(a.get("scope") for tag, a in page.tags if tag == "th")
    assert all(a["role"] in {"img", "group"} for a in figures)
    assert next(a for tag, a in page.tags if tag == "html")["lang"] == "en"


def test_no_number_is_missing_in_disguise(page):
    """Nowhere does the page print nan, None or an unfilled template."""
    said = page.text.replace("None dropped out on paroxetine", "")  # a note of Sindrup 1990
    assert not re.search(r"\bnan\b|\bNone\b|\{\{|\}\}", said)


def test_every_link_inside_the_page_has_a_target(page):
    """A row of a figure that links to a trial finds it."""
    ids = {a["id"] for _, a in page.tags if "id" in a}
    targets = {
        value[1:]
        for _, a in page.tags
        for name in ("href", "xlink:href")
        if (value := a.get(name)) and value.startswith("#")
    }
    assert targets <= ids


def test_the_bupropion_report_says_what_is_known_and_what_is_not(reports):
    """One effect, one result only not significant, one not obtained, no trial in fibromyalgia, no advice."""
    text = Page(reports["bupropion"].html.read_text(encoding="utf-8")).text
    assert "Three randomized trials of bupropion against placebo" in text
    assert "one of them has an effect that can be extracted" in text
    assert "one trial (Katz 2005) has a result reported only as not significant" in text
    assert "the results of one trial (EudraCT 2019-000243-27) were not obtained" in text
    assert "is completed and has posted its results" in text
    assert "Fibromyalgia: no eligible trial was found." in text
    assert "One trial is reported here, not pooled" in text
    assert "no medical advice" in text
    own = text.replace("Predictively consistent prior effective sample sizes", "")  # the title of a work
    before, sources = own.split("The figures are as printed; the link is the page", 1)
    own = before + sources[sources.index("Checklist ") :]  # between them stand the notes of the data file
    assert not re.search(
        r"trend towards|significant benefit|effective|should (be )?(take|use|prescribe)", own
    )


def test_every_kind_of_silence_has_its_words():
    """A trial without an effect can be spoken of whatever the reason."""
    assert set(KINDS) == set(get_args(SilentKind))


def test_a_single_trial_is_never_called_pooled(analyses):
    """The word stands in no sentence about a condition with one trial."""
    (sentence,) = (s for s in answer(analyses["bupropion"]) if s.startswith("Neuropathic pain"))
    assert "pooled " not in sentence
    assert "not pooled." in sentence


def test_results_json_names_what_it_was_made_from(reports, analyses):
    """Data hash, specification hash and version are those of the run."""
    for name in NAMES:
        found = json.loads((reports[name].folder / "results.json").read_text(encoding="utf-8"))
        assert found["data"]["sha256"] == bm.read_trials(ROOT / "data" / "trials.csv").sha256
        assert found["program"]["version"] == bm.__version__
        assert found["spec"]["sha256"] == analyses[name].spec.sha256
        assert found["headline"] == bm.headline(analyses[name])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", get_args(SchemaName))
def test_json_files_are_what_their_schemas_say(reports, name, kind):
    """Each of them validates against its published schema, which knows no key that is not there."""
    document = json.loads((reports[name].folder / f"{kind}.json").read_text(encoding="utf-8"))
    errors = Draft202012Validator(json.loads(schema_text(kind))).iter_errors(document)
    assert [f"{error.json_path}: {error.message[:200]}" for error in errors] == []


def test_words_alone_are_a_range_and_never_zero(reports):
    """Katz 2005 shows as the range its words admit; nowhere as an estimate of 0."""
    found = json.loads((reports["bupropion"].folder / "results.json").read_text(encoding="utf-8"))
    (section,) = [
        s for s in found["sections"] if (s["title"], s["measure"]) == ("chronic low back pain", "MD")
    ]
    assert section["total"]["result"] is None
    assert section["total"]["all_evidence"]["result"] is None
    (katz,) = section["total"]["without_effect"]
    assert katz["admissible"]["lower"] == -katz["admissible"]["upper"] < 0
    text = Page(reports["bupropion"].html.read_text(encoding="utf-8")).text
    assert "it is never read as a difference of 0" in text


def test_all_the_evidence_stands_beside_the_extractable_results(reports):
    """Every condition with silent trials has both results, the shift of each silent trial and the unseen results."""
    found = json.loads((reports["antidepressants"].folder / "results.json").read_text(encoding="utf-8"))
    for section in found["sections"]:
        if section["measure"] == "MD":
            evidence = section["total"]["all_evidence"]
            assert evidence["result"]["k"] > section["total"]["result"]["k"]
            telling = [t for t in section["total"]["without_effect"] if t["admissible"] is not None]
            assert len(evidence["shifts"]) == len(telling) > 0
            assert [row["assumed"] for row in evidence["unseen"]] == [-1.0, 0.0, 1.0]
            assert section["total"]["multiverse"]["cells"] > 100


def test_pools_of_two_to_four_trials_carry_the_panel(reports):
    """Every method for few trials stands beside such a pool, with one row to read; other pools have none."""
    found = json.loads((reports["antidepressants"].folder / "results.json").read_text(encoding="utf-8"))
    seen = 0
    for section in found["sections"]:
        for pool in [section["total"], *section["subgroups"]]:
            if section["measure"] != "MD" or pool is None:
                continue
            few = pool["result"] is not None and 2 <= pool["result"]["k"] <= 4
            assert (pool["few_studies"] is not None) == few
            if few:
                seen += 1
                assert sum(row["read"] for row in pool["few_studies"]["rows"]) == 1
                assert len(pool["few_studies"]["rows"]) >= 8
    assert seen >= 3


def test_every_condition_with_a_trial_has_its_figure_and_tables(reports):
    """SVG, PNG and CSV stand beside the page; nothing is drawn for a condition without a trial."""
    files = set(reports["bupropion"].files)
    assert {"report.html", "results.json", "tables/summary.csv"} <= files
    assert {"figures/forest_neuropathic_pain_MD.svg", "figures/forest_neuropathic_pain_MD.png"} <= files
    assert {
        "figures/forest_chronic_low_back_pain_MD.png",
        "tables/without_effect_chronic_low_back_pain_MD.csv",
    } <= files
    assert not any("fibromyalgia" in name and "forest" in name for name in files)
    assert {f"figures/forest_{c}_MD.svg" for c in ("neuropathic_pain", "fibromyalgia")} <= set(
        reports["antidepressants"].files
    )


def test_the_same_inputs_give_the_same_bytes(reports, tmp_path):
    """A second run, in another process with another hash seed, writes identical files."""
    code = (
        "import sys, bupmeta as bm; from bupmeta.report import write_report;"
        "write_report(bm.analyse(sys.argv[1]), sys.argv[2])"
    )
    for name in NAMES:
        spec = str(ROOT / "analyses" / f"{name}.toml")
        command = [sys.executable, "-W", "error", "-c", code, spec, str(tmp_path / name)]
        subprocess.run(command, check=True, cwd=tmp_path, env={"PYTHONHASHSEED": "7", "PATH": ""})
        assert files_of(tmp_path / name) == reports[name].files
        for file in reports[name].files:
            assert (tmp_path / name / file).read_bytes() == (reports[name].folder / file).read_bytes(), file


def test_a_folder_that_is_no_report_is_left_alone(analyses, tmp_path):
    """Files of somebody else are not replaced, a file in the way is named, and nothing half-written stays."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(DataError, match=r"holds 'thesis\.txt', which is no part of"):
        write_report(analyses["bupropion"], tmp_path / "mine")
    (tmp_path / "file").write_text("")
    for target in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(DataError, match="file"):
            write_report(analyses["bupropion"], target)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "mine"]
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_a_second_report_replaces_the_first_whole(analyses, reports, tmp_path):
    """A file of an earlier run that this one does not make is gone."""
    folder = shutil.copytree(reports["bupropion"].folder, tmp_path / "r")
    (folder / "tables" / "old.csv").write_text("stale")
    write_report(analyses["bupropion"], folder)
    assert not (folder / "tables" / "old.csv").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["r"]


def test_the_summary_counts_trials_as_the_terminal_shows_them(analyses):
    """One row per condition with trials known and with an effect."""
    rows = summary_table(analyses["bupropion"]).rows
    assert [(r["condition"], r["trials"], r["with_effect"]) for r in rows] == [
        ("neuropathic pain", 2, 1),
        ("chronic low back pain", 1, 0),
        ("fibromyalgia", 0, 0),
        ("all conditions", 3, 1),
    ]


def test_every_work_that_the_methods_name_is_listed(reports):
    """Words of the form Name 2005 in brackets of the methods are works of the list, and no work is listed unnamed."""
    from bupmeta.report.references import references

    text = Page(reports["bupropion"].html.read_text(encoding="utf-8")).text
    methods = text[text.index("Rows of trials.csv were selected") : text.index("The works named here")]
    named = set(re.findall(r"[A-ZÀ-Ž][\w-]+(?: & [A-Z][\w-]+)? (?:19|20)\d\d", methods))
    assert named <= set(references())
    assert {"Viechtbauer 2005", "Röver 2015"} <= named
