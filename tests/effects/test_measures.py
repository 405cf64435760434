"""Effect measures against metafor, and against the worked examples of their sources."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bupmeta.effects import crossover, measures, prepost, shared_control

REFERENCE = Path(__file__).parents[1] / "reference" / "models_shared.json"
SIZES = json.loads(REFERENCE.read_text())["effect_sizes"]
INPUT = {name: np.array(values) for name, values in SIZES["inputs"].items()}


TWO_GROUPS = ("n1", "m1", "s1", "n2", "m2", "s2")


def means(*names):
    return [INPUT[name] for name in names]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("MD", lambda: measures.mean_difference(*means("n1", "m1", "s1", "n2", "m2", "s2"))),
        ("SMD", lambda: measures.standardized_mean_difference(*means("n1", "m1", "s1", "n2", "m2", "s2"))),
        ("MC", lambda: crossover.paired_difference(*means("n1", "m1", "s1", "m2", "s2", "r"))),
        ("SMCRP", lambda: crossover.paired_smd(*means("n1", "m1", "s1", "m2", "s2", "r"))),
        ("SMCC", lambda: crossover.paired_smd_change(*means("n1", "m1", "s1", "m2", "s2", "r"))),
        ("SMCR", lambda: prepost.standardized_change(*means("n1", "m2", "m1", "s1", "r"))),
        ("SMDH", lambda: measures.smd_unequal(*means(*TWO_GROUPS))),
        ("SMD_UB", lambda: measures.standardized_mean_difference(*means(*TWO_GROUPS), variance="UB")),
        ("SMD_LS2", lambda: measures.standardized_mean_difference(*means(*TWO_GROUPS), variance="LS2")),
        ("ROM", lambda: measures.ratio_of_means(*means(*TWO_GROUPS))),
        ("ROMC", lambda: measures.ratio_of_means(*means("n1", "m1", "s1", "n1", "m2", "s2", "r"))),
    ],
)
def test_measures_equal_metafor(name, found):
    """Estimate and variance agree with metafor 5.1-12 `escalc` to 1e-10."""
    y, v = found()
    np.testing.assert_allclose(y, SIZES[name]["yi"], rtol=1e-10)
    np.testing.assert_allclose(v, SIZES[name]["vi"], rtol=1e-10)


def test_smd_from_t_equals_the_smd_of_the_means():
    """The t statistic of equal-variance groups holds the same SMD as the means and SDs."""
    n1, m1, s1, n2, m2, s2 = 20.0, 3.8, 2.4, 25.0, 7.0, 1.3
    pooled = (((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / (n1 + n2 - 2)) ** 0.5
    t = (m1 - m2) / (pooled * (1 / n1 + 1 / n2) ** 0.5)
    np.testing.assert_allclose(
        measures.smd_from_t(t, n1, n2),
        measures.standardized_mean_difference(n1, m1, s1, n2, m2, s2),
        rtol=1e-12,
    )


def test_paired_smd_from_t_equals_the_paired_smd_of_the_means():
    """With equal SDs the paired t statistic and r hold the same SMD as the means and SDs."""
    n, mean1, mean2, sd, r = 30.0, 4.0, 5.5, 2.2, 0.6
    t = (mean1 - mean2) / (sd * (2 * (1 - r) / n) ** 0.5)
    np.testing.assert_allclose(
        crossover.paired_smd_from_t(t, n, r), crossover.paired_smd(n, mean1, sd, mean2, sd, r), rtol=1e-12
    )


@given(
    st.lists(
        st.lists(st.floats(-50, 50).map(lambda x: round(x, 3)), min_size=2, max_size=6),
        min_size=1,
        max_size=4,
    )
)
def test_combined_arms_are_the_arms_taken_together(groups):
    """Size, mean and SD of combined arms are those of all persons in one list."""
    together = np.concatenate([np.array(group) for group in groups])
    n, mean, sd = measures.combine_arms(
        [len(group) for group in groups], [np.mean(g) for g in groups], [np.std(g, ddof=1) for g in groups]
    )
    assert n == together.size
    np.testing.assert_allclose([mean, sd], [together.mean(), together.std(ddof=1)], rtol=1e-9, atol=1e-9)


@given(
    st.lists(st.tuples(st.integers(2, 200), st.floats(-5, 5)), min_size=1, max_size=5),
    st.integers(2, 200),
    st.floats(0.5, 3),
)
def test_sharing_a_control_equals_one_combined_arm(arms, n_control, sd):
    """With a known common SD the covariance route gives the n-weighted arm mean and its variance exactly."""
    n, y = np.array([a for a, _ in arms], float), np.array([b for _, b in arms])
    v = sd**2 * (1 / n + 1 / n_control)
    correlation = shared_control.shared_control_correlation(n, np.full_like(n, n_control))
    estimate, variance = shared_control.combine_correlated(y, v, correlation)
    np.testing.assert_allclose(estimate, (n @ y) / n.sum(), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(variance, sd**2 * (1 / n.sum() + 1 / n_control), rtol=1e-9)


def test_standardized_effects_with_one_control_vary_together_as_gleser_and_olkin_say():
    """The covariance of 200 000 drawn pairs of g, the SD from all three arms, is that of eq. 19.19, to 2 percent."""
    rng = np.random.default_rng(19)
    n, d, draws = np.array([60, 90, 70]), np.array([-1.5, -1.2, 0.0]), 200_000  # the control is the last
    df = n.sum() - 3
    means = rng.normal(d, n**-0.5, (draws, 3))
    sd = np.sqrt(rng.chisquare(df, draws) / df)
    drawn = np.cov(measures.exact_j(df) * (means[:, :2] - means[:, 2:]).T / sd)[0, 1]
    own = np.sqrt(1 / n[:2] + 1 / n[2] + d[:2] ** 2 / (2 * (n[:2] + n[2])))
    correlation = shared_control.shared_control_correlation(n[:2], n[[2, 2]], d[:2])[0, 1]
    assert correlation * own.prod() == pytest.approx(drawn, rel=0.02)
    assert abs(1 / n[2] - drawn) > 0.1 * drawn  # what differences of means alone would share


def test_correlation_is_recovered_from_its_own_standard_error():
    """The correlation that made a standard error is found again from it."""
    for r in (-0.4, 0.0, 0.59, 0.95):
        _, v = crossover.paired_difference(25, 4.1, 2.9, 6.0, 2.7, r)
        assert crossover.correlation_from_se(25, 2.9, 2.7, v**0.5) == pytest.approx(r, abs=1e-12)


def test_a_ratio_of_means_of_different_signs_is_not_a_number():
    """There is no logarithm of it: both numbers are NaN, without a warning."""
    y, v = measures.ratio_of_means([20, 20], [1.0, 2.0], [1.0, 1.0], [20, 20], [-1.0, 0.0], [1.0, 1.0])
    assert np.isnan(y).all()
    assert np.isnan(v).all()


def test_f_with_one_degree_of_freedom_is_t_squared():
    """The p value of F(1, 40) is that of t(40): 2.021 is the table's 5 % t, 4.085 its F."""
    assert float(measures.t_from_f(4.085)) == pytest.approx(2.021, abs=5e-4)
    assert float(measures.t_from_p(0.05, 40)) == pytest.approx(2.021, abs=5e-4)


def test_the_unbiased_variance_is_above_the_large_sample_one_in_small_groups():
    """UB exceeds LS (Hedges 1983) and both meet as n grows."""
    small = [
        measures.standardized_mean_difference(8, 3.0, 2.0, 8, 5.0, 2.0, variance=v)[1] for v in ("LS", "UB")
    ]
    large = [measures.standardized_mean_difference(8e4, 3, 2, 8e4, 5, 2, variance=v)[1] for v in ("LS", "UB")]
    assert small[1] > small[0]
    assert large[1] == pytest.approx(large[0], rel=1e-4)
