"""Pools under priors: agreement with bayesmeta, the fields every pool has, and what is refused."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import bupmeta as bm
from bupmeta import priors
from bupmeta.effects import Admissible, Silent
from bupmeta.errors import DataError, ModelError
from bupmeta.kernels.censored_posterior import censored_posterior

SETS = (
    "bangertdrowns2004", "bcg_or", "bcg_rd", "bcg_rr", "collins1985b_or", "curtin2002_crossover", "edge_k2_agree",
    "edge_k3_zero", "edge_k5_big", "gibson2002_smd", "hackshaw1998", "haeuser2009_pain_smd", "haeuser2009_sleep_smd",
    "hine1989_rd", "karner2014_sgrq", "lau1992_or", "linde2005_rr", "moore1998_rr", "nielweise2007_or",
    "normand1999_md", "normand1999_smd", "raudenbush1985", "yusuf1985_or",
)  # fmt: skip
PRIORS = {
    "HN05": priors.HalfNormal(0.5),
    "HN10": priors.HalfNormal(1.0),
    "HC05": priors.HalfCauchy(0.5),
    "uniform": priors.Uniform(),
}
THREE = ([-0.9, -1.6, -0.2], [0.33, 0.19, 0.05])
HALF = bm.Bayes(priors.HalfNormal(0.5))


def three(**more: Any) -> bm.Effects:
    """Three trials."""
    return bm.Effects.from_arrays(*THREE, **more)


@pytest.mark.parametrize("name", SETS)
def test_agrees_with_bayesmeta(
    name: str, load: Callable[[str], dict[str, Any]], effects_of: Callable[[str], bm.Effects]
) -> None:
    """Medians, means, shortest intervals and shrinkage agree with bayesmeta 3.4 (tests/reference, block bayes).

    Tau to 1e-3 as STATISTICS asks. bayesmeta's grid over tau holds probabilities to about 1e-3, so that what follows
    from it through mu can be off by that share of the width of the predictive interval, twice that at its own ends;
    test_posterior.py holds bupmeta to 1e-8 of brute force.
    """
    for key, expected in (load(name)["bayes"] or {}).items():
        found = bm.pool(effects_of(name), bm.Bayes(PRIORS[key]))
        after = found.posterior
        assert after is not None
        width = max(1.0, expected["theta_ub"] - expected["theta_lb"])
        tau = after.tau
        for got, want in zip((tau.median, *tau.interval()), ("tau_median", "tau_lb", "tau_ub")):
            assert got == pytest.approx(expected[want], abs=1e-3), (key, want)
        if expected["tau_mean"] is not None:
            assert tau.mean == pytest.approx(expected["tau_mean"], abs=1e-3)
        for got, want in zip((found.mu, *found.ci), ("mu_median", "mu_lb", "mu_ub")):
            assert got == pytest.approx(expected[want], abs=1.1e-3 * width), (key, want)
        for got, want in zip(after.theta_new.interval(), ("theta_lb", "theta_ub")):
            assert got == pytest.approx(expected[want], abs=2e-3 * width), (key, want)
        assert after.probability_below() == pytest.approx(expected["p_mu_neg"], abs=1e-3)
        shrunk = [one.mean for one in after.studies]
        if all(map(math.isfinite, shrunk)):
            assert shrunk == pytest.approx(
                expected["shrink"], abs=1.1e-3 * max(width, np.ptp(found.effects.y))
            )
        if key.startswith("HN"):
            assert found.se == pytest.approx(expected["mu_sd"], abs=1e-3 * width)
        else:  # heavy tails: bayesmeta cuts the axis of tau, its SD is at most the true one
            assert found.se > expected["mu_sd"] - 1e-3 * width


def test_every_field_follows_from_the_posterior() -> None:
    """mu, se, ci, tau2 and the prediction interval are the posterior's; there is no test; weights add to 100."""
    found = bm.pool(three(), HALF)
    after = found.posterior
    assert after is not None
    assert (found.mu, found.se, found.ci) == (after.mu.median, after.mu.sd, after.mu.interval())
    assert found.tau2 == after.tau.median**2
    assert found.tau2_ci == tuple(end**2 for end in after.tau.interval())
    assert found.prediction == after.theta_new.interval()
    assert math.isnan(found.p)
    assert found.weights.sum() == pytest.approx(100)
    assert found.q == pytest.approx(bm.pool(three()).q)


def test_other_models_have_no_posterior() -> None:
    """The field is there and empty."""
    assert bm.pool(three()).posterior is None


def test_functions_of_a_marginal_agree_with_each_other() -> None:
    """Quantiles invert probabilities, the density integrates to them, draws follow them, intervals hold their level."""
    after = bm.pool(three(), HALF).posterior
    assert after is not None
    for one in (after.mu, after.tau, after.theta_new, *after.studies):
        p = np.array([0.01, 0.3, 0.5, 0.9])
        x = one.quantile(p)
        assert one.cdf(x) == pytest.approx(p, abs=1e-10)
        fine = np.linspace(x[0], x[-1], 4001)
        assert np.trapezoid(one.pdf(fine), fine) == pytest.approx(0.89, abs=1e-6)
        assert (one.sample(4000, seed=3) < x[1]).mean() == pytest.approx(0.3, abs=0.025)
        for kind in ("shortest", "central"):
            low, high = one.interval(0.8, kind)  # type: ignore[arg-type]  # a loop over both kinds
            assert float(one.cdf(high) - one.cdf(low)) == pytest.approx(0.8, abs=1e-9)
        short, central = one.interval(0.8), one.interval(0.8, "central")
        assert short[1] - short[0] <= central[1] - central[0] + 1e-12
        assert one.sample(5, seed=9).tolist() == one.sample(5, seed=9).tolist()


def test_words_count_as_what_they_admit() -> None:
    """With evidence="all" a trial that says "not significant" is an interval: the numbers of `censored_posterior`."""
    words = Silent("Cal 2009", "not significant", admissible=Admissible(-0.6, 0.6, 0.3))
    effects = three(silent=[words, Silent("Dee 2010", "results not obtained")])
    found = bm.pool(effects, bm.Bayes(priors.HalfNormal(0.5), evidence="all"))
    other = censored_posterior([-0.9, -1.6, -0.2, -0.6], [-0.9, -1.6, -0.2, 0.6], [0.33, 0.19, 0.05, 0.09])
    assert found.k == 4
    assert found.mu == pytest.approx(other.mu.median, abs=1e-9)
    assert found.posterior is not None
    assert found.posterior.tau.interval(kind="central") == pytest.approx(
        (other.tau.low, other.tau.high), abs=1e-8
    )
    assert found.weights.sum() < 100
    assert any("1 by what its words admit" in note for note in found.notes)
    only = bm.pool(effects, HALF)
    assert only.k == 3
    assert only.mu == pytest.approx(bm.pool(three(), HALF).mu)


def test_bayes_factors_are_ratios_of_marginal_likelihoods() -> None:
    """Savage and Dickey's ratio equals the ratio to the model with mu all but fixed at 0; tau = 0 likewise."""
    model = bm.Bayes(priors.HalfNormal(0.5), priors.Normal(0, 1))
    after, fixed = (
        bm.pool(three(), m).posterior for m in (model, bm.Bayes(model.tau, priors.Normal(0, 1e-6)))
    )
    assert after is not None
    assert fixed is not None
    assert after.log_marginal is not None
    assert fixed.log_marginal is not None
    assert after.bayes_factor("mu") == pytest.approx(
        math.exp(fixed.log_marginal - after.log_marginal), rel=1e-6
    )
    common = bm.pool(three(), bm.Bayes(priors.HalfNormal(1e-7), model.mu)).posterior
    assert common is not None
    assert common.log_marginal is not None
    assert after.bayes_factor("tau") == pytest.approx(
        math.exp(common.log_marginal - after.log_marginal), rel=1e-6
    )
    words = Silent("Cal 2009", "not significant", admissible=Admissible(-0.6, 0.6, 0.3))
    both = [
        bm.pool(three(silent=[words]), bm.Bayes(tau, model.mu, evidence="all")).posterior
        for tau in (model.tau, priors.HalfNormal(1e-7))
    ]
    assert both[0] is not None
    assert both[1] is not None
    ratio = math.exp((both[1].log_marginal or 0) - (both[0].log_marginal or 0))
    assert both[0].bayes_factor("tau") == pytest.approx(ratio, rel=1e-6)


def test_improper_priors_have_no_marginal_likelihood() -> None:
    """Under a flat mu the likelihood has an arbitrary factor: none is given, and no Bayes factor of mu."""
    after = bm.pool(three(), HALF).posterior
    assert after is not None
    assert after.log_marginal is None
    with pytest.raises(ModelError, match="proper prior of mu"):
        after.bayes_factor("mu")


def test_one_trial_is_reported_and_not_pooled() -> None:
    """One trial keeps its estimate; nothing is said of heterogeneity or prediction; two have no prediction interval."""
    one = bm.pool(bm.Effects.from_arrays([-0.9], [0.33]), HALF)
    assert (one.status, one.tau2, one.tau2_ci, one.prediction) == ("one trial", None, None, None)
    assert one.mu == pytest.approx(-0.9)
    assert bm.pool(bm.Effects.from_arrays([-0.9, -0.1], [0.33, 0.2]), HALF).prediction is None


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: bm.Bayes(0.5), "not a prior of tau"),
        (lambda: bm.Bayes(priors.HalfNormal(0.5), priors.HalfNormal(1)), "not a prior of mu"),
        (lambda: bm.Bayes(priors.HalfNormal(0.5), level=95), "confidence level"),
        (lambda: bm.Bayes(priors.HalfNormal(0.5), evidence="some"), "extractable"),
        (lambda: bm.pool(bm.Effects.from_arrays([1, 2], [1, 1]), bm.Bayes(priors.Uniform())), "improper"),
        (
            lambda: bm.pool(bm.Effects.from_arrays([1], [1]), bm.Bayes(priors.LogT(0, 1, 0.5))),
            "tails of .* are too long",
        ),
        (lambda: bm.refit(bm.pool(three(), HALF), bm.designs.leave_one_out()), "RandomEffects"),
    ],
)
def test_what_cannot_be_is_refused(make: Callable[[], object], words: str) -> None:
    """A wrong prior, level or evidence, an improper or endless posterior, refits under priors: one sentence each."""
    with pytest.raises(ModelError, match=words):
        make()


def test_nothing_to_pool_is_said() -> None:
    """No effect at all is a DataError, as for every model."""
    with pytest.raises(DataError, match="no effect to pool"):
        bm.pool(bm.Effects.none(), HALF)


def test_shows_itself_and_is_json() -> None:
    """Text names both priors; the JSON document holds the summaries of the posterior."""
    found = bm.pool(three(), HALF)
    assert "HalfNormal(0.5)" in str(found)
    document = json.loads(json.dumps(found.to_dict()))
    assert document["model"]["tau"] == "HalfNormal(0.5)"
    assert [row["quantity"] for row in document["posterior"]["summaries"]][1] == "tau"
    assert found.posterior is not None
    assert "study 1" in found.posterior.shrinkage().to_text()
