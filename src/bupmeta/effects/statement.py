"""What words and bare p values say about an effect: limits in units of its standard error."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bupmeta.effects.difference import SilentKind, Unusable
from bupmeta.effects.measures import t_from_p
from bupmeta.trials import Result
from bupmeta.trials import forms as f
from bupmeta.trials.words import Favours, Relation

__all__ = ["LEVEL", "Statement", "statement"]

#: The two-sided level that "significant" and "not significant" stand for where no p is printed.
LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Statement:
    """The estimate lies between `lower` and `upper` standard errors; equal limits are an exact statement.

    Negative is less pain on the active treatment.
    """

    lower: float
    upper: float
    formula: str
    assumption: str = ""


def statement(result: Result, df: float) -> Statement | Unusable:
    """Read a report without an estimate as limits of t = Y/s with `df` degrees of freedom.

    Not significant: |t| < c, c the t quantile of level .05, and on one side of 0 where the direction is printed.
    Significantly better: t < -c. A bound p < x with direction: t < -t(x). An exact p with direction: t = -t(p);
    without it |t| = t(p) with the sign unknown, for which the interval from -t(p) to t(p) stands: it holds both
    values and claims less than the report. Unusable where the words are about the change within a group, or
    significant without a direction (two half-lines, no interval).

    >>> from bupmeta.trials import read_trials
    >>> katz = read_trials("data/trials.csv")["katz2005_pain"]
    >>> said = statement(katz, 43)
    >>> round(said.lower, 3), round(said.upper, 3)
    (-2.017, 2.017)
    """
    form = result.form
    match form:
        case f.NotSignificant():
            return _beyond(">", LEVEL, form.favours, df, "not significant, read as p > 0.05")
        case f.DirectionOnly():
            return _beyond("<", LEVEL, form.favours, df, "significant, read as p < 0.05")
        case f.POnly() if form.p_about == "within":
            return Unusable("within groups only", "the p value compares with baseline, not the groups")
        case f.POnly():
            note = "" if form.p_about == "between" else "p is taken to compare the treatments"
            return _beyond(form.p_relation, form.p, form.favours, df, f"p {form.p_relation} {form.p:g}", note)
        case _:
            return Unusable("words only", "no statement about significance")


def _beyond(
    relation: Relation, p: float, favours: Favours | None, df: float, words: str, note: str = ""
) -> Statement | Unusable:
    if df < 1:
        return Unusable("sizes too small", "too few patients for a test")
    t = float(t_from_p(p, df))
    if math.isinf(t):
        return Unusable("p value only", "no p value is zero")
    formula = f"{words}, t({df:g}) = {t:.3f}"
    if relation in ("<", "<="):
        if favours is None:
            kind: SilentKind = "significant, no numbers"
            return Unusable(kind, "significant, but its direction was not printed")
        ends = (-math.inf, -t)
    elif relation == "=" and favours is not None:
        ends = (-t, -t)
    elif favours is not None:
        ends = (-t, 0.0)
    else:
        if relation == "=":
            note = "; ".join(
                filter(None, (note, "the direction was not printed: the interval holds both signs"))
            )
        return Statement(-t, t, formula, note)
    if favours == "control":
        ends = (-ends[1], -ends[0])
    return Statement(*ends, formula, note)
