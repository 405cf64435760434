"""Predictions of each trial's own effect."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import bupmeta as bm
from bupmeta.errors import ModelError
from bupmeta.pooling import blups

FOLDER = Path(__file__).parents[1] / "reference"
NAMES = sorted(p.stem for p in FOLDER.glob("*.json") if '"blup"' in p.read_text(encoding="utf-8"))


# tau2 is about 1e-3 and 1e-2 here, so that an absolute stop at 1e-5 (anchors.md C1) leaves more than 1e-3 of it
LOOSE = {"bcg_rd": 2e-3, "lau1992_or": 6e-3}


@pytest.mark.parametrize("name", NAMES)
def test_agrees_with_metafor(name, load, effects_of):
    """Predictions and standard errors equal metafor's blup() to 1e-3, or to what its stopping rule holds."""
    reference = load(name)["diagnostics"]["blup"]
    result = bm.pool(effects_of(name), bm.RandomEffects(ci="Wald"))
    found, slack = blups(result), LOOSE.get(name, 1e-3)
    scale = np.abs(reference["pred"]).max()
    assert found.effect == pytest.approx(reference["pred"], rel=slack, abs=slack * scale)
    assert found.se == pytest.approx(reference["se"], rel=slack)
    if name in LOOSE:  # ours is at the top: metafor's own tight fit of the same set agrees
        assert result.tau2 == pytest.approx(load(name)["univariate"]["REML/z"]["tau2"], rel=1e-6)
        assert abs(result.gradient) < 1e-10


def test_limits_use_the_distribution_of_the_pool(effects_of):
    """Under Hartung-Knapp the interval is a t interval with the pool's df, wider than the normal one."""
    effects = effects_of("bcg_rr")
    wald, hk = (blups(bm.pool(effects, bm.RandomEffects(ci=ci))) for ci in ("Wald", "HK-adhoc"))
    assert (hk.high - hk.low > wald.high - wald.low).all()
    assert hk.effect == pytest.approx(wald.effect)


def test_at_tau2_zero_every_trial_has_the_common_effect(effects_of):
    """Nothing is left of a trial's own estimate."""
    result = bm.pool(effects_of("yusuf1985_or"))
    assert blups(result).effect == pytest.approx(np.full(result.k, result.mu))


def test_shown_as_a_table(effects_of):
    """One row per trial in terminal and notebook."""
    found = blups(bm.pool(effects_of("bcg_rr")))
    assert len(found.table().rows) == 13
    assert str(found).startswith("Best linear unbiased predictions")
    assert "<table" in found._repr_html_()


def test_refusals(effects_of):
    """One trial, and an estimate that is not the random-effects one, have no predictions."""
    with pytest.raises(ModelError, match="one trial"):
        blups(bm.pool(bm.Effects.from_arrays([0.5], [0.04])))
    with pytest.raises(ModelError, match="no random-effects estimate"):
        blups(bm.pool(effects_of("bcg_rr"), bm.RandomEffects(ci="Henmi-Copas")))
