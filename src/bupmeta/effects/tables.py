"""Tables: events and people in two groups of every trial, the raw material of responders and harms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike

from bupmeta.effects.core import Effects, FloatArray, Origin, Silent
from bupmeta.errors import DataError
from bupmeta.kernels.table_effects import EFFECTS, TableMeasure, ZeroCells, corrected
from bupmeta.kernels.tables import Cells

__all__ = ["Tables"]

UNITS: dict[TableMeasure, str] = {"OR": "log OR", "RR": "log RR", "RD": "", "AS": "", "PETO": "log OR"}
NEEDS_NOTHING: tuple[TableMeasure, ...] = ("AS", "PETO")  # an empty cell is no trouble there


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """`events_active` of `n_active` and `events_control` of `n_control`, each (K,), one label per trial."""

    labels: tuple[str, ...]
    events_active: FloatArray
    n_active: FloatArray
    events_control: FloatArray
    n_control: FloatArray
    origin: tuple[Origin, ...] = ()
    silent: tuple[Silent, ...] = ()

    @classmethod
    def from_counts(
        cls,
        events_active: ArrayLike,
        n_active: ArrayLike,
        events_control: ArrayLike,
        n_control: ArrayLike,
        labels: Sequence[str] | None = None,
        *,
        origin: Sequence[Origin] = (),
        silent: Sequence[Silent] = (),
    ) -> Tables:
        """Check and freeze the counts of K >= 1 trials.

        Raises DataError, naming the trial, for counts that are not whole, negative, or above the people in their
        group, for a group without people, lengths that differ, or labels that repeat.

        >>> tables = Tables.from_counts([0, 1], [116, 44], [3, 3], [117, 35], ["Ann 2001", "Ben 2004"])
        >>> len(tables), tables.cells.b.tolist()
        (2, [116.0, 43.0])
        """
        given = {
            "events_active": _counts(events_active, "events_active"),
            "n_active": _counts(n_active, "n_active"),
            "events_control": _counts(events_control, "events_control"),
            "n_control": _counts(n_control, "n_control"),
        }
        size = given["events_active"].size
        for name, values in given.items():
            if values.size != size:
                raise DataError(
                    f"events_active has {size} numbers and {name} has {values.size}; each trial needs both"
                )
        if size == 0:
            raise DataError("there is no trial: the counts are empty, and nothing can be pooled")
        names = tuple(f"study {i + 1}" for i in range(size)) if labels is None else tuple(map(str, labels))
        if len(names) != size:
            raise DataError(f"there are {len(names)} labels for {size} trials; each trial needs one")
        for name, count in Counter(names).items():
            if count > 1:
                raise DataError(f"the label {name!r} is given to more than one trial; labels must differ")
        if origin and len(origin) != size:
            raise DataError(f"there are {len(origin)} origins for {size} trials; each trial needs one")
        for i, label in enumerate(names):
            _possible(label, {name: float(values[i]) for name, values in given.items()})
        for values in given.values():
            values.flags.writeable = False
        return cls(names, **given, origin=tuple(origin) or (Origin(),) * size, silent=tuple(silent))

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def cells(self) -> Cells:
        """Events and others of the active group, then of the control group."""
        return Cells(
            self.events_active,
            self.n_active - self.events_active,
            self.events_control,
            self.n_control - self.events_control,
        )

    def take(self, indices: Sequence[int]) -> Tables:
        """Return the trials at `indices`, in that order, with the same silent trials."""
        at = list(indices)
        return Tables.from_counts(
            self.events_active[at],
            self.n_active[at],
            self.events_control[at],
            self.n_control[at],
            [self.labels[i] for i in at],
            origin=[self.origin[i] for i in at],
            silent=self.silent,
        )

    def uninformative(self, measure: TableMeasure = "OR") -> tuple[str, ...]:
        """Say for each trial why it holds no estimate of the measure; "" where it does.

        >>> Tables.from_counts([0, 5, 1], [9, 5, 9], [0, 5, 0], [9, 5, 9]).uninformative("RR")
        ('no events in both arms', '', '')
        """
        t = self.cells
        none, only = (t.a + t.c) == 0, (t.b + t.d) == 0
        if measure in ("RD", "AS"):
            return ("",) * len(self)
        words = np.where(
            none, "no events in both arms", np.where(only & (measure != "RR"), "only events in both arms", "")
        )
        return tuple(words.tolist())

    def effects(
        self, measure: TableMeasure = "OR", zero_cells: ZeroCells = "0.5 in trials with a zero"
    ) -> Effects:
        """Return an estimate per trial for inverse variance: OR, RR (logarithms), RD, AS (arcsine) or PETO.

        What `zero_cells` adds stands in the origin of each trial; AS and PETO need nothing added. A trial that holds
        no estimate, as one without events in both arms for a ratio, becomes silent with that reason. Raises
        DataError for an unknown measure or rule.

        >>> tables = Tables.from_counts([0, 1, 0], [116, 44, 90], [3, 3, 0], [117, 35, 80], ["Ann", "Ben", "Cal"])
        >>> effects = tables.effects("OR")
        >>> effects.y.round(3).tolist(), [(s.label, s.kind) for s in effects.silent]
        ([-1.963, -1.394], [('Cal', 'no events in both arms')])
        """
        if measure not in EFFECTS:
            raise DataError(f"measure={measure!r} is not known; the choices are {', '.join(EFFECTS)}")
        if zero_cells not in get_args(ZeroCells):
            raise DataError(
                f"zero_cells={zero_cells!r} is not known; the choices are {', '.join(get_args(ZeroCells))}"
            )
        raw = self.cells
        t = raw if measure in NEEDS_NOTHING else corrected(raw, zero_cells)
        with np.errstate(divide="ignore", invalid="ignore"):
            y, v = EFFECTS[measure](t)
        why = list(self.uninformative(measure))
        for i in range(len(self)):
            if not why[i] and not (np.isfinite(y[i]) and np.isfinite(v[i]) and v[i] > 0):
                why[i] = "an empty cell, and nothing added to it"
        added = (t.a - raw.a) + (t.c - raw.c) > 0
        used = [i for i in range(len(self)) if not why[i]]
        silent = tuple(self._silent(i, why[i]) for i in range(len(self)) if why[i])
        if not used:
            return Effects.none((*self.silent, *silent), measure=measure, unit=UNITS[measure])
        return Effects.from_arrays(
            y[used],
            v[used],
            [self.labels[i] for i in used],
            measure="OR" if measure == "PETO" else measure,
            unit=UNITS[measure],
            origin=[self._origin(i, measure, zero_cells if added[i] else "") for i in used],
            silent=(*self.silent, *silent),
        )

    def _printed(self, i: int) -> str:
        return (
            f"{self.events_active[i]:g}/{self.n_active[i]:g} against "
            f"{self.events_control[i]:g}/{self.n_control[i]:g}"
        )

    def _origin(self, i: int, measure: TableMeasure, added: str) -> Origin:
        one = self.origin[i]
        return replace(
            one,
            n_active=int(self.n_active[i]),
            n_control=int(self.n_control[i]),
            n=int(self.n_active[i] + self.n_control[i]),
            printed=one.printed or self._printed(i),
            formula=f"{measure} of {self._printed(i)}",
            assumption="; ".join(filter(None, (one.assumption, added))),
        )

    def _silent(self, i: int, why: str) -> Silent:
        one = self.origin[i]
        n = int(self.n_active[i] + self.n_control[i])
        return Silent(
            self.labels[i], why, rows=one.rows, year=one.year, n=n, design=one.design, treatment=one.treatment,
            printed=one.printed or self._printed(i), address=one.address, trial=one.trial,
        )  # fmt: skip


def _counts(values: ArrayLike, name: str) -> FloatArray:
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(f"{name} must be a sequence of whole numbers: {error}") from None
    if array.ndim != 1:
        raise DataError(f"{name} has {array.ndim} dimensions; it must be one number per trial")
    return array


def _possible(label: str, at: dict[str, float]) -> None:
    for name, value in at.items():
        if not (np.isfinite(value) and value >= 0 and value == int(value)):
            raise DataError(f"{name} of {label!r} is {value:g}; it must be a whole number of at least 0")
    for arm in ("active", "control"):
        events, n = at[f"events_{arm}"], at[f"n_{arm}"]
        if n == 0:
            raise DataError(f"n_{arm} of {label!r} is 0; there must be someone in the arm")
        if events > n:
            raise DataError(
                f"{label!r} has {events:g} events among the {n:g} people of n_{arm}; there cannot be more"
            )
