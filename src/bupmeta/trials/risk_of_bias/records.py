"""Judgements of risk of bias as values: of one trial for one outcome, and of all trials of a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bupmeta.table import quantity
from bupmeta.trials.faults import Fault
from bupmeta.trials.risk_of_bias.words import EVERY_OUTCOME, OVERALL, TOOLS, Judged, JudgementName, ToolName

if TYPE_CHECKING:
    from bupmeta.table import Table

__all__ = ["Assessment", "Judgement", "RiskOfBias", "shares"]

_ORDER: tuple[Judged, ...] = ("low", "unclear", "some concerns", "high", "not assessed")


@dataclass(frozen=True, slots=True)
class Judgement:
    """One published judgement: of a trial, for an outcome or all of them, in one domain of a tool."""

    line: int
    trial: str
    outcome: str
    tool: ToolName
    domain: str
    judgement: JudgementName
    support: str
    judged_by: str
    source: str
    place: str
    note: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """What was judged of one trial for one outcome; without a judgement it has no tool and every answer is none."""

    trial: str
    tool: ToolName | None = None
    judgements: tuple[Judgement, ...] = ()

    def of(self, domain: str) -> Judged:
        """The judgement of a domain, or that there is none."""
        return next((one.judgement for one in self.judgements if one.domain == domain), "not assessed")

    @property
    def assessed(self) -> bool:
        """Whether anybody judged anything."""
        return bool(self.judgements)

    @property
    def overall(self) -> Judged:
        """The overall judgement as published; else that of the worst domain.

        A trial is low only when every domain of the tool was judged low.
        """
        if self.tool is None:
            return "not assessed"
        if (published := self.of(OVERALL)) != "not assessed":
            return published
        tool = TOOLS[self.tool]
        found = {self.of(domain) for domain in tool.domains}
        worst: tuple[Judged, ...] = ("high", tool.middle, "not assessed")
        return next((word for word in worst if word in found), "low")


def shares(judged: Sequence[Judged], weights: Sequence[float] = ()) -> Mapping[Judged, float]:
    """Give the share of each judgement, from 0 to 1: of the number of trials, or of their weights.

    The judgements that occur come in the order best to worst, then "not assessed"; without any weight there is none.

    >>> shares(["high", "low", "low"]), shares(["high", "low"], [3, 1])
    ({'low': 0.6666666666666666, 'high': 0.3333333333333333}, {'low': 0.25, 'high': 0.75})
    """
    own = list(weights) or [1.0] * len(judged)
    whole = sum(own)
    if not whole:
        return {}
    found = {word: sum(w for one, w in zip(judged, own, strict=True) if one == word) for word in _ORDER}
    return {word: part / whole for word, part in found.items() if part}


@dataclass(frozen=True, slots=True, eq=False)
class RiskOfBias:
    """All judgements of one file, in file order; `sha256` is the file's.

    Examples
    --------
    >>> from bupmeta.trials.risk_of_bias import read_risk_of_bias
    >>> judged = read_risk_of_bias("data/risk_of_bias.csv")
    >>> katz = judged.of("katz2005", "pain_intensity")
    >>> katz.of("sequence generation"), katz.of("other bias"), katz.overall
    ('low', 'not assessed', 'high')
    >>> judged.of("semenchuk2001", "pain_intensity").overall
    'not assessed'

    """

    judgements: tuple[Judgement, ...]
    path: str
    sha256: str
    warnings: tuple[Fault, ...] = ()

    def __len__(self) -> int:
        return len(self.judgements)

    def __iter__(self) -> Iterator[Judgement]:
        return iter(self.judgements)

    def of(self, trial: str, outcome: str) -> Assessment:
        """Return what was judged of a trial for an outcome, else for all outcomes, else nothing."""
        own = [one for one in self.judgements if one.trial == trial]
        for wanted in (outcome, EVERY_OUTCOME):
            found = tuple(one for one in own if one.outcome == wanted)
            if found:
                return Assessment(trial, found[0].tool, found)
        return Assessment(trial)

    def table(self) -> Table:
        """Return the judgements as a table, one to a row."""
        from bupmeta.table import Column, Table

        shown = {"trial": "Trial", "outcome": "Outcome", "tool": "Tool", "domain": "Domain",
                 "judgement": "Judgement", "support": "Support", "judged_by": "Judged by"}  # fmt: skip
        rows = tuple({name: getattr(one, name) for name in shown} for one in self.judgements)
        return Table(tuple(Column(name, title) for name, title in shown.items()), rows)

    def __repr__(self) -> str:
        trials = quantity(len({one.trial for one in self.judgements}), "trial")
        return f"<RiskOfBias: {len(self)} judgements of {trials}, {self.path}>"
