"""The whole numbers behind a rounded percentage."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bupmeta.effects.integers import counts_that_fit, decimals, events_that_fit


def test_farajirad_2013():
    """43 % and 30 % of two arms of 28 to 32, 60 people in all: 13/30 and 9/30 and nothing else (evidence notes)."""
    first, second = (counts_that_fit(percent, range(28, 33)) for percent in (43, 30))
    pairs = [(a, b) for a in first for b in second if a[1] + b[1] == 60]
    assert pairs == [((13, 30), (9, 30))]


def test_yasuda_2011_has_85_patients():
    """84.7 % is 72 of 85 and no number of 86 (evidence notes)."""
    assert counts_that_fit(84.7, (85, 86)) == ((72, 85),)


@given(st.integers(1, 3000), st.data(), st.integers(0, 2))
def test_the_true_count_is_always_among_them(n, data, digits):
    """Whatever was rounded is found again, and everything found rounds to it."""
    events = data.draw(st.integers(0, n))
    percent = round(100 * events / n, digits)
    found = events_that_fit(percent, n, digits)
    assert events in found
    assert all(abs(100 * e / n - percent) <= 0.5 * 10.0**-digits + 1e-9 for e in found)


def test_decimals_are_those_the_number_shows():
    """A whole percentage was rounded to one percent, 0.25 to a hundredth."""
    assert [decimals(x) for x in (43.0, 0.9, 0.25, 100)] == [0, 1, 2, 0]
