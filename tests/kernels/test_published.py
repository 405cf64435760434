"""Published analyses, and the hard sets on which other programs fail."""

from __future__ import annotations

import numpy as np
import pytest

from bupmeta.kernels import Status, fit, generalised_q, optima, score, se_tau2

# The six trials of CLASP, as metafor's test of DerSimonian & Kacker 2007 prints them: events and totals.
N1, N2 = np.array([156, 303, 565, 1570, 103, 4659]), np.array([74, 303, 477, 1565, 105, 4650])
A, C = np.array([5, 5, 12, 69, 9, 313]), np.array([8, 17, 9, 94, 11, 352])
CLASP = np.log(A / (N1 - A) / (C / (N2 - C))), 1 / A + 1 / (N1 - A) + 1 / C + 1 / (N2 - C)
# Viechtbauer 2005, J Educ Behav Stat 30:261, example 1, as metafor's test of it prints the data.
VIECHTBAUER = (
    np.array([-0.581, 0.530, 0.771, 1.031, 0.553, 0.295, 0.078, 0.573, -0.176, -0.232]),
    np.array([0.023, 0.052, 0.060, 0.115, 0.095, 0.203, 0.200, 0.211, 0.051, 0.040]),
)
# Fisher scoring as metafor does it oscillates for ever on this set, between .0803 and .0835.
RESTLESS = (
    np.array([1.30, 1.94, 0.70, 0.36, 1.31, 0.46, 1.24, 0.71, 0.35, 0.77]),
    np.array([0.640, 0.421, 0.992, 0.058, 0.756, 0.634, 0.79, 0.596, 0.457, 0.935]),
)
# The example of metafor's page of tips on convergence.
TIPS = (
    np.array([-0.47, -1.56, 0.18, 0.88, 0.74, 0.89, -0.05, 0.52, 2.08, 0.81]),
    np.array([0.663, 0.660, 0.125, 0.068, 0.971, 0.094, 0.509, 0.887, 0.704, 0.556]),
)
COLLAPSE = np.array([-0.50, -0.48, -0.52]), np.array([0.04, 0.09, 0.06])


@pytest.mark.parametrize(
    ("method", "tau", "mu", "se"),
    [  # the numbers metafor's test asserts, to four decimals
        ("PM", 0.3681, -0.3811, 0.2060),
        ("HE", 0.4410, -0.4035, 0.2327),
        ("DL", 0.2323, -0.3240, 0.1540),
        ("EB", 0.3681, -0.3811, 0.2060),
        ("REML", 0.1843, -0.2980, 0.1343),
        ("HS", 0.1330, -0.2666, 0.1125),
        ("SJ", 0.4572, -0.4079, 0.2386),
        ("HSk", 0.1644, -0.2863, 0.1259),
        ("PMM", 0.4341, -0.4016, 0.2302),
    ],
)
def test_clasp(method, tau, mu, se):
    fitted = fit(*CLASP, tau2=method)
    np.testing.assert_allclose([fitted.tau2**0.5, fitted.mu, fitted.var**0.5], [tau, mu, se], atol=6e-5)


@pytest.mark.parametrize(("first", "tau"), [("DL", 0.3254), ("HE", 0.3831)])
def test_clasp_two_step_estimators_are_generalised_q(first, tau):
    """DL2 and CA2 of DerSimonian & Kacker 2007: weights 1/(v + tau2) at a first estimate of tau2."""
    y, v = CLASP
    assert generalised_q(y, v, a=1 / (v + fit(y, v, tau2=first).tau2)) ** 0.5 == pytest.approx(tau, abs=6e-5)


def test_clasp_ml_is_exactly_zero():
    """The tau = .0023 that metafor's test asserts is left over from its absolute stopping rule."""
    fitted = fit(*CLASP, tau2="ML")
    assert (fitted.tau2, fitted.status) == (0, Status.BOUNDARY)
    assert score(*CLASP, tau2=0.0, restricted=False) < 0


@pytest.mark.parametrize(
    ("method", "tau2", "se"),
    [  # the numbers metafor's test asserts, to four decimals
        ("HS", 0.2282, 0.1328),
        ("HE", 0.1484, 0.1234),
        ("DL", 0.2768, 0.1841),
        ("ML", 0.1967, 0.1255),
        ("REML", 0.2232, 0.1464),
        ("EB", 0.192, 0.133),
        ("SJ", 0.1992, 0.0979),
    ],
)
def test_viechtbauer_2005(method, tau2, se):
    fitted = fit(*VIECHTBAUER, tau2=method)
    se_of = se_tau2(*VIECHTBAUER, method=method, tau2=fitted.tau2)
    np.testing.assert_allclose([fitted.tau2, se_of], [tau2, se], atol=6e-5)


def test_the_set_that_does_not_converge_elsewhere():
    """REML .0819731, ML .037478, SJ .100663, the others 0: an independent scan of the likelihood."""
    fitted = fit(*RESTLESS)
    np.testing.assert_allclose([fitted.tau2, fitted.mu], [0.0819731, 0.767366], rtol=1e-6)
    assert float(fitted.var) ** 0.5 == pytest.approx(0.226460, rel=3e-6)
    assert float(fit(*RESTLESS, tau2="ML").tau2) == pytest.approx(0.037478, abs=6e-7)
    assert float(fit(*RESTLESS, tau2="SJ").tau2) == pytest.approx(0.100663, abs=6e-7)
    assert [float(fit(*RESTLESS, tau2=name).tau2) for name in ("DL", "PM", "HE", "HS")] == [0, 0, 0, 0]
    assert len(optima(*RESTLESS)) == 1


def test_metafor_tips_example():
    """HE .41412 and REML .198781, as the page prints them."""
    assert float(fit(*TIPS, tau2="HE").tau2) == pytest.approx(0.41412, abs=6e-6)
    assert float(fit(*TIPS).tau2) == pytest.approx(0.198781, abs=6e-7)


def test_hartung_knapp_collapses_when_estimates_agree():
    """The factor is .0054, from the formula worked out independently."""
    assert float(fit(*COLLAPSE).scale) == pytest.approx(0.0054, abs=5e-5)


def test_risk_differences_a_hundred_times_smaller():
    """An absolute stopping rule leaves 1.4334e-7; an independent scan gives 1.4214e-7."""
    y = np.array([4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27])
    n = np.array([123, 306, 231, 13598, 5069, 1541, 2545, 88391, 7499, 1716, 50634, 2498, 16913])
    z = np.array([11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29])
    o = np.array([139, 303, 220, 12867, 5808, 1451, 629, 88391, 7277, 1665, 27338, 2341, 17854])
    p, q = y / n, z / o
    tau2 = fit((p - q) / 100, (p * (1 - p) / n + q * (1 - q) / o) / 1e4).tau2
    assert float(tau2) == pytest.approx(1.4214e-7, abs=6e-12)
