"""Influence, coordinates, resampling and GOSH summaries."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import chi2, norm, t

from bupmeta import Effects, RandomEffects, designs, pool, refit
from bupmeta.errors import ModelError
from bupmeta.robustness import (
    baujat,
    gosh,
    influence,
    normal_quantiles,
    p_value_functions,
    radial,
    resampling,
)
from bupmeta.robustness.influence import MEDIAN_CHI2

RNG = np.random.default_rng(5)
EFFECTS = Effects.from_arrays(np.append(RNG.normal(0, 0.4, 8), 3.0), RNG.uniform(0.02, 0.3, 9))


def test_cook_is_read_against_the_median_of_chi_squared() -> None:
    """The constant is what scipy gives for one degree of freedom."""
    assert pytest.approx(chi2.median(1), rel=1e-12) == MEDIAN_CHI2


@pytest.mark.parametrize("ci", ["Wald", "t", "HK", "HK-adhoc"])
def test_influence_equals_refits_one_by_one(ci: str) -> None:
    """Every diagnostic from `pool` without each study, with the standard errors of the model, to 1e-8."""
    model = RandomEffects(ci=ci)  # type: ignore[arg-type]  # a parametrised name
    full, found = pool(EFFECTS, model), influence(pool(EFFECTS, model))
    y, v, k = EFFECTS.y, EFFECTS.v, len(EFFECTS)
    for i in range(k):
        without = pool(EFFECTS.take([j for j in range(k) if j != i]), model)
        rest = np.arange(k) != i
        assert without.tau2 is not None
        w = 1 / (v + without.tau2)
        factor = without.se**2 * w[rest].sum()
        hat = (1 / (v[i] + full.tau2)) / (1 / (v + full.tau2)).sum()
        shift = full.mu - without.mu
        expected = {
            "rstudent": (y[i] - without.mu) / np.sqrt(factor * (v[i] + without.tau2) + without.se**2),
            "dffits": shift / np.sqrt(factor * hat * (v[i] + without.tau2)),
            "cook": shift**2 / full.se**2,
            "covratio": without.se**2 / full.se**2,
            "tau2": without.tau2,
            "q": without.q,
            "hat": hat,
            "weight": full.weights[i],
            "dfbetas": shift / np.sqrt(factor / w.sum()),
        }
        for key, value in expected.items():
            assert getattr(found, key)[i] == pytest.approx(value, rel=1e-8, abs=1e-10), key


def test_an_outlier_is_flagged_by_the_rules_and_marked_in_the_table() -> None:
    """DFFITS over 3 sqrt(1/(k - 1)), Cook over the median chi-squared, leverage over 3/k or DFBETAS over 1."""
    found = influence(pool(EFFECTS, RandomEffects(ci="Wald")))
    limits = found.limits
    by_rule = (
        (np.abs(found.dffits) > limits["dffits"])
        | (found.cook > limits["cook"])
        | (found.hat > limits["hat"])
        | (np.abs(found.dfbetas) > limits["dfbetas"])
    )
    assert found.influential.tolist() == by_rule.tolist()
    assert found.influential[8]
    assert limits["dffits"] == pytest.approx(3 / np.sqrt(8))
    assert "study 9 *" in str(found)
    assert "<table" in found._repr_html_()
    assert found.to_frame()["influential"].tolist() == by_rule.tolist()


@pytest.mark.parametrize("diagnostic", [influence, baujat, normal_quantiles])
def test_one_study_has_no_deletion_diagnostics(diagnostic: object) -> None:
    """With one study there is nothing to leave out."""
    assert callable(diagnostic)
    with pytest.raises(ModelError, match="only one study"):
        diagnostic(pool(EFFECTS.take([0])))


def test_influence_is_refused_where_the_weights_are_others() -> None:
    """Henmi-Copas weighs as a common-effect model, so the leverages would not be its own."""
    with pytest.raises(ModelError, match="Henmi-Copas"):
        influence(pool(EFFECTS, RandomEffects(ci="Henmi-Copas")))


def test_baujat_splits_q_of_a_common_effect_model() -> None:
    """The horizontal coordinates add up to Cochran's Q."""
    result = pool(EFFECTS, RandomEffects(tau2="EE", ci="Wald"))
    assert baujat(result).x.sum() == pytest.approx(result.q)


def test_radial_coordinates_put_the_pooled_effect_on_a_line_through_zero() -> None:
    """Least squares through the origin in these coordinates is the pooled effect."""
    result = pool(EFFECTS)
    found = radial(result)
    assert found.x @ found.z / (found.x @ found.x) == pytest.approx(result.mu)
    assert found.z / found.x == pytest.approx(EFFECTS.y)


def test_normal_quantiles_have_the_exact_band_of_order_statistics() -> None:
    """The chance of the i-th of k normals to fall below its limits is the tail, by the binomial distribution."""
    found = normal_quantiles(pool(EFFECTS), level=0.9)
    k = len(EFFECTS)
    trial = np.sort(np.random.default_rng(0).standard_normal((200_000, k)), axis=1)
    # simulation: 4 standard errors of a share of 5 % in 200,000
    margin = 4 * np.sqrt(0.05 * 0.95 / 200_000)
    assert (trial < found.low).mean(axis=0) == pytest.approx(0.05, abs=margin)
    assert (trial > found.high).mean(axis=0) == pytest.approx(0.05, abs=margin)
    assert (np.diff(found.observed) >= 0).all()
    assert found.observed.tolist() == influence(pool(EFFECTS)).rstudent[list(found.order)].tolist()


def test_normal_quantiles_read_their_level() -> None:
    """A higher level widens the band, an impossible one is refused."""
    result = pool(EFFECTS)
    assert (normal_quantiles(result, 0.99).high > normal_quantiles(result, 0.9).high).all()
    with pytest.raises(ModelError, match="not a confidence level"):
        normal_quantiles(result, 95)


@pytest.mark.parametrize("ci", ["Wald", "t", "HK", "HK-adhoc"])
@pytest.mark.parametrize("prediction", ["z", "t", "HTS", "HK"])
def test_p_value_functions_cross_the_level_at_the_intervals(ci: str, prediction: str) -> None:
    """At the ends of the intervals of the pooled effect, a new study and each study the p-value is 1 - level."""
    result = pool(EFFECTS, RandomEffects(ci=ci, prediction=prediction, level=0.9))  # type: ignore[arg-type]
    assert result.prediction is not None
    ends = p_value_functions(result, np.array(result.ci))
    assert ends.pooled == pytest.approx([0.1, 0.1])
    at = p_value_functions(result, np.array(result.prediction)).prediction
    assert at is not None
    assert at == pytest.approx([0.1, 0.1])
    assert ends.studies[0] == pytest.approx(
        2 * norm.sf(np.abs((ends.theta - EFFECTS.y[0]) / EFFECTS.v[0] ** 0.5))
    )


def test_p_value_functions_choose_effects_with_every_peak() -> None:
    """By default the grid holds each study's effect, where its p-value is 1."""
    found = p_value_functions(pool(EFFECTS))
    assert found.studies.max(axis=1).tolist() == [1.0] * len(EFFECTS)
    assert found.pooled.max() == 1.0
    none = p_value_functions(pool(EFFECTS, RandomEffects(prediction="none")))
    assert none.prediction is None


@pytest.mark.parametrize("ci", ["PL", "permutation", "Henmi-Copas"])
def test_an_interval_without_a_standard_error_has_no_p_value_function(ci: str) -> None:
    """The refusal names the interval."""
    with pytest.raises(ModelError, match=ci):
        p_value_functions(pool(EFFECTS, RandomEffects(ci=ci)))  # type: ignore[arg-type]  # a parametrised name


def test_the_jackknife_of_an_unweighted_mean_is_its_standard_error() -> None:
    """With equal variances and a common effect, se is sd/sqrt(k) and the bias 0 (Efron & Tibshirani 1993, 11.2)."""
    y = np.array([1.0, 2.0, 6.0, 3.5])
    result = pool(Effects.from_arrays(y, np.ones(4)), RandomEffects(tau2="EE", ci="Wald"))
    for size in (1, 2):
        found = resampling(refit(result, designs.jackknife(size)))
        assert found.se == pytest.approx(y.std(ddof=1) / 2)
        assert found.bias == pytest.approx(0, abs=1e-12)
        assert found.ci[1] == pytest.approx(result.mu + t.ppf(0.975, 3) * found.se)


def test_the_bootstrap_of_an_unweighted_mean_is_its_plug_in_standard_error() -> None:
    """se is sd/sqrt(k) with divisor k, within 4 standard errors of 20,000 resamples; the interval is percentile."""
    y = np.array([1.0, 2.0, 6.0, 3.5, -1.0, 0.5])
    result = pool(Effects.from_arrays(y, np.ones(6)), RandomEffects(tau2="EE", ci="Wald", level=0.8))
    refits = refit(result, designs.bootstrap(20_000, seed=2))
    found = resampling(refits)
    assert found.se == pytest.approx(y.std() / np.sqrt(6), rel=4 / np.sqrt(40_000))
    assert found.ci == pytest.approx(tuple(np.quantile(refits.mu, [0.1, 0.9])))
    with pytest.raises(ModelError, match="no resampling plan"):
        resampling(refit(result, designs.subsets()))


def test_gosh_finds_the_study_that_splits_the_subsets() -> None:
    """The outlier is the one whose presence shifts effect and I2; means are over the subsets with and without."""
    refits = refit(pool(EFFECTS), designs.subsets())
    found = gosh(refits)
    assert found.most == "study 9"
    assert found.share == pytest.approx(256 / 511)  # 2^8 of the 2^9 - 1 subsets
    m = refits.sets.counts()
    assert found.mu_with[8] == pytest.approx(refits.mu[m[:, 8] == 1].mean())
    assert found.i2_without[8] == pytest.approx(np.nanmean(refits.i2[m[:, 8] == 0]))
    assert "study 9" in str(found)
    assert "<table" in found._repr_html_()


@pytest.mark.parametrize("measure", [influence, baujat, p_value_functions])
def test_equal_estimates_without_a_standard_error_are_refused(measure: Any) -> None:
    """Where the Hartung-Knapp standard error is 0 nothing can be measured in it."""
    effects = Effects.from_arrays([0.5] * 4, [0.04, 0.05, 0.06, 0.07])
    with pytest.raises(ModelError, match="all estimates are equal"):
        measure(pool(effects, RandomEffects(ci="HK")))
    measure(pool(effects))
