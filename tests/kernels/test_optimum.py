"""The search for maxima: its proof, its precision, and what it finds."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest

from bupmeta.kernels import fit, log_likelihood, optima, score
from bupmeta.kernels.optimum import CURVATURE, log_ratio, log_ratio_and_slope, reach
from bupmeta.kernels.weighted import chunks

# Two maxima whose likelihoods differ by 3e-6 over 2 % of tau2: a scan of 0.5 in log(tau2) sees neither.
SHALLOW = [-0.585, 0.665, -0.036, 0.03, 0.665], [0.61, 1.3, 0.0019, 0.001, 0.075]


def hard_sets(rng: np.random.Generator, n: int, k: int, decades: float) -> tuple[np.ndarray, np.ndarray]:
    v = 10 ** rng.uniform(-decades, 0, (n, k))
    tau = 10 ** rng.uniform(-decades / 2, 0.5, (n, 1))
    return rng.normal(0, np.sqrt(v + tau**2)), v


@pytest.mark.parametrize("restricted", [True, False])
@pytest.mark.parametrize("k", [2, 3, 5, 8])
def test_slope_and_curvature_keep_their_bounds(k, restricted):
    """The bounds of optimum.py's docstring, on fine differences of L in s over seven decades of variance."""
    y, v = hard_sets(np.random.default_rng(k), 300, k, 7)
    d = next(chunks(y, v, None)[1])
    low = v.min(axis=1)
    s = np.linspace(0, 20, 2001)
    ratio = np.array([log_ratio(d, low * np.expm1(at), restricted) for at in s])
    slope = np.diff(ratio, axis=0) / 0.01
    bend = np.diff(slope, axis=0) / 0.01
    assert slope.min() >= -2 - 1e-9
    assert slope.max() <= 1 + 1e-9
    assert bend.min() >= -0.75 - 1e-6
    assert bend.max() <= CURVATURE + 1e-6
    inner = log_ratio_and_slope(d, low * np.expm1(s[1000]), low, restricted)[1]
    np.testing.assert_allclose(inner, (ratio[1001] - ratio[999]) / 0.02, atol=1e-4)


@pytest.mark.parametrize("restricted", [True, False])
def test_beyond_the_reach_the_score_is_never_positive(restricted):
    y, v = hard_sets(np.random.default_rng(5), 500, 4, 6)
    d = next(chunks(y, v, None)[1])
    low, span = reach(d, restricted)
    for beyond in (1e-9, 0.01, 1, 5, 30):
        assert (score(y, v, tau2=low * np.expm1(span + beyond), restricted=restricted) <= 0).all()


@pytest.mark.parametrize("kind", ["REML", "ML"])
@pytest.mark.parametrize("k", [3, 4, 6, 10])
def test_nothing_on_a_dense_grid_is_higher_and_every_maximum_is_counted(k, kind):
    """Brute force: 4,000 values of tau2 over eleven decades for each of 150 hard sets."""
    restricted = kind == "REML"
    y, v = hard_sets(np.random.default_rng(10 + k), 150, k, 5)
    grid = np.concatenate([[0.0], np.geomspace(1e-8, 1e3, 4000)])[:, None]
    top = log_likelihood(y, v, tau2=grid, restricted=restricted).max(axis=0)
    fitted = fit(y, v, tau2=kind)
    assert (log_likelihood(y, v, tau2=fitted.tau2, restricted=restricted) >= top - 1e-10).all()
    rising = score(y, v, tau2=grid, restricted=restricted) > 0
    count = (rising[:-1] & ~rising[1:]).sum(axis=0) + ~rising[0]
    assert [len(optima(a, b, kind=kind)) for a, b in zip(y, v, strict=True)] == count.tolist()
    np.testing.assert_array_equal(fitted.status == 2, count > 1)


def test_two_maxima_that_hardly_differ_are_both_found():
    found = optima(*SHALLOW)
    assert len(found) == 2
    assert abs(score(*SHALLOW, tau2=found[1].tau2)) < 1e-9
    assert log_likelihood(*SHALLOW, tau2=0.02660) < found[1].log_likelihood


def exact(y: np.ndarray, v: np.ndarray, near: float) -> float:
    """Return the root of the REML score next to `near`, by the secant method in 60 digits."""
    with localcontext(prec=60):
        ys, vs = [Decimal(float(x)) for x in y], [Decimal(float(x)) for x in v]

        def gap(t: Decimal) -> Decimal:
            w = [1 / (x + t) for x in vs]
            w1 = sum(w)
            mu = sum(a * b for a, b in zip(w, ys, strict=True)) / w1
            have = sum((a * (b - mu)) ** 2 for a, b in zip(w, ys, strict=True))
            return have / (w1 - sum(a * a for a in w) / w1) - 1

        a, b = Decimal(near), Decimal(near) * (1 + Decimal("1e-7"))
        at_a, at_b = gap(a), gap(b)
        while abs(b - a) > abs(b) * Decimal("1e-30") and at_a != at_b:
            a, b, at_a = b, b - at_b * (b - a) / (at_b - at_a), at_b
            at_b = gap(b)
        return float(b)


@pytest.mark.parametrize("shift", [0.0, 1e3])
@pytest.mark.parametrize("decades", [1, 5, 7, 9])
def test_tau2_is_right_to_ten_digits(decades, shift):
    """Against arithmetic in 60 digits on the very doubles that were given."""
    rng = np.random.default_rng(decades)
    for k in (2, 3, 5, 9):
        y, v = hard_sets(rng, 6, k, decades)
        y += shift
        tau2 = fit(y, v).tau2
        for i in np.flatnonzero(tau2):
            assert exact(y[i], v[i], tau2[i]) == pytest.approx(tau2[i], rel=1e-10)


def test_the_local_search_stops_at_the_first_maximum():
    y, v = [-0.014, -0.722, 2.713], [0.00034, 0.49, 1.6]
    found = optima(y, v)
    assert [fit(y, v, search="local").tau2, fit(y, v).tau2] == pytest.approx([at.tau2 for at in found])


@pytest.mark.parametrize("kind", ["REML", "ML"])
def test_where_there_is_one_maximum_both_searches_find_it(kind):
    rng = np.random.default_rng(4)
    v = rng.uniform(0.02, 0.5, (4000, 10))
    y = rng.normal(0, np.sqrt(v + rng.uniform(0, 0.4, (4000, 1))))
    wide, near = fit(y, v, tau2=kind), fit(y, v, tau2=kind, search="local")
    one = wide.status != 2
    assert one.sum() > 3900
    np.testing.assert_allclose(near.tau2[one], wide.tau2[one], rtol=1e-10, atol=1e-15)
