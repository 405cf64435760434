"""Change from before to after against Morris 2008, as metafor's page of that analysis prints it."""

from __future__ import annotations

import numpy as np
import pytest

from bupmeta.effects import crossover, prepost

# Morris 2008, table 5: training (T) and control (C) groups of five studies.
T = {
    "pre": np.array([30.6, 23.5, 0.5, 53.4, 35.6]),
    "post": np.array([38.5, 26.8, 0.7, 75.9, 36.0]),
    "sd_pre": np.array([15.0, 3.1, 0.1, 14.5, 4.7]),
    "sd_post": np.array([11.6, 4.1, 0.1, 4.4, 4.6]),
    "n": np.array([20.0, 50, 9, 10, 14]),
}
C = {
    "pre": np.array([23.1, 24.9, 0.6, 55.7, 34.8]),
    "post": np.array([19.7, 25.3, 0.6, 60.7, 33.4]),
    "sd_pre": np.array([13.8, 4.1, 0.2, 17.3, 3.1]),
    "n": np.array([20.0, 42, 9, 11, 14]),
}
R = np.array([0.47, 0.64, 0.77, 0.89, 0.44])


def change(g):
    return prepost.standardized_change(g["n"], g["pre"], g["post"], g["sd_pre"], R)


def test_standardized_changes_of_each_group():
    """SMCR of both groups, their difference and its variance, to the four decimals printed."""
    (t, vt), (c, vc) = change(T), change(C)
    np.testing.assert_allclose(t, [0.5056, 1.0481, 1.8054, 1.4181, 0.0801], atol=5e-5)
    np.testing.assert_allclose(c, [-0.2365, 0.0958, 0, 0.2667, -0.4250], atol=5e-5)
    np.testing.assert_allclose(t - c, [0.7421, 0.9524, 1.8054, 1.1514, 0.5050], atol=1.01e-4)
    np.testing.assert_allclose(vt + vc, [0.1138, 0.0426, 0.2833, 0.1458, 0.1667], atol=5e-5)


def test_difference_of_changes_by_the_pooled_sd_before():
    """Estimate and variance with the pooled pretest SD, to the four decimals printed."""
    y, v = prepost.standardized_change_difference(
        T["n"], T["post"] - T["pre"], T["sd_pre"], C["n"], C["post"] - C["pre"], C["sd_pre"], R
    )
    np.testing.assert_allclose(y, [0.7684, 0.8010, 1.2045, 1.0476, 0.4389], atol=5e-5)
    np.testing.assert_allclose(v, [0.1134, 0.0350, 0.1425, 0.0681, 0.1634], atol=5e-5)


def test_changes_by_the_sd_of_the_change():
    """SMCC of the training groups, to the four decimals printed."""
    y, _ = crossover.paired_smd_change(T["n"], T["post"], T["sd_post"], T["pre"], T["sd_pre"], R)
    np.testing.assert_allclose(y, [0.5417, 1.0198, 2.6619, 1.9088, 0.0765], atol=5e-5)


def test_the_sd_of_a_change_and_its_correlation_are_each_others_inverse():
    """r is found again from the SD of the change it gives."""
    for r in (-0.5, 0.0, 0.4, 0.9):
        sd = prepost.change_sd(2.1, 2.6, r)
        assert float(crossover.correlation_from_sd(2.1, 2.6, sd)) == pytest.approx(r, abs=1e-12)
