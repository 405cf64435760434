"""Intervals of one risk and of the difference of two, against published figures and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from bupmeta.kernels.missing import risk_with_missing
from bupmeta.kernels.risks import newcombe, wilson

EVENTS = np.array([0, 1, 9, 28, 123, 189])


def test_the_score_interval_is_that_of_statsmodels():
    """For no, few, many and all of 189, at two levels; the end is exactly 0 where nobody had it and 1 where all had."""
    for level in (0.95, 0.9):
        low, high = wilson(EVENTS, 189, level)
        theirs = proportion_confint(EVENTS, 189, alpha=1 - level, method="wilson")
        np.testing.assert_allclose((low, high), theirs, rtol=1e-12, atol=1e-15)
        assert (low[0], high[-1]) == (0, 1)


def test_the_difference_is_that_of_newcombe():
    """56/70 against 48/80 has 0.0524 to 0.3339 by method 10 (Newcombe 1998, as statsmodels gives it, four decimals)."""
    d, low, high = newcombe(56, 70, 48, 80)
    assert (round(float(d), 4), round(float(low), 4), round(float(high), 4)) == (0.2, 0.0524, 0.3339)
    for e1, e2 in ((9, 0), (0, 0), (189, 186), (28, 8)):
        theirs = confint_proportions_2indep(e1, 189, e2, 186, method="newcomb")
        np.testing.assert_allclose(newcombe(e1, 189, e2, 186)[1:], theirs, rtol=1e-12, atol=1e-12)


def test_changing_the_groups_turns_the_difference_around():
    """What one group gains the other loses, interval and all."""
    d, low, high = newcombe(9, 189, 0, 186)
    back = newcombe(0, 186, 9, 189)
    np.testing.assert_allclose(back, (-d, -high, -low), rtol=1e-12)


@pytest.mark.parametrize("imor", [0.0, 1.0, np.inf])
def test_missing_people_are_failures_like_the_others_or_events(imor):
    """29 events among 47 seen and 22 missing: 29/69, 29/47 and 51/69; 0 and infinity have the variance of 69 people."""
    risk, var = risk_with_missing(29, 47, 22, imor)
    expected = {0.0: 29 / 69, 1.0: 29 / 47, np.inf: 51 / 69}[imor]
    assert float(risk) == pytest.approx(expected, rel=1e-12)
    n = 47 if imor == 1 else 69
    assert float(var) == pytest.approx(expected * (1 - expected) / n, rel=1e-12)


def test_the_variance_is_that_of_the_delta_method():
    """At an odds ratio of 2, by numerical derivatives in the observed risk and in the share of missing people."""
    events, seen, missing, imor = 29, 47, 22, 2.0

    def risk(p: float, share: float) -> float:
        return (1 - share) * p + share * imor * p / (1 - p + imor * p)

    p, share, h = events / seen, missing / (seen + missing), 1e-6
    by_p = (risk(p + h, share) - risk(p - h, share)) / (2 * h)
    by_share = (risk(p, share + h) - risk(p, share - h)) / (2 * h)
    expected = by_p**2 * p * (1 - p) / seen + by_share**2 * share * (1 - share) / (seen + missing)
    found, var = risk_with_missing(events, seen, missing, imor)
    assert float(found) == pytest.approx(risk(p, share), rel=1e-12)
    assert float(var) == pytest.approx(expected, rel=1e-7)
