"""The plain style, drawn by the forestplot package behind one wrapper."""

from __future__ import annotations

import subprocess
import sys
import warnings
from typing import Any, get_args

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.text import Text

from bupmeta.errors import DataError
from bupmeta.plots import forest, forest_layout
from bupmeta.plots.forest import STYLES, Style


def test_styles_are_the_ones_that_are_typed() -> None:
    """The Literal and the registry name the same styles."""
    assert set(get_args(Style)) == set(STYLES)


def test_an_unknown_style_is_refused(cases: Any) -> None:
    """The error names the styles there are."""
    with pytest.raises(DataError, match="cochrane, forestplot"):
        forest(cases["one trial"]()[0], style="revman")  # type: ignore[arg-type]  # what a caller may mistype


def test_the_process_is_left_as_it_was(cases: Any) -> None:
    """numpy's error state, rcParams, warning filters and pyplot's figures survive import and drawing."""
    code = """
import warnings, numpy as np, matplotlib as mpl
from matplotlib import pyplot as plt
from bupmeta.effects import Effects
from bupmeta.plots import Block, forest
np.seterr(divide="raise", under="warn")
mpl.rcParams["font.monospace"] = ["Courier New"]
mine = plt.figure()
before = np.geterr(), dict(mpl.rcParams), list(warnings.filters), plt.get_fignums()
forest(Block("", effects=Effects.from_arrays([0.1], [0.2], ["A"])), style="forestplot")
assert before == (np.geterr(), dict(mpl.rcParams), list(warnings.filters), plt.get_fignums())
assert plt.gcf() is mine
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_an_error_inside_the_package_leaves_nothing_behind(
    cases: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when drawing fails, the state is restored and the figure closed."""
    import forestplot
    from matplotlib import pyplot as plt

    def fail(*_: Any, **__: Any) -> None:
        np.seterr(all="ignore")
        mpl.rcParams["font.monospace"] = ["gone"]
        raise ValueError("inside")

    monkeypatch.setattr(forestplot, "forestplot", fail)
    before = np.geterr(), mpl.rcParams["font.monospace"], plt.get_fignums()
    with pytest.raises(ValueError, match="inside"):
        forest(cases["one trial"]()[0], style="forestplot")
    assert before == (np.geterr(), mpl.rcParams["font.monospace"], plt.get_fignums())


def test_draws_every_row_and_never_says_nan(case: Any) -> None:
    """Every row's name and the reason of each silent trial is a text, none is "nan", and no warning is raised."""
    what, options = case
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = forest(what, style="forestplot", **options)
    texts = [t.get_text() for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    assert not [t for t in texts if "nan" in t.lower().split() or "None" in t]
    for row in forest_layout(what, **options).rows:
        name = row.cells.get("label", "")[:20]
        assert any(name in t for t in texts), row
        assert any(row.text[:20] in t for t in texts), row


def test_adds_diamond_bar_zero_line_and_favours(cases: Any) -> None:
    """What the package lacks stands on its axes, with the numbers of the layout."""
    what, options = cases["five trials"]()
    figure = forest(what, style="forestplot", **options)
    found = {a.get_gid(): a for a in figure.findobj() if a.get_gid()}
    # mu -0.41 (-0.94 to 0.11), prediction -1.15 to 0.32: what the conftest gives
    assert {x for x, _ in found["pooled-7"].get_xy()} == {-0.94, -0.41, 0.11}
    assert found["prediction-8"].get_xdata() == pytest.approx((-1.15, 0.32))
    texts = [t.get_text() for t in figure.findobj(Text)]
    assert "← favours bupropion" in texts
    assert "favours placebo →" in texts
    zero = [
        c
        for c in figure.axes[0].collections
        if c.get_paths() and np.allclose(c.get_paths()[0].vertices[:, 0], 0)
    ]
    assert zero


def test_rows_with_the_same_text_stay_apart(cases: Any) -> None:
    """Two silent trials that read alike keep a line each (the package would draw them on one)."""
    from bupmeta.effects import Effects
    from bupmeta.effects.core import Silent
    from bupmeta.plots import Block

    data = Effects.from_arrays([0.1], [0.2], ["A"], silent=[Silent("unknown", "results not obtained")] * 3)
    figure = forest(Block("", effects=data), style="forestplot")
    assert len(figure.axes[0].get_yticklabels()) == 1 + 1 + 3 + 1  # header, study, three silent, note
