"""Small words: numbers of things, lists of them, and the level of an interval."""

from __future__ import annotations

from collections.abc import Sequence

from bupmeta.pooling import MetaResult
from bupmeta.table import in_percent

__all__ = ["count", "has", "listed", "percent_level"]

_NUMBERS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


def count(n: int, one: str, many: str = "") -> str:
    """Say a number of things.

    >>> count(1, "trial"), count(3, "trial"), count(20, "trial"), count(0, "trial")
    ('one trial', 'three trials', '20 trials', 'no trial')
    """
    word = _NUMBERS[n] if n < len(_NUMBERS) else f"{n:,}"
    return f"{word} {one if n in (0, 1) else many or one + 's'}"


def has(n: int) -> str:
    """The verb that goes with a number of things.

    >>> has(1), has(4)
    ('has', 'have')
    """
    return "has" if n <= 1 else "have"


def listed(items: Sequence[str]) -> str:
    """Join words as a sentence does.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1]))) if items else ""


def percent_level(result: MetaResult) -> str:
    """Say the confidence of a result's intervals."""
    return f"{in_percent(result.model.level)} %"
