"""The [[findings]] and [[certainty]] of a specification: each entry checked, each fault one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, get_args

from bupmeta.analysis.certainty import Domain
from bupmeta.analysis.spec import MOST_FINDINGS, ReviewerStep, SummaryRow
from bupmeta.errors import SpecError, instead

__all__ = ["FINDING_KEYS", "STEP_KEYS", "reviewer_steps", "summary_rows"]

Kind = Literal["text", "number"]
#: The keys of an entry and what each holds.
FINDING_KEYS: dict[str, Kind] = {"outcome": "text", "condition": "text", "comment": "text"}
STEP_KEYS: dict[str, Kind] = {
    "outcome": "text",
    "condition": "text",
    "domain": "text",
    "step": "number",
    "reason": "text",
}
_STEPS = (0, -1, -2)


def summary_rows(where: Path, entries: Sequence[Mapping[str, Any]]) -> tuple[SummaryRow, ...]:
    """Check the rows of the Summary of Findings.

    Raises SpecError for a row without an outcome, the same row twice, or more than seven of them.
    """
    found = tuple(SummaryRow(**_with(where, "findings", ("outcome",), entry)) for entry in entries)
    if len(found) > MOST_FINDINGS:
        raise SpecError(
            f"{where}: there are {len(found)} [[findings]]; a Summary of Findings has at most {MOST_FINDINGS}, "
            "so choose those that matter most to patients"
        )
    keys = [(one.outcome, one.condition) for one in found]
    for outcome, condition in keys:
        if keys.count((outcome, condition)) > 1:
            raise SpecError(
                f"{where}: two [[findings]] are about {outcome!r}, {condition or 'all conditions'!r}"
            )
    return found


def reviewer_steps(where: Path, entries: Sequence[Mapping[str, Any]]) -> tuple[ReviewerStep, ...]:
    """Check what a reviewer decides about certainty.

    Raises SpecError for an unknown domain, a step other than 0, -1 or -2, or a decision without its reason.
    """
    found = []
    for entry in entries:
        values = dict(_with(where, "certainty", ("outcome", "domain", "reason"), entry))
        label = f"{where}: [[certainty]] of {values['outcome']!r}"
        domains = get_args(Domain)
        if values["domain"] not in domains:
            hint = instead(values["domain"], domains)
            raise SpecError(f"{label} has domain = {values['domain']!r}; {hint}")
        if values.get("step") not in _STEPS:
            given = f"has step = {values['step']:g}" if "step" in values else "has no step"
            raise SpecError(f"{label} {given}; it is 0, -1 or -2")
        found.append(ReviewerStep(**{**values, "step": int(values["step"])}))
    return tuple(found)


def _with(where: Path, table: str, needed: Sequence[str], entry: Mapping[str, Any]) -> Mapping[str, Any]:
    for key in needed:
        if not str(entry.get(key, "")).strip():
            raise SpecError(f"{where}: a [[{table}]] entry has no {key}")
    return entry
