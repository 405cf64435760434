"""What effects refuse, each in one sentence that names the study or the argument."""

from __future__ import annotations

import re

import numpy as np
import pytest

from bupmeta import Effects, RandomEffects, pool
from bupmeta.errors import DataError
from bupmeta.pooling import CiName, PredictionName


@pytest.mark.parametrize(
    ("y", "v", "said"),
    [
        ([0.1, np.nan], [1, 1], "the effect of 'study 2' is nan"),
        ([0.1, 0.2], [1, 0], "the variance of 'study 2' is 0.0"),
        ([0.1, 2e30], [1, 1], "'study 2' has the effect 2e+30 and the variance 1"),
        ([0.1, 0.2], [1, 1e-61], "'study 2' has the effect 0.2 and the variance 1e-61"),
        ([0.1, 0.2], [1e61, 1], "variances outside 1e-60 to 1e60"),
        ([10**400, 1], [1, 1], "y must be a sequence of numbers"),
        ([True, False], [1, 1], "y holds true and false"),
        ([0.1, 0.2], np.array(["2001-01-01", "2002-01-01"], "M8[D]"), "v holds dates"),
        (np.ma.masked_greater([0.1, 9.0], 1), [1, 1], "y is a masked array"),
        ([0.1, 1j], [1, 1], "y holds complex numbers"),
    ],
)
def test_what_is_no_number_is_refused(y, v, said):
    """The sentence names the study and its numbers, or the argument."""
    with pytest.raises(DataError, match=re.escape(said)):
        Effects.from_arrays(y, v)


def test_labels_are_a_sequence():
    """A number for the labels is refused."""
    with pytest.raises(DataError, match="the labels are 5; give a sequence of names"):
        Effects.from_arrays([0.1], [0.2], 5)


def test_effects_built_by_hand_are_checked_when_they_are_pooled():
    """No NaN goes through a pool in silence."""
    with pytest.raises(DataError, match="the effect of 'a' is nan"):
        pool(Effects(("a", "b"), np.array([np.nan, 1.0]), np.ones(2)))


def test_effects_and_weights_are_read_only():
    """Neither the numbers given nor the weights found can be changed."""
    result = pool(Effects.from_arrays([0.1, 0.2], [1, 1]))
    for array in (result.effects.y, result.effects.v, result.weights):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


@pytest.mark.parametrize("scale", [1e-29, 1e29])
@pytest.mark.parametrize(
    "option",
    [{"ci": ci} for ci in ("Wald", "HK", "KR", "PL", "permutation", "Henmi-Copas")]
    + [{"prediction": name} for name in ("t", "bootstrap", "confidence-distribution")]
    + [{"tau2_ci": name} for name in ("QP", "PL", "GENQ")],
    ids=str,
)
def test_the_scale_of_effects_does_not_matter(option: dict[str, CiName | PredictionName], scale):
    """Every interval in tiny or huge units is that in the usual ones, times the unit."""
    y, v = np.array([0.1, 0.5, -0.2, 0.9, 0.3, 0.6]), np.array([0.04, 0.05, 0.02, 0.09, 0.1, 0.03])
    model = RandomEffects(level=0.9, **option)
    plain, scaled = (
        pool(Effects.from_arrays(y, v), model),
        pool(Effects.from_arrays(scale * y, scale**2 * v), model),
    )
    for key, unit in {
        "mu": scale,
        "ci": scale,
        "prediction": scale,
        "tau2": scale**2,
        "tau2_ci": scale**2,
    }.items():
        assert np.array(getattr(scaled, key)) / unit == pytest.approx(getattr(plain, key), rel=1e-6), key
