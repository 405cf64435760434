"""Certainty of evidence after GRADE: proposals with the numbers that triggered them, and the reviewer's own steps."""

from __future__ import annotations

from bupmeta.analysis.certainty.body import Body, Unseen
from bupmeta.analysis.certainty.domains import PROPOSALS, Proposal
from bupmeta.analysis.certainty.information_size import InformationSize, of_difference, of_ratio
from bupmeta.analysis.certainty.rating import LEVELS, Certainty, Level, Override, Rated, rate
from bupmeta.analysis.certainty.rules import DOMAINS, Domain, Rules

__all__ = [
    "DOMAINS",
    "LEVELS",
    "PROPOSALS",
    "Body",
    "Certainty",
    "Domain",
    "InformationSize",
    "Level",
    "Override",
]
__all__ += ["Proposal", "Rated", "Rules", "Unseen", "of_difference", "of_ratio", "rate"]
