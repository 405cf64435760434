"""Redo a report from its data and specification, and compare every number and every file."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bupmeta.analysis import analyse
from bupmeta.errors import DataError
from bupmeta.report.write import write_report
from bupmeta.table import Column, Table

__all__ = ["Finding", "Verification", "verify"]

RTOL, ATOL = 1e-8, 1e-10  # ten digits are written; processors agree on more than eight


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing compared, whether it agrees, and the first difference."""

    what: str
    agrees: bool
    first_difference: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """Everything that was compared."""

    folder: Path
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether everything agrees."""
        return all(finding.agrees for finding in self.findings)

    def table(self) -> Table:
        """One row per thing compared."""
        columns = (
            Column("what", "Compared"),
            Column("verdict", "Verdict"),
            Column("first", "First difference"),
        )
        rows = tuple(
            {
                "what": one.what,
                "verdict": "agrees" if one.agrees else "DIFFERS",
                "first": one.first_difference,
            }
            for one in self.findings
        )
        return Table(columns, rows, f"{self.folder}: {'verified' if self.passed else 'not verified'}")


def verify(report: str | Path, spec: str | Path | None = None) -> Verification:
    """Build the report again in a temporary folder and compare it with the one in `report`.

    `spec` is its specification, by default the file of the recorded name in analyses/. Raises DataError when the
    report or its specification cannot be found; differences are findings, not errors.
    """
    folder = Path(report)
    stored = _stored(folder)
    path = Path(spec) if spec is not None else Path("analyses") / stored["spec"]["name"]
    if not path.exists():
        raise DataError(f"{path}: the specification of {folder} is not here; name it with --spec")
    analysis = analyse(path)
    findings = [
        _same(f"specification {path}", stored["spec"]["sha256"], analysis.spec.sha256, "SHA-256"),
        _same(f"data {analysis.spec.data}", stored["data"]["sha256"], analysis.data_sha256, "SHA-256"),
        _same("version of bupmeta", stored["program"]["version"], analysis.version, "version"),
    ]
    with tempfile.TemporaryDirectory() as temporary:
        again = write_report(analysis, Path(temporary) / folder.name).folder
        fresh = json.loads((again / "results.json").read_text(encoding="utf-8"))
        difference = next(_differences(stored, fresh, ""), "")
        findings.append(Finding("every number of results.json", not difference, difference))
        names = sorted({path.name for path in (*folder.iterdir(), *again.iterdir())} - {"results.json"})
        findings += [_file(name, folder / name, again / name) for name in names]
    return Verification(folder, tuple(findings))


def _stored(folder: Path) -> dict[str, Any]:
    path = folder / "results.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        _ = (
            found["spec"]["name"],
            found["spec"]["sha256"],
            found["data"]["sha256"],
            found["program"]["version"],
        )
    except OSError as error:
        raise DataError(
            f"{path}: cannot be read ({error.strerror}); name a folder that `bupmeta run` wrote"
        ) from None
    except (ValueError, KeyError, TypeError):
        raise DataError(f"{path}: is no results.json of bupmeta") from None
    assert isinstance(found, dict)
    return found


def _same(what: str, stored: str, now: str, kind: str) -> Finding:
    difference = "" if stored == now else f"{kind} {stored[:16]} in the report, {now[:16]} now"
    return Finding(what, stored == now, difference)


def _differences(stored: Any, now: Any, where: str) -> Iterator[str]:
    if isinstance(stored, dict) and isinstance(now, dict):
        for key in dict.fromkeys((*stored, *now)):
            inner = f"{where}.{key}" if where else str(key)
            if key not in stored or key not in now:
                yield f"{inner} is only in the {'report' if key in stored else 'new result'}"
            else:
                yield from _differences(stored[key], now[key], inner)
    elif isinstance(stored, list) and isinstance(now, list):
        if len(stored) != len(now):
            yield f"{where} has {len(stored)} entries in the report, {len(now)} now"
        for i, (one, two) in enumerate(zip(stored, now)):
            yield from _differences(one, two, f"{where}[{i}]")
    elif isinstance(stored, float | int) and isinstance(now, float | int):
        if abs(stored - now) > ATOL + RTOL * max(abs(stored), abs(now)):
            yield f"{where} is {stored} in the report, {now} now"
    elif stored != now:
        yield f"{where} is {str(stored)[:40]!r} in the report, {str(now)[:40]!r} now"


def _file(name: str, stored: Path, now: Path) -> Finding:
    if not stored.exists() or not now.exists():
        return Finding(
            name, False, "is missing from the report" if now.exists() else "is no part of this report"
        )
    one, two = stored.read_bytes(), now.read_bytes()
    if one == two:
        return Finding(name, True)
    at = next((i for i, (a, b) in enumerate(zip(one, two)) if a != b), min(len(one), len(two)))
    return Finding(name, False, f"bytes differ from byte {at + 1} of {len(one)}")
