"""Reports without an estimate: a p value, words, or a result nobody here has read."""

from __future__ import annotations

from dataclasses import dataclass

from bupmeta.trials.forms.base import Sizes, Tested
from bupmeta.trials.words import Favours, PAbout, Relation

__all__ = ["DirectionOnly", "NotObtained", "NotSignificant", "POnly", "TextOnly", "WithinGroupOnly"]


@dataclass(frozen=True, slots=True, kw_only=True)
class POnly(Tested):
    """A p value and no estimate."""

    p_relation: Relation
    p: float
    p_about: PAbout
    favours: Favours | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSignificant(Sizes):
    """The words "not significant" and no number."""

    favours: Favours | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectionOnly(Sizes):
    """The words "significantly better" (or worse) and no number."""

    favours: Favours | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithinGroupOnly(Tested):
    """Change against baseline inside each group; nothing between the groups."""

    mean_active: float | None = None
    mean_control: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextOnly(Tested):
    """Words, and numbers that are no result of this outcome."""

    percent_active: float | None = None
    percent_control: float | None = None
    favours: Favours | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotObtained(Sizes):
    """A trial known to exist whose result nobody here has read."""
