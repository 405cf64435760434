"""What priors share: positive parameters, words, and whether they are proper."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar

import numpy as np
from scipy.special import betaln

from bupmeta.errors import ModelError
from bupmeta.kernels import FloatArray

__all__ = ["LOG_ROOT_2PI", "Prior", "log_student"]

LOG_ROOT_2PI = 0.5 * np.log(2 * np.pi)


@dataclass(frozen=True, slots=True)
class Prior:
    """A prior with positive parameters, except those in `ANYWHERE`."""

    ANYWHERE: ClassVar[tuple[str, ...]] = ()
    ENDLESS: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, str):
                continue
            known = isinstance(value, (int, float)) and not isinstance(value, bool) and not np.isnan(value)
            fits = known and (np.isfinite(value) or (field.name in self.ENDLESS and value > 0))
            if not fits or (field.name not in self.ANYWHERE and value <= 0):
                kind = "a finite number" if field.name in self.ANYWHERE else "a number above 0"
                raise ModelError(f"{type(self).__name__}: {field.name}={value!r} must be {kind}")

    @property
    def proper(self) -> bool:
        """Whether it integrates to 1, as marginal likelihoods and Bayes factors need."""
        return True

    @property
    def words(self) -> str:
        """The prior as people write it."""
        values = (getattr(self, f.name) for f in fields(self) if f.name != "source")
        return f"{type(self).__name__}({', '.join(f'{value:g}' for value in values)})"

    @property
    def said(self) -> str:
        """The prior in a sentence."""
        return self.words


def log_student(x: FloatArray, location: float, scale: float, df: float) -> FloatArray:
    """Return the log density of Student's t about `location` at `x`."""
    z = (x - location) / scale
    constant = -np.log(scale) - 0.5 * np.log(df) - betaln(0.5, df / 2)
    out: FloatArray = constant - 0.5 * (df + 1) * np.log1p(z * z / df)
    return out
