"""The state of a pool, read from stored results: its numbers, and what each of its trials contributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any

from bupmeta.analysis.stored import pools_of
from bupmeta.table import interval, number

__all__ = ["NUMBERS", "Counts", "Entry", "PoolState", "states"]

Pair = tuple[float, float]
Counts = tuple[int, ...]
ARMS = ("events_active", "n_active", "events_control", "n_control")
#: The pooled numbers that are compared, by their field and what people call them.
NUMBERS = {
    "known": "trials known",
    "k": "trials with an effect",
    "mu": "estimate",
    "ci": "interval",
    "tau2": "tau²",
    "prediction": "prediction interval",
    "all_k": "all evidence, trials",
    "all_mu": "all evidence, estimate",
    "all_ci": "all evidence, interval",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What one trial contributes: the range its estimate lies in (both ends equal: an estimate) and its SE.

    A trial that says nothing about the effect has a standard error of None; `kind` is then the reason.
    """

    label: str
    trial: str
    rows: tuple[str, ...]
    low: float = -inf
    high: float = inf
    se: float | None = None
    exact: bool = False
    kind: str = ""

    @property
    def says(self) -> str:
        """The contribution in words."""
        if self.se is None:
            return self.kind or "no numbers"
        if self.exact:
            return f"{number(self.low)}, SE {number(self.se)}"
        return f"in {interval((self.low, self.high))}, SE {number(self.se)}"

    @property
    def contribution(self) -> tuple[float, float, float | None, bool]:
        """What the pool is given of this trial."""
        return self.low, self.high, self.se, self.exact


@dataclass(frozen=True, slots=True)
class PoolState:
    """One pool as it stood; numbers it does not have are None. `model` is IV for estimates, else one of counts;
    `counts` are then events and people of both groups by label.
    """

    name: str
    measure: str
    unit: str
    entries: tuple[Entry, ...]
    known: int
    k: int
    mu: float | None
    ci: Pair | None
    tau2: float | None
    prediction: Pair | None
    all_k: int | None
    all_mu: float | None
    all_ci: Pair | None
    asks_all: bool
    model: str = "IV"
    counts: Mapping[str, Counts] = field(default_factory=dict)


def states(results: Mapping[str, Any]) -> dict[str, PoolState]:
    """Give every pool of stored results by its name; single trials that are compared and never pooled are none."""
    return {name: _state(name, pool) for name, pool in pools_of(results) if "known" in pool}


def _state(name: str, pool: Mapping[str, Any]) -> PoolState:
    found = pool["result"] or {}
    evidence = pool.get("all_evidence")  # counts have none
    everything = (evidence or {}).get("result") or {}
    return PoolState(
        name=name,
        measure=pool["measure"],
        unit=pool["unit"],
        entries=tuple(_entries(pool)),
        known=pool["known"],
        k=found.get("k", 0),
        mu=found.get("mu"),
        ci=_pair(found.get("ci")),
        tau2=found.get("tau2"),
        prediction=_pair(found.get("prediction")),
        all_k=everything.get("k"),
        all_mu=everything.get("mu"),
        all_ci=_pair(everything.get("ci")),
        asks_all=evidence is not None,
        model=pool.get("model") or "IV",
        counts={row["label"]: tuple(row[key] for key in ARMS) for row in pool.get("counts", ())},
    )


def _entries(pool: Mapping[str, Any]) -> Iterator[Entry]:
    for trial in pool["trials"]:
        y, se = trial["y"], trial["v"] ** 0.5
        yield Entry(trial["label"], trial["trial"], tuple(trial["rows"]), y, y, se, exact=True)
    for trial in pool["without_effect"]:
        names = trial["label"], trial["trial"], tuple(trial["rows"])
        if (said := trial["admissible"]) is None:
            yield Entry(*names, kind=trial["kind"])
        else:
            low, high = _ends((said["lower"], said["upper"]))
            yield Entry(*names, low, high, said["se"], kind=trial["kind"])


def _pair(ends: list[float | None] | None) -> Pair | None:
    return None if ends is None else _ends((ends[0], ends[1]))


def _ends(ends: tuple[float | None, float | None]) -> Pair:
    """Both ends; JSON has no infinity, so an open end is stored as null."""
    low, high = ends
    return -inf if low is None else low, inf if high is None else high
