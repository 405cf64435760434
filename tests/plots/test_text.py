"""How text is broken and cut to a width."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bupmeta.plots.forest_parts import clean
from bupmeta.plots.style import house_style
from bupmeta.plots.text import fit, width


@given(st.text(st.characters(codec="utf-8"), max_size=120), st.integers(1, 3), st.floats(30, 300))
def test_lines_fit_and_nothing_is_lost_in_silence(text: str, lines: int, limit: float) -> None:
    """No line is wider than the limit, and a text that does not fit ends with an ellipsis."""
    text = clean(text)
    with house_style():
        found = fit(text, limit, 9.0, lines=lines)
        assert 1 <= len(found) <= lines
        assert all(width(line, 9.0) <= limit + 1e-6 or len(line) <= 2 for line in found)
    whole = "".join(found).replace(" ", "") == text.replace(" ", "")
    assert whole or found[-1].endswith("…")


@pytest.mark.parametrize(
    ("text", "shown"), [("a\n\tb", "a b"), ("\x00\x1b[31m", "[31m"), ("a\u202eb", "a b"), ("", "")]
)
def test_clean_leaves_one_line_that_can_be_shown(text: str, shown: str) -> None:
    """Controls, line breaks and direction overrides become single spaces."""
    assert clean(text) == shown


def test_clean_keeps_joiners_and_cuts_endless_text() -> None:
    """A zero-width joiner is spelling; the ten-thousandth letter is not needed."""
    assert clean("می\u200cخواهم") == "می\u200cخواهم"
    assert len(clean("x" * 10_000)) == 400  # forest_parts.LONGEST
