"""The chain behind a number: pooled number, trials, formula, rows of the data file, figures as printed, address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import inf
from pathlib import Path
from typing import Any

from bupmeta.analysis.stored import load_results, of_this_version, pool_name, pools_of
from bupmeta.analysis.trace_outcomes import outcome_numbers, outcome_pools, shown_rows
from bupmeta.effects.readings import AXES
from bupmeta.errors import DataError, closest
from bupmeta.table import Column, Table, interval, number
from bupmeta.trials.csvfile import shown

__all__ = ["trace"]

Pool = Mapping[str, Any]


def trace(report: str | Path, what: str) -> Table:
    """Say where `what` comes from: a trial, a row of the data file, a condition, or a number of the summary.

    `report` is a folder that `bupmeta run` wrote, or its results.json. Raises DataError, naming the nearest thing
    there is, when the report has nothing of that name or cannot be read.

    >>> from bupmeta.analysis import analyse, record
    >>> import json, tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "results.json"
    >>> _ = path.write_text(json.dumps(record(analyse("analyses/bupropion.toml"))))
    >>> [row["step"] for row in trace(path, "katz2005").rows][:8]
    ['Trial', 'In', 'Effect', 'Admits', 'Readings', 'Data row', 'As printed', 'Read at']
    """
    results = load_results(report)
    with of_this_version(report):
        steps = [*_trials(results, what)] or [*_sections(results, what)] or [*_numbers(results, what)]
        if not steps:
            raise DataError(
                f"{report}: has no trial, data row, condition or number {shown(what)!r}; {_near(results, what)}"
            )
        columns = (Column("step", "Step"), Column("what", "What"))
        rows = tuple({"step": step, "what": text} for step, text in steps)
        return Table(
            columns, rows, f"{results['title']}: {what}", (f"data {results['data']['sha256'][:12]}",)
        )


def _names(trial: Mapping[str, Any]) -> set[str]:
    return {str(name).casefold() for name in (trial["trial"], trial["label"], *trial["rows"])}


def _trials(results: Mapping[str, Any], what: str) -> Iterator[tuple[str, str]]:
    wanted = what.casefold()
    first, seen = True, set()
    for name, pool in pools_of(results):
        for trial in (*pool["trials"], *pool["without_effect"]):
            if wanted not in _names(trial):
                continue
            seen |= set(trial["rows"])
            if first:
                design = trial["design"] or "design not known"
                yield "Trial", f"{trial['label']} ({trial['treatment']}, {design})"
            first = False
            yield "In", f"{name}: {_pooled(pool)}"
            yield from _effect(trial, pool["unit"])
            yield from _readings(trial)
            yield from _source(trial)
    for place, trial in shown_rows(results):
        if wanted in _names(trial) and not seen >= set(trial["rows"]):
            yield "Shown in", place
            yield from _source(trial)
    for trial in (*results["narrative"], *results["other_outcomes"]):
        if wanted in _names(trial) and not seen >= set(trial["rows"]):
            yield "Trial", f"{trial['label']} ({trial['treatment']}), never pooled here: {trial['reason']}"
            yield from _source(trial)


def _effect(trial: Mapping[str, Any], unit: str) -> Iterator[tuple[str, str]]:
    """An estimate with its formula, or the reason for having none and what the words admit."""
    if "y" in trial:
        yield "Effect", f"{number(trial['y'])}, SE {number(trial['v'] ** 0.5, 3)}, {unit}"
        yield "Formula", trial["formula"]
        if trial["assumption"]:
            yield "Assumption", trial["assumption"]
        return
    yield "Effect", f"none: {trial['kind']}; {trial['reason']}"
    if admits := trial.get("admissible"):
        ends = admits["lower"], admits["upper"]
        shown = f"{number(ends[0])}, from its exact p," if ends[0] == ends[1] else _ends(ends)
        yield "Admits", f"{shown} if SE is {number(admits['se'], 3)}: {admits['assumption']}"


def _readings(trial: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The declared readings of the report, as the range they span over each choice they depend on."""
    found = trial["readings"]
    if len(found) < 2:
        return
    axes = dict.fromkeys(axis for one in found for axis in one["axes"])
    errors = sorted(one["se"] for one in found)
    lows = sorted(one["low"] for one in found if one["low"] is not None)
    highs = sorted(one["high"] for one in found if one["high"] is not None)
    span = f"from {number(min((*lows, *highs)))} to {number(max((*lows, *highs)))}"
    spread = f"SE from {number(errors[0], 3)} to {number(errors[-1], 3)}"
    yield (
        "Readings",
        f"{len(found)} declared readings over {'; '.join(AXES.get(axis, axis) for axis in axes)}: {span}, {spread}",
    )


def _source(trial: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for row in trial["rows"]:
        yield "Data row", row
    yield "As printed", trial["printed"] or "nothing"
    yield "Read at", trial["address"] or "not given"


def _sections(results: Mapping[str, Any], what: str) -> Iterator[tuple[str, str]]:
    titles = {section["title"].casefold() for section in results["sections"]}
    for section in results["sections"]:
        for pool in [section["total"], *section["subgroups"]]:
            if pool is None:
                continue
            named = section["title"] if what.casefold() in titles else pool["title"]
            if named.casefold() == what.casefold():
                yield from _chain(pool_name(section, pool), pool)
    for title, name, pool in outcome_pools(results):
        if title.casefold() == what.casefold():
            yield from _chain(name, pool)
    for place, trial in shown_rows(results):
        if place.partition(":")[0].casefold() == what.casefold():
            yield "Shown", f"{trial['label']}, {place.partition(': ')[2]}"
            yield from _source(trial)


def _chain(name: str, pool: Pool) -> Iterator[tuple[str, str]]:
    yield "Pool", f"{name}: {_pooled(pool)}"
    found = (pool.get("all_evidence") or {}).get("result")
    if found is not None:
        yield "All evidence", f"{number(found['mu'])} {_ends(found['ci'])}, {found['k']} trials"
    for trial in (*pool["trials"], *pool["without_effect"]):
        yield "From" if "y" in trial else "Silent", trial["label"]
        yield from _effect(trial, pool["unit"])
        yield from _source(trial)


_NUMBERS = {
    "mu": "estimate", "se": "standard error", "ci": "interval", "tau2": "tau2", "tau2_ci": "interval of tau2",
    "i2": "I2", "prediction": "prediction interval",
}  # fmt: skip


def _numbers(results: Mapping[str, Any], what: str) -> Iterator[tuple[str, str]]:
    """Pools of which a number, rounded as it was typed, is the number that was asked for; an integer must be equal."""
    text = what.replace("−", "-").strip()
    try:
        wanted = float(text)
    except ValueError:
        return
    digits = len(text.partition(".")[2]) or 9
    for name, pool in pools_of(results):
        hits = [hit for of, found in _results(pool) if (hit := _hit(of, found, wanted, digits))]
        if hits:
            yield "Number", "; ".join(hits)
            yield from _chain(name, pool)


def _results(pool: Pool) -> Iterator[tuple[str, Mapping[str, Any]]]:
    evidence = pool.get("all_evidence") or {}
    found = (
        ("", pool["result"]),
        (" of all evidence", evidence.get("result")),
        (" of the all-evidence posterior", evidence.get("bayes")),
        *((f" if unseen results were {row['assumed']:g}", row) for row in evidence.get("unseen") or ()),
    )
    yield from ((of, one) for of, one in found if one is not None)
    yield from outcome_numbers(pool)


def _hit(of: str, found: Mapping[str, Any], wanted: float, digits: int) -> str:
    for key, title in _NUMBERS.items():
        value = found.get(key)
        for one in value if isinstance(value, list | tuple) else (value,):
            if one is not None and round(one, digits) == wanted:
                return f"{title}{of}: {one}"
    return ""


def _ends(pair: Sequence[float | None]) -> str:
    low, high = pair
    return interval((-inf if low is None else low, inf if high is None else high))


def _pooled(pool: Pool) -> str:
    found = pool["result"]
    if found is None:
        return "not pooled" if pool["trials"] else "no effect to pool"
    how = "one trial" if found["k"] == 1 else f"pooled from {found['k']} trials"
    return f"{number(found['mu'])} {_ends(found['ci'])}, {how}"


def _near(results: Mapping[str, Any], what: str) -> str:
    names = {section["title"] for section in results["sections"]}
    names |= {outcome["title"] for outcome in results.get("outcomes", ())}
    for _, pool in pools_of(results):
        for trial in (*pool["trials"], *pool["without_effect"]):
            names |= {trial["trial"], trial["label"]}
    guess = closest(what, sorted(names), 0.4)
    return f"did you mean {guess!r}?" if guess else "name a trial, a condition or a number of its tables"
