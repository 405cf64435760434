"""The climber and the search for profile limits, on functions whose maxima and limits are known."""

from __future__ import annotations

import numpy as np
import pytest

from bupmeta.kernels.newton import limit, maximise, profile_limit


def bowl(x, rows):
    """A correlated normal log density with mean (1, -2), and height 3 there."""
    a, b = x[..., 0] - 1, x[..., 1] + 2
    return 3 - (a * a - 1.2 * a * b + b * b) / 2


def test_it_finds_the_top_and_the_information_there():
    top = maximise(bowl, np.array([[9.0, 5.0], [-4.0, 0.0]]))
    np.testing.assert_allclose(top.x, [[1, -2]] * 2, atol=1e-8)
    np.testing.assert_allclose(top.information[0], [[1, -0.6], [-0.6, 1]], atol=1e-6)
    np.testing.assert_allclose(top.variance(0), [1 / (1 - 0.36)] * 2, rtol=1e-6)
    np.testing.assert_allclose(top.variance(0, [0]), [1, 1], rtol=1e-6)


def test_a_parameter_that_is_held_stays():
    """At b = 0 the maximum in a is 1 + 0.6 x 2."""
    top = maximise(bowl, np.array([[9.0, 0.0]]), free=[0])
    np.testing.assert_allclose(top.x, [[2.2, 0]], atol=1e-8)


def test_rows_may_have_functions_of_their_own():
    """The second climb of two maximises another function; `rows` tells which is which when one has ended."""
    centre = np.array([0.0, 7.0])
    top = maximise(lambda x, rows: -np.cosh(x[..., 0] - centre[rows][:, None]), np.array([[0.0], [0.0]]))
    np.testing.assert_allclose(top.x[:, 0], centre, atol=1e-7)


def test_profile_limits_are_those_of_the_normal_distribution():
    """The profile of a is -(a - 1)^2 (1 - 0.36)/2 below its top: it falls by 2 at 1 -+ 2.5."""
    ends = [profile_limit(bowl, np.array([1.0, -2.0]), 3.0, 0, 2.0, first) for first in (0.5, 1.2)]
    assert ends == pytest.approx([-1.5, 3.5], abs=1e-7)


@pytest.mark.parametrize(
    ("f", "first", "floor", "end"),
    [
        (lambda x: x**2, 1.0, -np.inf, 2.0),
        (lambda x: x**2, 40.0, -np.inf, 2.0),
        (lambda x: x**2, -0.5, -1.0, -1.0),
        (lambda x: 3.9 * (1 - np.exp(-x)), 1.0, -np.inf, np.inf),
        (lambda x: 40 * (1 - np.exp(-x)), 0.001, -np.inf, -np.log(0.9)),
    ],
    ids=["root", "from outside", "floor", "never falls so far", "not a parabola"],
)
def test_limits(f, first, floor, end):
    """Where a deviance with its minimum at 0 reaches 4: inside, at the floor, or nowhere."""
    assert limit(f, 0.0, 4.0, first, floor) == pytest.approx(end, abs=1e-8)
