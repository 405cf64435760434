"""2x2 tables: Mantel-Haenszel and Peto against metafor (block `rare`), likelihoods against brute force."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, optimize, stats

from bupmeta.kernels.beta_binomial import beta_binomial
from bupmeta.kernels.firth import firth
from bupmeta.kernels.glmm import GLMM
from bupmeta.kernels.table_effects import EFFECTS, ZERO_CELLS, corrected
from bupmeta.kernels.table_fit import fit_tables
from bupmeta.kernels.table_likelihoods import saturated
from bupmeta.kernels.tables import MANTEL_HAENSZEL, Cells, breslow_day, cmh, mantel_haenszel, peto

REFERENCE = Path(__file__).parents[1] / "reference"
SETS = {
    path.stem: content
    for path in sorted(REFERENCE.glob("*.json"))
    if isinstance(content := json.loads(path.read_text(encoding="utf-8")), dict) and content.get("rare")
}
NAMES = [name for name in SETS if name not in ("bcg_rd", "bcg_rr")]  # the tables of bcg_or
SMALL = Cells(*(np.array(x, float) for x in ([1, 0, 8], [19, 25, 22], [4, 3, 9], [16, 27, 31])))


def cells(raw) -> Cells:
    part = {
        key: np.array([np.nan if x is None else x for x in raw[key]], float)
        for key in raw
        if key != "measure"
    }
    b = part["bi"] if "bi" in part else part["n1i"] - part["ai"]
    d = part["di"] if "di" in part else part["n2i"] - part["ci"]
    return Cells(part["ai"], b, part["ci"], d).take(~np.isnan(part["ai"]))


def informative(t: Cells) -> Cells:
    return t.take(((t.a + t.c) > 0) & ((t.b + t.d) > 0))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("measure", MANTEL_HAENSZEL)
def test_mantel_haenszel_matches_metafor(name, measure):
    """Estimate and standard error of OR, RR and RD, with trials without events where they are."""
    ours, theirs = mantel_haenszel(cells(SETS[name]["raw"]), measure), SETS[name]["rare"][f"MH_{measure}"]
    np.testing.assert_allclose([ours.mu, ours.var**0.5], [theirs["beta"], theirs["se"]], rtol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_peto_and_the_tests_match_metafor(name):
    """Peto; CMH with continuity correction; Breslow-Day and Tarone at the Mantel-Haenszel odds ratio."""
    t, theirs = cells(SETS[name]["raw"]), SETS[name]["rare"]
    ours = peto(t)
    np.testing.assert_allclose(
        [ours.mu, ours.var**0.5], [theirs["Peto"]["beta"], theirs["Peto"]["se"]], rtol=1e-12
    )
    mh = theirs["MH_OR"]
    bd, tarone, _ = breslow_day(t, float(mantel_haenszel(t, "OR").mu))
    np.testing.assert_allclose([cmh(t), bd, tarone], [mh["MH"], mh["BD"], mh["TA"]], rtol=1e-10)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("model", ["UM.FS", "UM.RS", "CM.AL"])
def test_binomial_normal_models_match_metafor(name, model):
    """mu and tau2 with lme4's quadrature: 7 points, 1 for UM.RS; metafor leaves out trials without events."""
    t, theirs = informative(cells(SETS[name]["raw"])), SETS[name]["rare"][f"GLMM_{model}"]
    start = np.array([0.0, 0.0, -1.0, 0.7] if model == "UM.RS" else [0.0, 0.0])
    ours = fit_tables(GLMM[model](t, 1 if model == "UM.RS" else 7), start)
    np.testing.assert_allclose(
        [ours.x[0], ours.x[1] ** 2], [theirs["beta"], theirs["tau2"]], rtol=1e-3, atol=1e-8
    )
    # lme4 takes the information of UM.RS at Laplace's approximation from its own linearisation: within 1 %
    np.testing.assert_allclose(ours.se, theirs["se"], rtol=1e-2 if model == "UM.RS" else 1e-3)
    if model != "UM.RS":
        q = 2 * (saturated(t, model) - ours.common_height)
        np.testing.assert_allclose(q, theirs["QE_LRT"], rtol=1e-6)


@pytest.mark.parametrize("tau", [0.0, 0.6, 1.8])
def test_conditional_likelihoods_match_numerical_integration(tau):
    """CM.EL from scipy's noncentral hypergeometric distribution, CM.AL from its binomial one."""
    t, mu = SMALL, -0.4

    def hyper(i, theta):
        return stats.nchypergeom_fisher.pmf(t.a[i], t.n[i], t.n1[i], t.a[i] + t.c[i], np.exp(theta))

    def binomial(i, theta):
        odds = np.exp(theta) * t.n1[i] / t.n2[i]
        return stats.binom.pmf(t.a[i], t.a[i] + t.c[i], odds / (1 + odds))

    for model, f in (("CM.EL", hyper), ("CM.AL", binomial)):
        ours = GLMM[model](t, 31)(np.array([[mu, tau]]))[0]
        for i in range(3):
            whole = integrate.quad(
                lambda z, i=i, f=f: f(i, mu + tau * z) * stats.norm.pdf(z), -9, 9, epsabs=1e-13
            )
            assert ours[i] == pytest.approx(np.log(whole[0]), rel=1e-7)


def test_fixed_study_effects_match_brute_force():
    """UM.FS: the integral over the effect by quad, its maximum over the level by a search."""
    t, mu, tau = SMALL, -0.4, 0.7
    ours = GLMM["UM.FS"](t, 31)(np.array([[mu, tau]]))[0]

    def negative(level, i):
        def f(z):
            up, down = level + (mu + tau * z) / 2, level - (mu + tau * z) / 2
            one = stats.binom.pmf(t.a[i], t.n1[i], 1 / (1 + np.exp(-up)))
            return one * stats.binom.pmf(t.c[i], t.n2[i], 1 / (1 + np.exp(-down))) * stats.norm.pdf(z)

        return -np.log(integrate.quad(f, -9, 9, epsabs=1e-14)[0])

    for i in range(3):
        found = optimize.minimize_scalar(negative, bracket=(-3, -1), args=(i,), tol=1e-10)
        assert ours[i] == pytest.approx(-found.fun, rel=1e-7)


def test_random_study_effects_match_a_fine_grid():
    """UM.RS: the double integral as a sum over 400 x 400 points, which is exact for such smooth functions."""
    t, (mu, tau, level, sigma) = SMALL, (-0.4, 0.7, -1.5, 0.9)
    ours = GLMM["UM.RS"](t, 25)(np.array([[mu, tau, level, sigma]]))[0]
    z = np.linspace(-9, 9, 400)
    u, w = np.meshgrid(z, z)
    density = stats.norm.pdf(u) * stats.norm.pdf(w) * (z[1] - z[0]) ** 2
    for i in range(3):
        one = stats.binom.pmf(t.a[i], t.n1[i], 1 / (1 + np.exp(-(level + sigma * u + (mu + tau * w) / 2))))
        two = stats.binom.pmf(t.c[i], t.n2[i], 1 / (1 + np.exp(-(level + sigma * u - (mu + tau * w) / 2))))
        assert ours[i] == pytest.approx(np.log((one * two * density).sum()), rel=1e-8)


@pytest.mark.parametrize("s", [0.0, 1e-7, 1e-3, 0.1, 0.9])
def test_the_beta_binomial_likelihood_is_that_of_scipy(s):
    """scipy.stats.betabinom, and the binomial where people do not correlate."""
    mu, level, phi = 0.5, -1.2, s * s
    ours = beta_binomial(SMALL)(np.array([[mu, s, level]]))[0]
    for i in range(3):
        total = 0.0
        groups = ((SMALL.a[i], SMALL.n1[i], level + mu / 2), (SMALL.c[i], SMALL.n2[i], level - mu / 2))
        for x, n, log_odds in groups:
            p = 1 / (1 + np.exp(-log_odds))
            binomial = stats.binom.logpmf(x, n, p)
            total += binomial if phi < 1e-10 else stats.betabinom.logpmf(x, n, p / phi, (1 - p) / phi)
        assert ours[i] == pytest.approx(total, rel=1e-8)


def test_penalised_likelihood_matches_brute_force():
    """log L + log det(X'WX)/2 of the logistic regression with a column per study, maximised and profiled."""
    t = SMALL
    x = np.hstack([np.vstack([np.eye(3)] * 2), np.array([[1.0]] * 3 + [[0.0]] * 3)])
    events, n = np.append(t.a, t.c), np.append(t.n1, t.n2)

    def height(beta):
        eta = x @ beta
        p = 1 / (1 + np.exp(-eta))
        information = x.T @ (x * (n * p * (1 - p))[:, None])
        return events @ eta - n @ np.log1p(np.exp(eta)) + 0.5 * np.linalg.slogdet(information)[1]

    def profile(mu):
        found = optimize.minimize(lambda a: -height(np.append(a, mu)), np.full(3, -2.0), tol=1e-12)
        return -found.fun

    ours = firth(t)
    top = optimize.minimize_scalar(lambda mu: -profile(mu), bracket=(-1, 0), tol=1e-9)
    assert ours.mu == pytest.approx(top.x, abs=1e-5)
    for end in (ours.low, ours.high, None):
        drop = 2 * (-top.fun - profile(0.0 if end is None else end))
        assert drop == pytest.approx(ours.deviance if end is None else stats.chi2.isf(0.05, 1), rel=1e-5)


def test_penalised_likelihood_is_finite_without_events_in_one_group():
    """One table: the maximum is that of 1/2 added to each cell (Firth 1993), whatever is empty."""
    t = Cells(*(np.array([x], float) for x in (0, 40, 7, 33)))
    found = firth(t)
    assert found.mu == pytest.approx(np.log(0.5 * 33.5 / (40.5 * 7.5)))
    assert found.low < found.mu < found.high < 0


def test_more_quadrature_points_change_nothing():
    """15 points hold the estimates of a hard set (empty cells, tau2 of 0.7) to 1e-4; 31 are taken as exact."""
    t = informative(cells(SETS["nielweise2007_or"]["raw"]))
    fine, usual = (fit_tables(GLMM["CM.EL"](t, points), np.zeros(2)).x for points in (31, 15))
    np.testing.assert_allclose(usual, fine, rtol=1e-4)


def test_the_rules_of_empty_cells():
    """Each rule, in a trial with an empty cell and in one without (Sweeting, Sutton & Lambert 2004)."""
    t = Cells(*(np.array(x, float) for x in ([0, 5], [10, 15], [3, 4], [27, 16])))
    added = {
        rule: (corrected(t, rule).a - t.a).tolist() + (corrected(t, rule).c - t.c).tolist()
        for rule in ZERO_CELLS
    }
    assert added == {
        "0.5 in trials with a zero": [0.5, 0, 0.5, 0],
        "0.5 in all trials if one has a zero": [0.5] * 4,
        "0.5 in all trials": [0.5] * 4,
        "reciprocal of the other arm in trials with a zero": [0.25, 0, 0.75, 0],
        "none": [0] * 4,
    }


@pytest.mark.parametrize("measure", EFFECTS)
def test_swapping_the_groups_turns_the_sign(measure):
    """Every measure but the risk ratio's variance is symmetric; its estimate is too."""
    t = Cells(*(np.array([x], float) for x in (3, 17, 9, 31)))
    y, v = EFFECTS[measure](t)
    back, variance = EFFECTS[measure](Cells(t.c, t.d, t.a, t.b))
    assert (float(y[0]), float(v[0])) == pytest.approx((-float(back[0]), float(variance[0])))
