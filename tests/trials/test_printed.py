"""Numbers as printed and the two normal approximations."""

from __future__ import annotations

import math

import pytest
from scipy import stats

from bupmeta.trials.faults import Row
from bupmeta.trials.lint.printed import Span, pooled_n, printed, t_of_z, z_of_p, z_of_t


@pytest.mark.parametrize(
    ("text", "low", "high"), [("0.50", 0.495, 0.505), ("4", 3.5, 4.5), ("-1.7", -1.75, -1.65)]
)
def test_a_printed_number_is_known_to_half_a_unit_of_its_last_digit(text, low, high):
    span = printed(Row(2, {"p": text}, {"p": float(text)}), "p")
    assert span is not None
    assert (span.low, span.high) == (pytest.approx(low), pytest.approx(high))


def test_spans_follow_interval_arithmetic():
    a, b = Span(1.0, 2.0), Span(-0.5, 0.5)
    assert (a + b, a - b, abs(b), a.times(-2)) == (
        Span(0.5, 2.5),
        Span(0.5, 2.5),
        Span(0.0, 0.5),
        Span(-4.0, -2.0),
    )
    assert a / a == Span(0.5, 2.0)
    assert Span(0.0, 1.0).log() == Span(-math.inf, 0.0)
    assert a.overlaps(Span(2.0, 3.0))
    assert not a.overlaps(Span(2.1, 3.0))


@pytest.mark.parametrize("df", [5, 20, 400])
@pytest.mark.parametrize("t", [0.5, 2.0, 4.0])
def test_wallace_turns_t_into_z_and_back(t, df):
    exact = stats.norm.isf(stats.t.sf(t, df))  # scipy's t and normal tails
    assert z_of_t(t, df) == pytest.approx(exact, rel=1e-2)
    assert t_of_z(z_of_t(t, df), df) == pytest.approx(t)


def test_z_of_p_is_the_two_sided_normal_quantile():
    assert z_of_p(0.05) == pytest.approx(stats.norm.isf(0.025))
    assert z_of_p(1.0) == 0.0


def test_degrees_of_freedom_come_from_the_sizes_that_are_printed():
    assert pooled_n(Row(2, {}, {"n_paired": 41})) == 40
    assert pooled_n(Row(2, {}, {"n_active": 50, "n_control": 50})) == 98
    assert pooled_n(Row(2, {}, {})) is None


def test_a_tiny_p_value_keeps_its_deviate():
    """The normal deviate of p = 1e-30 is 11.4 (scipy.stats.norm.isf(5e-31)), not that of 1e-15."""
    assert z_of_p(1e-30) == pytest.approx(float(stats.norm.isf(5e-31)), rel=1e-9)
