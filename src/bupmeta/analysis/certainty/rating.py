"""Certainty of evidence: the proposals, what a reviewer overrides, and the level they come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from bupmeta.analysis.certainty.body import Body
from bupmeta.analysis.certainty.domains import PROPOSALS, Proposal
from bupmeta.analysis.certainty.rules import Domain, Rules

__all__ = ["LEVELS", "Certainty", "Level", "Override", "Rated", "rate"]

Level: TypeAlias = Literal["very low", "low", "moderate", "high"]

#: From very low to high, as GRADE draws them.
LEVELS: dict[Level, str] = {"very low": "⊕◯◯◯", "low": "⊕⊕◯◯", "moderate": "⊕⊕⊕◯", "high": "⊕⊕⊕⊕"}


@dataclass(frozen=True, slots=True)
class Override:
    """What a reviewer decides instead of a proposal, and why."""

    domain: Domain
    step: int
    reason: str


@dataclass(frozen=True, slots=True)
class Rated:
    """One domain: the proposal and, where there is one, the reviewer's own step with its reason."""

    proposal: Proposal
    override: Override | None = None

    @property
    def step(self) -> int:
        """The step that counts."""
        return self.proposal.step if self.override is None else self.override.step


@dataclass(frozen=True, slots=True)
class Certainty:
    """How certain the evidence on one outcome is; a proposal unless a reviewer decided on every domain that counts."""

    domains: tuple[Rated, ...]

    @property
    def level(self) -> Level:
        """Randomized trials begin at high; each step is one level down, not below very low."""
        levels: tuple[Level, ...] = ("very low", "low", "moderate", "high")
        return levels[max(0, 3 + sum(one.step for one in self.domains))]

    @property
    def proposed(self) -> Level:
        """The level without the reviewer."""
        return Certainty(tuple(Rated(one.proposal) for one in self.domains)).level

    @property
    def words(self) -> str:
        """The level as sign and word, and what led down to it.

        >>> rate(Body(1, 41, ("not assessed",), (100.0,), (-2.7, -0.7))).words
        '⊕◯◯◯ very low: one trial with an effect; risk of bias (−1)'
        """
        few = [one for one in self.domains if one.proposal.domain == "number of trials" and one.step]
        first = [one.proposal.trigger.partition(":")[0] for one in few]
        down = [
            f"{one.proposal.domain} (−{-one.step})" for one in self.domains if one.step < 0 and one not in few
        ]
        reasons = "; ".join([*first, *([", ".join(down)] if down else [])])
        return f"{LEVELS[self.level]} {self.level}" + (f": {reasons}" if reasons else "")


def rate(body: Body, overrides: Sequence[Override] = (), rules: Rules | None = None) -> Certainty:
    """Propose a step for every domain and set the reviewer's own beside it.

    >>> found = rate(Body(5, 900, ("low",) * 5, (20.0,) * 5, (-1.2, -0.6), i2=10.0))
    >>> found.level, [one.step for one in found.domains]
    ('high', [0, 0, 0, 0, 0, 0])
    """
    own = {one.domain: one for one in overrides}
    limits = rules or Rules()
    return Certainty(
        tuple(Rated(propose(body, limits), own.get(domain)) for domain, propose in PROPOSALS.items())
    )
