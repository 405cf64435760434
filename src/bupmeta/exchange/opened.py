"""A file of another program, opened: a table of cells or a tree of XML, and nothing that a file could make run."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from bupmeta.errors import DataError
from bupmeta.trials.csvfile import CsvFile, parse_csv, shown

__all__ = ["Markup", "Opened", "has_columns", "open_bytes", "read_file"]

LARGEST = 200_000_000
_HTML = re.compile(
    rb"(<\?xml[^>]*\?>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Markup:
    """The root of an XML file."""

    path: str
    root: Element
    sha256: str


Opened = CsvFile | Markup


def read_file(path: str | Path) -> bytes:
    """Read the bytes of a file; DataError, one sentence, when there is none or it is far too large."""
    path = Path(path)
    try:
        if path.is_dir():
            raise DataError(f"{path} is a folder; name a file that RevMan, R or JASP wrote")
        if path.stat().st_size > LARGEST:
            raise DataError(f"{path} has more than 200 MB, which no review has; is it the right file?")
        return path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}") from None


def open_bytes(data: bytes, path: str) -> Opened:
    """Open the bytes of a file by what they hold, whatever its name says.

    Raises DataError, one sentence, for a file that is empty, binary, HTML, broken XML, or XML that declares entities.
    """
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"PK\x03\x04"):
        raise DataError(
            f"{path} is a zip file; unpack it and import its ...-data-rows.csv (RevMan), or save a workbook as CSV"
        )
    if _HTML.match(head):
        raise DataError(
            f"{path} is a web page (HTML), not data; download the file itself, not the page about it"
        )
    if head.startswith((b"<", b"\xff\xfe<", b"\xfe\xff\x00<")):
        return Markup(path, _parse(data, path), hashlib.sha256(data).hexdigest())
    return parse_csv(data, path)


def has_columns(opened: Opened, names: Collection[str]) -> bool:
    """Whether it is a table whose header holds all these names."""
    return isinstance(opened, CsvFile) and set(opened.header) >= set(names)


def _parse(data: bytes, path: str) -> Element:
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise DataError(
            f"{path} declares entities or a document type, as no RevMan file does; it is not read, for such files can "
            "fill the memory"
        ) from None
    except ParseError as error:
        line, column = error.position
        raise DataError(
            f"{path} is broken XML in line {line}, column {column + 1}; save the review in RevMan again"
        ) from None
    except (LookupError, ValueError) as error:  # an encoding that there is not
        raise DataError(
            f"{path} cannot be decoded ({shown(str(error))}); save the review in RevMan again"
        ) from None
    assert isinstance(root, Element)
    return root
