"""Posterior by prior scale: equal to `pool` one by one, on the scale of the effects, drawn."""

from __future__ import annotations

import numpy as np
import pytest

import bupmeta as bm
from bupmeta.errors import DataError, ModelError
from bupmeta.plots.prior_sensitivity import prior_sensitivity as draw
from bupmeta.pooling import prior_sensitivity

TWO = ([-0.9, -0.2], [0.05, 0.04])


def test_each_scale_is_the_pool_under_that_prior() -> None:
    """Median, interval, tau and P(< 0) of the batch equal those of `pool` to 1e-8."""
    effects = bm.Effects.from_arrays(*TWO, measure="SMD")
    found = prior_sensitivity(effects)
    for i in (0, 12, 24):
        alone = bm.pool(effects, bm.Bayes(bm.priors.HalfNormal(float(found.scales[i]))))
        assert alone.posterior is not None
        assert (found.mu[i], found.low[i], found.high[i]) == pytest.approx((alone.mu, *alone.ci), abs=1e-8)
        assert found.tau[i] == pytest.approx(alone.posterior.tau.median, abs=1e-8)
        assert found.below[i] == pytest.approx(alone.posterior.probability_below(), abs=1e-8)


def test_a_wider_prior_gives_a_wider_interval() -> None:
    """Two trials leave the rest to the prior."""
    found = prior_sensitivity(bm.Effects.from_arrays(*TWO, measure="SMD"))
    assert (np.diff(found.high - found.low) > 0).all()
    assert found.usual == (0.5, 1.0)


def test_scales_follow_the_unit() -> None:
    """Points of 0-10 have scales 2.5 times as large; an unknown unit is asked for."""
    points = bm.Effects.from_arrays(*TWO, measure="MD", unit="points of 0-10")
    assert prior_sensitivity(points).usual == (1.25, 2.5)
    with pytest.raises(ModelError, match="SMD of 1"):
        prior_sensitivity(bm.Effects.from_arrays(*TWO, measure="MD"))
    with pytest.raises(DataError, match="above 0"):
        prior_sensitivity(points, [0.0])
    with pytest.raises(DataError, match="no effect"):
        prior_sensitivity(bm.Effects.none())


def test_is_shown_and_drawn() -> None:
    """A row per scale; a ratio has ratio ticks."""
    found = prior_sensitivity(bm.Effects.from_arrays(*TWO, measure="OR"), [0.1, 0.5, 1.0])
    assert len(found.table().rows) == 3
    axes = draw(found).axes[0]
    assert axes.get_ylabel() == "Odds ratio"
    assert "1" in [text.get_text() for text in axes.get_yticklabels()]
