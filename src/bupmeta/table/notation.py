"""How journals write numbers: brackets of intervals, minus signs, p values; the house way is that of every table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bupmeta.table.numbers import MINUS, number, p_value

__all__ = ["NOTATIONS", "Notation", "PresetName"]

#: Whose conventions are followed in a figure; the keys of `NOTATIONS` and of `bupmeta.plots.PRESETS`.
PresetName: TypeAlias = Literal["house", "RevMan", "BMJ", "JAMA"]


@dataclass(frozen=True, slots=True)
class Notation:
    """One way to write numbers.

    An interval is `bracket` with `between`, or with `between_negative` where an end is below 0. A p value has
    `p_digits` decimals, three below 0.01, with or without its leading zero; `equals` stands before it.
    """

    bracket: tuple[str, str] = ("(", ")")
    between: str = " to "
    between_negative: str = " to "
    minus: str = MINUS
    p_digits: int = 3
    leading_zero: bool = True
    equals: str = " = "

    def number(self, x: float | None, digits: int = 2) -> str:
        """Write a number."""
        return self.own(number(x, digits))

    def own(self, text: str) -> str:
        """Turn a text with numbers of the house into this notation's minus signs."""
        return text.replace(MINUS, self.minus)

    def interval(self, pair: tuple[float, float], digits: int = 2) -> str:
        """Write a (low, high) pair.

        >>> NOTATIONS["RevMan"].interval((-0.824, -0.036)), NOTATIONS["JAMA"].interval((0.5, 1.5), 1)
        ('[-0.82, -0.04]', '(0.5–1.5)')
        """
        low, high = pair
        if math.isnan(low) or math.isnan(high):
            return number(math.nan)
        between = self.between_negative if low < 0 or high < 0 else self.between
        return f"{self.bracket[0]}{self.number(low, digits)}{between}{self.number(high, digits)}{self.bracket[1]}"

    def is_(self, text: str) -> str:
        """Write what follows the name of a statistic, as " = 3.2" or " < 0.001".

        >>> NOTATIONS["BMJ"].is_("3.2"), NOTATIONS["house"].is_("<0.001")
        ('=3.2', ' < 0.001')
        """
        sign, value = (text[0], text[1:]) if text[:1] in ("<", ">") else ("=", text)
        return self.equals.replace("=", sign) + value

    def p(self, p: float | None) -> str:
        """Write a p value with its sign; empty without one.

        >>> NOTATIONS["JAMA"].p(0.0701), NOTATIONS["JAMA"].p(1e-9), NOTATIONS["RevMan"].p(0.0701)
        (' = .07', ' < .001', ' = 0.07')
        """
        if p is None or math.isnan(p):
            return ""
        text = p_value(p)
        if self.p_digits < 3 and p >= 0.01:
            short = number(p, self.p_digits)
            text = (
                f">{number(1 - 10.0**-self.p_digits, self.p_digits)}"
                if float(short) == 1 and p < 1
                else short
            )
        return self.is_(text if self.leading_zero else text.replace("0.", ".", 1))


#: RevMan, BMJ and JAMA as the settings of the same names in R's package meta have them (settings.meta, meta 8.2).
NOTATIONS: dict[PresetName, Notation] = {
    "house": Notation(),
    "RevMan": Notation(("[", "]"), ", ", ", ", minus="-", p_digits=2),
    "BMJ": Notation(p_digits=2, equals="="),
    "JAMA": Notation(between="–", p_digits=2, leading_zero=False),
}
