"""Calibration of intervals when trials are few: reproducible, equal to `pool`, and what the papers found."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

import bupmeta as bm
from bupmeta.calibration import METHODS, VARIANCE, MethodName, few
from bupmeta.errors import DataError
from bupmeta.plots.coverage import coverage


def test_methods_are_the_keys_of_their_registry() -> None:
    """What the type allows is what is compared."""
    assert set(get_args(MethodName)) == set(METHODS)


def test_intervals_are_those_of_pool() -> None:
    """The batch on fixed nodes equals `pool` to 2e-5 for the Bayesian intervals, to 1e-9 for the others."""
    rng = np.random.default_rng(3)
    y, v = rng.normal(0, 0.6, (5, 3)), np.array([VARIANCE / 10, VARIANCE, VARIANCE])
    models = {
        "Common effect": (bm.RandomEffects(tau2="EE", ci="Wald"), 1e-9),
        "Wald": (bm.RandomEffects(ci="Wald"), 1e-9),
        "HK": (bm.RandomEffects(ci="HK"), 1e-9),
        "HK-adhoc": (bm.RandomEffects(), 1e-9),
        "Bayes half-normal(0.5)": (bm.Bayes(bm.priors.HalfNormal(0.5)), 2e-5),
        "Bayes half-normal(1.0)": (bm.Bayes(bm.priors.HalfNormal(1.0)), 2e-5),
    }
    for name, method in METHODS.items():
        low, high = method(y, v)
        model, tolerance = models[name]
        for i, row in enumerate(y):
            assert bm.pool(bm.Effects.from_arrays(row, v), model).ci == pytest.approx(
                (low[i], high[i]), abs=tolerance
            )


def test_a_setting_does_not_depend_on_the_others() -> None:
    """Any part of the grid gives the rows it has in the whole, so that a run can be cut up; seeds differ."""
    whole = few(k=[2, 3], tau=[0.0, 0.3], replications=50)
    part = few(k=[3], tau=[0.3], precisions=["one large"], replications=50)
    assert part.rows == whole.select(k=3, tau=0.3, precisions="one large")
    assert few(k=[3], tau=[0.3], precisions=["one large"], replications=50, seed=2).rows != part.rows


def test_coverage_is_what_the_papers_found() -> None:
    """Röver et al. 2015 and Friede et al. 2017, in kind: see each assertion; 2,000 data sets, three standard errors."""
    found = few(k=[2, 3], tau=[0.0, 0.3], replications=2000)

    def of(method: MethodName, k: int, tau: float, precisions: str) -> tuple[float, float]:
        (row,) = found.select(method, k=k, tau=tau, precisions=precisions)
        return row.coverage, row.width

    # exact in theory: the common effect at tau = 0
    assert of("Common effect", 2, 0.0, "equal")[0] == pytest.approx(95, abs=1.5)
    # plain Hartung-Knapp is exact for equal precisions, up to the cut of tau2 at 0 (which does not change it)
    assert of("HK", 3, 0.3, "equal")[0] == pytest.approx(95, abs=1.5)
    # and too narrow with unequal ones, which the floor mends at the price of width
    assert of("HK", 2, 0.3, "one large")[0] < 93
    assert of("HK-adhoc", 2, 0.3, "one large")[0] > 95
    # Wald is too narrow; the half-normal posterior covers, in a third of the width of Hartung-Knapp for two trials
    assert of("Wald", 3, 0.3, "one large")[0] < 90
    for k in (2, 3):
        for precisions in ("equal", "one large"):
            assert of("Bayes half-normal(0.5)", k, 0.3, precisions)[0] > 95
    assert of("Bayes half-normal(0.5)", 2, 0.3, "equal")[1] < of("HK-adhoc", 2, 0.3, "equal")[1] / 3


@pytest.mark.parametrize(
    "wrong", [{"k": [1]}, {"tau": [-0.1]}, {"tau": []}, {"replications": 1}, {"precisions": ["odd"]}]
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, list[float]]) -> None:
    """One trial, a negative tau, none, one replication, unknown precisions."""
    with pytest.raises(DataError):
        few(**wrong)  # type: ignore[arg-type]  # wrong on purpose


def test_table_and_picture() -> None:
    """One row per setting and method; a column of axes per number of trials; a setting that was not run is refused."""
    found = few(k=[2, 3], tau=[0.0, 0.3], precisions=["equal"], replications=20)
    assert len(found.table().rows) == 2 * 2 * len(METHODS)
    assert "Bayes" in str(found)
    assert len(coverage(found).axes) == 4
    with pytest.raises(DataError, match="one large"):
        coverage(found, "one large")
