"""Pooling every trial that says something, the shift each silent trial makes, and what unseen results could do."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

import bupmeta as bm
from bupmeta.effects import Admissible, Silent
from bupmeta.errors import DataError, ModelError
from bupmeta.kernels.censored import censored_fit
from bupmeta.kernels.censored_profile import censored_limits
from bupmeta.pooling import MetaResult, shifts, worst_case

INF = np.inf
Y, V = [-0.9, -1.6, -0.2, -0.7], [0.33, 0.19, 0.05, 0.1]
NULL = Silent("Cal 2009", "not significant", n=60, admissible=Admissible(-0.6, 0.6, 0.3))
BETTER = Silent("Dee 2011", "significant", n=90, admissible=Admissible(-INF, -0.4, 0.2))
UNSEEN = Silent("Eve 2014", "results not obtained", n=120)
MODEL = bm.AllEvidence()


def effects(*silent: Silent, k: int = 4) -> bm.Effects:
    if not k:
        return bm.Effects.none(silent, measure="SMD")
    return bm.Effects.from_arrays(
        Y[:k], V[:k], ["Ann", "Ben", "Bob", "Bea"][:k], measure="SMD", silent=silent
    )


def test_with_estimates_alone_it_is_maximum_likelihood_with_profile_intervals():
    """Every number equals RandomEffects(tau2="ML", ci="PL", tau2_ci="PL") to 1e-8, apart from Q, which is not given."""
    got = bm.pool(effects(), MODEL)
    expected = bm.pool(effects(), bm.RandomEffects(tau2="ML", ci="PL", tau2_ci="PL"))
    numbers = "k mu se ci p statistic tau2 tau2_ci i2 i2_ci h2 h2_ci prediction weights"
    for name in [*numbers.split(), "log_likelihood", "aic", "aicc", "bic", "optima", "status"]:
        a, b = getattr(got, name), getattr(expected, name)
        assert a == b if isinstance(a, str) else a == pytest.approx(b, rel=1e-8, abs=1e-9), name
    assert abs(got.gradient) < 1e-9
    assert (got.q, got.q_p, got.df) == (None, None, None)


def test_silent_trials_count_as_what_their_words_say():
    """mu, tau2 and both intervals are the kernel's for four estimates, an interval and a one-sided one."""
    result = bm.pool(effects(NULL, BETTER, UNSEEN), MODEL)
    data = [*Y, -0.6, -INF], [*Y, 0.6, -0.4], [*V, 0.09, 0.04]
    fit, limits = censored_fit(*data), censored_limits(*data)
    assert (result.mu, result.tau2, result.k) == pytest.approx((float(fit.mu), float(fit.tau2), 6), rel=1e-9)
    assert result.ci == pytest.approx((limits.mu_low, limits.mu_high), rel=1e-9)
    assert result.tau2_ci == pytest.approx((limits.tau2_low, limits.tau2_high), rel=1e-9)
    assert result.notes == ("contributions: 4 exact, 1 interval, 1 one-sided; 1 known without any result",)
    assert len(result.weights) == 4
    assert 50 < result.weights.sum() < 100  # the rest of the information comes from the silent trials


def test_the_result_shows_itself_like_every_other():
    """Same fields, a row, a table of trials, JSON and HTML."""
    result = bm.pool(effects(NULL, UNSEEN), MODEL)
    assert isinstance(result, MetaResult)
    assert str(result).startswith("All-evidence (ML) meta-analysis of 5 trials, PL interval")
    assert "<table" in result._repr_html_()
    assert len(result.study_table().rows) == 4
    named = result.to_dict()
    assert named["model"] == {"level": 0.95}
    assert set(named) >= {field.name for field in fields(MetaResult)} - {"effects"}


@pytest.mark.parametrize(("k", "silent", "said"), [(1, (), "1 exact"), (0, (NULL,), "1 interval")])
def test_one_trial_is_reported_and_not_pooled(k, silent, said):
    """An estimate keeps its Wald interval; words alone an interval a little wider than what they admit; no tau2."""
    result = bm.pool(effects(*silent, k=k), MODEL)
    assert (result.k, result.status) == (1, "one trial")
    assert (result.tau2, result.tau2_ci, result.i2, result.prediction) == (None, None, None, None)
    assert any(said in note for note in result.notes)
    assert "one trial: reported, not pooled" in result.notes
    if k:
        alone = bm.pool(effects(k=1))
        assert (result.mu, *result.ci, result.p) == pytest.approx((alone.mu, *alone.ci, alone.p), rel=1e-9)
    else:
        assert result.mu == pytest.approx(0, abs=1e-12)
        assert 0.6 < result.ci[1] < 1.2


def test_words_alone_are_pooled_and_said_to_be_words():
    """Two trials that found nothing: 0 by symmetry, a bounded interval, and a note that no estimate is behind it."""
    result = bm.pool(effects(NULL, replace(NULL, label="Dan 2010"), k=0), MODEL)
    assert result.mu == pytest.approx(0, abs=1e-9)
    assert result.ci == pytest.approx((-result.ci[1], result.ci[1]))
    assert np.isfinite(result.ci).all()
    assert "no trial printed an estimate: the result rests on words alone" in result.notes
    assert result.weights.size == 0
    assert result.prediction is None


def test_evidence_on_one_side_has_an_open_interval_and_no_estimate():
    """Four times "better": no mu, an interval without a lower end, and the status says so; it still shows itself."""
    result = bm.pool(effects(*(replace(BETTER, label=f"D{i}") for i in range(4)), k=0), MODEL)
    assert result.status == "no estimate"
    assert np.isnan(result.mu)
    assert result.ci[0] == -INF
    assert result.ci[1] < 0
    assert result.p < 0.05
    assert (result.tau2, result.prediction) == (None, None)
    assert any("one-sided" in note and "no estimate" in note for note in result.notes)
    assert "not estimable" in str(result)
    assert result.to_dict()["ci"][0] is None


def test_an_open_end_is_said():
    """One "better" beside one estimate: each interval is what the kernel gives, and an infinite end has a note."""
    result = bm.pool(effects(BETTER, k=0), MODEL)
    assert result.ci[0] == -INF
    assert any("infinity" in note or "one-sided" in note for note in result.notes)


def test_a_trial_whose_words_admit_everything_says_nothing():
    """An interval without ends is not a contribution; with nothing else there is nothing to pool."""
    nothing = replace(NULL, admissible=Admissible(-INF, INF, 0.3))
    assert bm.pool(effects(nothing), MODEL).k == 4
    with pytest.raises(DataError, match="no trial says anything about the effect"):
        bm.pool(effects(nothing, UNSEEN, k=0), MODEL)


def test_an_exact_admissible_counts_as_an_estimate():
    """Equal ends, an estimate without a printed standard error, weigh as an estimate does."""
    known = replace(NULL, admissible=Admissible(-0.5, -0.5, 0.3))
    result = bm.pool(effects(known), MODEL)
    exact = bm.pool(bm.Effects.from_arrays([*Y, -0.5], [*V, 0.09]), MODEL)
    assert (result.mu, result.tau2) == pytest.approx((exact.mu, exact.tau2), rel=1e-9)
    assert result.notes[0].startswith("contributions: 5 exact")


@pytest.mark.parametrize(
    "limits", [Admissible(0.6, -0.6, 0.3), Admissible(-0.6, 0.6, 0.0), Admissible(-0.6, 0.6, np.nan)]
)
def test_impossible_words_are_refused_by_name(limits):
    with pytest.raises(DataError, match="Cal 2009"):
        bm.pool(effects(replace(NULL, admissible=limits)), MODEL)


def test_the_model_checks_its_level_and_refits_are_refused():
    """A level outside (0, 1) is an error, and refits, which hold estimates only, say what to use instead."""
    with pytest.raises(ModelError, match="confidence level"):
        bm.AllEvidence(level=95)
    with pytest.raises(ModelError, match="shifts"):
        bm.refit(bm.pool(effects(NULL), MODEL), bm.designs.leave_one_out())


def test_the_level_reaches_both_intervals():
    narrow, wide = (bm.pool(effects(NULL), bm.AllEvidence(level=level)) for level in (0.5, 0.99))
    assert wide.ci[0] < narrow.ci[0] < narrow.mu < narrow.ci[1] < wide.ci[1]
    assert wide.tau2_ci[1] > narrow.tau2_ci[1]


def test_shifts_are_differences_of_pools():
    """Leaving out each silent trial that says something equals pooling without it; shift + mu is with all."""
    found = shifts(effects(NULL, BETTER, UNSEEN))
    whole = bm.pool(effects(NULL, BETTER, UNSEEN), MODEL)
    assert [trial.label for trial in found.trials] == ["Cal 2009", "Dee 2011"]
    for i, rest in enumerate((BETTER, NULL)):
        without = bm.pool(effects(rest, UNSEEN), MODEL)
        assert (found.mu[i], found.low[i], found.high[i]) == pytest.approx(
            (without.mu, *without.ci), rel=1e-8
        )
        assert found.shift[i] == pytest.approx(whole.mu - without.mu, rel=1e-7)
    assert found.shift[0] > 0 > found.shift[1]  # "not significant" moves towards 0, "better" away from it
    assert found.weight.sum() + whole.weights.sum() == pytest.approx(100)
    assert "Dee 2011" in str(found)
    assert "(−∞ to −0.40)" in str(found)
    assert "<table" in found._repr_html_()


def test_shifts_of_nothing_and_of_the_only_trial():
    """Without silent trials the table is empty; without the only trial there is nothing left, not a number."""
    assert len(shifts(effects())) == 0
    only = shifts(effects(NULL, k=0))
    assert np.isnan([only.mu[0], only.shift[0]]).all()
    assert only.weight[0] == pytest.approx(100)


def test_worst_cases_are_pools_with_the_assumed_effects():
    """Each row equals pooling with the unseen trial added; its se is that of a known trial of its size."""
    cases = worst_case(effects(NULL, UNSEEN), assumed=[-1.0, 0.0, 1.0])
    assert cases.labels == ("Eve 2014",)
    se = 0.3 * np.sqrt(60) / np.sqrt(120)  # Cal 2009 is the one trial whose size is known
    assert cases.se == pytest.approx([se])
    for i, x in enumerate((-1.0, 0.0, 1.0)):
        added = bm.Effects.from_arrays([*Y, x], [*V, se**2], silent=[NULL])
        result = bm.pool(added, MODEL)
        assert (cases.mu[i], cases.low[i], cases.high[i], cases.tau2[i]) == pytest.approx(
            (result.mu, *result.ci, result.tau2), rel=1e-7
        )
    assert (cases.lowest, cases.highest) == (cases.mu[0], cases.mu[2])
    assert "Eve 2014" in str(cases)
    assert len(cases) == 3


def test_unseen_trials_may_be_counted_and_given_a_standard_error():
    """`unseen` names none, `se` is taken as it is; without sizes the median standard error stands in."""
    given = worst_case(effects(), unseen=3, se=0.2, assumed=[0.5])
    assert given.se.tolist() == [0.2] * 3
    assert len(given.labels) == 3
    assert worst_case(effects(), unseen=1, assumed=[0.5]).se[0] == pytest.approx(np.median(np.sqrt(V)))


@pytest.mark.parametrize(
    ("silent", "options", "message"),
    [
        ((), {"assumed": [0.0]}, "no trial is without a known result"),
        ((UNSEEN,), {"assumed": []}, "one finite effect"),
        ((UNSEEN,), {"assumed": [np.inf]}, "one finite effect"),
        ((UNSEEN,), {"assumed": [0.0], "se": -1.0}, "standard error"),
    ],
)
def test_worst_cases_say_what_is_missing(silent, options, message):
    with pytest.raises(DataError, match=message):
        worst_case(effects(*silent), **options)
