"""Small-study tests agree with metafor's, and refuse to speak of few studies."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import bupmeta as bm
from bupmeta.bias import FEWEST, rank_test, small_study
from bupmeta.effects import Origin
from bupmeta.errors import ModelError

REFERENCE = Path(__file__).parents[1] / "reference"
SETS = {}
for path in sorted(REFERENCE.glob("*.json")):
    found = json.loads(path.read_text(encoding="utf-8"))
    if isinstance(found, dict) and found.get("bias") and len(found["yi"]) >= FEWEST:
        kept = [(y, v) for y, v in zip(found["yi"], found["vi"]) if y is not None and np.isfinite(y)]
        SETS[path.stem] = found["bias"], bm.Effects.from_arrays(*zip(*kept))


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("predictor", ["sei", "vi"])
def test_the_regression_is_that_of_metafor(name, predictor):
    """t, p and the limit with its interval are those of regtest(model="lm") (metafor 5.1-12, block `bias`)."""
    reference, effects = SETS[name]
    expected = reference[f"egger_lm_{predictor}"]
    test = small_study(effects, predictor)
    got = (test.t, test.p, test.limit, *test.limit_ci)
    wanted = [expected[key] for key in ("stat", "pval", "est", "est_lb", "est_ub")]
    np.testing.assert_allclose(got, wanted, rtol=1e-8, atol=1e-10)
    assert test.df == expected["df"]


@pytest.mark.parametrize("name", SETS)
def test_the_rank_correlation_is_that_of_metafor(name):
    """Kendall's tau and p are those of ranktest(exact=FALSE) (metafor 5.1-12, block `bias`)."""
    reference, effects = SETS[name]
    test, expected = rank_test(effects), reference["begg"]
    np.testing.assert_allclose((test.tau, test.p), (expected["tau"], expected["pval"]), rtol=1e-8)


def test_there_are_reference_sets_enough():
    """The comparison above runs on many data sets and not by chance on none."""
    assert len(SETS) >= 10


def test_few_studies_are_refused():
    """Nine studies give a reason and no number."""
    effects = bm.Effects.from_arrays(np.zeros(9), np.arange(1.0, 10.0))
    for test in (small_study, rank_test):
        with pytest.raises(ModelError, match="9 studies are too few"):
            test(effects)


def test_standardized_differences_are_regressed_on_the_sizes_of_their_arms():
    """g = 2 x sqrt(1/n1 + 1/n2) lies on a line of slope 2, whatever its variance, and unknown sizes are named."""
    sizes = [(10 * i, 8 * i) for i in range(1, 12)]
    x = [np.sqrt(1 / a + 1 / b) for a, b in sizes]
    origin = [Origin(n_active=a, n_control=b) for a, b in sizes]
    v = np.linspace(0.05, 0.4, 11)
    effects = bm.Effects.from_arrays([2 * one for one in x], v, measure="SMD", origin=origin)
    test = small_study(effects)
    assert test.predictor == "arms"
    assert test.slope == pytest.approx(2, rel=1e-9)
    with pytest.raises(ModelError, match="sizes of both arms"):
        small_study(bm.Effects.from_arrays(np.zeros(11), v, measure="SMD"))


def test_studies_of_one_size_are_refused():
    """A line through one point of the predictor is no line."""
    with pytest.raises(ModelError, match="same size"):
        small_study(bm.Effects.from_arrays(np.arange(10.0), np.full(10, 0.2)))


def test_ratios_take_the_number_of_persons():
    """log OR and its standard error are tied together, so 1/n stands for the size by default."""
    rng = np.random.default_rng(3)
    origin = [Origin(n=int(n)) for n in rng.integers(40, 400, 12)]
    effects = bm.Effects.from_arrays(rng.normal(size=12), np.full(12, 0.1), measure="OR", origin=origin)
    assert small_study(effects).predictor == "ninv"
