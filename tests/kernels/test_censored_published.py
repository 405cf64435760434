"""The worked examples of metansue 2.0 (vignette of Albajes-Eizagirre, Solanes & Radua), which imputes 500 times.

Its second digit is Monte Carlo and its method another (ML, multiple imputation, REML, Rubin's rules, a protection
that leaves studies out), so agreement is to 0.01 of a standardized mean difference.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import gammaln, stdtrit

from bupmeta.kernels.censored import censored_fit
from bupmeta.kernels.censored_profile import censored_limits

NO = np.nan  # "not significant", no numbers

# Section "NSUE meta-analysis": one-sample t values and sizes; 0.4212 (0.2765 to 0.5658), tau2 0.0016.
ONE_SAMPLE = (
    [3.4, NO, NO, NO, NO, 2.8, 2.1, 3.1, 2.0, 3.4],
    [40, 20, 22, 24, 18, 30, 25, 30, 16, 22],
)
# example1.txt: 0.4568 (0.3374 to 0.5762), tau2 0.0004; with example1_truth.txt for the four unknown 0.4572
# (0.3441 to 0.5703), tau2 0, by metafor's REML too.
TWO_SAMPLES = (
    [2.35, NO, 2.06, 2.04, 3.48, NO, 2.13, 2.66, 2.22, 2.2, 3.07, NO, NO, 2.46, 2.14],
    [43, 32, 32, 48, 52, 43, 42, 43, 38, 36, 39, 36, 55, 36, 42],
    [44, 33, 32, 48, 53, 42, 43, 43, 38, 36, 39, 37, 55, 36, 42],
)
TRUTH = {1: 0.28, 5: 1.5, 11: 1.79, 12: 1.13}


def ends(t, unit, df):
    """Hedges' g or its bounds, J(df) t sqrt(unit), and unbiased variances (at 0 where g is unknown)."""
    j = np.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / np.sqrt(df / 2)
    g, c = j * t * np.sqrt(unit), j * -stdtrit(df, 0.025) * np.sqrt(unit)
    v = unit + (1 - (df - 2) / (df * j**2)) * np.nan_to_num(g) ** 2
    return np.where(np.isnan(g), -c, g), np.where(np.isnan(g), c, g), v


def check(data, mu, low, high, tau2):
    fit, limits = censored_fit(*data), censored_limits(*data)
    assert float(fit.mu) == pytest.approx(mu, abs=0.01)
    assert (float(limits.mu_low), float(limits.mu_high)) == pytest.approx((low, high), abs=0.01)
    assert float(fit.tau2) == pytest.approx(tau2, abs=0.002)


def test_one_sample_example():
    """Six known and four unknown mean changes; the bounds of the first study are -+0.314 as printed."""
    t, n = (np.array(x, dtype=float) for x in ONE_SAMPLE)
    assert ends(np.full(1, NO), 1 / n[:1], n[:1] - 1)[1] == pytest.approx(0.314, abs=5e-4)
    check(ends(t, 1 / n, n - 1), 0.4212, 0.2765, 0.5658, 0.0016)


def test_two_sample_example():
    """Eleven known and four unknown differences, near the result with the four true values."""
    t, n1, n2 = (np.array(x, dtype=float) for x in TWO_SAMPLES)
    check(ends(t, 1 / n1 + 1 / n2, n1 + n2 - 2), 0.4568, 0.3374, 0.5762, 0.0004)
    t[list(TRUTH)] = list(TRUTH.values())
    check(ends(t, 1 / n1 + 1 / n2, n1 + n2 - 2), 0.4572, 0.3441, 0.5703, 0.0)
