"""What a next trial could change: chances, how much information is needed, and which results would turn a pool."""

from __future__ import annotations

from bupmeta.planning.extended_funnel import ExtendedFunnel, extended_funnel
from bupmeta.planning.information_size import InformationSize, information_size
from bupmeta.planning.next_trial import NextTrial, Outlook, next_trial
from bupmeta.planning.trial import TrialDesign

__all__ = [
    "ExtendedFunnel",
    "InformationSize",
    "NextTrial",
    "Outlook",
    "TrialDesign",
    "extended_funnel",
    "information_size",
    "next_trial",
]
