"""Absolute effects: what a pooled ratio or difference means among 1,000 people with a known risk untreated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil, exp, inf
from typing import Literal, get_args

import numpy as np

from bupmeta.effects.tables import Tables
from bupmeta.errors import DataError, ModelError
from bupmeta.pooling.models import choice
from bupmeta.pooling.result import MetaResult
from bupmeta.table import Column, Shown, Table, Value, in_percent, number

__all__ = ["Absolute", "AssumedRisk", "Event", "absolute", "control_risk", "nnt"]

Event = Literal["benefit", "harm"]
Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class AssumedRisk:
    """A risk without treatment, from 0 to 1, and where it is from.

    >>> AssumedRisk(0.3, "placebo arms of Mease 2009").risk
    0.3
    """

    risk: float
    source: str = "assumed"

    def __post_init__(self) -> None:
        if isinstance(self.risk, bool) or not isinstance(self.risk, int | float) or not 0 < self.risk < 1:
            raise DataError(f"a control risk of {self.risk!r} is not a risk; it must lie between 0 and 1")


def control_risk(tables: Tables) -> AssumedRisk:
    """Return the median of the control groups' risks, with their range in words.

    Raises DataError when the median is 0 or 1: give a risk from elsewhere then.

    >>> control_risk(Tables.from_counts([4, 2, 5], [50, 40, 60], [10, 6, 12], [50, 40, 48]))
    AssumedRisk(risk=0.2, source='median of 3 control groups, 15.0% to 25.0%')
    """
    risks = tables.events_control / tables.n_control
    low, middle, high = float(risks.min()), float(np.median(risks)), float(risks.max())
    if not 0 < middle < 1:
        raise DataError(
            f"the median risk of the control groups is {middle:g}; give AssumedRisk(risk, source)"
        )
    if len(tables) == 1:
        return AssumedRisk(middle, f"control group of {tables.labels[0]}, {number(100 * middle, 1)}%")
    words = f"median of {len(tables)} control groups, {number(100 * low, 1)}% to {number(100 * high, 1)}%"
    return AssumedRisk(middle, words)


#: Risk with treatment from the risk without and the pooled effect.
RISK: dict[str, Callable[[float, float], float]] = {
    "OR": lambda risk, y: risk * exp(y) / (1 - risk + risk * exp(y)) if y < 700 else 1.0,
    "RR": lambda risk, y: risk * exp(y) if y < 700 else inf,
    "RD": lambda risk, y: risk + y,
}


@dataclass(frozen=True, slots=True)
class Absolute(Shown):
    """Per assumed risk: risk with treatment, difference (with treatment minus without), its limits; all from 0 to 1.

    `event` says whether the event is a benefit (responders) or a harm (nausea), which makes a number needed to treat
    one for benefit (NNTB) or for harm (NNTH). `prediction` is the interval of a new trial's effect, None without one.
    """

    result: MetaResult
    event: Event
    assumed: tuple[AssumedRisk, ...]
    difference: tuple[float, ...]
    ci: tuple[Pair, ...]
    prediction: tuple[Pair | None, ...]
    notes: tuple[str, ...] = ()

    @property
    def risk(self) -> tuple[float, ...]:
        """The risks with treatment."""
        return tuple(one.risk + d for one, d in zip(self.assumed, self.difference))

    @property
    def nnt(self) -> tuple[str, ...]:
        """The numbers needed to treat, in the words of Altman 1998."""
        return tuple(nnt(d, ci, self.event) for d, ci in zip(self.difference, self.ci))

    def table(self) -> Table:
        """Show one row per assumed risk, per 1,000 people."""
        columns = (
            Column("source", "Risk without treatment"),
            Column("control", "Without, per 1,000", "number", 0),
            Column("active", "With, per 1,000", "number", 0),
            Column("difference", "Difference, per 1,000", "number", 0),
            Column("ci", f"{in_percent(self.result.model.level)}% CI", "interval", 0),
            Column("prediction", "Prediction interval", "interval", 0),
            Column("nnt", "Number needed to treat"),
        )
        rows: list[dict[str, Value]] = [
            {
                "source": one.source,
                "control": 1000 * one.risk,
                "active": 1000 * risk,
                "difference": 1000 * d,
                "ci": _thousand(ci),
                "prediction": None if new is None else _thousand(new),
                "nnt": words,
            }
            for one, risk, d, ci, new, words in zip(
                self.assumed, self.risk, self.difference, self.ci, self.prediction, self.nnt
            )
        ]
        caption = f"Absolute effects from the pooled {self.result.effects.measure}"
        return Table(columns, tuple(rows), caption, self.notes)


def _thousand(pair: Pair) -> Pair:
    return 1000 * pair[0], 1000 * pair[1]


def absolute(
    result: MetaResult, risks: AssumedRisk | float | Sequence[AssumedRisk | float], *, event: Event
) -> Absolute:
    """Turn a pooled OR, RR or RD into differences per 1,000 and numbers needed to treat, at assumed control risks.

    The control risk is taken as known: the intervals are those of the pooled effect alone (Cochrane Handbook,
    section 15.4). A risk with treatment cannot leave 0 to 1; where the pooled effect asks for that, it is cut there
    and a note says so. Raises ModelError for another measure, DataError for a risk outside (0, 1) or none.

    >>> from bupmeta import MantelHaenszel, pool
    >>> result = pool(Tables.from_counts([30, 12], [100, 50], [20, 9], [100, 50]), MantelHaenszel(measure="RD"))
    >>> absolute(result, 0.2, event="benefit").nnt
    ('NNTB 12 (NNTH 112 to ∞ to NNTB 6)',)
    """
    choice(event, get_args(Event), "event")
    measure = result.effects.measure
    if measure not in RISK:
        raise ModelError(f"absolute effects need an OR, RR or RD, not {measure}")
    given = [risks] if isinstance(risks, AssumedRisk | float | int) else list(risks)
    assumed = tuple(one if isinstance(one, AssumedRisk) else AssumedRisk(one) for one in given)
    if not assumed:
        raise DataError("no control risk is given; assume one, or take control_risk(tables)")
    notes: list[str] = []

    def difference(risk: float, y: float) -> float:
        with_treatment = RISK[measure](risk, y)
        if not 0 <= with_treatment <= 1:
            notes.append(
                f"at a control risk of {number(100 * risk, 1)}% the risk with treatment is cut at 0 or 1"
            )
        return min(max(with_treatment, 0.0), 1.0) - risk

    def both(risk: float, pair: Pair) -> Pair:
        return difference(risk, pair[0]), difference(risk, pair[1])

    out = Absolute(
        result,
        event,
        assumed,
        tuple(difference(one.risk, result.mu) for one in assumed),
        tuple(both(one.risk, result.ci) for one in assumed),
        tuple(both(one.risk, result.prediction) if result.prediction else None for one in assumed),
    )
    return replace(out, notes=tuple(dict.fromkeys(notes)))


def nnt(difference: float, ci: Pair, event: Event) -> str:
    """Say a risk difference as a number needed to treat, with its interval through infinity where it crosses 0.

    Altman 1998, BMJ 317, 1309: no effect is a number needed to treat of infinity, not 0, so an interval that holds no
    effect runs from harm over infinity to benefit. Numbers are rounded up.

    >>> nnt(0.13, (0.05, 0.21), "benefit"), nnt(-0.02, (-0.10, 0.06), "harm")
    ('NNTB 8 (NNTB 5 to NNTB 20)', 'NNTB 50 (NNTH 17 to ∞ to NNTB 10)')
    """
    low, high = ci if event == "benefit" else (-ci[1], -ci[0])
    gain = difference if event == "benefit" else -difference
    if low > 0 or high < 0:  # the smaller number, which is the larger effect, first
        ends = sorted((_needed(low), _needed(high)), key=lambda one: one[0])
        words = " to ".join(word for _, word in ends)
    elif low == 0 or high == 0:
        words = " to ".join(["∞", _needed(low or high)[1]] if low or high else ["∞"])
    else:
        words = f"{_needed(low)[1]} to ∞ to {_needed(high)[1]}"
    return f"{_needed(gain)[1]} ({words})"


def _needed(gain: float) -> tuple[float, str]:
    if gain == 0:
        return inf, "∞"
    people = ceil(1 / abs(gain) - 1e-9)  # 1/0.1 is 10 and not a little more
    return people, f"{'NNTB' if gain > 0 else 'NNTH'} {people}"
