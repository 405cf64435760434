"""Subsets that a reader can look at are those that pooling the same trials gives."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

import bupmeta as bm
from bupmeta.analysis import read_spec
from bupmeta.analysis.conventions import usual
from bupmeta.analysis.explore import EVERY, MOST, explore
from bupmeta.analysis.spec import Sensitivity
from bupmeta.pooling.ci import SLOW

ROOT = Path(__file__).parents[2]
MODELS = {"first": bm.RandomEffects(), "common": bm.RandomEffects(tau2="EE", ci="Wald")}


def trials(k: int) -> bm.Effects:
    """Give k trials drawn from a fixed seed."""
    rng = np.random.default_rng(11)
    return bm.Effects.from_arrays(rng.normal(-0.5, 0.6, k), rng.uniform(0.02, 0.3, k))


@pytest.mark.parametrize("k", [2, 5, EVERY, EVERY + 1, 20])
def test_the_position_of_a_subset_holds_its_pool(k):
    """Whatever is left out, the numbers at `row` are those of `pool` without it, by every model."""
    effects, found = trials(k), explore(trials(k), MODELS)
    sizes = range(min(k, MOST + 1))
    for off in (off for size in sizes for off in list(combinations(range(k), size))[:: max(1, k - 3)]):
        at = found.row(frozenset(off))
        for name, model in MODELS.items():
            alone = bm.pool(effects.take([i for i in range(k) if i not in off]), model)
            fit = found.fits[name]
            assert (fit.k[at], fit.mu[at]) == (alone.k, pytest.approx(alone.mu, rel=1e-9, abs=1e-12))
            assert (fit.ci_low[at], fit.ci_high[at]) == pytest.approx(alone.ci, rel=1e-9, abs=1e-12)


def test_every_subset_of_few_trials_and_two_left_out_of_many():
    """2^12 - 1 sets of 12 trials; 1 + 13 + 78 sets of 13, where a third trial cannot be left out."""
    few, many = explore(trials(EVERY), MODELS), explore(trials(EVERY + 1), MODELS)
    assert [len(fit) for fit in few.fits.values()] == [4095, 4095]
    assert [len(fit) for fit in many.fits.values()] == [92, 92]
    assert few.row(frozenset(range(11))) == 2**11 - 1
    assert few.row(frozenset(range(12))) is None
    assert many.row(frozenset({0, 1, 2})) is None


def test_one_trial_is_not_explored_and_a_refused_model_is_left_out():
    """There is nothing to switch off; Kenward-Roger, refused for two trials, is not offered for them."""
    assert explore(trials(1), MODELS) is None
    kenward_roger = {"KR": bm.RandomEffects(ci="KR")}
    assert list(explore(trials(2), MODELS | kenward_roger).fits) == list(MODELS)
    assert explore(trials(2), kenward_roger) is None


def test_usual_models_are_named_once_with_the_specified_one_first():
    """No model twice, none that would have to be solved for in each subset, none that also changes the data."""
    spec = read_spec(ROOT / "analyses" / "antidepressants.toml")
    found = usual(spec)
    assert next(iter(found.items())) == ("as specified", spec.model)
    assert len(set(found.values())) == len(found) > 10
    assert not any(model.ci in SLOW for model in found.values())
    assert "DerSimonian-Laird with a normal interval" in found
    changed = Sensitivity("both", tau2="DL", ci="t", without=("x",))
    assert "both" not in usual(replace(spec, sensitivity=(changed,)))
    assert "Paule-Mandel" not in usual(replace(spec, model=bm.RandomEffects(ci="KR"), sensitivity=()))
