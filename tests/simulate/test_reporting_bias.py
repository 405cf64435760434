"""Simulated reporting bias: what is drawn, what each method makes of it, and what is shown."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

import bupmeta as bm
from bupmeta.effects import Admissible, Silent
from bupmeta.errors import DataError
from bupmeta.simulate import METHODS, MethodName, draw_reports, reporting_bias


@pytest.fixture(scope="module")
def found():
    """k = 10, mu = 0.3, tau 0 and 0.2: a small version of the full table."""
    return reporting_bias(k=[10], tau=[0.0, 0.2], mu=[0.3], replications=1000, seed=11)


def test_pooling_what_has_numbers_is_biased_away_from_zero(found):
    """The bias is positive by more than five Monte Carlo standard errors and not small."""
    for row in found.select("extractable only"):
        assert row.bias > 5 * row.bias_se
        assert row.bias > 0.03


def test_all_evidence_is_not_biased_and_covers(found):
    """Its bias is within 0.01 plus four Monte Carlo standard errors, its coverage within 3 points and three of them.

    0.01 is what the correlation of g and its variance costs every pool of SMDs.
    """
    for row in found.select("all evidence"):
        assert abs(row.bias) < 0.01 + 4 * row.bias_se
        assert abs(row.coverage - 95) < 3 + 3 * row.coverage_se
        assert row.answered == 100


def test_all_evidence_has_the_smaller_error_and_imputation_the_smaller_coverage(found):
    """Root mean squared error below extractable-only; imputing at the estimates ignores that they are estimates."""
    usual, ours, imputed = (found.select(method) for method in get_args(MethodName))
    for a, b, c in zip(usual, ours, imputed):
        assert b.rmse < a.rmse
        assert c.coverage < b.coverage + 2 * b.coverage_se
        assert abs(c.bias - b.bias) < 0.01


def test_without_an_effect_no_method_is_biased():
    """With mu = 0 losing numbers is symmetric: every bias is within four Monte Carlo standard errors of 0."""
    for row in reporting_bias(k=[8], tau=[0.1], mu=[0.0], replications=400, seed=3).rows:
        assert abs(row.bias) < 4 * row.bias_se


def test_with_nothing_lost_methods_differ_only_in_the_estimator():
    """lose = 0: no trial is silent, and imputation has nothing to impute, so it equals REML."""
    found = reporting_bias(k=[6], tau=[0.1], mu=[0.3], replications=200, lose=0.0)
    usual, _, imputed = found.rows
    assert (usual.silent, usual.bias, usual.rmse) == pytest.approx((0, imputed.bias, imputed.rmse), abs=1e-12)


def test_the_drawn_reports_are_what_they_claim():
    """Estimates centre on mu, their spread is tau and v, and only what is not significant is lost, half of the time."""
    r = draw_reports(np.random.default_rng(5), 4000, 10, mu=0.3, tau=0.2)
    assert abs(r.y.mean() - 0.3) < 0.01
    assert r.y.var() == pytest.approx(0.04 + r.v.mean(), rel=0.05)
    significant = np.abs(r.y) > r.c  # up to the small-sample correction of g, which only shrinks
    assert not (r.lost & significant).any()
    assert r.lost.sum() / (~significant).sum() == pytest.approx(0.5, abs=0.02)


def test_all_evidence_of_a_replication_is_that_of_pool():
    """One drawn set of reports, written as Effects with silent trials, pools to the simulated estimate."""
    r = draw_reports(np.random.default_rng(1), 50, 8, mu=0.4, tau=0.1)
    i = int(np.flatnonzero((r.lost.sum(1) > 1) & (r.lost.sum(1) < 7))[0])
    lost = r.lost[i]
    silent = [
        Silent(f"S{j}", "not significant", admissible=Admissible(-r.c[i, j], r.c[i, j], r.s2[i, j] ** 0.5))
        for j in np.flatnonzero(lost)
    ]
    result = bm.pool(bm.Effects.from_arrays(r.y[i, ~lost], r.v[i, ~lost], silent=silent), bm.AllEvidence())
    answers = METHODS["all evidence"](r, 0.4, np.random.default_rng(0))
    assert answers.mu[i] == pytest.approx(result.mu, rel=1e-7)
    assert bool(answers.covered[i]) == (result.ci[0] <= 0.4 <= result.ci[1])


def test_one_trial_left_is_reported_with_its_own_interval():
    """Extractable-only answers with y -+ 1.96 s when one trial has numbers, and not at all when none has."""
    r = draw_reports(np.random.default_rng(2), 200, 2, mu=0.0, tau=0.0)
    answers = METHODS["extractable only"](r, 0.0, np.random.default_rng(0))
    left = (~r.lost).sum(1)
    assert np.isnan(answers.covered[left == 0]).all()
    one = left == 1
    y, v = (np.where(r.lost, 0, x).sum(1)[one] for x in (r.y, r.v))
    np.testing.assert_allclose(answers.mu[one], y)
    np.testing.assert_array_equal(answers.covered[one], np.abs(y) <= 1.959963984540054 * np.sqrt(v))


def test_the_same_seed_gives_the_same_whatever_else_is_simulated():
    """A setting's draws depend on the setting and the seed only."""
    alone = reporting_bias(k=[5], tau=[0.1], mu=[0.3], replications=50, seed=4)
    among = reporting_bias(k=[3, 5], tau=[0.0, 0.1], mu=[0.0, 0.3], replications=50, seed=4)
    assert among.select(k=5, tau=0.1, mu=0.3) == alone.rows
    assert reporting_bias(k=[5], tau=[0.1], mu=[0.3], replications=50, seed=5).rows != alone.rows


def test_methods_are_the_keys_of_their_registry():
    assert set(get_args(MethodName)) == set(METHODS)


def test_the_table_has_a_row_per_setting_and_method(found):
    """With Monte Carlo standard errors, settings and seed."""
    table = found.table()
    assert len(table.rows) == 6
    assert "seed 11" in table.notes[0]
    assert "all evidence" in str(found)
    assert "<table" in found._repr_html_()


@pytest.mark.parametrize(
    "options",
    [
        {"k": [0]},
        {"tau": [-0.1]},
        {"mu": []},
        {"replications": 1},
        {"lose": 1.5},
        {"mu": [np.nan]},
        {"k": []},
    ],
)
def test_settings_that_cannot_be_simulated_are_refused(options):
    with pytest.raises(DataError):
        reporting_bias(**options)
