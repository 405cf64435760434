"""Figures as files and as inline SVG."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bupmeta.errors import DataError
from bupmeta.plots import forest, save, svg_text
from bupmeta.plots.style import PALETTE

CODE = """
import hashlib, sys
from bupmeta.effects import Effects
from bupmeta.plots import Block, forest
from bupmeta.plots.save import figure_bytes
data = Effects.from_arrays([-0.4, 0.2], [0.04, 0.09], ["Ann 2001", "Ben 2004"])
for style in ("cochrane", "forestplot"):
    figure = forest(Block("A block", effects=data), style=style, favours=("left", "right"))
    for kind in ("svg", "png", "pdf"):
        print(style, kind, hashlib.sha256(figure_bytes(figure, kind)).hexdigest())
"""


def test_two_processes_write_the_same_bytes() -> None:
    """The same input gives the same svg, png and pdf, whatever the hash seed and the clock."""
    seeds = ({"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2", "SOURCE_DATE_EPOCH": "1"})
    runs = [
        subprocess.run(
            [sys.executable, "-c", CODE], env={**os.environ, **seed}, check=True, capture_output=True
        ).stdout
        for seed in seeds
    ]
    assert runs[0] == runs[1]
    assert len(runs[0].splitlines()) == 6


@pytest.mark.parametrize(("suffix", "start"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_save_writes_the_file_and_nothing_else(suffix: str, start: bytes, tmp_path: Path, cases: Any) -> None:
    """The file is there, readable like any other, with no temporary file beside it; saving again replaces it."""
    what, options = cases["five trials"]()
    path = tmp_path / f"forest.{suffix}"
    digests = {hashlib.sha256(save(forest(what, **options), path).read_bytes()).hexdigest() for _ in range(2)}
    assert path.read_bytes().startswith(start)
    assert len(digests) == 1
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    (tmp_path / "plain").touch()
    assert path.stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize("name", ["forest.jpeg", "forest", "missing/forest.svg"])
def test_save_refuses_in_one_sentence(name: str, tmp_path: Path, cases: Any) -> None:
    """Another suffix or a folder that is not there is an error that says so, and leaves nothing."""
    with pytest.raises(DataError, match=r"cannot (be )?writ"):
        save(forest(cases["one trial"]()[0]), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, cases: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the last step fails, the file before is whole and no temporary file stays."""
    path = tmp_path / "forest.svg"
    path.write_text("old")

    def refuse(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(DataError, match="No space left"):
        save(forest(cases["one trial"]()[0]), path)
    assert [p.read_text() for p in tmp_path.iterdir()] == ["old"]


def test_inline_svg_stands_in_any_page(case: Any) -> None:
    """One svg element: no prolog, metadata, style sheet, script or address; with a role and said in words."""
    what, options = case
    svg = svg_text(forest(what, **options), title="Pain & more", desc="Effect < 0", name="pain")
    root = ElementTree.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.attrib["role"] == "img"
    assert root.attrib["width"] == "100%"
    assert "height" not in root.attrib
    assert root.attrib["aria-labelledby"] == "pain-figure-title pain-figure-desc"
    assert root[0].text == "Pain & more"
    assert root[1].text == "Effect < 0"
    assert not re.search(r"<(metadata|style|script|image|\?xml|!DOCTYPE)", svg)
    addresses = set(re.findall(r"https?://[^\"<\s]+", svg))
    assert addresses == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_a_page_may_recolour_an_inline_figure(case: Any) -> None:
    """No colour stands there by value alone: each is one of the house, by name with the value to fall back on."""
    what, options = case
    svg = svg_text(forest(what, **options))
    bare = re.sub(
        r"var\(--figure-([\w-]+), (#[0-9a-f]{6})\)", lambda hit: hit[1] * (PALETTE[hit[1]] == hit[2]), svg
    )
    assert len(bare) < len(svg)
    assert not re.findall(r"(?:fill|stroke): #\w+", bare)


class Ids(HTMLParser):
    """Collects ids and the references to them, as an HTML parser sees them."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.references: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for key, value in attrs:
            if key == "id":
                self.ids.append(value or "")
            elif key.endswith("href") or (value or "").startswith("url("):
                self.references.append(re.sub(r"^(url\()?#|\)$", "", value or ""))


def test_several_figures_share_a_page(cases: Any) -> None:
    """Ids of all figures differ, also without names, and every reference finds its id in its own figure."""
    page = Ids()
    for name in cases:
        what, options = cases[name]()
        alone = Ids()
        svg = svg_text(forest(what, **options))
        alone.feed(svg)
        assert set(alone.references) <= set(alone.ids)
        page.feed(svg)
    assert len(page.ids) == len(set(page.ids))


def test_links_can_be_reached(cases: Any) -> None:
    """A figure with links is a group, because readers skip what is inside an image."""
    svg = svg_text(forest(cases["one trial"]()[0], links="#trial-"), title="Pain")
    assert 'role="group"' in svg
    assert 'href="#trial-semenchuk2001_pain"' in svg


def test_a_picture_without_words_is_hidden_from_readers(cases: Any) -> None:
    """Without title and description a screen reader skips the picture."""
    assert 'aria-hidden="true"' in svg_text(forest(cases["one trial"]()[0]))


def test_a_notebook_shows_the_same_svg(cases: Any) -> None:
    """The HTML of a figure in a notebook is its inline SVG."""
    figure = forest(cases["one trial"]()[0])
    assert figure._repr_html_() == svg_text(figure)
