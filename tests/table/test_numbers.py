"""Numbers as people read them. Expected strings follow from rounding half to even of the decimals shown."""

from __future__ import annotations

import math
from typing import get_args

import pytest

from bupmeta.table import FORMATS, Kind, decimals, interval, number, p_value

NAN, INF = math.nan, math.inf


@pytest.mark.parametrize(
    ("x", "digits", "written"),
    [
        (-0.618, 2, "−0.62"),
        (-0.004, 2, "0.00"),  # no negative zero
        (-0.0, 0, "0"),
        (12, 1, "12.0"),
        (None, 2, ""),
        (NAN, 2, "not estimable"),
        (-INF, 2, "−∞"),
        (1e20, 2, "1.00e+20"),
    ],
)
def test_number(x: float | None, digits: int, written: str) -> None:
    """A number has a typographic minus, the decimals asked for and no negative zero."""
    assert number(x, digits) == written


@pytest.mark.parametrize(
    ("pair", "written"),
    [
        ((-0.82, -0.04), "(−0.82 to −0.04)"),
        (None, ""),
        ((NAN, 1.0), "not estimable"),
        ((-INF, 0.5), "(−∞ to 0.50)"),
    ],
)
def test_interval(pair: tuple[float, float] | None, written: str) -> None:
    """An interval is in brackets with "to", because a dash reads as a minus."""
    assert interval(pair) == written


@pytest.mark.parametrize(
    ("p", "written"),
    [(0.0, "<0.001"), (0.00099, "<0.001"), (0.001, "0.001"), (0.05, "0.050"), (0.9996, ">0.999"),
     (1.0, "1.000"), (NAN, "not estimable"), (None, "")],
)  # fmt: skip
def test_p_value(p: float | None, written: str) -> None:
    """A p value is never written as 0, and as 1 only when it is 1."""
    assert p_value(p) == written


@pytest.mark.parametrize(
    ("scale", "expected"), [(0.31, 2), (0.0042, 4), (1e-5, 6), (0.0, 2), (NAN, 2), (99.0, 2)]
)
def test_decimals(scale: float, expected: int) -> None:
    """The decimals show two significant digits of the scale, at least two decimals."""
    assert decimals(scale) == expected


def test_every_kind_of_column_has_its_format() -> None:
    """The options of Column.kind are the keys of the registry."""
    assert set(get_args(Kind)) == set(FORMATS)
