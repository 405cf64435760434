"""Scales become 0-10 points, or are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bupmeta.effects.recover import recover
from bupmeta.effects.scales import INSTRUMENTS, points_of, points_per_unit, sign, smd_in_points
from bupmeta.trials.records import Scale


@pytest.mark.parametrize(
    ("name", "low", "high", "per_unit"),
    [
        ("NRS 0-10", 0, 10, 1.0),
        ("VAS, mm", 0, 100, 0.1),
        ("VAS of 10 cm", 0, 10, 1.0),
        ("Descriptor Differential Scale", 0, 20, 0.5),
        ("scale 1-5", 1, 5, 2.5),
        ("24-h average pain, 11-point Likert/NRS", None, None, 1.0),
        ("BPI 24-h average pain", None, None, 1.0),
        ("VAS pain intensity, mm", None, None, 0.1),
        ("VAS 10 cm", None, None, 1.0),
        ("Descriptor Differential Scale, intensity", None, None, 0.5),
        ("MPQ-PPI", None, None, 2.0),
    ],
)
def test_a_printed_range_or_that_of_the_instrument(name, low, high, per_unit):
    """Points per unit of the scale; where the range was not printed the assumption says so."""
    found = points_of(Scale(name, low, high, "worse"))
    assert found.per_unit == pytest.approx(per_unit)
    assert ("not printed" in found.assumption) == (low is None)


@pytest.mark.parametrize(
    "name",
    [
        "VAS",
        "VAS ongoing pain",
        "mean daily diary pain intensity (range not stated)",
        "sum of individual pain scores (0-10 NRS items), % of baseline",
        "Gracely scale (presumed)",
        "24-h and weekly recall pain; BPI average pain",
        "",
    ],
)
def test_an_unknown_range_is_refused(name):
    """A bare VAS may be 10 cm or 100 mm; sums, composites and presumptions are not their instrument."""
    assert points_of(Scale(name, None, None, "worse")) is None


def test_an_unknown_range_is_refused_for_points_and_allowed_for_an_smd(trials):
    """Wolfe 1994 is on a short scale nobody named: no mean difference in points, but an SMD."""
    row = trials["wolfe1994_haeuser_t10"]
    assert recover(row, "MD").kind == "scale range not printed"
    assert recover(row, "SMD").y == 0


def test_printed_ranges_agree_with_their_instruments(trials):
    """Where a row prints the range of a known instrument, both say the same."""
    for row in trials:
        if row.scale.minimum is None or row.scale.maximum is None:
            continue
        known = points_of(Scale(row.scale.name, None, None, None))
        if known is not None:
            assert known.per_unit == points_per_unit(row.scale.minimum, row.scale.maximum), row.row
    assert all(low < high for _, low, high in INSTRUMENTS.values())


@pytest.mark.parametrize(("low", "high"), [(None, 10), (0, None), (10, 0), (5, 5)])
def test_half_a_range_or_an_inverted_one_is_none(low, high):
    """Both ends, in order, or nothing."""
    assert points_per_unit(low, high) is None


def test_every_direction_becomes_active_minus_control_with_negative_as_less_pain():
    """Three flips: a decrease, a scale on which higher is better, a difference printed the other way."""
    assert sign("endpoint", "worse") == 1
    assert sign("decrease", "worse") == -1
    assert sign("decrease", "better") == 1
    assert sign("change", "worse", "control - active") == -1
    assert sign("decrease", "better", "control - active") == -1


@given(st.floats(-3, 3), st.floats(1e-4, 1), st.floats(0.1, 4), st.floats(0.1, 50))
def test_an_smd_in_points_follows_its_sd(g, v, sd, factor):
    """Estimate and standard error are multiplied alike, so z stays."""
    y, w = smd_in_points(g, v, sd)
    assert y / w**0.5 == pytest.approx(g / v**0.5, rel=1e-9, abs=1e-12)
    y2, w2 = smd_in_points(g, v, sd * factor)
    assert (y2, w2) == pytest.approx((y * factor, w * factor**2))


@given(st.floats(-100, 100), st.floats(1, 200), st.floats(0, 1))
def test_the_ends_of_a_scale_are_0_and_10(low, width, share):
    """A mean anywhere on the scale lies as far along 0-10."""
    points = points_of(Scale("any", low, low + width, None))
    assert points.mean(low + share * width) == pytest.approx(10 * share, abs=1e-6)
