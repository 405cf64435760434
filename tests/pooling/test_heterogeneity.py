"""Intervals of tau2, I2 and H2."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import chdtri

import bupmeta as bm
from bupmeta.kernels.confidence_distribution import generalised_q_limits, observed_q
from bupmeta.kernels.likelihood import log_likelihood, optima
from bupmeta.pooling.heterogeneity import TAU2_CI
from bupmeta.pooling.models import Tau2CiName

FOLDER = Path(__file__).parents[1] / "reference"
NAMES = sorted(p.stem for p in FOLDER.glob("*.json") if '"univariate"' in p.read_text(encoding="utf-8"))
# metafor's confint() ends its search within .Machine$double.eps^0.25 of the root for these two blocks
UNIROOT = 1.23e-4
LOOSE_PROFILE = {"bcg_rd", "lau1992_or"}  # its REML estimate, from which it profiles, stops at 1e-5


def limits(effects, tau2_ci, tau2="REML"):
    return bm.pool(effects, bm.RandomEffects(tau2=tau2, tau2_ci=tau2_ci, prediction="none"))


def check(result, reference, close, absolute=1e-8):
    for field, key in (("tau2_ci", "tau2"), ("i2_ci", "I2"), ("h2_ci", "H2")):
        for got, end in zip(getattr(result, field), ("lb", "ub")):
            assert close(got, reference[f"{key}_{end}"], 1e-6, absolute), (key, end)


def test_the_registry_has_every_option():
    """The Literal of options and the registry name the same methods."""
    assert set(get_args(Tau2CiName)) == set(TAU2_CI)


@pytest.mark.parametrize("name", NAMES)
def test_q_profile_agrees_with_metafor(name, load, effects_of, close):
    """Limits of tau2, I2 and H2 equal metafor's to 1e-6; where its set is empty there is none here."""
    result, reference = limits(effects_of(name), "QP"), load(name)["heterogeneity"].get("QP")
    if reference is None:
        assert (
            name == "edge_k5_big"
        )  # past metafor's search limit; the README of the reference gives the value
        assert result.tau2_ci[1] == pytest.approx(2_054_634.49, rel=1e-8)
    elif reference["tau2_ub"] == 0:
        assert result.tau2_ci is result.i2_ci is result.h2_ci is None
        assert "the interval of tau² is empty: Q is smaller than expected" in result.notes
    else:
        check(result, reference, close)


@pytest.mark.parametrize("name", NAMES)
def test_profile_likelihood_agrees_with_metafor(name, load, effects_of, close):
    """Limits equal metafor's to 1e-6, or meet their definition to 1e-9 where metafor's do not."""
    effects, reference = effects_of(name), load(name)["heterogeneity"].get("PL_REML")
    result = limits(effects, "PL")
    if reference is not None and name not in LOOSE_PROFILE:
        check(result, reference, close)
    y, v = effects.y, effects.v
    top = max(o.log_likelihood for o in optima(y, v))
    ours = 2 * (top - log_likelihood(y, v, tau2=np.array(result.tau2_ci)))
    inside = np.array(result.tau2_ci) > 0
    assert ours[inside] == pytest.approx(chdtri(1, 0.05), abs=1e-9)
    if name in LOOSE_PROFILE:
        theirs = 2 * (top - log_likelihood(y, v, tau2=reference["tau2_ub"]))
        assert abs(theirs - chdtri(1, 0.05)) > 1e-6 > abs(ours[1] - chdtri(1, 0.05))
        assert close(result.tau2_ci[1], reference["tau2_ub"], 5e-5)


def upper_tail(q, a, v, tau2):
    """P(Q > q) by Imhof 1961 with scipy's quadrature, an independent way to the same number."""
    s = np.sqrt(v + tau2)
    lam = np.linalg.eigvalsh(s[:, None] * (np.diag(a) - np.outer(a, a) / a.sum()) * s)[1:]
    lam, q = lam / lam.max(), q / lam.max()

    def f(u):
        angle = 0.5 * np.arctan(lam * u).sum() - 0.5 * q * u
        return np.sin(angle) / (u * np.exp(0.25 * np.log1p((lam * u) ** 2).sum()))

    return 0.5 + quad(f, 0, 400, limit=4000, epsabs=1e-12)[0] / np.pi


@pytest.mark.parametrize("name", NAMES)
def test_generalised_q_agrees_with_metafor(name, load, effects_of, close):
    """Limits lie within the stopping rule of metafor's root search, and meet their definition to 1e-9."""
    effects, reference = effects_of(name), load(name)["heterogeneity"].get("GENQ")
    y, v = effects.y, effects.v
    result = limits(effects, "GENQ")
    if result.tau2_ci is None:
        assert reference["tau2_ub"] == 0
        return
    if reference is not None:
        for got, end in zip(result.tau2_ci, ("lb", "ub")):
            assert close(got, reference[f"tau2_{end}"], 1e-6, UNIROOT)
    if len(y) >= 9:  # the tail of Imhof's integrand falls off with the number of studies
        for tau2, tail in zip(result.tau2_ci, (0.025, 0.975)):
            if tau2 > 0:
                assert upper_tail(observed_q(y, 1 / v), 1 / v, v, tau2) == pytest.approx(tail, abs=1e-8)


def test_metafor_generalised_q_misses_its_own_definition(load, effects_of):
    """Bangert-Drowns: at metafor's upper limit the tail is off by 2e-5, at ours by less than 1e-9."""
    effects, reference = effects_of("bangertdrowns2004"), load("bangertdrowns2004")["heterogeneity"]["GENQ"]
    y, v = effects.y, effects.v
    _, high = limits(effects, "GENQ").tau2_ci
    theirs, ours = (
        upper_tail(observed_q(y, 1 / v), 1 / v, v, t) - 0.975 for t in (reference["tau2_ub"], high)
    )
    assert abs(theirs) > 5e-6 > 1e-9 > abs(ours)


def test_generalised_q_takes_any_weights():
    """Equal weights on three studies of equal variance give the same interval as 1/v does."""
    y, v = np.array([0.1, 0.5, 1.1]), np.full(3, 0.04)
    assert generalised_q_limits(y, v, 0.95, np.ones(3)) == pytest.approx(generalised_q_limits(y, v, 0.95))


def test_an_empty_set_is_said_to_be_empty():
    """Near-equal estimates (anchors.md C3): no limits, and the reason, instead of [0, 0]."""
    effects = bm.Effects.from_arrays([-0.50, -0.48, -0.52], [0.04, 0.09, 0.06])
    for method in ("QP", "GENQ"):
        result = limits(effects, method)
        assert result.tau2_ci is None
        assert any(note.startswith("the interval of tau² is empty") for note in result.notes)
    assert limits(effects, "PL").tau2_ci[0] == 0


def test_both_i2_are_kept_apart(effects_of):
    """Häuser pain: 45.0 % from Q but 37.2 % from tau2 (anchors.md C4); for DL the two are one."""
    result = bm.pool(effects_of("haeuser2009_pain_smd"))
    assert (round(result.i2, 1), round(result.i2_q, 1)) == (37.2, 45.0)
    dl = bm.pool(effects_of("haeuser2009_pain_smd"), bm.RandomEffects(tau2="DL"))
    assert dl.i2 == pytest.approx(dl.i2_q, rel=1e-12)
