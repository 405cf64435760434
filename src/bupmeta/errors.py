"""The few errors bupmeta raises on purpose; each message is one sentence a person can act on."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = [
    "BupmetaError",
    "DataError",
    "LibraryError",
    "ModelError",
    "SpecError",
    "VerificationError",
    "closest",
    "instead",
]


class BupmetaError(Exception):
    """Something the user can put right; the command line prints it and exits with `exit_code`."""

    exit_code = 2


class DataError(BupmetaError):
    """Numbers or a file that cannot be right: says which file, row, column and value."""


class SpecError(BupmetaError):
    """An analysis specification that names an unknown key, column or option."""


class ModelError(BupmetaError):
    """A method that is refused for these data, with its reason."""


class VerificationError(BupmetaError):
    """A recomputation that does not agree with what was stored."""

    exit_code = 1


class LibraryError(BupmetaError):
    """Something that a library would do which is not installed, or cannot do it; names what to install."""


def closest(word: str, words: Iterable[str], alike: float = 0.6) -> str:
    """Return the word that was probably meant, whatever its case, or an empty string; `alike` runs from 0 to 1.

    >>> closest("Fibromialgia", ["neuropathic pain", "fibromyalgia"])
    'fibromyalgia'
    """
    folded = {w.casefold(): w for w in words}
    found = get_close_matches(word.casefold(), list(folded), n=1, cutoff=alike)
    return folded[found[0]] if found else ""


def instead(wrong: str, known: Iterable[str]) -> str:
    """Say what to write instead of a word that is not known: the word that was probably meant, or all there are.

    >>> instead("titel", ["title", "data"]), instead("x", ["title", "data"])
    ("did you mean 'title'?", 'use one of title, data')
    """
    words = tuple(known)
    guess = closest(wrong, words)
    return f"did you mean {guess!r}?" if guess else f"use one of {', '.join(words)}"
