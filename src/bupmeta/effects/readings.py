"""Declared choices, and what a report says under each: readings over a grid, never one silent number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, TypeAlias

from bupmeta.effects.core import Admissible, Axes, AxisValue

__all__ = ["AXES", "GRID", "PRIMARY", "Choice", "Grid", "PAboutName", "PBoundName", "Reading", "Recovery"]
__all__ += ["ScoreName", "SdName", "Watched", "over", "value_words"]

SdName: TypeAlias = Literal["lower quartile", "median", "upper quartile"]
PAboutName: TypeAlias = Literal["between", "within"]
PBoundName: TypeAlias = Literal["at", "below"]
ScoreName: TypeAlias = Literal["printed", "change"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value on each axis that a recovery may depend on; the defaults are the primary reading.

    `r` is the within-person correlation of endpoint scores where none can be derived, `r_change` that of change
    scores (Dinat 2015: -0.04 and -0.01). `sd` is the point taken from the standard deviations of comparable trials.
    `p_about` is what a p value compares where the report does not say. `p_bound` takes the standard error at the
    bound of "p < 0.001", or from comparable trials where that is below it. `score` takes endpoint scores as printed,
    or as changes where means and SDs before treatment are printed too, with `r` between before and after.
    """

    r: float = 0.5
    r_change: float = 0.0
    sd: SdName = "median"
    p_about: PAboutName = "between"
    p_bound: PBoundName = "at"
    score: ScoreName = "printed"

    def on(self, *names: str) -> Axes:
        """The named axes with their values.

        >>> Choice().on("r", "sd")
        (('r', 0.5), ('sd', 'median'))
        """
        return tuple((name, getattr(self, name)) for name in names)


class Watched(Choice):
    """The same choice, which notes the axes that whoever reads a report by it asks for.

    What a reading depends on is what was asked for, not what its label says: a report read at the bound of its p
    value because comparable trials do not have less has asked for their standard deviations.

    >>> watched = Watched.of(Choice(r=0.3))
    >>> watched.r, watched.asked
    (0.3, {'r': 0.3})
    """

    __slots__ = ("asked",)
    asked: dict[str, AxisValue]

    @classmethod
    def of(cls, choice: Choice) -> Watched:
        """Watch a choice; nothing has been asked for yet."""
        watched = cls(*(getattr(choice, name) for name in AXES))
        object.__setattr__(watched, "asked", {})
        return watched

    def __getattribute__(self, name: str) -> Any:
        value = object.__getattribute__(self, name)
        if name in AXES:
            object.__getattribute__(self, "asked")[name] = value
        return value


PRIMARY = Choice()

#: What each axis is, in words that a reader knows.
AXES: dict[str, str] = {
    "r": "within-person correlation of scores",
    "r_change": "within-person correlation of change scores",
    "sd": "standard deviation, from those of comparable trials",
    "p_about": "what the p value compares",
    "p_bound": "standard error at the bound of p, or below it",
    "score": "endpoint scores as printed, or changes from baseline",
}


def value_words(value: object) -> str:
    """Write the value of an axis as tables show it.

    >>> value_words(0.5), value_words("median")
    ('0.5', 'median')
    """
    return f"{value:g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True, slots=True)
class Grid:
    """The declared values of each axis, and the primary choice among them."""

    r: tuple[float, ...] = (0.3, 0.5, 0.7, 0.9)
    r_change: tuple[float, ...] = (-0.1, 0.0, 0.3, 0.5, 0.7)
    sd: tuple[SdName, ...] = ("lower quartile", "median", "upper quartile")
    p_about: tuple[PAboutName, ...] = ("between", "within")
    p_bound: tuple[PBoundName, ...] = ("at", "below")
    score: tuple[ScoreName, ...] = ("printed", "change")
    primary: Choice = field(default=PRIMARY)


GRID = Grid()
assert tuple(AXES) == tuple(f.name for f in fields(Choice)) == tuple(f.name for f in fields(Grid))[:-1]


@dataclass(frozen=True, slots=True)
class Reading:
    """One estimate and variance that a report supports, the formula that gave it and what was assumed.

    `axes` holds the choices it depends on; a reading that depends on none has no axes.
    """

    y: float
    v: float
    formula: str
    assumption: str = ""
    axes: Axes = ()

    @property
    def at(self) -> Mapping[str, AxisValue]:
        """The choices this reading depends on, by axis."""
        return dict(self.axes)


@dataclass(frozen=True, slots=True)
class Recovery:
    """All readings of one report over a grid; the first is the primary one.

    A reading is an estimate with a variance, or the interval in which the estimate must lie.
    """

    readings: tuple[Reading | Admissible, ...]

    @property
    def primary(self) -> Reading | Admissible:
        """The reading at the grid's primary choice."""
        return self.readings[0]

    @property
    def axes(self) -> tuple[str, ...]:
        """The axes the readings lie on."""
        return tuple(dict.fromkeys(name for one in self.readings for name, _ in one.axes))

    def __len__(self) -> int:
        return len(self.readings)


def over(grid: Grid, read: Callable[[Choice], Reading | Admissible | None]) -> Recovery | None:
    """Everything `read` gives over the grid, each distinct reading once, the primary first; None if that is nothing.

    Only the axes that were asked for are walked, so that a report that needs no choice is read once.

    >>> found = over(Grid(r=(0.3, 0.5)), lambda c: Reading(0.0, 1 - c.r, "example", "", c.on("r")))
    >>> [(one.at["r"], one.v) for one in found.readings]
    [(0.5, 0.5), (0.3, 0.7)]
    """
    found: dict[Axes, Reading | Admissible] = {}
    todo, seen = [grid.primary], {grid.primary}
    while todo:
        watched = Watched.of(choice := todo.pop(0))
        one = read(watched)
        if one is None:
            if choice == grid.primary:
                return None
            continue
        found.setdefault(one.axes, one)
        for name in watched.asked:
            fresh = [replace(choice, **{name: value}) for value in getattr(grid, name)]
            todo += [other for other in fresh if other not in seen]
            seen.update(fresh)
    return Recovery(tuple(found.values()))
