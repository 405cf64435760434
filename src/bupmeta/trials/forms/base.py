"""What any report may print beside its result: sizes, and a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bupmeta.trials.words import PAbout, Relation

__all__ = ["Sizes", "Tested"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Any report may print how many patients are behind its figures."""

    either: ClassVar[tuple[tuple[str, ...], ...]] = ()  # sets of columns of which one must be complete

    n_active: int | None = None
    n_control: int | None = None
    n_paired: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested(Sizes):
    """Many print a test beside it."""

    p_relation: Relation | None = None
    p: float | None = None
    p_about: PAbout | None = None
    t: float | None = None
    df: float | None = None
