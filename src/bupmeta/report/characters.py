"""Texts from data files on their way to a reader: harmless in every format, and never out of order."""

from __future__ import annotations

import re

from bupmeta.table.text import printable

__all__ = ["breakable", "on_the_web", "one_line"]

# Hebrew, Arabic and the other scripts that run from right to left.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+")
_LEFT_TO_RIGHT_MARK = "\u200e"
_BREAK_HERE = "\u200b"  # a space without width


def one_line(text: str) -> str:
    r"""The text on one line, without control characters and overrides of direction.

    After a word that runs from right to left the direction turns back at once, or the figures that follow would be
    drawn before it and their minus after them.

    >>> one_line("a\x00\n b\u202e"), one_line("\u05d0 -0.5") == "\u05d0\u200e -0.5"
    ('a b', True)
    """
    return _RIGHT_TO_LEFT.sub(rf"\g<0>{_LEFT_TO_RIGHT_MARK}", printable(text))


def breakable(text: str, longest: int = 24) -> str:
    r"""`one_line`, with places to break words that no column is wide enough for.

    >>> breakable("semenchuk2001_pain_weekly, -1.7", 10).split("\u200b")
    ['semenchuk2001_', 'pain_', 'weekly, -1.7']
    """

    def broken(word: re.Match[str]) -> str:
        parts = re.sub(r"([_/.@&=?-])(?=\w)", rf"\1{_BREAK_HERE}", word[0]).split(_BREAK_HERE)
        return _BREAK_HERE.join(
            part[i : i + 2 * longest] for part in parts for i in range(0, max(len(part), 1), 2 * longest)
        )

    return re.sub(rf"\S{{{longest},}}", broken, one_line(text))


def on_the_web(address: str) -> bool:
    """Whether an address may be a link: a scheme such as javascript: may not.

    >>> on_the_web("https://doi.org/10.1"), on_the_web("javascript:alert(1)")
    (True, False)
    """
    return address.startswith(("https://", "http://"))
