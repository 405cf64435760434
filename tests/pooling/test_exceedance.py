"""The share of true effects beyond a threshold."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr

import bupmeta as bm
from bupmeta.errors import ModelError
from bupmeta.kernels.confidence_distribution import tau2_quantiles
from bupmeta.pooling import share_beyond


@pytest.fixture
def result(effects_of):
    """BCG log risk ratios under the default model."""
    return bm.pool(effects_of("bcg_rr"))


def test_estimate_is_the_normal_share(result):
    """Mathur & VanderWeele 2019: ndtr((threshold - mu)/tau), and the two sides add to 100."""
    below, above = (share_beyond(result, -0.5, side) for side in ("below", "above"))
    assert below.percent == pytest.approx(100 * ndtr((-0.5 - result.mu) / np.sqrt(result.tau2)))
    assert below.percent + above.percent == pytest.approx(100)
    assert (below.ci[0] + above.ci[1], below.ci[1] + above.ci[0]) == pytest.approx((100, 100))
    assert below.ci[0] < below.percent < below.ci[1]


def test_interval_is_the_limit_of_drawing(result):
    """Drawing tau2 from its confidence distribution and mu given it reaches the sum to Monte Carlo error."""
    y, v, rng = result.effects.y, result.effects.v, np.random.default_rng(4)
    tau2 = tau2_quantiles(y, v, (np.arange(400) + 0.5) / 400)[:, None]
    w = 1 / (v + tau2)
    mu, se = ((w @ y) / w.sum(-1))[:, None], np.sqrt(1 / w.sum(-1))[:, None]
    share = 100 * ndtr((-0.5 - mu - se * rng.standard_normal((400, 1000))) / np.sqrt(tau2))
    assert share_beyond(result, -0.5).ci == pytest.approx(np.quantile(share, [0.025, 0.975]), abs=0.3)


def test_without_heterogeneity_it_is_all_or_nothing(effects_of):
    """At tau2 = 0 the share is 0 or 100 %, and its interval still says what is not known."""
    result = bm.pool(effects_of("hine1989_rd"))
    assert result.tau2 == 0
    assert (share_beyond(result, 1.0).percent, share_beyond(result, -1.0).percent) == (100, 0)
    share = share_beyond(result, result.mu)
    assert (share.percent, share.ci) == (50, pytest.approx((0, 100), abs=1e-6))


def test_a_far_threshold_holds_everything(result):
    """Below +50 lies every true effect, with an interval that says so."""
    share = share_beyond(result, 50.0)
    assert (share.percent, *share.ci) == pytest.approx((100, 100, 100))


def test_shown_as_a_table(result):
    """Terminal and notebook show threshold, share and interval."""
    share = share_beyond(result, -0.5)
    assert "True effects below" in str(share)
    assert "<table" in share._repr_html_()


def test_refusals(result):
    """An unknown side, a threshold that is no number and fewer than three trials are refused by name."""
    with pytest.raises(ModelError, match="side='beneath' is not known; the choices are below, above"):
        share_beyond(result, 0.0, "beneath")
    with pytest.raises(ModelError, match="the threshold is nan"):
        share_beyond(result, float("nan"))
    with pytest.raises(ModelError, match="fewer than three trials"):
        share_beyond(bm.pool(bm.Effects.from_arrays([0.1, 0.2], [0.1, 0.1])), 0.0)


@pytest.mark.parametrize(
    ("model", "threshold", "said"), [("EE", 0.1, "do not vary"), ("REML", "a", "finite number")]
)
def test_a_common_effect_has_no_share(model, threshold, said):
    """Effects that do not vary are all on one side; a word is no threshold."""
    effects = bm.Effects.from_arrays([0.1, 0.9, -0.4], [0.05, 0.05, 0.05])
    with pytest.raises(ModelError, match=said):
        share_beyond(bm.pool(effects, bm.RandomEffects(tau2=model)), threshold)
