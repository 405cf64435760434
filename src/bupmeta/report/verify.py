"""Redo a report from its data and specification, and compare every number and every file."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from bupmeta.analysis import Analysis, analyse
from bupmeta.errors import DataError, SpecError
from bupmeta.report.compare import byte_difference, content_difference, number_differences
from bupmeta.report.environment import machine, source_sha256, versions
from bupmeta.report.formats import FORMATS, FormatName, chosen
from bupmeta.report.provenance import NOT_LISTED
from bupmeta.report.write import write_report
from bupmeta.table import Column, Table

__all__ = ["Finding", "Verification", "compare", "verify"]

Verdict = Literal["agrees", "same content", "noted", "DIFFERS"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing compared, the verdict, and the first difference or what is to be noted."""

    what: str
    verdict: Verdict = "agrees"
    first_difference: str = ""

    @property
    def agrees(self) -> bool:
        """Whether nothing speaks against the report."""
        return self.verdict != "DIFFERS"


@dataclass(frozen=True, slots=True)
class Verification:
    """Everything that was compared; `spec` is the specification the report was redone from."""

    folder: Path
    spec: Path
    findings: tuple[Finding, ...]
    headline: Mapping[str, Any]

    @property
    def passed(self) -> bool:
        """Whether everything agrees."""
        return all(finding.agrees for finding in self.findings)

    def table(self, *, whole: bool = False) -> Table:
        """One row per thing compared; files of one folder that agree share a row unless the `whole` is wanted."""
        return findings_table(
            self.findings if whole else tuple(_together(self.findings)),
            f"{self.folder}: {'verified' if self.passed else 'not verified'}",
        )


def findings_table(findings: tuple[Finding, ...], caption: str) -> Table:
    """Show findings, one to a row."""
    columns = (Column("what", "Compared"), Column("verdict", "Verdict"), Column("first", "First difference"))
    rows = tuple({"what": f.what, "verdict": f.verdict, "first": f.first_difference} for f in findings)
    return Table(columns, rows, caption)


def _together(findings: tuple[Finding, ...]) -> Iterator[Finding]:
    shared: dict[str, list[Finding]] = {}
    for one in findings:
        folder, slash, _ = one.what.partition("/")
        if not slash or " " in folder or one.first_difference:
            yield one
        else:
            shared.setdefault(folder, []).append(one)
    for folder, found in shared.items():
        worst: Verdict = next((one.verdict for one in found if one.verdict != "agrees"), "agrees")
        yield Finding(f"{folder}/, {len(found)} files", worst)


def verify(
    report: str | Path, spec: str | Path | None = None, progress: Callable[[str], None] | None = None
) -> Verification:
    """Build the report again in a temporary folder and compare it with the one in `report`.

    `spec` is its specification, by default the file of the recorded name in analyses/. Raises DataError when the
    report or its specification cannot be found; differences are findings, not errors.
    """
    folder = Path(report)
    stored = _stored(folder)
    path = Path(spec) if spec is not None else Path("analyses") / stored["spec"]["name"]
    if not path.exists():
        raise DataError(f"{path}: the specification of {folder} is not here; name it with --spec")
    analysis = analyse(path, progress=progress)
    with tempfile.TemporaryDirectory() as temporary:
        again = write_report(analysis, Path(temporary) / folder.name, _formats(folder))
        return compare(folder, again.folder, analysis)


def compare(folder: Path, again: Path, analysis: Analysis) -> Verification:
    """Compare the report in `folder` with the one that was built `again`.

    Where both were made by the same program, packages and kind of machine, files must be equal byte for byte;
    elsewhere they must say the same. Every file must in any case be the one that the report's manifest lists.
    """
    stored, fresh = _stored(folder), _json(again / "results.json")
    made_by = _json(folder / "manifest.json")
    elsewhere = _elsewhere(made_by, _json(folder / "run.json"))
    difference = next(number_differences(stored, fresh), "")
    findings = (
        _hash(f"specification {analysis.spec.path}", stored["spec"]["sha256"], analysis.spec.sha256),
        _hash(f"data {analysis.spec.data}", stored["data"]["sha256"], analysis.data_sha256),
        _same("version of bupmeta", stored["program"]["version"], analysis.version),
        Finding("where it was made", "noted", f"{elsewhere}; files are compared by content")
        if elsewhere
        else Finding("where it was made"),
        _finding("files against manifest.json", _against_manifest(folder, made_by)),
        _finding("every number of results.json", difference),
        *_files(folder, again, exact=not elsewhere),
    )
    return Verification(folder, analysis.spec.path, findings, fresh["headline"])


def _finding(what: str, difference: str) -> Finding:
    return Finding(what, "DIFFERS" if difference else "agrees", difference)


def _same(what: str, stored: str, now: str) -> Finding:
    return _finding(what, "" if stored == now else f"{stored} in the report, {now} now")


def _hash(what: str, stored: str, now: str) -> Finding:
    return _finding(what, "" if stored == now else f"SHA-256 {stored[:16]} in the report, {now[:16]} now")


def _stored(folder: Path) -> dict[str, Any]:
    path = folder / "results.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        parts = (found["spec"]["name"], found["spec"]["sha256"], found["data"]["sha256"])
        if not all(isinstance(part, str) for part in (*parts, found["program"]["version"])):
            raise TypeError
    except OSError as error:
        raise DataError(
            f"{path}: cannot be read ({error.strerror}); name a folder that `bupmeta run` wrote"
        ) from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DataError(f"{path}: is no results.json of bupmeta") from None
    assert isinstance(found, dict)
    return found


def _json(path: Path) -> dict[str, Any]:
    """A JSON object, or an empty one where there is none: the comparison of files will say so."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _formats(folder: Path) -> tuple[FormatName, ...]:
    """The formats that were asked for; without a readable run.json, those that are there."""
    there = [name for name, one in FORMATS.items() if (folder / one.file).exists()]
    asked = _json(folder / "run.json").get("formats", there)
    try:
        return chosen(asked)
    except (SpecError, TypeError):
        return chosen(there)


def _elsewhere(made_by: Mapping[str, Any], run: Mapping[str, Any]) -> str:
    """Say what was different where the report was made, the first thing only; nothing if all was as here."""
    program = made_by.get("program")
    if isinstance(program, dict) and program.get("sha256") != source_sha256():
        return "another state of bupmeta's source"
    said = made_by.get("dependencies")
    then, now = said if isinstance(said, dict) else {}, versions()
    for name in sorted({*then, *now}):
        if made_by and then.get(name) != now.get(name):
            return f"{name} {then.get(name, 'not installed')} there, {now.get(name, 'not installed')} here"
    here = machine()
    for part in here:
        if run and run.get(part) != here[part]:
            return next(number_differences(run.get(part), here[part], part), part)
    return ""


def _against_manifest(folder: Path, made_by: Mapping[str, Any]) -> str:
    try:
        listed = {str(one["name"]): one["sha256"] for one in made_by["outputs"]}
    except (KeyError, TypeError):
        return "manifest.json is missing or lists no files"
    for name in sorted(set(listed) | set(_names(folder) - set(NOT_LISTED))):
        path = folder / name
        if name not in listed:
            return f"{name} is not listed"
        if not path.is_file():
            return f"{name} is listed and missing"
        if (digest := sha256(path.read_bytes()).hexdigest()) != listed[name]:
            return f"{name} has SHA-256 {digest[:16]}, {str(listed[name])[:16]} is listed"
    return ""


def _names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _files(folder: Path, again: Path, *, exact: bool) -> Iterator[Finding]:
    # numbers were compared already; run.json is about the machine, and the manifest about the bytes made there
    aside = {"results.json", "run.json", *(() if exact else ("manifest.json",))}
    reasons = _left_out(again, "could not be made here") | _left_out(folder, "could not be made there")
    for name in sorted((_names(folder) | _names(again)) - aside):
        stored, now = folder / name, again / name
        if name in reasons:
            yield Finding(name, "noted", reasons[name])
        elif not stored.is_file():
            yield Finding(name, "DIFFERS", "is missing from the report")
        elif not now.is_file():
            yield Finding(name, "DIFFERS", "is no part of this report")
        else:
            yield _file(name, stored.read_bytes(), now.read_bytes(), exact=exact)


def _left_out(folder: Path, words: str) -> dict[str, str]:
    try:
        return {one["file"]: f"{words}: {one['reason']}" for one in _json(folder / "run.json")["left_out"]}
    except (KeyError, TypeError):
        return {}


def _file(name: str, stored: bytes, now: bytes, *, exact: bool) -> Finding:
    if stored == now:
        return Finding(name)
    difference = content_difference(name, stored, now, exact=exact)
    if difference or not exact:
        return Finding(name, "DIFFERS" if difference else "same content", difference)
    return Finding(name, "DIFFERS", byte_difference(stored, now))
