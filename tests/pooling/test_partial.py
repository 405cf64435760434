"""Partial pooling: each condition beside its separate analysis, what it borrows, and what is refused."""

from __future__ import annotations

import math

import pytest

import bupmeta as bm
from bupmeta import priors
from bupmeta.effects import Origin, Silent
from bupmeta.errors import DataError, ModelError
from bupmeta.pooling import PartialPool

HALF = bm.PartialPooling(priors.HalfNormal(0.5), priors.HalfNormal(0.5))
BACK = bm.Effects.from_arrays([-0.6, -0.4], [0.04, 0.06], measure="SMD", origin=[Origin(n=100), Origin(n=70)])
NERVE = bm.Effects.from_arrays([-1.1], [0.09], measure="SMD", origin=[Origin(n=44)])
EMPTY = bm.Effects.none([Silent("Cal 2009", "results not obtained")])


def three(model: bm.PartialPooling = HALF) -> PartialPool:
    """Two conditions with trials and one without."""
    return bm.partial_pool({"back": BACK, "nerve": NERVE, "muscle": EMPTY}, model)


def test_the_separate_analysis_is_the_bayesian_pool() -> None:
    """`alone` is what bm.pool finds for the condition under the same priors; a condition without trials has none."""
    found = three()
    for name, effects in (("back", BACK), ("nerve", NERVE)):
        alone = found[name].alone
        assert alone is not None
        result = bm.pool(effects, bm.Bayes(priors.HalfNormal(0.5)))
        assert (alone.median, alone.interval()) == (result.mu, result.ci)
    assert found["muscle"].alone is None


def test_the_mean_with_the_others_lies_between() -> None:
    """Each condition is drawn towards the other, the one that knows less further; its interval narrows."""
    found = three()
    back, nerve = found["back"], found["nerve"]
    assert back.alone is not None
    assert nerve.alone is not None
    assert nerve.alone.median < nerve.borrowed.median < back.borrowed.median < back.alone.median
    assert nerve.borrowed.median - nerve.alone.median > back.alone.median - back.borrowed.median
    assert nerve.own < back.own
    assert 1 < back.gain < nerve.gain


def test_shares_make_the_posterior_mean() -> None:
    """Conditions of one trial each: the posterior mean is the trials' estimates weighted by the shares."""
    one, two = (bm.Effects.from_arrays([y], [v]) for y, v in ((-0.9, 0.2), (0.3, 0.1)))
    found = bm.partial_pool({"a": one, "b": two}, HALF)
    for condition in found.conditions:
        assert sum(condition.shares) == pytest.approx(1)
        assert condition.borrowed.mean == pytest.approx(
            -0.9 * condition.shares[0] + 0.3 * condition.shares[1]
        )


def test_effective_sizes_are_in_persons() -> None:
    """With tau and omega at 0 every condition knows what all persons know: 214 of them (100 + 70 + 44)."""
    small = priors.HalfNormal(1e-7)
    found = three(bm.PartialPooling(small, small))
    for one in found.conditions:
        assert one.persons[1] == pytest.approx(214)
    unit = 214 / (1 / 0.04 + 1 / 0.06 + 1 / 0.09)
    assert found["nerve"].persons[0] == pytest.approx(unit / 0.09)
    assert found["nerve"].gain == pytest.approx(214 * 0.09 / unit)
    assert found["muscle"].gain == math.inf


def test_sizes_that_are_not_known_leave_no_persons() -> None:
    """Without the sizes of trials the information is compared and no persons are named."""
    found = bm.partial_pool(
        {"a": bm.Effects.from_arrays([1], [1]), "b": bm.Effects.from_arrays([0], [1])}, HALF
    )
    assert all(math.isnan(n) for one in found.conditions for n in one.persons)


def test_one_more_trial_varies_more_than_the_mean() -> None:
    """The effect of a new trial in a condition is about its mean, with tau on top."""
    for one in three().conditions:
        assert one.new.sd > one.borrowed.sd
        assert one.new.mean == pytest.approx(one.borrowed.mean)


def test_words_say_what_is_not_in_the_numbers() -> None:
    """A condition without trials and trials without an effect are named, and what two conditions cannot tell."""
    notes = "; ".join(three().notes())
    assert "muscle: no effect of its own" in notes
    assert "Cal 2009" in notes
    assert "two conditions cannot tell" in notes
    table = three().table(threshold=-0.5)
    assert table.rows[2]["beyond"] == pytest.approx(three()["muscle"].borrowed.probability_below(-0.5))
    assert "alone" not in table.rows[2]
    assert three().weights().rows[2]["nerve"] == pytest.approx(100 * three()["muscle"].shares[1])


def test_ratios_are_shown_as_ratios() -> None:
    """A table of log ratios shows ratios; the numbers of `to_dict` stay logarithms."""
    one = bm.Effects.from_arrays([-0.5, -0.2], [0.04, 0.06], measure="RR")
    found = bm.partial_pool({"a": one, "b": one.take([0])}, HALF)
    alone = found["a"].alone
    assert alone is not None
    row = found.table().rows[0]
    assert row["borrowed"] == pytest.approx(math.exp(found["a"].borrowed.median))
    assert row["alone_ci"] == pytest.approx(tuple(math.exp(end) for end in alone.interval()))
    assert found.to_dict()["conditions"][0]["borrowed"] == pytest.approx(found["a"].borrowed.median)


def test_priors_of_the_mean_weigh() -> None:
    """A proper prior of mu gives a marginal likelihood and a column of weights of its own."""
    found = three(bm.PartialPooling(priors.HalfNormal(0.5), priors.HalfNormal(0.5), priors.Normal(0, 0.2)))
    assert found.log_marginal is not None
    assert found.weights().rows[0]["prior"] > 1  # type: ignore[operator]  # a number
    assert three().log_marginal is None


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ({"a": BACK}, "two conditions or more"),
        ({"a": EMPTY, "b": EMPTY}, "no condition has an effect"),
        (
            {"a": BACK, "b": bm.Effects.from_arrays([1], [1], measure="MD", unit="points")},
            "one measure and unit",
        ),
    ],
)
def test_what_cannot_be_pooled_is_refused(conditions: dict[str, bm.Effects], words: str) -> None:
    """One condition, no effect at all, and effects in different measures: one sentence each."""
    with pytest.raises(DataError, match=words):
        bm.partial_pool(conditions, HALF)


def test_wrong_models_are_refused() -> None:
    """A prior of omega from the trials' variances, what is no prior, an improper posterior, and one without an end."""
    with pytest.raises(ModelError, match="about conditions"):
        bm.PartialPooling(priors.HalfNormal(0.5), priors.DuMouchel())
    with pytest.raises(ModelError, match="not a prior of omega"):
        bm.PartialPooling(priors.HalfNormal(0.5), 0.5)  # type: ignore[arg-type]  # on purpose
    with pytest.raises(ModelError, match="improper"):
        three(bm.PartialPooling(priors.HalfNormal(0.5), priors.Uniform()))
    with pytest.raises(ModelError, match=r"tails of .* are too long"):
        three(bm.PartialPooling(priors.HalfNormal(0.5), priors.LogT(0, 1, 0.3)))
    with pytest.raises(DataError, match="no condition 'bone'"):
        three()["bone"]
