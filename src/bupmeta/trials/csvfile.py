"""A CSV file as its cells: whatever program wrote it, as long as there is one way to read it."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bupmeta.errors import DataError

__all__ = ["CsvFile", "Record", "parse_csv", "read_csv", "shown"]

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_EMPTY = "is empty; the first row must name the columns"
_FIX = "save it as CSV UTF-8 (comma delimited)"
_FOREIGN = {  # first bytes of what people rename to .csv
    b"PK\x03\x04": "an Excel or OpenDocument workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file",
}


@dataclass(frozen=True, slots=True)
class Record:
    """One row of cells; `line` is the row number a spreadsheet shows (the header is row 1)."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CsvFile:
    """Header and rows of a file, all rows as long as the header."""

    path: str
    header: tuple[str, ...]
    records: tuple[Record, ...]
    delimiter: str
    sha256: str


def shown(text: str, most: int = 60) -> str:
    """Return a text for a message: cut where it is long.

    >>> shown("0" * 5000, 8)
    '0000000…'
    """
    return text if len(text) <= most else text[: most - 1] + "…"


def read_csv(path: str | Path, *, known: Sequence[str] = ()) -> CsvFile:
    """Read a CSV file written by a spreadsheet or another program.

    Commas, semicolons and tabs, a byte order mark, any line end, quoted line breaks and empty rows
    are understood; `known` column names help to find the delimiter.

    Raises
    ------
    DataError
        One sentence: no such file, a folder, empty, not UTF-8, not text, broken quotes, ragged rows.

    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise DataError(f"{path} is a folder; name a CSV file") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from None
    return parse_csv(data, str(path), known=known)


def parse_csv(data: bytes, path: str = "CSV", *, known: Sequence[str] = ()) -> CsvFile:
    r"""Split the bytes of a CSV file into cells.

    Raises
    ------
    DataError
        As `read_csv`.

    Examples
    --------
    >>> file = parse_csv(b"row;p\r\nkatz2005_pain;0,03\r\n", known=("row", "p"))
    >>> file.header, file.records[0].cells, file.delimiter
    (('row', 'p'), ('katz2005_pain', '0,03'), ';')

    """
    text = _decode(data, path)
    delimiter = _delimiter(text, known)
    rows = _split(text, delimiter, path)
    header = [" ".join(name.split()) for name in rows[0].cells]
    while header and not header[-1]:
        header.pop()  # a spreadsheet's trailing delimiters
    repeated = sorted({name for name in header if header.count(name) > 1})
    if repeated:
        names = ", ".join(repr(shown(name)) for name in repeated)
        raise DataError(f"{path}: the header has {names} more than once; each column needs its own name")
    width, records = len(header), []
    for record in rows[1:]:
        cells = record.cells
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            cells = cells[:width]
        records.append(Record(record.line, cells))
    ragged = [r for r in records if len(r.cells) != width]
    if ragged:
        some = ", ".join(f"row {r.line} has {len(r.cells)}" for r in ragged[:3])
        raise DataError(
            f"{path}: the header has {width} columns, but {some}{', ...' if len(ragged) > 3 else ''}; "
            f'put double quotes around a cell that holds {_DELIMITERS[delimiter]} ("...")'
        )
    return CsvFile(path, tuple(header), tuple(records), delimiter, hashlib.sha256(data).hexdigest())


def _decode(data: bytes, path: str) -> str:
    for start, kind in _FOREIGN.items():
        if data.startswith(start):
            raise DataError(f"{path} is {kind}, not a CSV file; open it and {_FIX}")
    if not data.strip(b"\xef\xbb\xbf \t\r\n,;"):
        raise DataError(f"{path} {_EMPTY}")
    if b"\x00" in data:
        raise DataError(f"{path} holds binary data, not text; {_FIX}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n|\r|\n", data[: error.start])) + 1
        raise DataError(
            f"{path} is not UTF-8 text (byte 0x{data[error.start]:02X} in line {line}); {_FIX}"
        ) from None


def _delimiter(text: str, known: Sequence[str]) -> str:
    first = next(line for line in text.splitlines() if line.strip())

    def names(delimiter: str) -> tuple[int, int]:
        cells = [cell.strip().strip('"') for cell in first.split(delimiter)]
        return sum(cell in known for cell in cells), len(cells)

    return max(_DELIMITERS, key=names)


def _split(text: str, delimiter: str, path: str) -> list[Record]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Record] = []
    start = 1
    try:
        for number, cells in enumerate(reader, 1):
            rows.append(Record(number, tuple(cells)))
            start = reader.line_num + 1
    except csv.Error as error:
        raise DataError(
            f"{path}: the quotes do not close in the row that starts in line {start} ({error}); "
            'write a quote inside a quoted cell twice ("")'
        ) from None
    while rows and not any(cell.strip() for cell in rows[0].cells):
        del rows[0]
    if not rows:
        raise DataError(f"{path} {_EMPTY}")
    return rows
