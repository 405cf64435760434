"""Files of other programs: scripts that redo the numbers elsewhere, and data of theirs as rows of trials.csv."""

from __future__ import annotations

from bupmeta.exchange.r_script import r_script, r_script_of_pool

__all__ = ["r_script", "r_script_of_pool"]
