"""The tools that judge risk of bias: their domains in the order of the tool, and the judgements each knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["EVERY_OUTCOME", "JUDGEMENTS", "OVERALL", "TOOLS", "Judged", "JudgementName", "Tool", "ToolName"]

ToolName: TypeAlias = Literal["RoB 1", "RoB 2", "RoB 2 crossover"]
JudgementName: TypeAlias = Literal["low", "some concerns", "unclear", "high"]
#: A judgement, or that there is none.
Judged: TypeAlias = Literal["low", "some concerns", "unclear", "high", "not assessed"]

EVERY_OUTCOME = "all"
OVERALL = "overall"

#: From best to worst; "unclear" is the word of the old tool, "some concerns" that of the new ones.
JUDGEMENTS: dict[str, str] = {
    "low": "low risk of bias",
    "unclear": "too little was reported to judge (RoB 1)",
    "some concerns": "some concerns (RoB 2)",
    "high": "high risk of bias",
}


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: what it is, its domains with their meaning, and the word for a judgement between low and high.

    >>> list(TOOLS["RoB 2 crossover"].domains)
    ['D1', 'S', 'D2', 'D3', 'D4', 'D5']
    """

    title: str
    domains: dict[str, str]
    middle: JudgementName
    has_overall: bool

    @property
    def judgements(self) -> tuple[JudgementName, ...]:
        """The judgements the tool knows, best first."""
        return ("low", self.middle, "high")

    @property
    def words(self) -> tuple[str, ...]:
        """What its column `domain` may hold."""
        return (*self.domains, OVERALL) if self.has_overall else tuple(self.domains)


_ROB1 = {
    "sequence generation": "how the random sequence was made",
    "allocation concealment": "whether the next allocation could be foreseen",
    "blinding of participants": "blinding of participants and personnel",
    "blinding of assessment": "blinding of those who assess the outcome",
    "incomplete data": "incomplete outcome data",
    "selective reporting": "outcomes left out of the report",
    "other bias": "anything else",
}
_FIRST = {"D1": "randomization process"}
_PERIODS = {"S": "period and carryover effects"}
_REST = {
    "D2": "deviations from the intended interventions",
    "D3": "missing outcome data",
    "D4": "measurement of the outcome",
    "D5": "selection of the reported result",
}

#: The domains of RoB 1 are those of Higgins et al. 2011, of RoB 2 those of Sterne et al. 2019 (BMJ 366:l4898); its
#: variant for crossover trials adds the domain S.
TOOLS: dict[ToolName, Tool] = {
    "RoB 1": Tool("Cochrane risk-of-bias tool of 2011", _ROB1, "unclear", has_overall=False),
    "RoB 2": Tool("RoB 2, parallel groups", _FIRST | _REST, "some concerns", has_overall=True),
    "RoB 2 crossover": Tool(
        "RoB 2, crossover trials", _FIRST | _PERIODS | _REST, "some concerns", has_overall=True
    ),
}
