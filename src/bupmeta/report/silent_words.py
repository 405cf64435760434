"""How trials without an effect are spoken of: one phrase for each reason, counted or named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bupmeta.effects import Silent
from bupmeta.report.counting import count, has, listed

__all__ = ["KINDS", "silent_clauses"]


class Phrase(NamedTuple):
    """What a trial "has", and what follows a number of such trials."""

    clause: str
    counted: str


KINDS: dict[str, Phrase] = {
    "not significant, no numbers": Phrase(
        "a result reported only as not significant", "reported only as not significant"
    ),
    "significant, no numbers": Phrase(
        "a result reported only as significantly better", "reported only as significantly better"
    ),
    "significant in some arms, no numbers": Phrase(
        "a result reported only as significant for some doses and not for others",
        "significant for some doses and not for others, without numbers",
    ),
    "p value only": Phrase("a p value and no estimate", "with a p value only"),
    "means without a standard error": Phrase(
        "means but no standard error", "with means and no standard error"
    ),
    "percent of baseline only": Phrase("a result in percent of baseline only", "in percent of baseline only"),
    "scale range not printed": Phrase("a scale whose range was not printed", "without a scale range"),
    "sizes not printed": Phrase("group sizes that were not printed", "without group sizes"),
    "sizes too small": Phrase("groups that are too small", "with groups that are too small"),
    "within groups only": Phrase("comparisons with baseline only", "with comparisons with baseline only"),
    "one group only": Phrase("figures of one group only", "with one group only"),
    "subgroups only": Phrase("results by subgroup only", "by subgroup only"),
    "words only": Phrase("words and no figures", "in words only"),
    "ratio without counts": Phrase(
        "a ratio or number needed to treat without counts", "with a ratio and no counts"
    ),
    "another outcome only": Phrase("another outcome only", "with another outcome only"),
    "kept out of every pool": Phrase(
        "a reason to be kept out of every pool", "kept out of every pool, with the reason"
    ),
    "results not obtained": Phrase("results that were not obtained", "with results not obtained"),
}
_MANY = 3  # kinds of silence that still make a sentence
_LAST = ("results not obtained", "kept out of every pool")


def silent_clauses(silent: Sequence[Silent]) -> list[str]:
    """One clause per reason; many reasons are counted in one clause instead.

    >>> silent_clauses([Silent("Cal 2009", "p value only"), Silent("Dee 2010", "results not obtained")])
    ['one trial (Cal 2009) has a p value and no estimate', 'the results of one trial (Dee 2010) were not obtained']
    """
    kinds = sorted(dict.fromkeys(trial.kind for trial in silent), key=lambda kind: kind in _LAST)
    if len(kinds) > _MANY:
        counted = "; ".join(f"{sum(t.kind == kind for t in silent)} {KINDS[kind].counted}" for kind in kinds)
        return [f"{count(len(silent), 'trial')} {has(len(silent))} none ({counted})"]
    return [_clause(kind, [trial.label for trial in silent if trial.kind == kind]) for kind in kinds]


def _clause(kind: str, names: list[str]) -> str:
    n = len(names)
    trials = count(n, "trial") + (f" ({listed(names)})" if n <= 3 else "")
    if kind == "results not obtained":
        return f"the results of {trials} were not obtained"
    return f"{trials} {has(n)} {KINDS[kind].clause}"
