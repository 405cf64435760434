"""What became of one fit."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["Status"]


class Status(IntEnum):
    """What became of one fit; each row of a batch carries one (as int8)."""

    OK = 0
    BOUNDARY = 1  # tau2 is at 0, the end of its range
    SEVERAL_OPTIMA = 2  # the likelihood has more than one local maximum; the highest was taken
    NOT_CONVERGED = 3  # no finite answer: y or v of a study is not finite, or v is not positive
    TOO_FEW = 4  # fewer than one study: every number of this row is NaN
    UNBOUNDED = 5  # the likelihood rises without end: every contribution is one-sided
