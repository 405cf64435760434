"""Text and numbers as R reads them: nothing in a label can end a string, a comment or a line."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["r_comment", "r_numbers", "r_string", "r_strings"]

#: Comments are for reading; a label of thousands of characters is cut there, and whole in the data.
WIDEST = 300
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def r_string(text: str) -> str:
    r"""Give a text as a string of R in plain ASCII; what R cannot hold (NUL, half a surrogate) becomes U+FFFD.

    >>> print(r_string('"); system("rm"); ("'), r_string("Häuser"))
    "\"); system(\"rm\"); (\"" "H\u00e4user"
    """
    return '"' + "".join(_character(c) for c in text) + '"'


def r_strings(texts: Iterable[str]) -> str:
    """Give texts as a vector of R, one to a line."""
    return "c(\n    " + ",\n    ".join(r_string(text) for text in texts) + ")"


def r_comment(text: str) -> str:
    r"""Give a text as one line of comment: what is not printed (line ends, marks that turn the direction) is escaped.

    >>> print(r_comment("p < 0.05\nstop()"))
    # p < 0.05\nstop()
    """
    cut = text if len(text) <= WIDEST else text[: WIDEST - 3] + "..."
    return "# " + "".join(c if c.isprintable() else _character(c) for c in cut).rstrip()


def r_numbers(values: Iterable[float | int | None]) -> str:
    """Give numbers as a vector of R, at the digits they have; None is NA.

    >>> r_numbers([0.1, -2, None])
    'c(0.1, -2, NA)'
    """
    return "c(" + ", ".join(_number(value) for value in values) + ")"


def _number(value: float | None) -> str:
    return (
        "NA" if value is None else f"{value:.10g}" if value == float(f"{value:.10g}") else repr(float(value))
    )


def _character(c: str) -> str:
    if c in _ESCAPES:
        return _ESCAPES[c]
    code = ord(c)
    if code == 0 or 0xD800 <= code <= 0xDFFF:
        return "\\ufffd"
    if 0x20 <= code < 0x7F:
        return c
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
