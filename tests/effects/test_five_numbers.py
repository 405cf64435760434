"""Mean and SD from a median: metafor's numbers, the normal distribution, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from bupmeta.effects.five_numbers import FiveNumbers, mean_and_sd, skewness
from bupmeta.errors import DataError

REFERENCE = Path(__file__).parents[1] / "reference" / "models_shared.json"
METAFOR = json.loads(REFERENCE.read_text())["effect_sizes"]["conv_fivenum"]
# The three rows of `conv.fivenum` in tests/reference/reference_models.R.
ROWS = (
    FiveNumbers(40, 4.0, 0.0, 2.0, 6.0, 10.0),
    FiveNumbers(85, 5.0, q1=3.1, q3=7.4),
    FiveNumbers(33, 5.5, minimum=1.0, maximum=9.0),
)


@pytest.mark.parametrize("i", range(3))
def test_mean_and_sd_equal_metafor(i):
    """All five, quartiles only, range only: Luo, Wan and Shi as metafor 5.1-12 computes them, to 1e-10."""
    mean, sd = mean_and_sd(ROWS[i])
    assert mean == pytest.approx(METAFOR["mean"][i], rel=1e-10)
    assert sd == pytest.approx(METAFOR["sd"][i], rel=1e-10)


def test_wan_2014_gives_the_sd_of_a_normal_sample():
    """Quartiles of the normal distribution, IQR 1.349 SD, give an SD near 1 in a large sample."""
    z = float(ndtri(0.75))
    mean, sd = mean_and_sd(FiveNumbers(1000, 0.0, q1=-z, q3=z))
    assert mean == 0
    assert sd == pytest.approx(1, abs=2e-3)


@pytest.mark.parametrize(
    ("five", "words"),
    [
        (FiveNumbers(40, 2.0, q1=1.0, q3=9.0), "skewed"),
        (FiveNumbers(40, 1.0, minimum=0.0, maximum=10.0), "skewed"),
        (FiveNumbers(13, 4.0), "median alone"),
        (FiveNumbers(13, 4.0, q1=5.0, q3=6.0), "must rise"),
        (FiveNumbers(13, 4.0, q1=4.0, q3=4.0), "must rise"),
        (FiveNumbers(4, 4.0, q1=3.0, q3=5.0), "at least 5 people"),
    ],
)
def test_what_cannot_be_right_is_refused(five, words):
    """Skewness, disorder, too few people and a bare median are refused with the reason."""
    with pytest.raises(DataError, match=words):
        mean_and_sd(five)


@given(st.integers(10, 500), st.floats(0.1, 5), st.floats(0.1, 5), st.floats(-50, 50), st.floats(0.01, 100))
def test_shift_and_scale_carry_over(n, near, far, shift, scale):
    """Symmetric five numbers have their median as the mean; moving and stretching them moves and stretches both."""
    plain = FiveNumbers(n, 0.0, -near - far, -near, near, near + far)
    moved = FiveNumbers(n, shift, *(shift + scale * x for x in (-near - far, -near, near, near + far)))
    mean, sd = mean_and_sd(plain)
    assert mean == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(mean_and_sd(moved), (shift, scale * sd), rtol=1e-6, atol=1e-9)
    assert skewness(plain)[0] == pytest.approx(0, abs=1e-12)


def test_the_skewness_test_holds_its_level():
    """Quartiles of 2,000 normal samples of 50 are called skewed about 5 times in a hundred (Shi et al. 2023)."""
    sample = np.random.default_rng(20).standard_normal((2000, 50))
    q1, median, q3 = np.quantile(sample, [0.25, 0.5, 0.75], axis=1)
    tests = [skewness(FiveNumbers(50, m, q1=a, q3=b)) for a, m, b in zip(q1, median, q3)]
    assert np.mean([statistic > critical for statistic, critical in tests]) == pytest.approx(0.05, abs=0.02)
