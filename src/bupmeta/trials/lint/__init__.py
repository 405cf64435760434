"""Checks of trials.csv beyond single cells."""

from __future__ import annotations

from bupmeta.trials.faults import Fault
from bupmeta.trials.read import Rows

__all__ = ["lint"]


def lint(rows: Rows) -> tuple[Fault, ...]:
    """Return every fault of the rows, in file order."""
    return rows.faults
