"""A label that means harm goes from the data file through the whole pipeline, and stays a label in every file."""

from __future__ import annotations

import csv
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from defusedxml import ElementTree
from pypdf import PdfReader

import bupmeta as bm
from bupmeta.report import write_report

ROOT = Path(__file__).parents[2]
LABEL = '=cmd|"/c calc"!A1 <script>alert(1)</script> $x^2$ #panic() \u05e9\u05dc\u05d5\u05dd ' + "long" * 1200


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The project's first report, in which one trial is called LABEL."""
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copytree(ROOT / "analyses", folder / "analyses")
    (folder / "data").mkdir()
    for extra in (ROOT / "data").glob("*.csv"):
        shutil.copy(extra, folder / "data")
    path = folder / "data" / "trials.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["study"] = LABEL if row["study"] == "Semenchuk 2001" else row["study"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return write_report(bm.analyse(folder / "analyses" / "bupropion.toml"), folder / "report")


def texts(report, *suffixes: str):
    """Name and content of each file of these kinds."""
    for name in report.files:
        if name.endswith(suffixes):
            yield name, (report.folder / name).read_text(encoding="utf-8")


def test_no_file_is_missing(report):
    """Every format is written."""
    assert report.left_out == ()


def test_no_page_or_picture_runs_it(report):
    """HTML, SVG and Markdown hold the label escaped."""
    for name, text in texts(report, ".html", ".svg", ".md"):
        assert not re.search(r"(?<!\\)<script>alert", text), name
    page = dict(texts(report, ".html"))["report.html"]
    assert "&lt;script&gt;alert(1)" in page


def test_no_spreadsheet_runs_it(report):
    """In no table does the label begin a cell with its sign of equality."""
    seen = 0
    for name, text in texts(report, ".csv"):
        for row in csv.reader(text.splitlines()):
            seen += any("cmd|" in cell for cell in row)
            assert not any(cell.startswith(("=", "+", "@", "\t")) for cell in row), name
    assert seen > 3


def test_pdf_and_word_open_and_show_it(report):
    """Both hold the label as words."""
    said = "".join(page.extract_text() for page in PdfReader(report.folder / "report.pdf").pages)
    assert "#panic()" in said
    body = ElementTree.fromstring(zipfile.ZipFile(report.folder / "report.docx").read("word/document.xml"))
    assert "<script>alert(1)</script>" in "".join(body.itertext())
