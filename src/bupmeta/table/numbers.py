"""How a number is written for a person; the only place in bupmeta that formats one."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

Value = str | int | float | bool | None | tuple[float, float]
Kind = Literal["text", "integer", "number", "p", "percent", "interval"]

MINUS = "\N{MINUS SIGN}"
MISSING = "not estimable"


def number(x: float | None, digits: int = 2) -> str:
    """Write `x` with `digits` decimals and a typographic minus; None is empty, NaN is "not estimable".

    >>> number(-0.618), number(-0.001), number(None), number(float("inf"), 1)
    ('−0.62', '0.00', '', '∞')
    """
    if x is None:
        return ""
    if math.isnan(x):
        return MISSING
    if math.isinf(x):
        return "∞" if x > 0 else MINUS + "∞"
    large = abs(x) >= 1e15  # beyond the integers a double tells apart, decimals would be invented
    written = f"{x:.{max(digits, 1)}e}" if large else f"{x:.{digits}f}"
    if not large and float(written) == 0:
        written = written.lstrip("-")
    return written.replace("-", MINUS)


def interval(pair: tuple[float, float] | None, digits: int = 2) -> str:
    """Write a (low, high) pair; None is empty, an end that is NaN makes it "not estimable".

    >>> interval((-0.824, -0.036))
    '(−0.82 to −0.04)'
    """
    if pair is None:
        return ""
    low, high = pair
    if math.isnan(low) or math.isnan(high):
        return MISSING
    return f"({number(low, digits)} to {number(high, digits)})"


def p_value(p: float | None) -> str:
    """Write a p value with three decimals, never as 0 or 1 when it is not.

    >>> p_value(0.0412), p_value(2e-9), p_value(0.9999), p_value(1.0)
    ('0.041', '<0.001', '>0.999', '1.000')
    """
    if p is None:
        return ""
    if 0 <= p < 0.001:
        return "<0.001"
    return ">0.999" if 0.9995 <= p < 1 else number(p, 3)


def decimals(scale: float | None, least: int = 2, most: int = 8) -> int:
    """Give the decimals that show two significant digits of `scale`, say a standard error.

    >>> decimals(0.31), decimals(0.0042), decimals(12.0)
    (2, 4, 2)
    """
    if scale is None or not math.isfinite(scale) or scale == 0:
        return least
    return min(max(1 - math.floor(math.log10(abs(scale))), least), most)


def _text(x: float, digits: int) -> str:
    return number(x, 0 if isinstance(x, int) else digits)


def _integer(x: float, _digits: int) -> str:
    return number(x, 0)


def _p(x: float, _digits: int) -> str:
    return p_value(x)


def _percent(x: float, digits: int) -> str:
    return number(x, digits) + ("%" if math.isfinite(x) else "")


#: How a column of each kind writes a single number.
FORMATS: dict[Kind, Callable[[float, int], str]] = {
    "text": _text,
    "integer": _integer,
    "number": number,
    "p": _p,
    "percent": _percent,
    "interval": number,
}


def cell(value: Value, kind: Kind, digits: int) -> str:
    """Write one cell of a column of `kind`; words pass through, so a number column may say "not pooled"."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return interval(value, digits)
    return FORMATS[kind](value, digits)
