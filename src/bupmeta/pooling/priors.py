"""Priors as values, `bupmeta.priors`: of tau, how much true effects vary, and of mu, their mean."""

from __future__ import annotations

from bupmeta.pooling.mu_priors import Flat, MuPrior, Normal, T
from bupmeta.pooling.named_priors import Both, bartos, rhodes2015, turner2015
from bupmeta.pooling.prior_text import mu_prior, tau_prior
from bupmeta.pooling.tau_priors import (
    DuMouchel,
    HalfCauchy,
    HalfNormal,
    HalfT,
    InvGamma,
    Jeffreys,
    LogNormal,
    LogT,
    Shrinkage,
    TauPrior,
    Uniform,
)

__all__ = [
    "Both",
    "DuMouchel",
    "Flat",
    "HalfCauchy",
    "HalfNormal",
    "HalfT",
    "InvGamma",
    "Jeffreys",
    "LogNormal",
    "LogT",
    "MuPrior",
    "Normal",
    "Shrinkage",
    "T",
    "TauPrior",
    "Uniform",
    "bartos",
    "mu_prior",
    "rhodes2015",
    "tau_prior",
    "turner2015",
]
