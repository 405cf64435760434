"""Priors of mu, the mean of true effects, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from bupmeta.kernels import FloatArray
from bupmeta.kernels.posterior import FLAT, Centre
from bupmeta.pooling.prior_base import LOG_ROOT_2PI, Prior, log_student

__all__ = ["Flat", "MuPrior", "Normal", "T"]


@dataclass(frozen=True, slots=True)
class MuPrior(Prior):
    """A prior of mu, the mean of true effects."""

    @property
    def centre(self) -> Centre:
        """The prior as the kernel takes it."""
        return FLAT

    def log_density(self, mu: FloatArray) -> FloatArray:
        """Return the log density at `mu`; that of a flat prior is 0."""
        found = self.centre
        if not self.proper:
            return np.zeros(np.shape(mu))
        if np.isfinite(found.df):
            return log_student(mu, found.mean, found.scale, found.df)
        z = (mu - found.mean) / found.scale
        out: FloatArray = -0.5 * z * z - np.log(found.scale) - LOG_ROOT_2PI
        return out


@dataclass(frozen=True, slots=True)
class Flat(MuPrior):
    """Every mean effect alike; improper, and harmless as soon as one trial has an estimate."""

    @property
    def proper(self) -> bool:
        """It is not."""
        return False

    @property
    def said(self) -> str:
        """The prior in a sentence."""
        return "flat"


@dataclass(frozen=True, slots=True)
class Normal(MuPrior):
    """mu ~ N(`mean`, `sd`^2)."""

    ANYWHERE: ClassVar[tuple[str, ...]] = ("mean",)
    mean: float
    sd: float

    @property
    def centre(self) -> Centre:
        """The prior as the kernel takes it."""
        return Centre(self.mean, self.sd)


@dataclass(frozen=True, slots=True)
class T(MuPrior):
    """mu ~ Student's t with `df` about `mean` with `scale`; `source` says where that is from."""

    ANYWHERE: ClassVar[tuple[str, ...]] = ("mean",)
    mean: float
    scale: float
    df: float
    source: str = ""

    @property
    def centre(self) -> Centre:
        """The prior as the kernel takes it."""
        return Centre(self.mean, self.scale, self.df)
