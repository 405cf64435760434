"""Events under two treatments of the same persons."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bupmeta.effects.counts import COUNTS
from bupmeta.effects.paired_counts import marginal, mcnemar_odds_ratio, paired_phi, phi_limits

REFERENCE = Path(__file__).parents[1] / "reference" / "models_shared.json"
METAFOR = json.loads(REFERENCE.read_text())["effect_sizes"]
# The tables of pairs of reference_models.R: both, first only, second only, neither.
A, B, C, D = np.array([[3.0, 10, 0], [27, 5, 8], [1, 12, 2], [10, 20, 15]])


@pytest.mark.parametrize(("measure", "name"), [("OR", "MPOR"), ("RR", "MPRR"), ("RD", "MPRD")])
def test_marginal_effects_equal_metafor(measure, name):
    """From margins and phi the estimate and variance that metafor 5.1-12 has from the pairs (tables without zeros)."""
    y, v = marginal(measure, A + B, A + C, A + B + C + D, paired_phi(A, B, C, D))
    keep = slice(
        0, 2
    )  # metafor adds 1/2 to the third table, which has a 0 among its pairs; its margins have none
    np.testing.assert_allclose(y[keep], METAFOR[name]["yi"][keep], rtol=1e-10)
    np.testing.assert_allclose(v[keep], METAFOR[name]["vi"][keep], rtol=1e-10)


@pytest.mark.parametrize("measure", ["OR", "RR", "RD"])
def test_without_correlation_it_is_that_of_two_groups(measure):
    """phi = 0 gives the estimate and variance of independent groups of the same counts."""
    np.testing.assert_allclose(marginal(measure, 30, 4, 41, 0.0), COUNTS[measure](30, 41, 4, 41), rtol=1e-12)


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 30), st.integers(1, 30))
def test_phi_lies_within_its_limits(a, b, c, d):
    """The correlation of any table of pairs is within what its margins allow, and the variance stays positive."""
    phi = paired_phi(a, b, c, d)
    low, high = phi_limits(a + b, a + c, a + b + c + d)
    assert low - 1e-12 <= phi <= high + 1e-12
    for measure in ("OR", "RR", "RD"):
        y, v = marginal(measure, a + b, a + c, a + b + c + d, phi)
        assert v > 0
        back, same = marginal(measure, a + c, a + b, a + b + c + d, phi)
        np.testing.assert_allclose([back, same], [-y, v], atol=1e-12)


@given(st.integers(0, 30), st.integers(0, 30))
def test_mcnemar_turns_with_the_treatments(b, c):
    """Changing the treatments changes the sign and nothing else."""
    assume(b + c > 0)
    (y, v), (z, w) = mcnemar_odds_ratio(b, c), mcnemar_odds_ratio(c, b)
    assert y == pytest.approx(-z)
    assert v == pytest.approx(w)
