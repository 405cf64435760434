"""The gallery in docs/plots.md shows what the code draws today."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def words(svg: str) -> list[str]:
    """What a figure says; its lines may differ in the last digit from one processor to another."""
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_the_figures_of_the_gallery_say_what_the_code_says(tmp_path: Path) -> None:
    """docs/make_figures.py runs, the page shows each figure it draws, and the committed ones have the same words."""
    spec = importlib.util.spec_from_file_location("make_figures", DOCS / "make_figures.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.main(tmp_path)
    drawn = {path.name: words(path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()}
    assert set(re.findall(r"figures/(\w+\.svg)", (DOCS / "plots.md").read_text(encoding="utf-8"))) == set(
        drawn
    )
    for name, said in drawn.items():
        assert len(said) > 10
        kept = words((DOCS / "figures" / name).read_text(encoding="utf-8"))
        assert kept == said, f"{name} has changed: run docs/make_figures.py"
