"""The files that say what a report was made from, how and where: manifest.json, run.json, ro-crate-metadata.json."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from bupmeta.analysis import Analysis
from bupmeta.report.environment import machine, source_sha256, versions

__all__ = ["NOT_LISTED", "crate", "manifest", "outputs", "run_facts"]

#: What the manifest does not list: itself, and the one file that depends on the machine.
NOT_LISTED = ("manifest.json", "run.json")

_CRATE = "https://w3id.org/ro/crate/1.2"
_TYPES = {
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".md": "text/markdown",
    ".json": "application/json",
    ".csv": "text/csv",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


def outputs(folder: Path, names: Sequence[str]) -> list[dict[str, Any]]:
    """Name, size and hash of each file."""
    found = []
    for name in names:
        data = (folder / name).read_bytes()
        found.append({"name": name, "bytes": len(data), "sha256": sha256(data).hexdigest()})
    return found


def manifest(analysis: Analysis, made: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Say what went in (data, specification, program, packages) and what came out, by hash."""
    spec, judged = analysis.spec, analysis.risk_of_bias
    return {
        "schema_version": 1,
        "program": {"name": "bupmeta", "version": analysis.version, "sha256": source_sha256()},
        "data": {"name": spec.data.name, "sha256": analysis.data_sha256},
        "risk_of_bias": None if judged is None else {"name": judged.name, "sha256": judged.sha256},
        "spec": {"name": spec.path.name, "sha256": spec.sha256},
        "dependencies": versions(),
        "outputs": list(made),
    }


def run_facts(
    formats: Sequence[str], left_out: Sequence[tuple[str, str]], arguments: Sequence[str]
) -> dict[str, Any]:
    """Say how the report was asked for, what could not be made here and why, and what this machine is."""
    return {
        "schema_version": 1,
        "arguments": list(arguments),
        "formats": list(formats),
        "left_out": [{"file": file, "reason": reason} for file, reason in left_out],
        **machine(),
    }


def crate(analysis: Analysis, names: Sequence[str]) -> dict[str, Any]:
    """Describe the report as an RO-Crate 1.2 of files made by one action.

    The day of publication is not known here and stays out; whoever deposits the report adds `datePublished`.
    """
    spec = analysis.spec
    listed = [{"@id": name} for name in names]
    inputs = [
        _input("#data", spec.data.name, "The trial results as printed", analysis.data_sha256),
        _input("#specification", spec.path.name, "The specification of the analysis", spec.sha256),
    ]
    if (judged := analysis.risk_of_bias) is not None:
        inputs.append(
            _input("#risk-of-bias", judged.name, "Published judgements of the trials", judged.sha256)
        )
    licence = _licence(spec.data)
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": spec.title,
        "description": f"Meta-analysis report: {spec.question.intervention} against {spec.question.comparator} in "
        f"{spec.question.population}; {spec.question.outcome}. Every file was computed from the data and the "
        "specification that the action names.",
        **({"license": {"@id": licence}} if licence else {}),
        "hasPart": listed,
        "mentions": [{"@id": "#run"}],
    }
    action = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": "Analyse and write the report",
        "instrument": {"@id": "#bupmeta"},
        "object": [{"@id": one["@id"]} for one in inputs],
        "result": listed,
    }
    graph = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": _CRATE},
        },
        root,
        action,
        {
            "@id": "#bupmeta",
            "@type": "SoftwareApplication",
            "name": "bupmeta",
            "softwareVersion": analysis.version,
        },
        *inputs,
        *(
            {"@id": name, "@type": "File", "name": name, "encodingFormat": _TYPES[Path(name).suffix]}
            for name in names
        ),
    ]
    if licence:
        graph.append({"@id": licence, "@type": "CreativeWork", "name": "Licence of the data"})
    return {"@context": f"{_CRATE}/context", "@graph": graph}


def _input(key: str, name: str, description: str, digest: str) -> dict[str, Any]:
    return {
        "@id": key,
        "@type": "CreativeWork",
        "name": name,
        "description": f"{description}; SHA-256 {digest}",
    }


def _licence(data: Path) -> str:
    """The licence that a datapackage.json beside the data states for exactly these bytes, or nothing."""
    try:
        package = json.loads((data.parent / "datapackage.json").read_text(encoding="utf-8"))
        digest = f"sha256:{sha256(data.read_bytes()).hexdigest()}"
        hashes = [resource.get("hash") for resource in package["resources"]]
        return str(package["licenses"][0]["path"]) if digest in hashes else ""
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError):
        return ""  # there is no such description; nothing is claimed
