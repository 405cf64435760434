"""What is compared: a data file or a report on each side, and the analyses that both are put through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

from bupmeta.analysis import AnalysisSpec, analyse, read_spec, record
from bupmeta.analysis.stored import load_results, of_this_version
from bupmeta.errors import ModelError, SpecError
from bupmeta.living.pools import states
from bupmeta.pooling import RandomEffects
from bupmeta.trials import COLUMNS, Trials, read_trials
from bupmeta.trials.csvfile import read_csv

__all__ = ["File", "Side", "comparisons", "side"]

Results: TypeAlias = Mapping[str, Any]
ANALYSES = Path("analyses")


@dataclass(frozen=True, slots=True)
class File:
    """Which file was compared."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: the rows of a data file with its header, or the stored numbers of a report."""

    file: File
    trials: Trials | None = None
    header: tuple[str, ...] = ()
    results: Results | None = None


def side(path: str | Path) -> Side:
    """Read one side: a folder or .json file is a report, anything else a data file of trials."""
    where = Path(path)
    if where.is_dir() or where.suffix.lower() == ".json":
        results = load_results(where)
        _check(results, path)
        inside = where / "results.json" if where.is_dir() else where
        return Side(File(str(path), sha256(inside.read_bytes()).hexdigest()), results=results)
    trials = read_trials(where)
    header = read_csv(where, known=[column.name for column in COLUMNS]).header
    return Side(File(str(path), trials.sha256), trials, header)


def _check(results: Results, path: str | Path) -> None:
    """Raise DataError when stored results lack what is compared, as those of another program would."""
    with of_this_version(path):
        states(results)
        _ = results["name"], results["spec"]["name"], results["program"]
        try:
            RandomEffects(**results["model"])
        except ModelError as error:
            raise ValueError(error) from None


def comparisons(
    old: Side, new: Side, specs: Sequence[str | Path]
) -> tuple[tuple[tuple[Results | None, Results | None], ...], tuple[str, ...]]:
    """Give the results of both sides by every analysis, and notes on what could not be analysed.

    Two reports are compared as they are. A side that an analysis does not fit is None, with a note; an analysis that
    fits neither raises its SpecError when it was asked for, and is passed over when it only lies in analyses/.
    """
    if old.results is not None and new.results is not None:
        return ((old.results, new.results),), _unlike(old.results, new.results)
    stored = old.results or new.results
    asked = [read_spec(path) for path in specs]
    if not asked and stored is not None:
        asked = [read_spec(ANALYSES / stored["spec"]["name"])]
    found: list[tuple[Results | None, Results | None]] = []
    notes: list[str] = []
    for spec in asked or [read_spec(path) for path in sorted(ANALYSES.glob("*.toml"))]:
        pair, faults = zip(*(_analysed(one, spec) for one in (old, new)))
        if all(faults):
            if asked:
                raise faults[0]
            continue
        notes += [str(fault) for fault in faults if fault]
        found.append(pair)
    if not found:
        notes.append(
            "no specification in analyses/ matches these files, so no pool was compared; name one with --spec"
        )
    return tuple(found), tuple(notes)


def _analysed(one: Side, spec: AnalysisSpec) -> tuple[Results | None, SpecError | None]:
    """Put one side through an analysis: the pools only, for which the side choices need not be crossed again.

    Judgements of bias move no pool, and their file may know trials that this side does not have (yet).
    """
    if one.results is not None:
        return one.results, None
    here = replace(
        spec,
        data=Path(one.file.path),
        risk_of_bias=None,
        sensitivity=(),
        multiverse=None,
        outcome_multiverse=None,
    )
    try:
        return record(analyse(here)), None
    except SpecError as error:
        return None, error


def _unlike(old: Results, new: Results) -> tuple[str, ...]:
    """Say what else than the data differs between two reports."""
    said = []
    for key, title in (("spec", "specification"), ("model", "model"), ("program", "version of bupmeta")):
        if old[key] != new[key]:
            said.append(f"the {title} differs too, so not every move comes from the data")
    return tuple(said)
