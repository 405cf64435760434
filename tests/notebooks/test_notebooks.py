"""Every notebook runs from scratch, and tells the same numbers as the report."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest

from bupmeta.analysis.record import record
from bupmeta.report.notebooks import execute
from bupmeta.table import json_text

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "analyses").glob("*.ipynb"))


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def executed(request, tmp_path_factory):
    """A copy of analyses/, data/ and reference data in an empty folder, with one notebook executed there."""
    folder = tmp_path_factory.mktemp(request.param.stem)
    for name in ("analyses", "data", "tests/reference"):
        shutil.copytree(ROOT / name, folder / name)
    notebook, fault = execute(folder / "analyses" / request.param.name)
    assert not fault
    return request.param.stem, folder, notebook


def test_the_headline_equals_results_json(executed, analysed):
    """The cell tagged `headline` prints what the report's results.json holds."""
    name, folder, notebook = executed
    tagged = [cell for cell in notebook.cells if "headline" in cell.metadata.get("tags", [])]
    if not (folder / "analyses" / f"{name}.toml").exists():
        assert not tagged
        return
    stored = json.loads(json_text(record(analysed(name))))["headline"]
    (cell,) = tagged
    printed = "".join(output["text"] for output in cell.outputs if output["output_type"] == "stream")
    assert json.loads(printed) == stored


def test_published_numbers_are_reproduced(executed):
    """The notebook of published analyses finds all its 165 numbers, ten of them with the reason for another digit."""
    name, _, notebook = executed
    if name != "published":
        return
    printed = "".join(o["text"] for o in notebook.cells[-1].outputs if o["output_type"] == "stream")
    assert json.loads(printed) == {"agrees": 155, "explained": 10, "differs": 0}


def test_nothing_is_printed_as_a_warning(executed):
    """No cell writes to stderr."""
    _, _, notebook = executed
    for cell in notebook.cells:
        assert not [o for o in cell.get("outputs", []) if o.get("name") == "stderr"], cell.source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_kept_without_outputs(path):
    """What git holds is the source: no outputs, no counts, ids that do not change by themselves."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
