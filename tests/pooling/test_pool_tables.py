"""Pools of counts: published analyses (anchors.md D2), what is refused, what is said about empty cells."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import bupmeta as bm
from bupmeta.errors import DataError, ModelError
from bupmeta.pooling import blups, leave_one_out, share_beyond

REFERENCE = Path(__file__).parents[1] / "reference"
MODELS = (
    bm.MantelHaenszel(), bm.MantelHaenszel(measure="RR"), bm.MantelHaenszel(measure="RD"), bm.Peto(),
    bm.PenalisedLikelihood(), bm.BetaBinomial(), bm.BinomialNormal(), bm.BinomialNormal(model="CM.EL"),
    bm.BinomialNormal(model="CM.AL"), bm.BinomialNormal(model="UM.RS"),
)  # fmt: skip


def tables(name) -> bm.Tables:
    raw = json.loads((REFERENCE / f"{name}.json").read_text(encoding="utf-8"))["raw"]
    a, c = np.array(raw["ai"], float), np.array(raw["ci"], float)
    n1 = np.array(raw["n1i"], float) if "n1i" in raw else a + np.array(raw["bi"], float)
    n2 = np.array(raw["n2i"], float) if "n2i" in raw else c + np.array(raw["di"], float)
    keep = ~np.isnan(a)
    return bm.Tables.from_counts(a[keep], n1[keep], c[keep], n2[keep])


def printed(expected, digits=4):
    return pytest.approx(expected, abs=0.5001 * 10.0**-digits)


EXAMPLES = json.loads((REFERENCE / "published_examples.json").read_text(encoding="utf-8"))
TOLBUTAMIDE = bm.Tables.from_counts(
    *(EXAMPLES["rothman2008_tolbutamide"][key] for key in ("ai", "n1i", "ci", "n2i")),
    ["under 55", "55 and over"],
)
SPERMICIDE = bm.Tables.from_counts([3, 1], [12, 4], [104, 5], [1163, 91], ["under 35", "35 and over"])


@pytest.mark.parametrize(
    ("measure", "expected"),
    [("RD", (0.0349, -0.0176, 0.0874)), ("RR", (0.2818, -0.1442, 0.7078)), ("OR", (0.3387, -0.1731, 0.8505))],
)
def test_rothman_2008_tolbutamide(measure, expected):
    """Rothman, Greenland & Lash 2008: Mantel-Haenszel with 90 % intervals, and Tarone's test among the notes."""
    result = bm.pool(TOLBUTAMIDE, bm.MantelHaenszel(measure=measure, level=0.9))
    assert (result.mu, *result.ci) == printed(expected)
    assert (measure != "OR") or any("correction 0.35, 1 df" in note for note in result.notes)


def test_rothman_2008_conditional_odds_ratio():
    """Tolbutamide CM.EL .3381, Q .3502; spermicide MH 1.3300, UM.FS 1.3318, CM.EL 1.3257 (tau2 is 0 in all)."""
    result = bm.pool(TOLBUTAMIDE, bm.BinomialNormal(model="CM.EL"))
    assert (result.mu, result.q) == printed((0.3381, 0.3502))
    models = bm.MantelHaenszel(), bm.BinomialNormal(), bm.BinomialNormal(model="CM.EL")
    assert [bm.pool(SPERMICIDE, model).mu for model in models] == printed([1.3300, 1.3318, 1.3257])


def test_stijnen_2010():
    """CM.EL -1.3532, se .3511, tau .8327; CM.AL -1.3027, tau .7750, without the trial that had no event."""
    result = bm.pool(tables("nielweise2007_or"), bm.BinomialNormal(model="CM.EL"))
    assert (result.mu, np.sqrt(result.tau2)) == pytest.approx((-1.3532, 0.8327), abs=1e-4)
    assert result.se == pytest.approx(0.3511, abs=1e-4)  # 15 points give .35104, metafor's 7 .35105
    near = bm.pool(tables("nielweise2007_or"), bm.BinomialNormal(model="CM.AL", points=7))
    assert (near.mu, np.sqrt(near.tau2)) == pytest.approx((-1.3027, 0.7750), abs=1e-4)
    assert result.k == 17
    assert "no events in both arms in study 15: they say nothing about this measure" in result.notes


def test_van_houwelingen_1993():
    """Sclerotherapy: common effect .1216 (.0995), ll -53.6789; random .1744 (.1364), tau2 .1192, ll -52.99009."""
    data = tables("collins1985a")
    result = bm.pool(data, bm.BinomialNormal(model="CM.EL"))
    # metafor's own search stops early: its tau2 differs in the third figure
    assert (result.mu, result.se, result.tau2) == pytest.approx((0.1744, 0.1364, 0.1192), rel=3e-3)
    assert result.log_likelihood == pytest.approx(-52.99009, abs=1e-4)
    assert result.log_likelihood >= -52.99009 - 1e-6


def test_yusuf_1985_and_normand_1999():
    """Peto odds ratio .9332 (.7385 to 1.1792); hine1989 risk difference, percent, 2.9444 (.3831 to 5.5058)."""
    peto = bm.pool(tables("yusuf1985_or"), bm.Peto())
    assert np.exp([peto.mu, *peto.ci]) == printed([0.9332, 0.7385, 1.1792])
    effects = tables("hine1989_rd").effects("RD")
    common = bm.pool(effects, bm.RandomEffects(tau2="EE", ci="Wald"))
    assert np.multiply(100, [common.mu, *common.ci]) == printed([2.9444, 0.3831, 5.5058])


def test_stata_metan():
    """BCG in Stata's metan: MH RR -.4537 z -11.5338, OR -.4734 z -11.5444, RD z -11.4708, Peto -.4744 z -11.6689."""
    data = tables("bcg_or")
    found = [bm.pool(data, bm.MantelHaenszel(measure=m)) for m in ("RR", "OR", "RD")] + [
        bm.pool(data, bm.Peto())
    ]
    assert [one.statistic for one in found] == printed([-11.5338, -11.5444, -11.4708, -11.6689])
    assert [one.mu for one in found] == printed([-0.4537, -0.4734, -0.0033, -0.4744])


@pytest.mark.parametrize("name", ["bcg_or", "yusuf1985_or", "linde2005_rr"])
def test_q_of_mantel_haenszel_and_peto_matches_metafor(name):
    """Q and I2 around the pooled estimate (blocks `rare`); a trial without events is in the RD but not in its Q."""
    theirs = json.loads((REFERENCE / f"{name}.json").read_text(encoding="utf-8"))["rare"]
    for model in MODELS[:4]:
        row = theirs["Peto"] if isinstance(model, bm.Peto) else theirs[f"MH_{model.measure}"]
        ours = bm.pool(tables(name), model)
        assert ours.q == pytest.approx(row["QE"], rel=1e-10)
        assert ours.i2 == pytest.approx(row.get("I2", ours.i2), rel=1e-10)
        assert (ours.p, *ours.ci) == pytest.approx((row["pval"], row["ci_lb"], row["ci_ub"]), rel=1e-8)


@pytest.mark.parametrize("model", [bm.BinomialNormal(model="CM.EL"), bm.BinomialNormal()])
def test_profile_limits_lie_where_the_likelihood_has_fallen_by_half_a_chi2(model):
    """At each end of the intervals of mu and tau2 the likelihood, maximised over the other, is 1.92 below its top."""
    from scipy.optimize import minimize_scalar

    from bupmeta.kernels.glmm import GLMM

    data = tables("collins1985b_or")
    result = bm.pool(data, model)
    of = GLMM[model.model](data.cells, model.points)

    def height(mu, tau):
        return float(of(np.array([[mu, tau]])).sum())

    for mu in result.ci:
        best = minimize_scalar(lambda tau, mu=mu: -height(mu, tau), bounds=(0, 3), method="bounded").fun
        assert result.log_likelihood + best == pytest.approx(1.920729, abs=1e-4)
    for tau2 in result.tau2_ci:
        best = minimize_scalar(lambda mu, t=tau2: -height(mu, t**0.5), bounds=(-3, 3), method="bounded").fun
        assert result.log_likelihood + best == pytest.approx(1.920729, abs=1e-4)


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_leave_one_out_is_the_pool_of_the_rest(model):
    """Row 2 of leave-one-out equals pooling the other trials, empty cells and all."""
    data = bm.Tables.from_counts(
        [0, 4, 6, 0, 9], [30, 40, 50, 20, 60], [2, 7, 9, 0, 20], [31, 42, 47, 21, 61]
    )
    left = leave_one_out(data, model)
    rest = bm.pool(data.take([0, 2, 3, 4]), model)
    at = left.labels.index("study 2")
    assert (left.mu[at], left.se[at]) == pytest.approx((rest.mu, rest.se), rel=1e-5)
    if isinstance(model, bm.BinomialNormal):
        assert left.tau2[at] == pytest.approx(rest.tau2, abs=1e-6)


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_swapping_the_groups_turns_the_pool_around(model):
    """Active and control exchanged: the same size with the other sign, and the mirrored interval."""
    data = bm.Tables.from_counts([1, 4, 6, 9], [30, 40, 50, 60], [2, 7, 9, 20], [31, 42, 47, 61])
    back = bm.Tables.from_counts(data.events_control, data.n_control, data.events_active, data.n_active)
    one, other = bm.pool(data, model), bm.pool(back, model)
    assert (one.mu, *one.ci, one.p) == pytest.approx(
        (-other.mu, -other.ci[1], -other.ci[0], other.p), rel=1e-5
    )


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_every_result_shows_itself(model):
    """Table, study table and JSON hold for every model; weights are percent."""
    result = bm.pool(tables("hine1989_rd"), model)
    assert model.title in str(result)
    assert len(result.study_table().rows) == len(result.effects) == 6
    assert result.weights.sum() == pytest.approx(100)
    assert result.to_dict()["mu"] == pytest.approx(result.mu)
    if isinstance(model, bm.BinomialNormal):
        assert (result.status, result.tau2, result.tau2_ci[0]) == ("tau2 at its boundary", 0, 0)
        assert result.gradient < 0


@pytest.mark.parametrize("model", MODELS, ids=str)
def test_one_trial_is_reported_and_not_pooled(model):
    """k = 1: no heterogeneity, and the status says so."""
    result = bm.pool(bm.Tables.from_counts([4], [40], [9], [41]), model)
    assert (result.k, result.status, result.tau2, result.q, result.prediction) == (
        1,
        "one trial",
        None,
        None,
        None,
    )


def test_infinite_odds_ratios_are_refused_and_penalised_ones_are_not():
    """No event in any active group: maximum likelihood has no estimate, and the message says what does."""
    data = bm.Tables.from_counts([0, 0], [40, 30], [5, 4], [41, 30])
    for model in (
        bm.MantelHaenszel(),
        bm.BinomialNormal(),
        bm.BinomialNormal(model="CM.EL"),
        bm.BetaBinomial(),
    ):
        with pytest.raises(ModelError, match="PenalisedLikelihood"):
            bm.pool(data, model)
    result = bm.pool(data, bm.PenalisedLikelihood())
    assert np.isfinite([result.mu, *result.ci]).all()
    assert bm.pool(data, bm.MantelHaenszel(measure="RD")).mu < 0


def test_a_likelihood_that_rises_without_end_is_refused():
    """Two trials whose empty cells point in opposite directions: tau2 has no maximum, and no number is made up."""
    data = bm.Tables.from_counts([2, 0], [62, 113], [0, 2], [91, 98])
    with pytest.raises(ModelError, match="rises without end"):
        bm.pool(data, bm.BinomialNormal(model="CM.EL"))
    assert np.isfinite(bm.pool(data, bm.PenalisedLikelihood()).mu)


def test_trials_without_events_are_counted_or_named():
    """UM.RS and beta-binomial count them; the others say that they tell nothing; the risk difference holds them."""
    data = bm.Tables.from_counts([0, 4, 6], [30, 40, 50], [0, 7, 9], [31, 42, 47], ["Ann", "Ben", "Cal"])
    for model, k, words in (
        (bm.BinomialNormal(), 2, "they say nothing about this measure"),
        (bm.BinomialNormal(model="UM.RS"), 3, "counted, without an estimate of their own"),
        (bm.BetaBinomial(), 3, "counted, without an estimate of their own"),
        (bm.PenalisedLikelihood(), 3, "counted, without an estimate of their own"),
    ):
        result = bm.pool(data, model)
        assert result.k == k
        assert f"no events in both arms in Ann: {words}" in result.notes
        assert [one.label for one in result.effects.silent] == ["Ann"]
    assert bm.pool(data, bm.MantelHaenszel(measure="RD")).k == 3


def test_counts_and_estimates_are_not_confused():
    """Counts with a model of estimates, and estimates with a model of counts: one sentence says what to do."""
    with pytest.raises(DataError, match=r"effects\(\), or pool"):
        bm.pool(TOLBUTAMIDE)
    with pytest.raises(DataError, match=r"Tables\.from_counts"):
        bm.pool(TOLBUTAMIDE.effects("OR"), bm.Peto())
    with pytest.raises(DataError, match="no trial says anything"):
        bm.pool(bm.Tables.from_counts([0], [10], [0], [10]), bm.Peto())
    result = bm.pool(tables("bcg_or"), bm.BinomialNormal())
    for ask in (blups, lambda one: share_beyond(one, 0.0)):
        with pytest.raises(ModelError, match="estimates, not counts"):
            ask(result)
    with pytest.raises(ModelError, match="leave_one_out"):
        bm.refit(bm.pool(TOLBUTAMIDE, bm.Peto()), bm.designs.leave_one_out())


@pytest.mark.parametrize(
    ("model", "options"),
    [
        (bm.MantelHaenszel, {"measure": "or"}), (bm.MantelHaenszel, {"zero_cells": "half"}), (bm.Peto, {"level": 95}),
        (bm.BinomialNormal, {"model": "UM"}), (bm.BinomialNormal, {"points": 0}), (bm.BinomialNormal, {"ci": "HK"}),
        (bm.BetaBinomial, {"ci": "t"}), (bm.PenalisedLikelihood, {"level": 0}),
    ],
)  # fmt: skip
def test_models_refuse_what_they_do_not_know(model, options):
    """An unknown name or an impossible number is refused when the model is written."""
    with pytest.raises(ModelError):
        model(**options)
