"""The likelihood against a multivariate normal density, its derivatives against differences."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from bupmeta.kernels import information, log_likelihood, optima, score

RNG = np.random.default_rng(8)
Y, V, M = RNG.normal(size=(5, 6)), RNG.uniform(0.1, 1, (5, 6)), RNG.integers(0, 3, (5, 6))
T = RNG.uniform(0.1, 1, 5)
both = pytest.mark.parametrize("restricted", [True, False])


def test_the_likelihood_is_the_normal_density():
    given = log_likelihood(Y[0], V[0], tau2=0.3, mu=0.2, restricted=False)
    density = multivariate_normal(np.full(6, 0.2), np.diag(V[0] + 0.3)).logpdf(Y[0])
    assert float(given) == pytest.approx(density, rel=1e-13)


def test_the_restricted_likelihood_is_that_of_orthonormal_contrasts():
    contrasts = np.linalg.qr(np.column_stack([np.ones(6), np.eye(6)[:, 1:]]))[0][:, 1:]
    covariance = contrasts.T @ np.diag(V[0] + 0.3) @ contrasts
    density = multivariate_normal(np.zeros(5), covariance).logpdf(contrasts.T @ Y[0])
    assert float(log_likelihood(Y[0], V[0], tau2=0.3)) == pytest.approx(density, rel=1e-12)


def test_the_best_mu_is_used_unless_one_is_given():
    along = log_likelihood(Y[0], V[0], tau2=0.3, mu=np.linspace(-3, 3, 6001), restricted=False)
    best = log_likelihood(Y[0], V[0], tau2=0.3, restricted=False)
    assert float(best) == pytest.approx(along.max(), abs=1e-5)
    with pytest.raises(ValueError, match="no mu"):
        log_likelihood(Y[0], V[0], tau2=0.3, mu=0.0)


@both
def test_score_is_the_derivative(restricted):
    """Central differences, step 1e-5."""
    h = 1e-5
    up, down = (log_likelihood(Y, V, M, tau2=T + step, restricted=restricted) for step in (h, -h))
    np.testing.assert_allclose(
        score(Y, V, M, tau2=T, restricted=restricted), (up - down) / (2 * h), rtol=1e-7
    )


def test_information_is_the_mean_slope_of_the_score():
    """Over 200,000 draws of the model, by central differences; the Monte Carlo error is about 0.5 %."""
    v, tau2 = V[0], 0.4
    draws = np.random.default_rng(1).normal(0, np.sqrt(v + tau2), (200_000, 6))
    up, down = (score(draws, v, tau2=tau2 + step).mean() for step in (1e-5, -1e-5))
    expected = float(information(draws[0], v, tau2=tau2))
    assert (down - up) / 2e-5 == pytest.approx(expected, rel=0.02)


def test_many_tau2_for_one_data_set_and_rows_without_studies():
    grid = np.linspace(0, 1, 7)
    assert log_likelihood(Y[0], V[0], tau2=grid).shape == (7,)
    absent = log_likelihood(Y[0], V[0], [[0] * 6, [1] * 6], tau2=0.0)
    assert np.isnan(absent).tolist() == [True, False]


def test_optima_of_one_study_and_of_none():
    assert [at.tau2 for at in optima([0.4], [0.1])] == [0]
    assert optima([0.4], [0.1], [0]) == ()
    with pytest.raises(ValueError, match="one data set"):
        optima(Y, V)
