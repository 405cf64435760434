"""The beta-binomial model of two groups: the risks of trials vary, and trials without events count as they are."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln

from bupmeta.kernels.glmm import Contributions
from bupmeta.kernels.table_likelihoods import log_choose, log_one_plus_exp
from bupmeta.kernels.tables import Cells
from bupmeta.kernels.weighted import FloatArray

__all__ = ["beta_binomial"]

LARGE = 30.0  # above it Stirling's series, to its fifth power, has all digits


def beta_binomial(t: Cells) -> Contributions:
    """Return the log-likelihood per table (N, K) at N points of: mu, s, level (Kuss 2015, Stat. Med. 34, 1097).

    Events of a group are beta-binomial with log odds level -+ mu/2 and correlation s^2/(1 + s^2) between people of the
    group; s = 0 is the common-effect model of pooled counts. Even in s, so that s needs no bound.
    """
    constant = log_choose(t.n1, t.a) + log_choose(t.n2, t.c)

    def contributions(x: FloatArray) -> FloatArray:
        mu, phi, level = x[:, :1], x[:, 1:2] ** 2, x[:, 2:3]
        one = _group(t.a, t.b, level + mu / 2, phi)
        return constant + one + _group(t.c, t.d, level - mu / 2, phi)

    return contributions


def _group(events: FloatArray, rest: FloatArray, log_odds: FloatArray, phi: FloatArray) -> FloatArray:
    up, down = -log_one_plus_exp(-log_odds), -log_one_plus_exp(log_odds)
    return (
        _log_rising(up, phi, events)
        + _log_rising(down, phi, rest)
        - _log_rising(np.zeros_like(up), phi, events + rest)
    )


def _log_rising(log_p: FloatArray, phi: FloatArray, n: FloatArray) -> FloatArray:
    """Return log of p (p + phi) ... (p + (n - 1) phi), right also where phi is 0."""
    p, small = np.exp(log_p), np.maximum(phi, 1e-14)
    x = p / small
    far = np.maximum(x, LARGE)  # each branch is fed what it can take
    series = n * log_p + (far + n - 0.5) * np.log1p(n / far) - n + _stirling(far + n) - _stirling(far)
    near = np.minimum(x, LARGE)
    direct = n * np.log(small) + gammaln(near + n) - gammaln(near)
    out: FloatArray = np.where(x > LARGE, series, direct)
    return out


def _stirling(x: FloatArray) -> FloatArray:
    return (1 / 12 - (1 / 360 - 1 / (1260 * x * x)) / (x * x)) / x
