"""One more trial: the posterior after it equals a new fit, and probabilities of what it does equal brute force."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtr

from bupmeta.kernels.mixture import Mixture
from bupmeta.kernels.one_more import after, chance, predicted, shortest_after
from bupmeta.kernels.posterior import Centre, Joint, posterior_grid
from bupmeta.kernels.posterior_lattice import Lattice, posterior_lattice
from bupmeta.kernels.shortest import shortest
from bupmeta.pooling import priors

Array = NDArray[np.float64]
Y, V = np.array([-0.9, -1.6, -0.2]), np.array([0.33, 0.19, 0.05])
HALF = priors.HalfNormal(0.5)
NEW = (np.array([-3.0, -0.5, 0.7]), np.array([0.02, 0.1, 0.5]))
X = np.array([-1.4, -0.7, 0.1])


def exact(y: Array = Y, v: Array = V, centre: Centre = Centre()) -> Joint:  # noqa: B008 - a value
    """Three trials with estimates."""
    return posterior_grid(y, v, lambda x: HALF.log_density(x, v), centre)


def worded(y: Array = Y, v: Array = V) -> Lattice:
    """The trials and one that is known to lie between -0.6 and 0.6."""
    lower, upper = np.append(y, -0.6), np.append(y, 0.6)
    return posterior_lattice(
        lower, upper, np.append(v, 0.09), lambda x: HALF.log_density(x, v), np.zeros_like
    )


@pytest.mark.parametrize(
    "centre", [Centre(), Centre(0.1, 0.6), Centre(0.0, 0.43, 5)], ids=["flat", "normal", "t"]
)
def test_equals_a_new_fit(centre: Centre) -> None:
    """The posterior after one more trial is that of all trials, also where the new one is far away."""
    found = after(exact(centre=centre), *NEW)
    assert isinstance(found, Mixture)
    for i, (y, v) in enumerate(zip(*NEW)):
        whole = exact(np.append(Y, y), np.append(V, v), centre).mixture()
        one = Mixture(*(x[i] for x in found))
        assert one.cdf(X) == pytest.approx(whole.cdf(X), abs=1e-9)


def test_equals_a_new_fit_with_words() -> None:
    """The same where a trial is known by its words only."""
    now = worded()
    found = after(now, *NEW)
    for i, (y, v) in enumerate(zip(*NEW)):
        lower, upper = (np.append(np.append(Y, end), y) for end in (-0.6, 0.6))
        v4 = np.append(np.append(V, 0.09), v)
        whole = posterior_lattice(lower, upper, v4, lambda x: HALF.log_density(x, V), np.zeros_like).mu()
        one = found._replace(mass=found.mass[i])  # type: ignore[union-attr]  # a curve
        assert one.cdf(X) == pytest.approx(whole.cdf(X), abs=1e-7)


@pytest.mark.parametrize("now", [exact(), worded()], ids=["estimates", "words"])
def test_batches_of_intervals_are_those_of_each(now: Joint | Lattice) -> None:
    """The shortest interval after each trial is that of its own distribution."""
    low, high = shortest_after(now, *NEW, 0.95)
    for i in range(3):
        one = after(now, NEW[0][i : i + 1], NEW[1][i : i + 1])
        alone = (
            one._replace(mass=one.mass[0]) if not isinstance(one, Mixture) else Mixture(*(x[0] for x in one))
        )
        assert (low[i], high[i]) == pytest.approx(shortest(alone, 0.95), abs=1e-6)


@pytest.mark.parametrize("now", [exact(), worded()], ids=["estimates", "words"])
def test_the_prediction_averages_what_follows(now: Joint | Lattice) -> None:
    """Averaged over the predicted estimates, the posterior after one more trial is the posterior now."""
    law = predicted(now, 0.1)
    step = np.linspace(-9, 9, 721)
    low, middle, high = law.quantile([0.25, 0.5, 0.75])
    y = middle + (high - low) * np.sinh(step) / 2
    weight = law.pdf(y) * (high - low) * np.cosh(step) / 2 * (step[1] - step[0])
    assert weight.sum() == pytest.approx(1, abs=1e-6)
    below = after(now, y, np.full(y.shape, 0.1)).cdf(np.full(y.shape, -0.7))
    whole = now.mixture() if isinstance(now, Joint) else now.mu()
    assert weight @ below == pytest.approx(float(whole.cdf(-0.7)), abs=1e-6)


def test_chances_are_those_of_the_regions() -> None:
    """Several stretches, open ends and no stretch at all: probabilities of the normal distribution."""
    normal = Mixture(np.ones(1), np.zeros(1), np.ones(1))
    wide = Mixture(np.ones(1), np.ones(1), np.full(1, 2.0))
    found = chance(
        lambda x, row: np.stack([np.where(row == 0, x - 0.3, (x - 0.5) * (x - 2.5)), 1 - np.abs(x)]),
        [normal, wide],
    )
    assert found[0] == pytest.approx([ndtr(0.3), ndtr(0.75) - ndtr(-0.25)], abs=1e-12)
    assert found[1] == pytest.approx([2 * ndtr(-1.0), ndtr(-1.0) + 0.5], abs=1e-12)
    never = chance(lambda x, _: np.stack([x * x + 1, -1 - x * x, np.where(x < 0, -1.0, np.nan)]), [normal])
    assert never[:, 0] == pytest.approx([0, 1, 0.5], abs=1e-9)
