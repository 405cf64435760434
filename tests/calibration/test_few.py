"""Calibration when trials are few: reproducible, equal to `pool`, drawn, and refused where it cannot be."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest

import bupmeta as bm
from bupmeta.calibration import METHODS, CalibrationRow, MethodName, Setting, few
from bupmeta.calibration import methods as registry
from bupmeta.calibration.methods import LIMITS
from bupmeta.errors import DataError
from bupmeta.plots.coverage import coverage, coverage_layout

#: The model of `pool` whose interval each method gives, and how closely: the batches share their nodes of tau.
MODELS: dict[MethodName, tuple[Any, float]] = {
    "common effect": (bm.RandomEffects(tau2="EE", ci="Wald"), 1e-9),
    "Wald, DL": (bm.RandomEffects(tau2="DL", ci="Wald"), 1e-9),
    "Wald, REML": (bm.RandomEffects(ci="Wald"), 1e-9),
    "t": (bm.RandomEffects(ci="t"), 1e-9),
    "HK": (bm.RandomEffects(ci="HK"), 1e-9),
    "HK-adhoc": (bm.RandomEffects(), 1e-9),
    "KR": (bm.RandomEffects(ci="KR"), 1e-9),
    "PL": (bm.RandomEffects(tau2="ML", ci="PL"), 1e-9),
    "Henmi-Copas": (bm.RandomEffects(tau2="DL", ci="Henmi-Copas"), 1e-9),
    "Bayes half-normal(0.5)": (bm.Bayes(bm.priors.HalfNormal(0.5)), 2e-5),
    "Bayes half-normal(1.0)": (bm.Bayes(bm.priors.HalfNormal(1.0)), 2e-5),
    "Bayes pain (Rhodes)": (bm.Bayes(bm.priors.rhodes2015("pain")), 2e-5),
}


def test_methods_are_the_keys_of_their_registry() -> None:
    """What the type allows is what is compared; permutation alone is no interval at once."""
    assert get_args(MethodName) == tuple(METHODS)
    assert set(METHODS) - set(LIMITS) == {"permutation, DL"}


@pytest.mark.parametrize("setting", [Setting(3, 0.5, "one large"), Setting(8, 0.2, "one small")])
@pytest.mark.parametrize("method", MODELS)
def test_intervals_are_those_of_pool(method: MethodName, setting: Setting) -> None:
    """The batch equals `pool` one by one, to 2e-5 for the Bayesian intervals, to 1e-9 for the others."""
    y, v = setting.draw(8, seed=3), setting.v
    low, high = LIMITS[method](y, v)
    model, tolerance = MODELS[method]
    for i, row in enumerate(y):
        try:
            expected = bm.pool(bm.Effects.from_arrays(row, v), model).ci
        except bm.errors.ModelError:
            expected = (np.nan, np.nan)
        assert (low[i], high[i]) == pytest.approx(expected, abs=tolerance, nan_ok=True)


def test_permutation_is_that_of_pool() -> None:
    """The test of mu = 0 and the width (to 1e-3 of itself) equal those of `pool`; below six trials there is neither."""
    setting = Setting(7, 0.3, "one large")
    y, v = setting.draw(20, seed=4), setting.v
    seen = METHODS["permutation, DL"](y, v)
    for i in (0, 7, 19):
        found = bm.pool(bm.Effects.from_arrays(y[i], v), bm.RandomEffects(tau2="DL", ci="permutation"))
        assert seen.covered[i] == (found.p > 0.05)
        assert seen.width[i] == pytest.approx(found.ci[1] - found.ci[0], rel=1e-3)
    assert np.isnan(METHODS["permutation, DL"](y[:, :5], v[:5]).covered).all()


def test_a_setting_does_not_depend_on_the_others() -> None:
    """Any part of the grid gives the rows it has in the whole, so that a run can be cut up; seeds differ."""
    whole = few(k=[2, 3], tau=[0.0, 0.3], replications=50)
    part = few(k=[3], tau=[0.3], precisions=["one large"], replications=50)
    assert part.rows == whole.select(k=3, tau=0.3, precisions="one large")
    assert few(k=[3], tau=[0.3], precisions=["one large"], replications=50, seed=2).rows != part.rows


def test_pieces_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """How many data sets are worked on at once changes no coverage, and no width by more than rounding."""
    setting = {"k": [4], "tau": [0.3], "precisions": ["one small"], "replications": 60}
    whole = few(**setting)  # type: ignore[arg-type]  # a dict for two calls
    monkeypatch.setattr(registry, "PIECE", 7)
    for one, other in zip(whole.rows, few(**setting).rows):  # type: ignore[arg-type]  # as above
        assert one.coverage == other.coverage
        assert (one.width or 0.0) == pytest.approx(other.width or 0.0, rel=1e-10)


def test_refusals_are_counted() -> None:
    """Two trials of one precision leave Kenward-Roger 1 df and permutation no interval: all refused, nothing said."""
    found = few(k=[2], tau=[0.3], precisions=["equal"], replications=20)
    for method in ("KR", "permutation, DL"):
        (row,) = found.select(method)  # type: ignore[arg-type]  # a loop over names
        assert (row.coverage, row.width, row.refused) == (None, None, 100.0)
    assert found.select("HK")[0].refused == 0


def test_monte_carlo_errors_are_those_of_means() -> None:
    """Of 0, 100, 100 and 100 percent: 75 with standard error 25; a refused data set is left out."""
    seen = registry.Seen(np.array([0.0, 1.0, 1.0, 1.0, np.nan]), np.array([1.0, 2.0, 2.0, 1.0, np.nan]))
    row = CalibrationRow.of(Setting(3, 0.1, "equal"), "KR", seen)
    assert (row.coverage, row.coverage_se, row.width) == (75.0, 25.0, 1.5)
    assert row.width_se == pytest.approx(np.sqrt(1 / 3) / 2)
    assert row.refused == 20.0


@pytest.mark.parametrize(
    "wrong",
    [{"k": [1]}, {"tau": [-0.1]}, {"tau": []}, {"replications": 1}, {"precisions": ["odd"]}, {"methods": []}],
)
def test_settings_that_cannot_be_are_refused(wrong: dict[str, list[float]]) -> None:
    """One trial, a negative tau, none, one replication, unknown precisions, no method."""
    with pytest.raises(DataError):
        few(**wrong)  # type: ignore[arg-type]  # wrong on purpose


def test_table_and_picture() -> None:
    """One row per setting and method; a column of axes per number of trials; a setting that was not run is refused."""
    found = few(k=[2, 3], tau=[0.0, 0.3], precisions=["equal"], replications=20)
    assert len(found.table().rows) == 2 * 2 * len(METHODS)
    assert "Bayes" in str(found)
    assert len(coverage(found).axes) == 4
    cell = coverage_layout(found, "equal").cells[0][0]
    assert [dots.method for dots in cell.dots] == list(METHODS)
    assert {dots.method for dots in cell.dots if not dots.value} == {"KR", "permutation, DL"}
    with pytest.raises(DataError, match="one large"):
        coverage(found, "one large")
