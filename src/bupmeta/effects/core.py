"""Effects: what a pool is made of, and the trials that are known but have no effect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from bupmeta.errors import DataError
from bupmeta.trials.csvfile import shown

__all__ = ["Admissible", "Axes", "AxisValue", "Effects", "FloatArray", "Origin", "Silent"]

FloatArray: TypeAlias = NDArray[np.float64]
AxisValue: TypeAlias = float | str
#: The choices a number depends on: (("r", 0.5), ("sd", "median")).
Axes: TypeAlias = tuple[tuple[str, AxisValue], ...]

LARGEST = 1e30
"""Beyond this, and for standard errors below its inverse, squares of squares leave the range of a double."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one effect came from: the rows of the data file, what they printed, the formula and choices used."""

    rows: tuple[str, ...] = ()
    year: int | None = None
    n: int | None = None
    n_active: int | None = None
    n_control: int | None = None
    design: str = ""
    treatment: str = ""
    printed: str = ""
    formula: str = "as given"
    assumption: str = ""
    address: str = ""
    remark: str = ""
    trial: str = ""
    kind: str = ""
    axes: Axes = ()


@dataclass(frozen=True, slots=True)
class Admissible:
    """Where the estimate of a trial without numbers must lie, (lower, upper), if its standard error is `se`.

    "Not significant" is an interval around 0, "significantly better" one that is open on one side. Equal ends are
    an exact estimate whose standard error was not printed. `axes` holds the choices `se` depends on.
    """

    lower: float
    upper: float
    se: float
    formula: str = ""
    assumption: str = ""
    axes: Axes = ()

    @property
    def exact(self) -> bool:
        """Whether the estimate itself is known, given `se`."""
        return self.lower == self.upper


@dataclass(frozen=True, slots=True)
class Silent:
    """A known trial without an effect: it stays in every table and plot with the reason.

    `admissible` is what its words say about the effect, where they and the printed sizes say anything; `score` the
    kind of score they are about (endpoint, change, ...), empty where the report does not say; `note` what else a reader
    must know of its rows.
    """

    label: str
    kind: str
    reason: str = ""
    rows: tuple[str, ...] = ()
    year: int | None = None
    n: int | None = None
    design: str = ""
    treatment: str = ""
    printed: str = ""
    address: str = ""
    trial: str = ""
    admissible: Admissible | None = None
    note: str = ""
    score: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """Estimates `y` with variances `v`, both of shape (K,), one label each, in one measure and unit."""

    labels: tuple[str, ...]
    y: FloatArray
    v: FloatArray
    measure: str = "generic"
    unit: str = ""
    origin: tuple[Origin, ...] = ()
    silent: tuple[Silent, ...] = field(default=())

    @classmethod
    def from_arrays(
        cls,
        y: ArrayLike,
        v: ArrayLike,
        labels: Sequence[str] | None = None,
        *,
        measure: str = "generic",
        unit: str = "",
        origin: Sequence[Origin] = (),
        silent: Sequence[Silent] = (),
    ) -> Effects:
        """Check and freeze estimates and variances (not standard errors) of K >= 1 studies.

        Raises DataError, naming the study, for numbers that are not finite or outside 1e-30 to 1e30, variances that
        are not positive, lengths that differ, labels that repeat, or no study at all.

        >>> effects = Effects.from_arrays([-0.4, -0.9], [0.04, 0.09], ["Ann 2001", "Ben 2004"])
        >>> len(effects), effects.labels
        (2, ('Ann 2001', 'Ben 2004'))
        """
        ys, vs = _vector(y, "y"), _vector(v, "v")
        if ys.size == 0 and vs.size == 0:
            raise DataError("there is no study: y and v are empty, and nothing can be pooled")
        if ys.size != vs.size:
            raise DataError(f"y has {ys.size} numbers and v has {vs.size}; each study needs one of both")
        if labels is not None and not isinstance(labels, Iterable):
            raise DataError(f"the labels are {labels!r}; give a sequence of names, one per study")
        names = tuple(f"study {i + 1}" for i in range(ys.size)) if labels is None else tuple(map(str, labels))
        if len(names) != ys.size:
            raise DataError(f"there are {len(names)} labels for {ys.size} studies; each study needs one")
        repeated = [name for name, count in Counter(names).items() if count > 1]
        if repeated:
            raise DataError(
                f"the label {shown(repeated[0])!r} is given to more than one study; labels must differ"
            )
        check_numbers(names, ys, vs)
        if origin and len(origin) != ys.size:
            raise DataError(f"there are {len(origin)} origins for {ys.size} studies; each study needs one")
        for array in (ys, vs):
            array.flags.writeable = False
        return cls(names, ys, vs, measure, unit, tuple(origin) or (Origin(),) * ys.size, tuple(silent))

    @classmethod
    def none(cls, silent: Sequence[Silent] = (), *, measure: str = "generic", unit: str = "") -> Effects:
        """No effect at all: only trials that are known without one. It can be shown, and not pooled.

        >>> len(Effects.none([Silent("Cal 2009", "results not obtained")]))
        0
        """
        empty = np.empty(0)
        empty.flags.writeable = False
        return cls((), empty, empty, measure, unit, (), tuple(silent))

    def __len__(self) -> int:
        return len(self.labels)

    def limits(self, level: float = 0.95) -> tuple[tuple[float, float], ...]:
        """Give the normal confidence interval of each effect, y -+ z sqrt(v); tables and plots show the same.

        >>> [(round(low, 2), round(high, 2)) for low, high in Effects.from_arrays([-0.4], [0.04]).limits()]
        [(-0.79, -0.01)]
        """
        half = -ndtri((1 - level) / 2) * np.sqrt(self.v)
        return tuple(zip((self.y - half).tolist(), (self.y + half).tolist()))

    def take(self, indices: Sequence[int]) -> Effects:
        """Return the effects at `indices`, in that order, with the same silent trials."""
        chosen = list(indices)
        if not chosen:
            return Effects.none(self.silent, measure=self.measure, unit=self.unit)
        return Effects.from_arrays(
            self.y[chosen],
            self.v[chosen],
            [self.labels[i] for i in chosen],
            measure=self.measure,
            unit=self.unit,
            origin=[self.origin[i] for i in chosen],
            silent=self.silent,
        )


def check_numbers(names: Sequence[str], y: FloatArray, v: FloatArray) -> None:
    """Raise DataError, naming the study, for an effect or a variance that cannot be one or that cannot be squared."""
    for name, estimate, variance in zip(names, y.tolist(), v.tolist()):
        if not np.isfinite(estimate):
            raise DataError(f"the effect of {shown(name)!r} is {estimate}; it must be a finite number")
        if not (np.isfinite(variance) and variance > 0):
            raise DataError(f"the variance of {shown(name)!r} is {variance}; it must be finite and above 0")
        if abs(estimate) > LARGEST or not LARGEST**-2 <= variance <= LARGEST**2:
            raise DataError(
                f"{shown(name)!r} has the effect {estimate:g} and the variance {variance:g}; effects beyond 1e30 and "
                "variances outside 1e-60 to 1e60 cannot be computed with, so give them in another unit"
            )


#: What an array may not hold instead of numbers, by numpy's letter for its kind.
_KINDS = {"b": "true and false", "M": "dates", "m": "time spans", "c": "complex numbers"}


def _vector(values: ArrayLike, name: str) -> FloatArray:
    if np.ma.is_masked(values):
        raise DataError(f"{name} is a masked array with masked entries; leave those studies out")
    try:
        given = np.asarray(values)
        if given.dtype.kind in _KINDS:
            raise DataError(f"{name} holds {_KINDS[given.dtype.kind]}; it must be one number per study")
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise DataError(f"{name} must be a sequence of numbers: {error}") from None
    if array.ndim != 1:
        raise DataError(f"{name} has {array.ndim} dimensions; it must be one number per study")
    return array
