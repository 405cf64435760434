"""Priors of tau, the standard deviation of true effects, as values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from scipy.special import betaln, gammaln

from bupmeta.kernels import FloatArray
from bupmeta.pooling.prior_base import LOG_ROOT_2PI, Prior, log_student
from bupmeta.table import number

__all__ = [
    "DuMouchel",
    "HalfCauchy",
    "HalfNormal",
    "HalfT",
    "InvGamma",
    "Jeffreys",
    "LogNormal",
    "LogT",
    "Shrinkage",
    "TauPrior",
    "Uniform",
]


@dataclass(frozen=True, slots=True)
class TauPrior(Prior):
    """A prior of tau, the standard deviation of true effects."""

    @property
    def upper(self) -> float:
        """The largest tau it allows."""
        return np.inf

    def log_density(self, log_tau: FloatArray, v: FloatArray) -> FloatArray:
        """Return the log density of log tau, given the trials' variances `v` (..., K); without constant if improper."""
        raise NotImplementedError

    def pdf(self, tau: FloatArray | float, v: FloatArray | None = None) -> FloatArray:
        """Return the density at `tau`; `v`, the variances of the trials, for those priors that depend on them.

        >>> f"{HalfNormal(0.5).pdf(0.0):.4f}"
        '1.5958'
        """
        at = np.maximum(np.asarray(tau, dtype=float), 1e-300)
        with np.errstate(over="ignore"):
            log = self.log_density(np.log(at).ravel(), np.ones(1) if v is None else np.asarray(v))
            log = log.reshape(at.shape) - np.log(at)
        return np.where(at <= self.upper, np.exp(log), 0.0)

    def scaled(self, factor: float) -> TauPrior:
        """Return the prior of `factor` tau: effects in another unit."""
        changed = {name: getattr(self, name) * factor for name in ("scale", "largest") if hasattr(self, name)}
        return replace(self, **changed)


@dataclass(frozen=True, slots=True)
class HalfNormal(TauPrior):
    """tau = |Z|, Z ~ N(0, `scale`^2); 0.5 and 1.0 for an SMD or a log ratio (Röver et al. 2021, Res. Synth. Methods).

    >>> HalfNormal(0.5).scaled(2.5)
    HalfNormal(scale=1.25)
    >>> HalfNormal(0.5).said
    'half-normal with scale 0.5'
    """

    scale: float

    @property
    def said(self) -> str:
        """The prior in a sentence."""
        return f"half-normal with scale {self.scale:g}"

    def log_density(self, log_tau: FloatArray, v: FloatArray) -> FloatArray:  # noqa: ARG002 - the priors share it
        """Return the log density of log tau."""
        square = np.exp(2 * (log_tau - np.log(self.scale)))
        out: FloatArray = np.log(2 / self.scale) - LOG_ROOT_2PI - 0.5 * square + log_tau
        return out


@dataclass(frozen=True, slots=True)
class HalfT(TauPrior):
    """tau = |t|, t Student's with `df` degrees of freedom and `scale` (Gelman 2006)."""

    scale: float
    df: float

    def log_density(self, log_tau: FloatArray, v: FloatArray) -> FloatArray:  # noqa: ARG002 - the priors share it
        """Return the log density of log tau."""
        far = np.logaddexp(0.0, 2 * (log_tau - np.log(self.scale)) - np.log(self.df))
        constant = np.log(2 / self.scale) - 0.5 * np.log(self.df) - betaln(0.5, self.df / 2)
        out: FloatArray = constant - 0.5 * (self.df + 1) * far + log_tau
        return out


@dataclass(frozen=True, slots=True)
class HalfCauchy(TauPrior):
    """tau = |C|, C Cauchy with `scale` (Gelman 2006): half-t with 1 df."""

    scale: float

    def log_density(self, log_tau: FloatArray, v: FloatArray) -> FloatArray:
        """Return the log density of log tau."""
        return HalfT(self.scale, 1.0).log_density(log_tau, v)


@dataclass(frozen=True, slots=True)
class Uniform(TauPrior):
    """Every tau up to `largest` alike; without it improper, and no use below three trials."""

    ENDLESS: ClassVar[tuple[str, ...]] = ("largest",)
    largest: float = np.inf

    @property
    def upper(self) -> float:
        """The largest tau it allows."""
        return self.largest

    @property
    def proper(self) -> bool:
        """Whether there is a largest tau."""
        return bool(np.isfinite(self.largest))

    def log_density(self, log_tau: FloatArray, v: FloatArray) -> FloatArray:  # noqa: ARG002 - the priors share it
        """Return the log density of log tau."""
        return log_tau - (np.log(self.largest) if self.proper else 0.0)


@dataclass(frozen=True, slots=True)
class Jeffreys(TauPrior):
    """Jeffreys' prior of tau given mu, sqrt(sum (tau/(v + tau2))^2) (Bodnar et al. 2017); improper."""

    @property
    def proper(self) -> bool:
        """It is not."""
        return False

    def log_density(self, log_tau: FloatArray, v: FloatArray) -> FloatArray:
        """Return the log density of log tau, without a constant."""
        log_x = np.logaddexp(np.log(v)[..., None, :], 2 * log_tau[..., None])
        out: FloatArray = 2 * log_tau + 0.5 * np.logaddexp.reduce(-2 * log_x, axis=-1)
        return out


def _harmonic(v: FloatArray) -> FloatArray:
    """Return the log of s0, the root of the harmonic mean of the variances, with an axis for tau."""
    out: FloatArray = -0.5 * np.log((1 / v).mean(-1))[..., None]
    return out


@dataclass(frozen=True, slots=True)
class DuMouchel(TauPrior):
    """s0/(s0 + tau)^2, s0^2 the harmonic mean of the trials' variances (DuMouchel & Normand 2000)."""

    def log_density(self, log_tau: FloatArray, v: FloatArray) -> FloatArray:
        """Return the log density of log tau."""
        s0 = _harmonic(v)
        out: FloatArray = s0 - 2 * np.logaddexp(s0, log_tau) + log_tau
        return out


@dataclass(frozen=True, slots=True)
class Shrinkage(TauPrior):
    """2 s0^2 tau/(s0^2 + tau^2)^2: the average shrinkage is uniform (Daniels 1999), s0^2 as in `DuMouchel`."""

    def log_density(self, log_tau: FloatArray, v: FloatArray) -> FloatArray:
        """Return the log density of log tau."""
        s0 = _harmonic(v)
        out: FloatArray = np.log(2) + 2 * s0 - 2 * np.logaddexp(2 * s0, 2 * log_tau) + 2 * log_tau
        return out


@dataclass(frozen=True, slots=True)
class LogNormal(TauPrior):
    """log tau2 ~ N(`mean`, `sd`^2); `source` says where that is from.

    >>> LogNormal(-1.83, 1.52).words
    'log τ² ~ N(−1.83, 1.52²)'
    """

    ANYWHERE: ClassVar[tuple[str, ...]] = ("mean",)
    mean: float
    sd: float
    source: str = ""

    @property
    def words(self) -> str:
        """The prior as people write it."""
        return f"log τ² ~ N({number(self.mean)}, {number(self.sd)}²)"

    def log_density(self, log_tau: FloatArray, v: FloatArray) -> FloatArray:  # noqa: ARG002 - the priors share it
        """Return the log density of log tau."""
        z = (2 * log_tau - self.mean) / self.sd
        out: FloatArray = np.log(2 / self.sd) - LOG_ROOT_2PI - 0.5 * z * z
        return out

    def scaled(self, factor: float) -> LogNormal:
        """Return the prior of `factor` tau."""
        return replace(self, mean=float(self.mean + 2 * np.log(factor)))


@dataclass(frozen=True, slots=True)
class LogT(TauPrior):
    """log tau2 ~ Student's t with `df` about `location` with `scale`; `source` says where that is from."""

    ANYWHERE: ClassVar[tuple[str, ...]] = ("location",)
    location: float
    scale: float
    df: float = 5.0
    source: str = ""

    @property
    def words(self) -> str:
        """The prior as people write it."""
        return f"log τ² ~ t{self.df:g}({number(self.location)}, {number(self.scale)}²)"

    def log_density(self, log_tau: FloatArray, v: FloatArray) -> FloatArray:  # noqa: ARG002 - the priors share it
        """Return the log density of log tau."""
        out: FloatArray = np.log(2) + log_student(2 * log_tau, self.location, self.scale, self.df)
        return out

    def scaled(self, factor: float) -> LogT:
        """Return the prior of `factor` tau."""
        return replace(self, location=float(self.location + 2 * np.log(factor)))


@dataclass(frozen=True, slots=True)
class InvGamma(TauPrior):
    """tau (not tau2) inverse gamma with `shape` and `scale`; `source` says where that is from."""

    shape: float
    scale: float
    source: str = ""

    def log_density(self, log_tau: FloatArray, v: FloatArray) -> FloatArray:  # noqa: ARG002 - the priors share it
        """Return the log density of log tau."""
        log = np.log(self.scale) - log_tau
        with np.errstate(over="ignore"):  # at tau = 0
            out: FloatArray = self.shape * log - np.exp(log) - gammaln(self.shape)
            return out
