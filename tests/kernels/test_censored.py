"""The all-evidence likelihood: against the exact kernel, against brute force, and as any data must behave."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import norm

from bupmeta.kernels import Status, fit, optima
from bupmeta.kernels.censored import (
    censored_fit,
    censored_information,
    censored_log_likelihood,
    censored_optima,
)

INF = np.inf
few = settings(max_examples=60, deadline=None)


def plain_log_likelihood(lower, upper, v, mu, tau2) -> float:
    """The likelihood written down once more, with scipy's normal distribution."""
    out = 0.0
    for a, b, s2 in zip(lower, upper, v):
        sd = np.sqrt(s2 + tau2)
        if a == b:
            out += norm.logpdf(a, mu, sd)
        elif a - mu > 0:  # the upper tail has the digits
            out += np.log(norm.sf(a, mu, sd) - norm.sf(b, mu, sd))
        else:
            out += np.log(norm.cdf(b, mu, sd) - norm.cdf(a, mu, sd))
    return float(out)


@st.composite
def evidence(draw, least: int = 2, most: int = 8, kinds: str = "eeiol"):
    """Trials of every kind (exact, interval, open below, open above), at least one of them bounded."""
    k = draw(st.integers(least, most))
    kind = draw(st.lists(st.sampled_from(kinds), min_size=k, max_size=k))
    assume("e" in kind or "i" in kind)
    y = np.array(draw(st.lists(st.integers(-2000, 2000), min_size=k, max_size=k))) / 1000
    v = 10.0 ** np.array(draw(st.lists(st.floats(-3, 0.5), min_size=k, max_size=k)))
    wide = np.sqrt(v) * np.array(draw(st.lists(st.floats(0.05, 4), min_size=k, max_size=k)))
    lower, upper = y.copy(), y.copy()
    for i, name in enumerate(kind):
        if name != "e":
            lower[i] = -INF if name == "o" else y[i] - wide[i]
            upper[i] = INF if name == "l" else y[i] + wide[i]
    return lower, upper, v


def test_estimates_alone_give_the_maximum_likelihood_of_the_exact_kernel():
    """2,000 random sets of 2 to 9 trials: mu, tau2 and status equal kernels.fit's ML, to 1e-8."""
    rng = np.random.default_rng(3)
    for k in range(2, 10):
        v = 10 ** rng.uniform(-3, 0.5, (250, k))
        y = rng.normal(0.3, np.sqrt(rng.choice([0, 0.05, 0.5], (250, 1)) + v))
        got, expected = censored_fit(y, y, v), fit(y, v, tau2="ML")
        close = np.abs(
            got.log_likelihood
            - np.array([max(o.log_likelihood for o in optima(*s, kind="ML")) for s in zip(y, v)])
        )
        assert close.max() < 1e-10
        np.testing.assert_allclose(got.tau2, expected.tau2, rtol=1e-8, atol=1e-8 * v.min())
        np.testing.assert_allclose(got.mu, expected.mu, rtol=1e-8, atol=1e-10)
        np.testing.assert_allclose(got.var, expected.var, rtol=1e-8)
        assert (got.status == expected.status).mean() > 0.99  # a second top may hide within the coarser grid


def test_a_likelihood_with_two_tops_gives_the_higher():
    """Three precise trials and one far away: both maxima are found, as by the exact kernel."""
    y, v = [0.0, 0.01, -0.01, 3.0], [1e-3, 1e-3, 1e-3, 1.0]
    got, expected = censored_optima(y, y, v), optima(y, v, kind="ML")
    np.testing.assert_allclose(got, expected, rtol=1e-8)
    assert float(censored_fit(y, y, v).tau2) == max(got, key=lambda top: top.log_likelihood).tau2


@given(data=evidence())
@few
def test_no_point_of_a_grid_is_higher(data):
    """The maximum beats a 2-D grid over mu and tau2 and every polish of its best point, to 1e-8."""
    lower, upper, v = data
    found = censored_fit(lower, upper, v)
    assert found.status in (Status.OK, Status.BOUNDARY, Status.SEVERAL_OPTIMA)
    ends = np.concatenate([lower, upper])
    ends = ends[np.isfinite(ends)]
    mu = np.linspace(ends.min() - 3, ends.max() + 3, 121)[:, None]
    tau2 = np.concatenate([[0], np.geomspace(1e-4, 30, 60)])
    grid = censored_log_likelihood(lower, upper, v, mu=mu, tau2=tau2)
    i, j = np.unravel_index(grid.argmax(), grid.shape)
    assert grid.max() <= found.log_likelihood + 1e-8
    polish = minimize(
        lambda p: -float(censored_log_likelihood(lower, upper, v, mu=p[0], tau2=p[1] ** 2)),
        [mu[i, 0], np.sqrt(tau2[j])],
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 2000},
    )
    assert -polish.fun <= found.log_likelihood + 1e-8


@given(data=evidence())
@few
def test_the_likelihood_is_that_of_scipy_and_the_maximum_is_flat(data):
    """The value agrees with scipy.stats to 1e-9; the slope in mu is 0, that in tau2 0 or, at the boundary, negative."""
    lower, upper, v = data
    found = censored_fit(lower, upper, v)
    mu, tau2 = float(found.mu), float(found.tau2)
    plain = plain_log_likelihood(lower, upper, v, mu, tau2)
    assume(np.isfinite(plain))
    np.testing.assert_allclose(found.log_likelihood, plain, rtol=1e-9, atol=1e-9)
    unit = v.min() + tau2
    assert found.score * unit < 1e-7
    assert tau2 == 0 or abs(found.score * unit) < 1e-7
    h = 1e-4 * np.sqrt(unit)
    around = censored_log_likelihood(lower, upper, v, mu=mu + h * np.array([-2, -1, 1, 2]), tau2=tau2)
    slope = (around[0] - 8 * around[1] + 8 * around[2] - around[3]) / (12 * h)
    assert abs(slope) * np.sqrt(unit) < 1e-7


@given(data=evidence(), shift=st.integers(-5000, 5000), power=st.integers(-4, 4))
@few
def test_shift_scale_and_sign_carry_over(data, shift, power):
    lower, upper, v = data
    a = censored_fit(lower, upper, v)
    assume(a.status != Status.SEVERAL_OPTIMA)  # two equal tops may change places
    c = 10.0**power
    moved = censored_fit(lower + shift, upper + shift, v)
    scaled = censored_fit(c * lower, c * upper, c * c * v)
    turned = censored_fit(-upper, -lower, v)
    unit = v.min()
    np.testing.assert_allclose(
        [moved.tau2, scaled.tau2 / c**2, turned.tau2], a.tau2, rtol=1e-6, atol=1e-7 * unit
    )
    np.testing.assert_allclose(
        [moved.mu - shift, scaled.mu / c, -turned.mu], a.mu, rtol=1e-7, atol=1e-7 * np.sqrt(unit + a.tau2)
    )


@given(data=evidence(least=3))
@few
def test_an_interval_without_ends_drops_the_trial(data):
    """Widening a trial to (-inf, inf) equals m = 0 and leaving it out, bit for bit in its count."""
    lower, upper, v = data
    rest = slice(1, None)
    left = censored_fit(lower[rest], upper[rest], v[rest])
    assume(left.status in (Status.OK, Status.BOUNDARY))
    wide = censored_fit(np.r_[-INF, lower[rest]], np.r_[INF, upper[rest]], v)
    absent = censored_fit(np.r_[np.nan, lower[rest]], upper, v, np.r_[0, np.ones(len(v) - 1)])
    for other in (wide, absent):
        assert (other.k, other.k_exact, other.k_interval, other.k_one_sided) == (
            left.k, left.k_exact, left.k_interval, left.k_one_sided,
        )  # fmt: skip
        np.testing.assert_allclose([other.mu, other.tau2], [left.mu, left.tau2], rtol=1e-9, atol=1e-9)


@given(data=evidence(kinds="eei"))
@few
def test_a_shrinking_interval_approaches_the_estimate(data):
    """With width w the log-likelihood less log w tends to the density's, and so does the maximum."""
    lower, upper, v = data
    middle = 0.5 * (lower + upper)
    exact = censored_fit(middle, middle, v)
    assume(exact.status != Status.SEVERAL_OPTIMA)
    w = 1e-5 * np.sqrt(v.min())
    near = censored_fit(middle - w / 2, middle + w / 2, v)
    np.testing.assert_allclose(near.log_likelihood - len(v) * np.log(w), exact.log_likelihood, atol=1e-7)
    np.testing.assert_allclose([near.mu, near.tau2], [exact.mu, exact.tau2], rtol=1e-5, atol=1e-6)


@given(data=evidence(), rng=st.randoms(use_true_random=False))
@few
def test_order_and_multiplicity_do_not_matter(data, rng):
    """Any order of trials gives the same, and m = 2 equals listing a trial twice."""
    lower, upper, v = data
    a = censored_fit(lower, upper, v, np.r_[2, np.ones(len(v) - 1)])
    assume(a.status != Status.SEVERAL_OPTIMA)
    order = rng.sample(range(len(v) + 1), len(v) + 1)
    b = censored_fit(*(np.r_[x[0], x][order] for x in (lower, upper, v)))
    np.testing.assert_allclose([a.mu, a.tau2, a.var], [b.mu, b.tau2, b.var], rtol=1e-7, atol=1e-8)


def test_a_batch_equals_its_rows():
    """Leading axes broadcast: lower, upper and v may be shared or not, m too."""
    rng = np.random.default_rng(8)
    y, v = rng.normal(size=(4, 1, 6)), rng.uniform(0.02, 0.4, 6)
    lower, upper = y - np.array([0, 0, 1, 0.5, INF, 0]), y + np.array([0, 0, 1, 0.5, 0.1, INF])
    m = rng.integers(0, 3, (3, 6))
    whole = censored_fit(lower, upper, v, m)
    assert whole.mu.shape == (4, 3)
    for i, j in np.ndindex(4, 3):
        one = censored_fit(lower[i, 0], upper[i, 0], v, m[j])
        np.testing.assert_allclose(
            [whole.mu[i, j], whole.tau2[i, j]], [one.mu, one.tau2], rtol=1e-9, atol=1e-12
        )
        assert whole.status[i, j] == one.status


def test_far_away_bounds_stay_finite():
    """Bounds 30 standard errors from the other trials: a finite fit, with a large tau2."""
    found = censored_fit([0.0, 0.1, 3.0], [0.0, 0.1, INF], [0.01, 0.01, 0.01])
    assert np.isfinite([found.mu, found.tau2, found.log_likelihood]).all()
    assert found.tau2 > 0.5


@pytest.mark.parametrize(
    ("lower", "upper", "limit"),
    [
        ([-INF, -INF], [-0.3, -0.2], 0.0),  # all below: mu runs to -inf, the probability to 1
        ([-INF, 0.3], [-0.3, INF], -2 * np.log(2)),  # a gap: tau2 runs to inf, each has 1/2
        ([-INF, 0.3, 0.3], [-0.3, INF, INF], np.log(4 / 27)),  # Y > 0 has probability 2/3
    ],
)
def test_one_sided_evidence_alone_may_have_no_maximum(lower, upper, limit):
    """Where the likelihood rises without end the status says so and the limit is given, not a made-up mu."""
    found = censored_fit(lower, upper, np.full(len(lower), 0.04))
    assert found.status == Status.UNBOUNDED
    assert np.isnan([found.mu, found.tau2, found.var]).all()
    np.testing.assert_allclose(found.log_likelihood, limit, atol=1e-12)
    there = censored_log_likelihood(
        lower, upper, np.full(len(lower), 0.04), mu=[-9.0, 0.0, 9.0], tau2=[0.0, 9.0, 99.0]
    )
    assert (there < limit + 1e-12).all()


def test_overlapping_one_sided_evidence_has_a_maximum():
    """Y < 0.3 and Y > -0.3 fit best at 0 without heterogeneity, by symmetry."""
    found = censored_fit([-INF, -0.3], [0.3, INF], [0.04, 0.04])
    assert (found.status, found.tau2, found.k_one_sided) == (Status.BOUNDARY, 0, 2)
    assert abs(found.mu) < 1e-9


@pytest.mark.parametrize(
    ("lower", "upper", "v", "status"),
    [
        ([0.2, 0.1], [0.1, 0.1], [1, 1], Status.NOT_CONVERGED),
        ([np.nan, 0.1], [0.1, 0.1], [1, 1], Status.NOT_CONVERGED),
        ([0.1, 0.1], [0.1, 0.1], [0, 1], Status.NOT_CONVERGED),
        ([INF, 0.1], [INF, 0.1], [1, 1], Status.NOT_CONVERGED),
        ([-INF], [INF], [1], Status.TOO_FEW),
    ],
)
def test_what_cannot_be_right_says_so(lower, upper, v, status):
    """Crossed ends, NaN, v = 0 and infinite estimates have a status and NaN instead of numbers."""
    found = censored_fit(lower, upper, v)
    assert found.status == status
    assert np.isnan([found.mu, found.tau2, found.log_likelihood]).all()


def test_a_common_effect_is_the_weighted_mean_and_never_spreads():
    """With tau2 held at 0, estimates give sum wy/sum w; hand-made: (1/1 + 3/3)/(1/1 + 1/3) = 1.5."""
    found = censored_fit([1.0, 3.0], [1.0, 3.0], [1.0, 3.0], common=True)
    assert (round(float(found.mu), 12), float(found.tau2)) == (1.5, 0.0)


def test_information_adds_up_to_the_variance():
    """var of the fit is one over the sum of what each trial tells."""
    data = [-1.0, -0.4, -INF], [-1.0, 0.4, -0.3], [0.1, 0.04, 0.05]
    found = censored_fit(*data)
    told = censored_information(*data, mu=found.mu, tau2=found.tau2)
    np.testing.assert_allclose(told.sum(), 1 / found.var, rtol=1e-10)
