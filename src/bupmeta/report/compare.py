"""Two files of a report beside each other: whether they are equal, say the same, or where they first differ."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from html.parser import HTMLParser
from pathlib import PurePath
from typing import Any

__all__ = ["byte_difference", "content_difference", "number_differences"]

RTOL, ATOL = 1e-8, 1e-10  # ten digits are written; processors agree on more than eight
_SHOWN = 60  # characters of a difference


def byte_difference(stored: bytes, now: bytes) -> str:
    """Say where the first byte differs, or nothing.

    >>> byte_difference(b"abc", b"abd"), byte_difference(b"", b"")
    ('bytes differ from byte 3 of 3', '')
    """
    if stored == now:
        return ""
    at = next((i for i, (a, b) in enumerate(zip(stored, now)) if a != b), min(len(stored), len(now)))
    return f"bytes differ from byte {at + 1} of {len(stored)}"


def content_difference(name: str, stored: bytes, now: bytes, *, exact: bool = False) -> str:
    r"""Say where the words and numbers of two files of this name first differ, or nothing when they say the same.

    Unless it must be `exact`, a printed number may differ by one in its last digit: rounding does that where the last
    bits of numbers differ.

    >>> content_difference("a.csv", b"k,mu\n8,-0.65\n", b"k,mu\n8,-0.75\n")
    "row 2, column 'mu': '-0.65' in the report, '-0.75' now"
    """
    suffix = PurePath(name).suffix
    try:
        if suffix == ".json":
            return next(number_differences(json.loads(stored), json.loads(now)), "")
        if suffix == ".png":
            return _pixels(stored, now)
        one, two = (_UNITS[suffix](data) for data in (stored, now))
    except Exception as error:  # whatever a spoilt file does to its reader is a difference
        return f"cannot be read as {suffix.lstrip('.')} ({type(error).__name__})"
    return _first(one, two, exact=exact)


def number_differences(stored: Any, now: Any, where: str = "") -> Iterator[str]:
    """Give each place at which two JSON documents differ; numbers agree to a relative 1e-8."""
    if isinstance(stored, dict) and isinstance(now, dict):
        for key in dict.fromkeys((*stored, *now)):
            inner = f"{where}.{key}" if where else str(key)
            if key not in stored or key not in now:
                yield f"{inner} is only in the {'report' if key in stored else 'new result'}"
            else:
                yield from number_differences(stored[key], now[key], inner)
    elif isinstance(stored, list) and isinstance(now, list):
        if len(stored) != len(now):
            yield f"{where} has {len(stored)} entries in the report, {len(now)} now"
        for i, (one, two) in enumerate(zip(stored, now)):
            yield from number_differences(one, two, f"{where}[{i}]")
    elif isinstance(stored, float | int) and isinstance(now, float | int):
        if isinstance(stored, bool) != isinstance(now, bool) or abs(stored - now) > ATOL + RTOL * max(
            abs(stored), abs(now)
        ):
            yield f"{where} is {stored} in the report, {now} now"
    elif stored != now:
        yield f"{where} is {_short(stored)} in the report, {_short(now)} now"


Unit = tuple[str, str]


def _first(stored: Sequence[Unit], now: Sequence[Unit], *, exact: bool) -> str:
    for (where, one), (_, two) in zip(stored, now):
        if one != two and (exact or not _same_but_rounding(one, two)):
            return f"{where}: {_around(one, two)}"
    if len(stored) != len(now):
        longer, whose = (stored, "report") if len(stored) > len(now) else (now, "new result")
        where, text = longer[min(len(stored), len(now))]
        return f"{where}: {_short(text)} is only in the {whose}"
    return ""


def _around(one: str, two: str) -> str:
    """Both texts from a little before they part."""
    at = next((i for i, (a, b) in enumerate(zip(one, two)) if a != b), min(len(one), len(two)))
    start = max(at - 20, 0) if max(len(one), len(two)) > _SHOWN else 0
    return f"{_short(one[start:])} in the report, {_short(two[start:])} now"


def _short(value: Any) -> str:
    text = str(value)
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


_NUMBER = re.compile(r"-?\d+(?:\.(\d+))?(?:e[+-]?\d+)?")


def _same_but_rounding(one: str, two: str) -> bool:
    one, two = one.replace("−", "-"), two.replace("−", "-")
    if _NUMBER.sub("0", one) != _NUMBER.sub("0", two):
        return False
    pairs = zip(_NUMBER.finditer(one), _NUMBER.finditer(two))
    return all(abs(float(a[0]) - float(b[0])) <= _slack(a) for a, b in pairs)


def _slack(number: re.Match[str]) -> float:
    if "e" in number[0] or number[1] is None:
        return RTOL * abs(float(number[0]))  # a count must agree
    return 1.001 * 10.0 ** -len(number[1])


def _cells(data: bytes) -> list[Unit]:
    rows = list(csv.reader(io.StringIO(data.decode("utf-8"))))
    names = rows[0] if rows else []
    named = [names[j] if j < len(names) else str(j + 1) for j in range(max(map(len, rows), default=0))]
    return [
        (f"row {i}, column {named[j]!r}", cell) for i, row in enumerate(rows, 1) for j, cell in enumerate(row)
    ]


def _lines(data: bytes) -> list[Unit]:
    return [(f"line {i}", line) for i, line in enumerate(data.decode("utf-8").splitlines(), 1)]


class _Text(HTMLParser):
    """The texts between tags with the line they stand on; styles and scripts count too."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.found: list[Unit] = []
        self.feed(data.decode("utf-8"))
        self.close()

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append((f"line {self.getpos()[0]}", " ".join(data.split())))


def _marked_up(data: bytes) -> list[Unit]:
    return _Text(data).found


def _docx(data: bytes) -> list[Unit]:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found = _Text(archive.read("word/document.xml")).found
    return [(f"text {i}", text) for i, (_, text) in enumerate(found, 1)]


def _pdf(data: bytes) -> list[Unit]:
    from pypdf import PdfReader

    pages = PdfReader(io.BytesIO(data)).pages
    return [
        (f"page {i}", line) for i, page in enumerate(pages, 1) for line in page.extract_text().splitlines()
    ]


_UNITS: dict[str, Callable[[bytes], list[Unit]]] = {
    ".csv": _cells,
    ".md": _lines,
    ".html": _marked_up,
    ".svg": _marked_up,
    ".docx": _docx,
    ".pdf": _pdf,
}


def _pixels(stored: bytes, now: bytes) -> str:
    """Fonts are drawn a little differently by other versions; a changed figure is far beyond that."""
    import numpy as np
    from PIL import Image

    one, two = (Image.open(io.BytesIO(data)).convert("L") for data in (stored, now))
    if one.size != two.size:
        return f"is {one.size[0]} x {one.size[1]} pixels in the report, {two.size[0]} x {two.size[1]} now"
    apart = float(np.mean(np.abs(np.asarray(one, float) - np.asarray(two, float))) / 255)
    return "" if apart < 0.005 else f"{100 * apart:.2g}% of its ink differs"
