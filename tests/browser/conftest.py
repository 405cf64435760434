"""A Chromium that loads nothing from anywhere, and pages to open in it; without one these tests are skipped."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bupmeta.analysis import Analysis, analyse
from bupmeta.plots import figure_bytes
from bupmeta.report.document import Picture, walk
from bupmeta.report.drawings import Drawing
from bupmeta.report.html import html
from bupmeta.report.parts import document
from bupmeta.trials.schema import COLUMN_NAMES

SWITCHES = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
#: Names and texts that a careless page would run, break on, or show in the wrong place.
HOSTILE = (
    "<script>document.title='run'</script>",
    "</script><img src=x onerror=\"document.title='run'\">",
    "=cmd()|'/c calc'!A1",
    "\u05d0\u05d1\u05d2 \u202egnol\u202c \u0627\u0628\u062c 'quoted' \"twice\" {{ 7 * 7 }}",
    "long" * 1250,
    "javascript:document.title='run'",
)
SPEC = """
title = "Hostile & <b>bold</b> {{ 7 * 7 }}"
data = "trials.csv"
measures = ["MD"]
favours = ["favours <i>active</i>", "favours </script>"]
remarks = ["<script>document.title='run'</script>"]

[question]
population = "</title></style><script>document.title='run'</script>"
intervention = "\\" onmouseover=\\"document.title='run'"
comparator = "placebo"
outcome = "pain"

[select]
outcome = "pain_intensity"

[groups]
by = ["condition"]

[[sensitivity]]
name = "</select><script>document.title='run'</script>"
tau2 = "DL"
ci = "Wald"
"""


_BASE = {
    "use": "main", "drug": "bupropion", "drug_class": "NDRI", "comparator": "placebo", "comparator_type": "placebo",
    "design": "parallel", "n_randomized": "100", "outcome": "pain_intensity", "scale_min": "0", "scale_max": "10",
    "scale_basis": "printed", "higher_is": "worse", "value": "change", "extraction": "single",
    "report_form": "difference_ci", "n_active": "50", "n_control": "50", "difference_sign": "active - control",
    "ci_level": "95",
}  # fmt: skip


def _row(name: str, study: str, condition: str, i: int) -> dict[str, str]:
    """A made-up difference with its interval, told apart by `i`."""
    low, high = -1.4 + 0.13 * i - 0.05 * (i % 3), -0.2 + 0.21 * i - 0.02 * (i % 5)
    numbers = (f"{(low + high) / 2:.3f}", f"{low:.3f}", f"{high:.3f}")
    cells = dict.fromkeys(COLUMN_NAMES, "") | _BASE
    cells |= {"row": f"{name}_pain", "trial": name, "study": study, "condition": condition}
    cells |= dict(zip(("difference", "difference_ci_low", "difference_ci_high"), numbers))
    cells |= dict(zip(("as_printed", "note", "dose"), (HOSTILE[(i + j) % 6][:200] for j in range(3))))
    cells["as_printed"] = f"50 and 50; {'; '.join(numbers)}; {cells['as_printed']}"
    cells["source"] = f"https://example.org/{i}?a=1&b='\"x"
    cells["year"] = str(2001 + 7 * i % 19)
    return cells


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    """An analysis of a file whose every text is an attack: six trials in one condition, fourteen in another."""
    rows = [_row(f"h{i}", name, "fibromyalgia", i) for i, name in enumerate(HOSTILE)]
    rows += [_row(f"n{i}", f"Trial {chr(78 - i)} <{i}>", "neuropathic pain", i) for i in range(14)]
    folder = tmp_path_factory.mktemp("hostile")
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMN_NAMES, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    (folder / "trials.csv").write_text(text.getvalue(), encoding="utf-8")
    (folder / "hostile.toml").write_text(SPEC, encoding="utf-8")
    return analyse(folder / "hostile.toml")


@pytest.fixture(scope="session")
def address(
    analysed: Callable[[str], Analysis], hostile: Analysis, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str]:
    """Give the address of a report's page by the name of its analysis."""
    folder = tmp_path_factory.mktemp("pages")

    def written(name: str) -> str:
        path: Path = folder / f"{name}.html"
        if not path.exists():
            analysis = hostile if name == "hostile" else analysed(name)
            report = document(analysis)
            drawn = {one.name: Drawing(figure_bytes(one.figure, "svg"), b"") for one in walk(report, Picture)}
            path.write_text(html(report, drawn), encoding="utf-8")
        return path.as_uri()

    return written


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser."""
    api = pytest.importorskip("playwright.sync_api", reason="the browser extra is not installed")
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("there is no Chromium here; .ci/extras installs one")
    with api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=SWITCHES.split())
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any, address: Callable[[str], str]) -> Iterator[Callable[..., Any]]:
    """Open a page in a fresh window, `width` wide; it fails if the page asks for anything or a script stumbles."""
    windows, wrong = [], []

    def opened(name: str, width: int = 1280, scheme: str = "light", end: str = "", **options: Any) -> Any:
        window = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, **options
        )
        windows.append(window)
        page = window.new_page()
        start = address(name)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.on("request", lambda asked: asked.url.startswith(start) or wrong.append(asked.url))
        page.on("console", lambda said: said.type == "error" and wrong.append(said.text))
        page.goto(start + end)
        return page

    yield opened
    for window in windows:
        window.close()
    assert not wrong
