"""Roots on brackets."""

from __future__ import annotations

import numpy as np
import pytest

from bupmeta.kernels.solve import reach, root


def test_many_roots_at_once_to_the_last_digits():
    """Smooth, steep, flat and stepped functions, each in its own bracket."""
    aim = np.array([2.0, 3.0, 1e-9, 0.5])

    def f(x):
        return np.array([x[0] ** 2, np.exp(x[1]), x[2] ** 3, float(x[3] > 0.123)]) - aim

    found = root(f, np.full(4, -0.5) + 0.5, np.array([10.0, 700.0, 1.0, 1.0]))
    assert found == pytest.approx([np.sqrt(2), np.log(3), 1e-3, 0.123], rel=1e-14)


def test_a_root_at_an_end_is_found():
    """A bracket whose end is the root returns that end."""
    assert root(lambda x: x, np.zeros(1), np.ones(1))[0] == 0
    assert root(lambda x: x - 1, np.zeros(1), np.ones(1))[0] == pytest.approx(1, abs=1e-15)


def test_reach_goes_out_as_far_as_it_must():
    """The end is multiplied until the function is no longer negative."""
    assert reach(lambda x: x - np.array([3.0, 1e9]), np.ones(2)).tolist() == [4.0, 4.0**15]
