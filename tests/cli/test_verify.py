"""`bupmeta verify` passes on what was written and finds every tampering."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

import bupmeta as bm
from bupmeta.cli import main
from bupmeta.report import write_report
from bupmeta.report.verify import compare

ROOT = Path(__file__).parents[2]
REPORT = Path("reports") / "bupropion"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A project with one report, and the same report built again."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "analyses").mkdir()
    shutil.copy(ROOT / "analyses" / "bupropion.toml", folder / "analyses")
    shutil.copytree(ROOT / "data", folder / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        analysis = bm.analyse("analyses/bupropion.toml")
        return folder, write_report(analysis, REPORT), write_report(analysis, "again"), analysis


@pytest.fixture
def project(built, tmp_path, monkeypatch):
    """A copy of it to tamper with, as the working directory."""
    shutil.copytree(built[0], tmp_path / "p")
    monkeypatch.chdir(tmp_path / "p")
    return tmp_path / "p"


def verify(*args: str):
    return CliRunner().invoke(main, ["verify", *args])


def compared(built):
    """What differs between the report in the working directory and the one built again, by what was compared."""
    found = compare(REPORT, built[0] / "again", built[3])
    return {one.what: one.first_difference for one in found.findings if not one.agrees}


def test_an_untouched_report_is_verified(project):
    """Exit 0, every row agrees, and files of one folder share a row."""
    result = verify()
    assert result.exit_code == 0
    assert "reports/bupropion: verified" in result.stdout
    assert "DIFFERS" not in result.stdout
    assert "figures/, " in result.stdout


def test_json_names_what_was_compared(project):
    """One document with a row per thing."""
    (found,) = json.loads(verify("--json").stdout)
    assert {"every number of results.json", "report.html", "report.pdf", "tables/summary.csv"} <= {
        row["what"] for row in found["rows"]
    }


def edit(name: str, old: str, new: str) -> None:
    path = REPORT / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _digit():
    edit("results.json", '"mu": -1.7,', '"mu": -1.8,')
    return "every number of results.json", "mu is -1.8 in the report, -1.7 now"


def _figure():
    edit("figures/forest_neuropathic_pain_MD.svg", "Semenchuk 2001", "Semenschuk 2001")
    return "figures/forest_neuropathic_pain_MD.svg", "'Semenschuk 2001' in the report, 'Semenchuk 2001' now"


def _curve():
    edit("figures/multiverse_all_conditions.svg", '<path d="M ', '<path d="M 1')
    return "figures/multiverse_all_conditions.svg", "bytes differ from byte"


def _pixel():
    path = REPORT / "figures" / "forest_neuropathic_pain_MD.png"
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(bytes(data))
    return "figures/forest_neuropathic_pain_MD.png", ""


def _table():
    edit("tables/summary.csv", "neuropathic pain,2,1,41,-1.7", "neuropathic pain,2,1,41,-1.6")
    return "tables/summary.csv", "row 2, column 'mu': '-1.6' in the report, '-1.7' now"


def _markdown():
    edit("report.md", "−1.70", "−1.71")
    return "report.md", "−1.71"


def _page():
    edit("report.html", "no eligible trial was found", "an eligible trial was found")
    return "report.html", "an eligible trial"


def _pdf():
    path = REPORT / "report.pdf"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    return "report.pdf", ""


def _word():
    path = REPORT / "report.docx"
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "word/document.xml":
                data = data.replace("−1.70".encode(), "−2.70".encode(), 1)
            new.writestr(item, data)
    path.write_bytes(buffer.getvalue())
    return "report.docx", "−2.70"


def _crate():
    edit("ro-crate-metadata.json", '"softwareVersion": "', '"softwareVersion": "9')
    return "ro-crate-metadata.json", "softwareVersion is '9"


def _missing():
    (REPORT / "report.html").unlink()
    return "report.html", "is missing from the report"


def _added():
    (REPORT / "tables" / "extra.csv").write_text("x")
    return "tables/extra.csv", "is no part of this report"


TAMPERINGS = [
    _digit,
    _figure,
    _curve,
    _pixel,
    _table,
    _markdown,
    _page,
    _pdf,
    _word,
    _crate,
    _missing,
    _added,
]


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__.strip("_"))
def test_every_tampering_is_found_and_named(project, built, tamper):
    """The file and its first difference are named, and so is the file that no longer is the one the manifest lists."""
    what, difference = tamper()
    found = compared(built)
    assert set(found) == {what, "files against manifest.json"}
    assert difference in found[what]
    assert found["files against manifest.json"].startswith("results.json" if tamper is _digit else what)


def test_a_manifest_made_to_fit_does_not_help(project, built):
    """Who changes a figure and its hash in the manifest is found by both."""
    what, _ = _figure()
    manifest = json.loads((REPORT / "manifest.json").read_text())
    for one in manifest["outputs"]:
        if one["name"] == what:
            data = (REPORT / what).read_bytes()
            one |= {"bytes": len(data), "sha256": bm.report.write.outputs(REPORT, [what])[0]["sha256"]}
    (REPORT / "manifest.json").write_text(json.dumps(manifest))
    assert set(compared(built)) == {what, "manifest.json"}


def test_one_changed_cell_of_the_data_is_found_from_the_command_line(project):
    """Exit 1, one sentence on stderr, the hash, and the cell as the table of sources shows it."""
    path = project / "data" / "trials.csv"
    path.write_text(
        path.read_text().replace("4.0 (p < 0.001); 41 patients", "4.0 (p < 0.001); 41 persons", 1)
    )
    result = verify("reports/bupropion")
    assert result.exit_code == 1
    assert result.stderr.startswith("bupmeta: reports/bupropion: differs")
    said = " ".join(result.stdout.split())
    assert "data data/trials.csv DIFFERS SHA-256" in said
    assert "41 patients" in said
    assert "41 persons" in said


def test_another_machine_is_said_and_content_is_compared(project, built, monkeypatch):
    """With another numpy there, other bytes with the same words pass, other words do not."""
    manifest = json.loads((REPORT / "manifest.json").read_text())
    version = manifest["dependencies"]["numpy"]
    manifest["dependencies"]["numpy"] = "2.0.0"
    page = REPORT / "report.html"
    page.write_text(page.read_text().replace("<main>", "<main >"))
    manifest["outputs"] = bm.report.write.outputs(REPORT, [one["name"] for one in manifest["outputs"]])
    (REPORT / "manifest.json").write_text(json.dumps(manifest))
    found = {one.what: one for one in compare(REPORT, built[0] / "again", built[3]).findings}
    assert found["report.html"].verdict == "same content"
    assert found["where it was made"].verdict == "noted"
    assert f"numpy 2.0.0 there, {version} here" in found["where it was made"].first_difference
    assert compared(built) == {}
    _page()
    assert set(compared(built)) == {"report.html", "files against manifest.json"}


def test_notebooks_are_run_and_a_broken_one_is_named(project):
    """The project's notebook agrees with the report; one that raises, or prints another headline, does not."""
    for name in ("bupropion", "wrong"):
        shutil.copy(ROOT / "analyses" / "bupropion.ipynb", project / "analyses" / f"{name}.ipynb")
    path = project / "analyses" / "wrong.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"][-1] |= {"cell_type": "code", "source": "1 / 0", "outputs": [], "execution_count": None}
    path.write_text(json.dumps(notebook))
    result = verify()
    assert result.exit_code == 1
    said = " ".join(result.stdout.split())
    assert "notebook analyses/bupropion.ipynb agrees" in said
    assert "ends with ZeroDivisionError: division by zero" in said
    assert "analyses/wrong.ipynb: differs" in result.stderr
    assert verify("--no-notebooks").exit_code == 0


def test_nothing_to_verify_is_one_sentence(project, tmp_path):
    """No report, a foreign file and a lost specification each say so; exit 2."""
    (project / "analyses" / "bupropion.toml").rename(project / "analyses" / "other.toml")
    lost = verify()
    assert (lost.exit_code, "name it with --spec" in lost.stderr) == (2, True)
    assert verify("--spec", "analyses/other.toml").exit_code == 1  # all but its name agrees
    (tmp_path / "results.json").write_text("{}")
    assert "is no results.json" in verify(str(tmp_path)).stderr
    shutil.rmtree(project / "reports")
    assert "there is no report" in verify().stderr
