"""The multiverse equals pooling each of its cells, and says what was crossed."""

from __future__ import annotations

import numpy as np
import pytest

import bupmeta as bm
from bupmeta.effects import Admissible, Silent
from bupmeta.errors import DataError, ModelError
from bupmeta.pooling import AllEvidence
from bupmeta.robustness.multiverse import Variant, multiverse
from bupmeta.robustness.multiverse_cells import ALL_EVIDENCE

Y = np.array([-0.9, -1.6, -0.2, 0.7, -0.5])
V = np.array([0.3, 0.2, 0.1, 0.1, 0.15])
LABELS = ["A", "B", "C", "D", "E"]


def effects(scale: float = 1.0, keep: int = 5, silent: bool = True) -> bm.Effects:
    words = [
        Silent("S", "not significant, no numbers", admissible=Admissible(-0.5 * scale, 0.5 * scale, 0.25))
    ]
    return bm.Effects.from_arrays(
        scale * Y[:keep], scale**2 * V[:keep], LABELS[:keep], silent=words if silent else []
    )


@pytest.fixture(scope="module")
def crossed():
    variants = [
        Variant({"scale": f"{scale:g}", "rows": f"{keep}", "nothing": which}, effects(scale, keep))
        for scale in (1.0, 2.0)
        for keep in (5, 3)
        for which in ("a", "b")
    ]
    marked = {"scale": "1", "rows": "5", "nothing": "a"}
    return multiverse(
        variants, bm.RandomEffects(), tau2=["REML", "DL"], ci=["HK-adhoc", "Wald"], marked=marked
    )


def test_every_cell_equals_the_pool_of_its_choices(crossed):
    """Estimate, interval and tau2 of each cell are those of `pool` on that reading by that method."""
    for cell in range(len(crossed)):
        chosen = crossed.choices(cell)
        data = effects(float(chosen["scale"]), int(chosen["rows"]))
        if chosen["silent trials"] == ALL_EVIDENCE:
            result = bm.pool(data, AllEvidence())
        else:
            result = bm.pool(data, bm.RandomEffects(tau2=chosen["estimator of tau²"], ci=chosen["interval"]))
        found = (crossed.mu[cell], crossed.low[cell], crossed.high[cell], crossed.tau2[cell])
        np.testing.assert_allclose(found, (result.mu, *result.ci, result.tau2), rtol=1e-8, atol=1e-10)
        assert crossed.k[cell] == result.k


def test_axes_that_change_nothing_are_named_and_not_multiplied(crossed):
    """4 readings x 4 methods and 4 all-evidence fits; the idle axis adds no cell."""
    assert crossed.idle == ("nothing",)
    assert len(crossed) == 4 * 4 + 4
    assert "nothing" not in crossed.axes
    assert "These axes change nothing here: nothing." in crossed.table().notes


def test_the_prespecified_cell_is_marked(crossed):
    """It has the marked choices of the data and the methods of the model."""
    assert crossed.choices(crossed.marked) == {
        "scale": "1", "rows": "5", "estimator of tau²": "REML", "interval": "HK-adhoc", "silent trials": "left out",
    }  # fmt: skip


def test_moves_rank_the_axes_by_how_far_they_move_the_estimate(crossed):
    """Doubling every effect moves more than the estimator of tau2 does."""
    order = [axis for axis, _ in crossed.moves()]
    assert order.index("scale") < order.index("estimator of tau²")
    assert all(size >= 0 for _, size in crossed.moves())


def test_shares_count_cells(crossed):
    """They are the shares of estimates, and of whole intervals, below 0."""
    assert crossed.share_below == np.mean(crossed.mu < 0)
    assert crossed.share_clear == np.mean(crossed.high < 0)


def test_without_silent_trials_there_is_no_such_axis():
    """Nothing to add, or not asked for: only pooled cells."""
    for data, asked in ((effects(silent=False), True), (effects(), False)):
        found = multiverse(
            [Variant({}, data)], bm.RandomEffects(), tau2=["REML"], ci=["HK-adhoc", "HK"], silent=asked
        )
        assert len(found) == 2
        assert list(found.axes) == ["interval"]


def test_a_method_that_refuses_leaves_its_reason_and_no_cells():
    """Kenward-Roger needs REML; the other cells stand."""
    found = multiverse(
        [Variant({}, effects())], bm.RandomEffects(), tau2=["DL"], ci=["KR", "Wald"], silent=False
    )
    assert len(found) == 1
    assert "REML" in found.refused[0]


def test_nothing_to_cross_is_refused_or_none():
    """No variant is an error; no effect in any is None."""
    with pytest.raises(DataError, match="at least one variant"):
        multiverse([], bm.RandomEffects(), tau2=["REML"], ci=["HK"])
    empty = Variant({}, bm.Effects.none())
    assert multiverse([empty], bm.RandomEffects(), tau2=["REML"], ci=["HK"]) is None


def test_one_hundred_thousand_cells_are_one_batch():
    """25,000 readings by 4 methods are 100,000 cells, each the pool of its reading."""
    rng = np.random.default_rng(7)
    shifts = rng.normal(0, 0.2, (25_000, 5))
    variants = [
        Variant({"draw": str(i)}, bm.Effects.from_arrays(Y + shift, V, LABELS))
        for i, shift in enumerate(shifts)
    ]
    found = multiverse(variants, bm.RandomEffects(), tau2=["REML", "DL"], ci=["HK-adhoc", "Wald"])
    assert len(found) == 100_000
    last = bm.pool(variants[-1].effects, bm.RandomEffects(tau2="DL", ci="Wald"))
    assert found.mu[-1] == pytest.approx(last.mu, rel=1e-9)


def test_the_plot_sorts_cells_and_marks_the_prespecified_one(crossed):
    """Columns rise, the shares of levels add up, and the mark stands at its estimate."""
    from bupmeta.plots.multiverse import multiverse_layout

    layout = multiverse_layout(crossed, bins=7)
    assert np.all(np.diff(layout.mu) >= 0)
    of_scale = [i for i, (axis, _) in enumerate(layout.rows) if axis == "scale"]
    np.testing.assert_allclose(layout.shade[of_scale].sum(axis=0), 1)
    assert layout.marked[1] == crossed.mu[crossed.marked]
    figure = bm.plots.multiverse(crossed, unit="points", favours=("left", "right"))
    words = {text.get_text() for axes in figure.axes for text in axes.texts}
    assert {"as specified", "left", "right", "scale"} <= words


def test_ratios_are_shown_as_ratios():
    """The axis of the plot and the table leave the logarithms, and count below and above 1."""
    from bupmeta.plots.multiverse import multiverse_layout

    data = [bm.Effects.from_arrays([0.4 * x, 0.6 * x], [0.04, 0.05], measure="OR") for x in (1.0, 2.0)]
    variants = [Variant({"scale": str(i)}, one) for i, one in enumerate(data)]
    found = multiverse(variants, bm.RandomEffects(), tau2=["EE"], ci=["Wald"])
    ticks = dict(multiverse_layout(found).axis.ticks)
    assert ticks[0.0] == "1"
    rows = found.table().rows
    np.testing.assert_allclose([row["middle"] for row in rows], np.exp(found.mu), rtol=1e-12)
    assert [row["above"] for row in rows] == [100.0, 100.0]
    assert found.share_above == 1.0
    assert [column.title for column in found.table().columns][-1] == "Interval above 1"


def test_a_level_with_fewer_than_two_trials_is_named_and_has_no_row():
    """Nothing is pooled of one trial; the other level stands."""
    variants = [
        Variant({"rows": name}, effects(keep=keep, silent=False)) for name, keep in (("all", 5), ("one", 1))
    ]
    found = multiverse(variants, bm.RandomEffects(), tau2=["REML"], ci=["HK", "Wald"])
    assert list(found.axes) == ["interval"]
    assert found.refused == ("No cell, for want of two trials or of a model that takes them: rows, one.",)


def test_an_unknown_method_is_refused():
    """The model names the choices."""
    with pytest.raises(ModelError):
        bm.RandomEffects(tau2="REMO")
