"""A living review: what changed between two data files or two reports, and what that did to each pool."""

from __future__ import annotations

from bupmeta.living.attribution import Attribution, Share
from bupmeta.living.compare import Diff, PoolChange, diff
from bupmeta.living.pools import Entry, PoolState
from bupmeta.living.rows import Cell, RowChanges, TrialChange, compare_rows

__all__ = ["Attribution", "Cell", "Diff", "Entry", "PoolChange", "PoolState", "RowChanges", "Share"]
__all__ += ["TrialChange", "compare_rows", "diff"]
