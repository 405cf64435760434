"""Refits equal pooling each data set by itself, and show themselves."""

from __future__ import annotations

from importlib import import_module
from itertools import compress
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bupmeta import Effects, RandomEffects, designs, pool, refit
from bupmeta.effects import Origin
from bupmeta.errors import DataError, ModelError
from bupmeta.pooling.models import PredictionName
from bupmeta.pooling.prediction import AT_ONCE
from bupmeta.robustness import Refits

MODELS = [
    RandomEffects(),
    RandomEffects(tau2="DL", ci="Wald", level=0.9),
    RandomEffects(tau2="PM", ci="HK"),
    RandomEffects(tau2="ML", ci="t"),
    RandomEffects(tau2="EE", ci="Wald"),
    RandomEffects(tau2="SJ", ci="HK-adhoc", level=0.8),
]
FIELDS = ("k", "mu", "se", "p", "tau2", "i2", "q")


def example(k: int = 6, seed: int = 3) -> Effects:
    rng = np.random.default_rng(seed)
    origin = [Origin(year=int(x)) for x in rng.integers(1990, 2020, k)]
    return Effects.from_arrays(rng.normal(0.3, 0.7, k), rng.uniform(0.02, 0.4, k), origin=origin)


def same_as_pool(refits: Refits) -> None:
    """Each row of 0/1 membership against `pool` of the studies in it, to 1e-9."""
    effects, model = refits.result.effects, refits.result.model
    for i, row in enumerate(refits.sets.counts()):
        alone = pool(effects.take(list(compress(range(len(effects)), row))), model)
        for key in FIELDS:
            theirs = getattr(alone, key)
            ours = float(getattr(refits, key)[i])
            assert ours == pytest.approx(
                np.nan if theirs is None else theirs, rel=1e-9, abs=1e-9, nan_ok=True
            ), key
        assert (refits.ci_low[i], refits.ci_high[i]) == pytest.approx(alone.ci, rel=1e-9, abs=1e-9)
        new = alone.prediction or (np.nan, np.nan)
        ours = (refits.prediction_low[i], refits.prediction_high[i])
        assert ours == pytest.approx(new, rel=1e-9, abs=1e-9, nan_ok=True)
        assert refits.words[i] == alone.status


@pytest.mark.parametrize("model", MODELS, ids=str)
@pytest.mark.parametrize(
    "design",
    [
        designs.leave_one_out(),
        designs.leave_k_out(2),
        designs.cumulative("year"),
        designs.cumulative("precision"),
        designs.groups(["a", "b", "a", "b", "a", "c"]),
        designs.subsets(),
    ],
    ids=lambda design: design.title,
)
def test_every_row_equals_pool_of_its_studies(model: RandomEffects, design: designs.Design) -> None:
    """The batch gives what a loop over `pool` gives, for every field and interval method."""
    same_as_pool(refit(pool(example(), model), design))


@pytest.mark.parametrize("ci", ["PL", "KR", "Henmi-Copas", "permutation"])
@pytest.mark.parametrize(
    "design", [designs.leave_one_out(), designs.groups("aaaaaaaaab")], ids=["one", "groups"]
)
def test_slow_intervals_of_refits_equal_those_of_pool(ci: str, design: designs.Design) -> None:
    """Methods that solve for their limits do so per data set; one study has its own normal interval."""
    model = RandomEffects(ci=ci, level=0.9)  # type: ignore[arg-type]  # a parametrised name
    same_as_pool(refit(pool(example(10, seed=1), model), design))


@given(st.integers(0, 10**6), st.integers(3, 8))
@settings(max_examples=15, deadline=None)
def test_leave_one_out_equals_pool_on_generated_data(seed: int, k: int) -> None:
    """For any data the default model without a study is `pool` without it."""
    same_as_pool(refit(pool(example(k, seed)), designs.leave_one_out()))


@given(st.integers(0, 10**6))
@settings(max_examples=10, deadline=None)
def test_counting_a_study_twice_equals_listing_it_twice(seed: int) -> None:
    """Bootstrap rows equal `pool` of the resample with its repeats under new names."""
    effects = example(5, seed)
    result = pool(effects, RandomEffects(ci="HK"))
    refits = refit(result, designs.bootstrap(5, seed))
    for row, mu, tau2 in zip(refits.sets.counts(), refits.mu, refits.tau2):
        index = np.repeat(np.arange(5), row.astype(int))
        alone = pool(Effects.from_arrays(effects.y[index], effects.v[index]), result.model)
        assert mu == pytest.approx(alone.mu, rel=1e-8, abs=1e-8)
        assert tau2 == pytest.approx(alone.tau2, rel=1e-6, abs=1e-9)


def test_chunks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers do not depend on how many data sets are unpacked at a time."""
    result = pool(example())
    whole = refit(result, designs.subsets())
    monkeypatch.setattr(import_module("bupmeta.robustness.refit"), "CELLS", 40)
    for key in FIELDS:
        np.testing.assert_allclose(
            getattr(refit(result, designs.subsets()), key), getattr(whole, key), rtol=1e-9
        )


def test_no_group_may_be_too_small_to_say_something() -> None:
    """A group of one study is reported with its own interval and called one trial."""
    refits = refit(pool(example()), designs.groups(["a", "b", "b", "b", "b", "b"]))
    assert refits.words[0] == "one trial"
    assert refits.mu[0] == example().y[0]
    assert np.isnan([refits.tau2[0], refits.i2[0], refits.q[0]]).all()


def test_refits_show_themselves() -> None:
    """Few data sets are listed, many are summarised; the frame always has every row."""
    result = pool(example())
    few, many = refit(result, designs.leave_one_out()), refit(result, designs.bootstrap(300))
    assert "without study 3" in str(few)
    assert "<table" in few._repr_html_()
    assert "97.5%" in str(many)
    assert len(many.to_frame()) == len(many) == 300
    assert list(few.to_frame()["set"]) == list(few.labels)
    assert [row["mu"] for row in few.table().rows] == few.mu.tolist()
    mean = next(row for row in many.summary().rows if row["number"] == "effect")["mean"]
    assert mean == pytest.approx(many.mu.mean())


def test_a_table_leaves_what_is_not_pooled_empty() -> None:
    """One study has no tau2, so its cell is empty rather than a number."""
    rows: Any = refit(pool(example()), designs.cumulative()).table().rows
    assert rows[0]["tau2"] is None
    assert rows[1]["tau2"] is not None


def test_a_design_that_does_not_fit_is_refused() -> None:
    """One study cannot be left out of one study."""
    with pytest.raises(ModelError, match="at least one study must stay"):
        refit(pool(example(1)), designs.leave_one_out())


@pytest.mark.parametrize(
    ("ci", "said"), [("KR", "degrees of freedom"), ("permutation", "smallest p of a sign-flip")]
)
def test_one_refused_interval_leaves_the_others(ci: Any, said: str) -> None:
    """Rows whose interval is refused keep their estimate, have no limits, and the table says why."""
    refits = refit(pool(example(10, seed=1), RandomEffects(ci=ci, level=0.9)), designs.cumulative())
    refused = np.array([word == "interval refused" for word in refits.words])
    assert 0 < refused.sum() < len(refits)
    assert np.isnan([refits.ci_low[refused], refits.ci_high[refused], refits.p[refused]]).all()
    assert np.isfinite(refits.mu).all()
    assert np.isfinite(refits.ci_low[~refused]).all()
    assert said in refits.table().notes[0]
    assert refits.table().rows[1]["ci"] is None


@pytest.mark.parametrize("ci", ["PL", "Henmi-Copas"])
def test_limits_of_very_many_data_sets_are_normal_ones(ci: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond 5,000 data sets estimates stay those of the model, limits are mu -+ z se, and the caption says so."""
    result = pool(example(), RandomEffects(ci=ci))
    solved = refit(result, designs.leave_one_out())
    monkeypatch.setattr(import_module("bupmeta.robustness.refit"), "SOLVED", 5)
    normal = refit(result, designs.leave_one_out())
    np.testing.assert_allclose(normal.mu, solved.mu, rtol=1e-12)
    np.testing.assert_allclose(normal.se, solved.se, rtol=1e-12)
    np.testing.assert_allclose(normal.ci_high - normal.mu, 1.959963984540054 * normal.se, rtol=1e-12)
    assert "normal interval" in normal.table().caption
    assert "one by one" in normal.table().notes[0]


def test_samples_say_that_they_are_samples() -> None:
    """A random sample of subsets, and a bootstrap, give their seed in the caption."""
    result = pool(example())
    assert "random sample, seed 7" in refit(result, designs.subsets(limit=10, sample=20, seed=7)).caption
    assert "random" not in refit(result, designs.subsets()).caption
    assert "seed 3" in refit(result, designs.bootstrap(20, seed=3)).caption


def test_refit_takes_a_result_and_a_design() -> None:
    """The effects themselves, or the name of a design, are refused in a sentence."""
    with pytest.raises(DataError, match="takes what pool"):
        refit(example(), designs.leave_one_out())  # type: ignore[arg-type]  # what is tested
    with pytest.raises(DataError, match="takes a design such as"):
        refit(pool(example()), "loo")  # type: ignore[arg-type]  # what is tested


@pytest.mark.parametrize("name", get_args(PredictionName))
def test_prediction_intervals_of_refits_are_those_of_pool_or_none(name):
    """Closed forms equal `pool` without one study; what is solved for or drawn in each data set is NaN."""
    effects = example(12)
    model = RandomEffects(prediction=name)
    refits = refit(pool(effects, model), designs.leave_one_out())
    ours = (refits.prediction_low[0], refits.prediction_high[0])
    if name not in AT_ONCE:
        assert np.isnan(ours).all()
    else:
        assert ours == pytest.approx(pool(effects.take(range(1, 12)), model).prediction, rel=1e-9)
