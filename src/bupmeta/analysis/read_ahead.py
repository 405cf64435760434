"""Reading what a specification asks across conditions and of a next trial: `[across]` and `[next_trial]`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bupmeta.analysis.spec import Across, Ahead
from bupmeta.errors import SpecError

__all__ = ["across", "ahead"]


def across(where: Path, table: dict[str, Any]) -> Across:
    """Check the scales of the priors."""
    for key, value in table.items():
        if not 0 < value < 100:
            raise SpecError(
                f"{where}: across.{key} is {value:g}; the scale of a prior lies between 0 and 100"
            )
    return Across(**table)


def ahead(where: Path, table: dict[str, Any]) -> Ahead:
    """Check sizes, thresholds, the effect to be found, its power and the standard deviation."""
    for key in ("n", "thresholds"):
        if key in table and not table[key]:
            raise SpecError(f"{where}: next_trial.{key} is empty; give at least one number")
    for n in table.get("n", ()):
        if n < 2 or n != int(n):
            raise SpecError(f"{where}: next_trial.n has {n:g}; a size is a whole number of 2 or more")
    found = Ahead(**table)
    if not found.delta:
        raise SpecError(f"{where}: next_trial.delta is 0; name an effect that is to be found")
    if not 0 < found.power < 1:
        raise SpecError(f"{where}: next_trial.power is {found.power:g}; it lies between 0 and 1")
    if found.sd is not None and found.sd <= 0:
        raise SpecError(f"{where}: next_trial.sd is {found.sd:g}; a standard deviation is above 0")
    return found
