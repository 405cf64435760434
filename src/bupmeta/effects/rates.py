"""Rates: events over person-time in two groups of every trial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from bupmeta.effects.core import Effects, FloatArray, Origin, Silent
from bupmeta.errors import DataError
from bupmeta.kernels.rates import RATES, RateMeasure

__all__ = ["Rates"]


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """`events_active` in `time_active`, `events_control` in `time_control` (one unit of time), (K,), labelled."""

    labels: tuple[str, ...]
    events_active: FloatArray
    time_active: FloatArray
    events_control: FloatArray
    time_control: FloatArray

    @classmethod
    def from_counts(
        cls,
        events_active: ArrayLike,
        time_active: ArrayLike,
        events_control: ArrayLike,
        time_control: ArrayLike,
        labels: Sequence[str] | None = None,
    ) -> Rates:
        """Check and freeze the counts of K >= 1 trials; times may have decimals.

        Raises DataError, naming the trial, for events that are not whole numbers of at least 0, times that are not
        above 0, lengths that differ, or labels that repeat.

        >>> len(Rates.from_counts([7, 8], [1344, 1600], [11, 8], [1988, 1461]))
        2
        """
        given = [
            np.array(x, dtype=np.float64) for x in (events_active, time_active, events_control, time_control)
        ]
        size = given[0].size
        names = tuple(f"study {i + 1}" for i in range(size)) if labels is None else tuple(map(str, labels))
        if not size or any(x.shape != (size,) for x in given) or len(names) != size:
            raise DataError("each trial needs events and time of both groups, and one label")
        if len(set(names)) < size:
            raise DataError("two trials have the same label; labels must differ")
        for x, t in (given[:2], given[2:]):
            for label, events, time in zip(names, x.tolist(), t.tolist()):
                if not (events >= 0 and events == np.floor(events) and np.isfinite(events)):
                    raise DataError(
                        f"{label!r} has {events:g} events; it must be a whole number of at least 0"
                    )
                if not (time > 0 and np.isfinite(time)):
                    raise DataError(f"{label!r} has a time of {time:g}; it must be above 0")
        for array in given:
            array.flags.writeable = False
        return cls(names, given[0], given[1], given[2], given[3])

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, indices: Sequence[int]) -> Rates:
        """Return the trials at `indices`, in that order."""
        at = list(indices)
        return Rates.from_counts(
            self.events_active[at],
            self.time_active[at],
            self.events_control[at],
            self.time_control[at],
            [self.labels[i] for i in at],
        )

    def effects(self, measure: RateMeasure = "IRR") -> Effects:
        """Return an estimate per trial: IRR (a logarithm) or IRD, for inverse variance.

        Where a group has no events 1/2 is added to the events of both, which the origin says; a trial without any
        is silent. Raises DataError for another measure.

        >>> effects = Rates.from_counts([7, 0], [1344, 90], [11, 0], [1988, 80]).effects()
        >>> effects.y.round(4).tolist(), effects.silent[0].kind
        ([-0.0605], 'no events in both arms')
        """
        if measure not in RATES:
            raise DataError(f"measure={measure!r} is not known; the choices are {', '.join(RATES)}")
        x1, x2 = self.events_active, self.events_control
        half = np.where(np.minimum(x1, x2) == 0, 0.5, 0.0)
        y, v = RATES[measure](x1 + half, self.time_active, x2 + half, self.time_control)
        used = np.flatnonzero(x1 + x2 > 0).tolist()
        silent = tuple(
            Silent(self.labels[i], "no events in both arms") for i in range(len(self)) if i not in used
        )
        unit = "log IRR" if measure == "IRR" else ""
        if not used:
            return Effects.none(silent, measure=measure, unit=unit)
        words = [
            f"{measure} of {x1[i]:g}/{self.time_active[i]:g} against {x2[i]:g}/{self.time_control[i]:g}"
            for i in used
        ]
        added = ["0.5 added to the events of both groups" if half[i] else "" for i in used]
        origin = [replace(Origin(), formula=a, assumption=b) for a, b in zip(words, added)]
        names = [self.labels[i] for i in used]
        return Effects.from_arrays(
            y[used], v[used], names, measure=measure, unit=unit, origin=origin, silent=silent
        )
