"""What a next trial could change: chances against brute force, information against its formulas, the funnel's grid."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

import bupmeta as bm
from bupmeta import planning, priors
from bupmeta.effects import Admissible, Origin, Silent
from bupmeta.errors import DataError, ModelError
from bupmeta.planning.methods import now
from bupmeta.planning.trial import spread

Y, V = [-0.4, -0.1, -0.6], [0.04, 0.03, 0.09]
THREE = bm.Effects.from_arrays(Y, V, measure="SMD")
RESULT = bm.pool(THREE)
WORDS = Silent("Cal 2009", "not significant", admissible=Admissible(-0.6, 0.6, 0.3))


def added(y: float, v: float) -> bm.Effects:
    """The three trials and one more."""
    return bm.Effects.from_arrays([*Y, y], [*V, v], measure="SMD")


def test_chances_are_those_of_pools_with_one_more_trial() -> None:
    """A sum over predicted estimates, each pooled anew by the public verb, gives the same chances.

    The sum knows an end of a stretch to one of its steps only; the chances solve for it.
    """
    found = planning.next_trial(RESULT, [60], threshold=-0.1)
    v = 2 / 60
    assert found.variance == pytest.approx([v])
    after = bm.pool(THREE, bm.Bayes(priors.HalfNormal(0.5))).posterior
    assert after is not None
    law = after.theta_new.law._replace(sd=np.hypot(after.theta_new.law.sd, math.sqrt(v)))  # type: ignore[union-attr]  # a mixture
    low, high = law.quantile([0.025, 0.975])
    assert (found.low[0], found.high[0]) == pytest.approx((low, high))
    models = (bm.RandomEffects(), bm.RandomEffects(ci="Wald"), bm.Bayes(priors.HalfNormal(0.5)))
    for model, places, outlook in zip(models, (400, 400, 40), found.outlooks, strict=True):
        every = law.quantile((np.arange(places) + 0.5) / places).tolist()
        high_ends = np.array([bm.pool(added(y, v), model).ci[1] for y in every])  # type: ignore[arg-type]  # any model
        assert (high_ends < -0.1).mean() == pytest.approx(outlook.below[0], abs=1.1 / places)
        assert outlook.now == pytest.approx(bm.pool(THREE, model).ci)  # type: ignore[arg-type]  # any model
        assert outlook.below + outlook.holds + outlook.above == pytest.approx(1)
        assert outlook.turns == pytest.approx(1 - outlook.holds)  # each holds -0.1 now


def test_a_common_effect_has_its_closed_form() -> None:
    """With tau2 held at 0, by hand: the pooled interval lies below 0 if the new estimate lies below a known value."""
    result = bm.pool(THREE, bm.RandomEffects(tau2="EE", ci="Wald"))
    found = planning.next_trial(result, [80])
    w, new = 1 / np.array(V), 80 / 2
    z = -ndtri(0.025)
    edge = (-z * math.sqrt(w.sum() + new) - w @ np.array(Y)) / new
    after = bm.pool(THREE, bm.Bayes(priors.HalfNormal(0.5))).posterior
    assert after is not None
    law = after.theta_new.law
    chance = law.weight @ ndtr((edge - law.mean) / np.hypot(law.sd, new**-0.5))  # type: ignore[union-attr]  # a mixture
    assert found.outlooks[0].below[0] == pytest.approx(chance, abs=1e-9)
    assert [one.method for one in found.outlooks] == ["Common effect, Wald", "Bayes"]


def test_turning_the_signs_turns_the_chances() -> None:
    """Effects of the other sign give the chances of the other side."""
    turned = bm.pool(bm.Effects.from_arrays([-y for y in Y], V, measure="SMD"))
    for one, two in zip(planning.next_trial(RESULT, 50).outlooks, planning.next_trial(turned, 50).outlooks):
        assert one.below == pytest.approx(two.above, abs=1e-9)


def test_a_trial_without_end_tells_how_trials_vary_and_no_more() -> None:
    """With n growing the chance settles: one trial is one draw of how trials vary, however large it is."""
    below = planning.next_trial(RESULT, [10**5, 10**7]).outlooks[0].below
    assert below[0] == pytest.approx(below[1], abs=1e-3)
    assert 0.1 < below[1] < 0.9


def test_one_trial_can_be_planned_for() -> None:
    """From one trial the prediction rests on the prior, which is said; two trials leave Hartung-Knapp 1 df."""
    one = bm.pool(bm.Effects.from_arrays([-1.7], [0.23], measure="MD", unit="points of 0-10"))
    found = planning.next_trial(one, [50], sd=2.0, threshold=-1.0)
    assert "one trial tells nothing" in found.notes[-1]
    assert found.outlooks[0].below[0] < 0.01 < found.outlooks[1].below[0]
    assert found.spread.variance(50) == pytest.approx(0.16)


def test_words_count_where_they_are_asked_for() -> None:
    """Where all evidence counts the posterior alone is moved, from where `bm.pool` has it; brute force agrees."""
    effects = bm.Effects.from_arrays(Y, V, measure="SMD", silent=[WORDS])
    model = bm.Bayes(priors.HalfNormal(0.5), evidence="all")
    found = planning.next_trial(bm.pool(effects, bm.AllEvidence()), 100)
    assert [one.method for one in found.outlooks] == ["Bayes, all evidence"]
    assert found.outlooks[0].now == pytest.approx(bm.pool(effects, model).ci)
    low, high = now(bm.pool(effects, model)).methods[0].after(np.array([-0.5]), np.array([0.02]))
    more = bm.Effects.from_arrays([*Y, -0.5], [*V, 0.02], measure="SMD", silent=[WORDS])
    assert (low[0], high[0]) == pytest.approx(bm.pool(more, model).ci, abs=1e-6)


def test_the_spread_of_persons_comes_from_the_trials() -> None:
    """Parallel trials imply sqrt(v/(1/n1 + 1/n2)), crossover trials sqrt(v n); neither stands for the other."""
    arms = Origin(n=90, n_active=40, n_control=50, design="parallel")
    crossed = Origin(n=36, design="crossover")
    effects = bm.Effects.from_arrays([-1, -2], [0.18, 0.25], measure="MD", origin=[arms, crossed])
    assert spread(effects).sd == pytest.approx(math.sqrt(0.18 / (1 / 40 + 1 / 50)))
    assert spread(effects, design="crossover").sd == pytest.approx(3.0)
    assert spread(effects, design="crossover").variance(36) == pytest.approx(0.25)
    assert spread(effects, 2.0).variance(40) == pytest.approx(0.2)
    with pytest.raises(DataError, match="no crossover trial"):
        spread(effects.take([0]), design="crossover")
    with pytest.raises(DataError, match="standard deviation"):
        spread(effects, -1.0)
    assert spread(THREE).sd == 1.0


def test_the_required_information_gives_the_power_it_promises() -> None:
    """At the required size a two-sided test finds delta with the power asked for: ndtr by hand; D2 and I2 divide.

    N = 4 sd^2 (z + z)^2/delta^2 is `NF` of R's RTSA 0.2.2 (`ris`, before it is rounded up to an even number).
    """
    result = bm.pool(bm.Effects.from_arrays([-0.4, -0.3, -0.45], V, measure="SMD"))
    assert result.tau2 == 0
    found = planning.information_size(result, 0.5, power=0.8)
    se = found.information**-0.5
    assert ndtr(0.5 / se + ndtri(0.025)) == pytest.approx(0.8)
    assert found.needed[0].persons == pytest.approx(4 * found.information)
    assert found.needed[2].persons == pytest.approx(2 * found.needed[0].persons)  # D2 = 50 %, assumed
    assert found.needed[0].share == pytest.approx(sum(1 / v for v in V) / found.information)
    assert found.persons is None


def test_heterogeneity_asks_for_more() -> None:
    """D2 is 1 - var_common/var_random, at least I2 (Wetterslev 2009); the share is that of the pool's information."""
    result = bm.pool(bm.Effects.from_arrays([-0.9, 0.1, -0.5, -1.2], [0.02, 0.03, 0.09, 0.04], measure="SMD"))
    assert result.tau2
    found = planning.information_size(result, 0.2)
    w, common = 1 / (result.effects.v + result.tau2), 1 / result.effects.v
    none, i2, d2 = found.needed
    assert none.persons / d2.persons == pytest.approx(w.sum() / common.sum())
    assert none.persons / i2.persons == pytest.approx(1 - result.i2 / 100)  # type: ignore[operator]  # is there
    assert d2.persons >= i2.persons
    assert d2.share == pytest.approx(w.sum() / found.information)


def test_further_trials_bring_what_is_missing() -> None:
    """By tau2, k trials of the size given bring the missing information; a person less, or fewer trials, do not."""
    result = bm.pool(bm.Effects.from_arrays([-0.9, 0.1, -0.5, -1.2], [0.02, 0.03, 0.09, 0.04], measure="SMD"))
    assert result.tau2
    found = planning.information_size(result, 0.2)
    missing = found.information - (1 / (result.effects.v + result.tau2)).sum()
    for k, n in found.further:
        assert k / (4 / n + result.tau2) >= missing > k / (4 / (n - 1) + result.tau2)
    assert found.fewest is not None
    assert (found.fewest - 1) / result.tau2 <= missing
    assert planning.information_size(result, 5.0).further == ()


def test_one_trial_has_assumed_allowances() -> None:
    """One trial does not tell how results vary: D2 is assumed, and said to be."""
    one = bm.pool(bm.Effects.from_arrays([-1.7], [0.23], measure="MD", origin=[Origin(n=41)]))
    found = planning.information_size(one, 1.0, sd=2.0)
    assert [part.allowance for part in found.needed] == ["none", "D² = 25%, assumed", "D² = 50%, assumed"]
    assert "one trial does not tell" in found.notes[-1]
    assert found.persons == 41
    assert found.further == ()


@pytest.mark.parametrize("method", [0, 1, 2])
def test_the_funnel_is_a_grid_of_pools(method: int) -> None:
    """Each cell is the interval of the trials and one more, by the public verb."""
    model = (RESULT.model, bm.RandomEffects(ci="Wald"), bm.Bayes(priors.HalfNormal(0.5)))[method]
    found = planning.extended_funnel(RESULT, method=method, y=[-1.0, -0.3, 0.4], se=[0.05, 0.3])
    for i, se in enumerate([0.05, 0.3]):
        for j, y in enumerate([-1.0, -0.3, 0.4]):
            ci = bm.pool(added(y, se**2), model).ci  # type: ignore[arg-type]  # one of three models
            assert (found.low[i, j], found.high[i, j]) == pytest.approx(ci, abs=1e-7)
    assert found.side_now == (0, -1, 0)[method]


def test_the_funnel_says_where_stretches_end() -> None:
    """The table names the effects of a new trial after which the interval lies elsewhere; ratios as ratios."""
    ratios = bm.pool(bm.Effects.from_arrays(Y, V, measure="RR"))
    found = planning.extended_funnel(ratios)
    rows = found.table().rows
    below = next(row for row in rows if row["side"] == "lie below")
    i = int((found.side[0] == -1).argmax())
    assert below["ci"][0] == pytest.approx(math.exp(found.y[i]))  # type: ignore[index]  # a pair
    holds = [row["ci"] for row in rows if row["side"] == "hold it"]
    assert holds[0][0] == 0  # type: ignore[index]  # beyond the grid: exp(-inf)
    assert found.to_dict()["side"][0][i] == -1


def test_what_cannot_be_planned_is_refused() -> None:
    """Sizes below 2, thresholds that are no number, unknown designs, intervals solved one by one, counts, grids."""
    with pytest.raises(DataError, match="not a size"):
        planning.next_trial(RESULT, 1)
    with pytest.raises(DataError, match="not a size"):
        planning.next_trial(RESULT, [2.5])  # type: ignore[list-item]  # on purpose
    with pytest.raises(DataError, match="threshold"):
        planning.next_trial(RESULT, 50, threshold=math.nan)
    with pytest.raises(ModelError, match="parallel"):
        planning.next_trial(RESULT, 50, design="cluster")  # type: ignore[arg-type]  # on purpose
    with pytest.raises(ModelError, match="HK-adhoc"):
        planning.next_trial(bm.pool(THREE, bm.RandomEffects(ci="PL")), 50)
    with pytest.raises(ModelError, match="scale"):
        planning.next_trial(bm.pool(bm.Effects.from_arrays(Y, V, measure="MD")), 50, sd=1.0)
    with pytest.raises(DataError, match="rising"):
        planning.extended_funnel(RESULT, y=[1.0, 0.0])
    with pytest.raises(DataError, match="above 0"):
        planning.extended_funnel(RESULT, se=[-1.0, 1.0])
    with pytest.raises(DataError, match="no method 3"):
        planning.extended_funnel(RESULT, method=3)
    with pytest.raises(DataError, match="delta"):
        planning.information_size(RESULT, 0.0)
    with pytest.raises(DataError, match="power"):
        planning.information_size(RESULT, 0.5, power=90)
    with pytest.raises(DataError, match="assumed"):
        planning.information_size(RESULT, 0.5, assumed=[100])


def test_pictures_are_drawn_and_stay_on_the_page() -> None:
    """A curve per interval, regions for the funnel; no word is cut; drawing twice gives the same bytes."""
    from bupmeta.plots.extended_funnel import extended_funnel_layout
    from bupmeta.plots.next_trial import next_trial_layout
    from bupmeta.plots.save import figure_bytes
    from bupmeta.plots.style import house_style

    chances = planning.next_trial(RESULT, [25, 400], threshold=-0.8)
    funnel = planning.extended_funnel(RESULT)
    layout = next_trial_layout(chances)
    assert {label for label, *_ in layout.curves} == {"Hartung-Knapp, floored", "Wald", "Bayes"}
    assert any(above for _, _, above, _ in layout.curves)
    assert "−0.80" in layout.note
    assert extended_funnel_layout(funnel).note.endswith("Now it holds 0. Dots: the trials.")
    for draw in (lambda: bm.plots.next_trial(chances), lambda: bm.plots.extended_funnel(funnel)):
        figure = draw()
        with house_style():
            box = figure.get_tightbbox()
            wide, high = figure.get_size_inches()
        assert box is not None
        assert (box.x0 > -0.01, box.x1 < wide + 0.01, box.y0 > -0.01, box.y1 < high + 0.01) == (True,) * 4
        assert figure_bytes(figure, "svg") == figure_bytes(draw(), "svg")


def test_information_is_counted_for_effects_of_any_size() -> None:
    """Where D2 rounds to 100 % and where millions of trials would be needed, there is still a number or a sentence."""
    apart = bm.pool(bm.Effects.from_arrays([1, 1.5, 1.2], [1e-60, 1e-60, 1e-60], measure="SMD"))
    found = planning.information_size(apart, 0.5)
    assert all(one.share > 0 and one.persons < math.inf for one in found.needed)
    small = planning.information_size(apart, 1e-9)
    assert small.further == ()
    assert small.notes[-1] == "by τ², more than 1,000,000 further trials are needed, however large"


def test_a_question_is_settled_where_every_chance_is_near_0_or_1() -> None:
    """Forty precise trials far from 0 leave 0 out whatever comes; a threshold amid the interval stays open."""
    many = bm.pool(bm.Effects.from_arrays([-1.0] * 40, [0.04] * 40, measure="SMD"))
    assert planning.next_trial(many, [25, 50]).settled
    assert not planning.next_trial(RESULT, [25, 400], threshold=-0.8).settled
