"""Every number metafor gives for one mean: 13 estimators, 4 tests, 23 data sets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

import bupmeta as bm
from bupmeta.pooling.models import CiName, PredictionName, Tau2Name

FOLDER = Path(__file__).parents[1] / "reference"
NAMES = sorted(p.stem for p in FOLDER.glob("*.json") if '"univariate"' in p.read_text(encoding="utf-8"))
TESTS: dict[str, tuple[CiName, PredictionName, PredictionName]] = {
    "z": ("Wald", "z", "HTS"),
    "t": ("t", "t", "HTS"),
    "knha": ("HK", "HK", "HK-PR"),
    "adhoc": ("HK-adhoc", "HK", "HK-PR"),
}


def expected_keys() -> set[str]:
    """metafor has no floor for the common-effect model, and every other combination."""
    return {f"{m}/{t}" for m in get_args(Tau2Name) for t in TESTS} - {"EE/adhoc"}


def numbers(result: bm.MetaResult, riley: bm.MetaResult) -> dict[str, float | None]:
    """The fields of a result under the names of the reference."""
    low, high = result.prediction or (None, None)
    riley_low, riley_high = riley.prediction or (None, None)
    return {
        "beta": result.mu, "se": result.se, "stat": result.statistic, "pval": result.p,
        "ci_lb": result.ci[0], "ci_ub": result.ci[1], "tau2": result.tau2, "se_tau2": result.se_tau2,
        "I2": result.i2, "H2": result.h2, "QE": result.q, "QEp": result.q_p, "k": result.k,
        "pi_lb": low, "pi_ub": high, "pi_riley_lb": riley_low, "pi_riley_ub": riley_high,
        "loglik": result.log_likelihood, "aic": result.aic, "bic": result.bic, "aicc": result.aicc,
    }  # fmt: skip


def test_the_grid_is_complete():
    """Every estimator and test is in every reference file, so nothing below is passed by being absent."""
    assert len(NAMES) == 23
    for name in NAMES:
        assert set(json.loads((FOLDER / f"{name}.json").read_text())["univariate"]) == expected_keys(), name


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("tau2", get_args(Tau2Name))
def test_agrees_with_metafor(name, tau2, load, effects_of, close):
    """Estimate, tests, intervals, heterogeneity and criteria equal metafor's (threshold 1e-12) to 1e-6."""
    effects = effects_of(name)
    for test, (ci, prediction, riley) in TESTS.items():
        reference = load(name)["univariate"].get(f"{tau2}/{test}")
        if reference is None:
            assert (tau2, test) == ("EE", "adhoc")
            continue
        models = [bm.RandomEffects(tau2=tau2, ci=ci, prediction=p) for p in (prediction, riley)]
        got = numbers(*(bm.pool(effects, model) for model in models))
        for key, value in reference.items():
            if value is None:
                assert got[key] is None, (test, key)
            elif key.startswith("pi") and len(effects) == 2:
                assert got[key] is None, "bupmeta gives no prediction interval from two trials"
            else:
                assert close(got[key], value), (test, key, got[key], value)
