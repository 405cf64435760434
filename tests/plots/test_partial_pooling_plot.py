"""The picture of partial pooling: three rows per condition, and how much is borrowed."""

from __future__ import annotations

import bupmeta as bm
from bupmeta import priors
from bupmeta.plots.partial_pooling import partial_pooling, partial_pooling_layout
from bupmeta.plots.save import figure_bytes
from bupmeta.plots.style import house_style

MODEL = bm.PartialPooling(priors.HalfNormal(0.5), priors.HalfNormal(0.5))
LONG = "a condition whose name is far too long to stand beside its interval " * 3


def found(name: str = "back") -> bm.pooling.PartialPool:
    """Two conditions with trials and one without."""
    one, two = (bm.Effects.from_arrays([y], [v], measure="RR") for y, v in ((-0.6, 0.04), (-0.2, 0.05)))
    return bm.partial_pool({name: one, "nerve": two, "muscle": bm.Effects.none()}, MODEL)


def test_each_condition_has_its_rows() -> None:
    """By itself as an observation, with the others beside it; without a trial it is dashed and nothing is its own."""
    pool = found()
    layout = partial_pooling_layout(pool)
    looks = [line.look for line in layout.rows.lines]
    assert looks == ["head", "trial", "pooled"] * 2 + ["head", "other", "guess"]
    assert layout.own[2::3] == (pool["back"].own, pool["nerve"].own, 0.0)
    assert layout.rows.lines[2].mu == pool["back"].borrowed.median
    assert layout.rows.lines[1].words.startswith("0.55 (")  # exp(-0.6): ratios are written as ratios
    assert "Dashed" in layout.rows.note


def test_nothing_is_cut_and_bytes_are_the_same() -> None:
    """Long names are shortened, no word leaves the page, and drawing twice gives the same SVG."""
    figure = partial_pooling(found(LONG))
    with house_style():
        box = figure.get_tightbbox()
        wide, high = figure.get_size_inches()
    assert box is not None
    assert (box.x0 > -0.01, box.x1 < wide + 0.01, box.y0 > -0.01, box.y1 < high + 0.01) == (True,) * 4
    assert figure_bytes(partial_pooling(found()), "svg") == figure_bytes(partial_pooling(found()), "svg")
