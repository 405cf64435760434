"""How wide a text is in points, and how it is broken or cut to fit; measured with the bundled font."""

from __future__ import annotations

from functools import lru_cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

__all__ = ["fit", "width"]

ELLIPSIS = "…"


@lru_cache(maxsize=4096)
def width(text: str, size: float, *, bold: bool = False, italic: bool = False) -> float:
    """Width in points of one line of text; call it within `house_style`."""
    font = FontProperties(
        size=size, weight="bold" if bold else "normal", style="italic" if italic else "normal"
    )
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


def fit(
    text: str, limit: float, size: float, *, lines: int = 1, bold: bool = False, italic: bool = False
) -> list[str]:
    """Break the text at spaces into at most `lines` lines of at most `limit` points; what is left out is "…"."""

    def fits(candidate: str) -> bool:
        return width(candidate, size, bold=bold, italic=italic) <= limit + 1e-6

    done: list[str] = []
    words = text.split(" ")  # a no-break space stays
    while words:
        count = len(words)
        while count > 1 and not fits(" ".join(words[:count])):
            count -= 1
        line, words = " ".join(words[:count]), words[count:]
        if fits(line) and (not words or len(done) < lines - 1):
            done.append(line)
            continue
        if (
            not fits(line) and len(done) < lines - 1
        ):  # one word wider than the line is broken where it must be
            cut = _longest(line, fits)
            cut = line.rfind("-", 1, cut) + 1 or cut  # if it can be, after a hyphen
            done.append(line[:cut])
            words.insert(0, line[cut:])
            continue
        line = " ".join([line, *words])
        cut = _longest(line, lambda start: fits(start.rstrip() + ELLIPSIS))
        return [*done, line[:cut].rstrip() + ELLIPSIS]
    return done or [""]


def _longest(text: str, accept: object) -> int:
    """The largest number of characters (at least one) of `text` that `accept` still takes."""
    assert callable(accept)
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if accept(text[:middle]) else (low, middle - 1)
    return low
