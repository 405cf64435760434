"""Where an axis begins and ends and where its ticks stand."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bupmeta.plots.axis import axis

NUMBERS = st.floats(-1e6, 1e6, allow_subnormal=False)


@given(st.lists(st.tuples(NUMBERS, st.floats(1e-3, 1e6)), max_size=12), st.booleans())
def test_shows_zero_and_every_estimate_with_rising_ticks(
    studies: list[tuple[float, float]], ratio: bool
) -> None:
    """Zero and every estimate lie inside, and ticks rise within the limits."""
    if ratio:  # logarithms of ratios
        studies = [(y / 1e5, half / 1e5) for y, half in studies]
    found = axis([y for y, _ in studies], [(y - half, y + half) for y, half in studies], ratio=ratio)
    assert found.low < found.high
    assert all(found.low <= y <= found.high for y, _ in [*studies, (0.0, 0.0)])
    places = [x for x, _ in found.ticks]
    assert places == sorted(set(places))
    assert all(found.low <= x <= found.high for x in places)
    assert 1 <= len(places) <= 12


def test_cuts_one_wild_interval() -> None:
    """An interval of 1,200 units beside three of about 1 does not stretch the axis."""
    found = axis([0.0, 0.1, -0.2, 0.0], [(-0.5, 0.5), (-0.4, 0.6), (-0.7, 0.3), (-600.0, 600.0)])
    # one typical width (1.0) past the outermost estimates (-0.2 and 0.1), and 3 % of that (2.3) as air
    assert (found.low, found.high) == pytest.approx((-1.269, 1.169))
    assert found.clip((-600.0, 600.0))[1:] == (True, True)


def test_keeps_an_interval_that_is_only_wide() -> None:
    """An interval twice as wide as the other is shown whole."""
    found = axis([0.0, 0.0], [(-1.0, 1.0), (-2.0, 2.0)])
    assert found.low <= -2.0
    assert found.high >= 2.0


def test_open_ends_do_not_stretch_the_axis() -> None:
    """An infinite end is cut and marked as going on."""
    found = axis([0.2], [(-0.3, 0.7), (-math.inf, 0.4)])
    assert math.isfinite(found.low)
    assert found.clip((-math.inf, 0.4))[1:] == (True, False)


def test_ratios_are_labelled_as_ratios() -> None:
    """Ticks of ratios are round ratios at their logarithms."""
    found = axis([math.log(0.5), math.log(2)], [(math.log(0.2), math.log(5))], ratio=True)
    assert [label for _, label in found.ticks] == ["0.2", "0.5", "1", "2", "5"]
    assert found.ticks[0][0] == pytest.approx(math.log(0.2))


def test_given_limits_are_kept() -> None:
    """Limits that the caller sets are the limits, with ticks inside them."""
    found = axis([-3.0], [(-4.0, -2.0)], within=(-0.3, 0.1))
    assert (found.low, found.high) == (-0.3, 0.1)
    assert [label for _, label in found.ticks] == ["−0.3", "−0.2", "−0.1", "0.0", "0.1"]


def test_nothing_to_show_still_has_an_axis() -> None:
    """Without numbers the axis is a harmless -1 to 1, with 3 % of air."""
    assert (axis([], []).low, axis([], []).high) == pytest.approx((-1.06, 1.06))


def test_ticks_can_be_thinned_around_zero() -> None:
    """Fewer ticks keep zero and the distance that is asked for."""
    found = axis([-1.0, 1.0], [(-3.0, 3.0)])
    kept = [x for x, _ in found.apart(1.9)]
    assert 0.0 in kept
    assert all(b - a >= 1.9 for a, b in pairwise(kept))
