"""Small words beside numbers: how many of a thing, a level in percent, a sentence's first letter."""

from __future__ import annotations

__all__ = ["capital", "in_percent", "quantity"]


def quantity(n: int, one: str) -> str:
    """Write a number of things in digits.

    >>> quantity(1, "trial"), quantity(3, "trial")
    ('1 trial', '3 trials')
    """
    return f"{n} {one}{'' if n == 1 else 's'}"


def in_percent(share: float) -> str:
    """Write a share, such as the level of an interval, in percent and without the sign.

    >>> in_percent(0.95), in_percent(0.999)
    ('95', '99.9')
    """
    return f"{100 * share:.6g}"


def capital(text: str) -> str:
    """Begin a text with a capital letter and leave the rest as it is.

    >>> capital("loss of IQ")
    'Loss of IQ'
    """
    return text[:1].upper() + text[1:]
