"""Finished cells of a simulation in a file: a line of JSON each, so that a stopped run goes on where it was."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bupmeta import __version__
from bupmeta.errors import DataError

__all__ = ["Checkpoint"]

FORM = 1


class Checkpoint:
    """The file at `path`, started anew if there is none: its first line says what is simulated, `settings`.

    A line is written whole or, if the machine stops meanwhile, dropped when the file is opened again. Raises
    DataError for a file that is no checkpoint, or one of other settings, and leaves it as it is.
    """

    def __init__(self, path: str | Path, settings: Mapping[str, Any]) -> None:
        self.path = Path(path)
        self.done: dict[str, list[dict[str, Any]]] = {}
        head = {"bupmeta": __version__, "form": FORM, **settings}
        whole = self.path.read_bytes() if self.path.exists() else b""
        lines = whole[: whole.rfind(b"\n") + 1].splitlines()
        if not lines:
            if whole.strip() and not _line(head).startswith(whole):
                raise DataError(f"{self.path}: this is no checkpoint of a simulation; give another file")
            self._write(_line(head), 0)
            return
        self._agree(self._read(lines[0], 1), head)
        for number, line in enumerate(lines[1:], 2):
            cell = self._read(line, number)
            self.done[cell["cell"]] = cell["rows"]
        if len(whole) > whole.rfind(b"\n") + 1:
            os.truncate(self.path, whole.rfind(b"\n") + 1)

    def add(self, cell: str, rows: list[dict[str, Any]]) -> None:
        """Append the rows of a finished cell."""
        self._write(_line({"cell": cell, "rows": rows}), self.path.stat().st_size)
        self.done[cell] = rows

    def _write(self, line: bytes, at: int) -> None:
        with self.path.open("r+b" if at else "wb") as file:
            file.seek(at)
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def _read(self, line: bytes, number: int) -> dict[str, Any]:
        try:
            found = json.loads(line)
            if isinstance(found, dict) and (number == 1 or _is_cell(found)):
                return found
        except (ValueError, RecursionError):
            pass
        raise DataError(f"{self.path}, line {number}: this is no line of a checkpoint; give another file")

    def _agree(self, found: dict[str, Any], wanted: dict[str, Any]) -> None:
        if found.get("form") != FORM:
            raise DataError(f"{self.path}: this is no checkpoint of a simulation; give another file")
        for name in dict.fromkeys((*wanted, *found)):
            if found.get(name) != (here := json.loads(json.dumps(wanted.get(name)))):
                raise DataError(
                    f"{self.path} holds another simulation ({name} {json.dumps(found.get(name))}, not "
                    f"{json.dumps(here)}); give the same settings or another file"
                )


def _is_cell(found: Mapping[str, Any]) -> bool:
    rows = found.get("rows")
    return (
        isinstance(found.get("cell"), str)
        and isinstance(rows, list)
        and all(isinstance(row, dict) for row in rows)
    )


def _line(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False) + "\n").encode()
