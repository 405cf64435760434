"""Responders and harms: what each report form becomes, checked against the printed rows of data/trials.csv."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import bupmeta as bm
from bupmeta.effects.paired_counts import marginal
from bupmeta.errors import DataError

TRIALS = bm.read_trials(str(Path(__file__).parents[2] / "data" / "trials.csv"))


def row(tables, label):
    i = tables.labels.index(label)
    return (
        (tables.events_active[i], tables.n_active[i], tables.events_control[i], tables.n_control[i]),
        tables.origin[i],
    )


def test_counts_are_taken_and_percentages_read_as_whole_numbers():
    """Gao 2010 prints 15/106 and 4/109; Raskin 2005 12.1 % and 2.6 % of 116: 14 and 3."""
    tables = bm.event_tables(TRIALS, outcome="withdrawal_ae")
    assert row(tables, "Gao 2010")[0] == (15, 106, 4, 109)
    counts, origin = row(tables, "Raskin 2005")
    assert counts == (14, 116, 3, 116)
    assert origin.assumption == "12.1 % read as 14 of 116; 2.6 % read as 3 of 116"
    assert origin.rows == ("raskin2005_d120_wdae",)


def test_active_groups_with_one_control_are_added_up():
    """Skljarevski 2009: 9/59, 17/116 and 27/112 on duloxetine against one placebo group, 10/117."""
    counts, origin = row(bm.event_tables(TRIALS, outcome="withdrawal_ae"), "Skljarevski 2009")
    assert counts == (9 + 17 + 27, 59 + 116 + 112, 10, 117)
    assert origin.assumption == "3 active groups added up"
    assert len(origin.rows) == 3


def test_no_trial_is_dropped():
    """Each trial with a row of the outcome against placebo is there, with counts or silent with the reason."""
    for outcome in ("withdrawal_ae", "responder_moderate_relief", "any_adverse_event"):
        tables = bm.event_tables(TRIALS, outcome=outcome)
        known = {
            r.trial
            for r in TRIALS
            if r.outcome == outcome and r.comparator_type in ("placebo", "active placebo")
        }
        assert {o.trial for o in tables.origin} | {s.trial for s in tables.silent} == known
        assert all(s.kind and s.reason for s in tables.silent)
    kinds = {s.trial: s.kind for s in bm.event_tables(TRIALS, outcome="withdrawal_ae").silent}
    assert kinds["cardenas2002"] == "one group only"


def test_external_safety_data_are_never_pooled_with_trials_of_pain():
    """The bupropion trial outside pain stays in sight, without counts in the tables."""
    tables = bm.event_tables(TRIALS, outcome="any_adverse_event")
    external = [s for s in tables.silent if s.trial.startswith("external2013")]
    assert [s.kind for s in external] == ["kept out of every pool"]


def test_crossovers_are_paired_as_effects_and_said_to_be_parallel_as_counts():
    """Max 1991: 11 and 2 of 20 persons; the paired effect has the smaller variance (Becker & Balagtas 1993)."""
    outcome = "responder_moderate_relief"
    tables = bm.event_tables(TRIALS, outcome=outcome)
    counts, origin = row(tables, "Max 1991")
    assert counts == (11, 20, 2, 20)
    assert "as if the groups were different people" in origin.assumption
    effects = bm.event_effects(TRIALS, outcome=outcome)
    at = effects.labels.index("Max 1991")
    phi = float(effects.origin[at].assumption.split("correlation ")[1].split()[0])
    y, v = marginal("OR", 11, 2, 20, phi)
    np.testing.assert_allclose(
        [effects.y[at], effects.v[at]], [y, v], rtol=0.02
    )  # phi is printed to 2 digits
    parallel = tables.effects("OR")
    assert effects.v[at] < parallel.v[parallel.labels.index("Max 1991")]
    quiet = bm.event_tables(TRIALS, outcome="any_adverse_event", crossovers="silent")
    assert "a crossover, whose groups are the same people" in {s.reason for s in quiet.silent}


def test_effects_of_parallel_counts_are_those_of_the_tables():
    """Inverse variance from `event_effects` and from `event_tables().effects` agree for parallel trials."""
    tables, effects = (make(TRIALS, outcome="responder_30") for make in (bm.event_tables, bm.event_effects))
    same = tables.effects("OR")
    assert effects.labels == same.labels
    np.testing.assert_allclose([effects.y, effects.v], [same.y, same.v])


def test_tables_of_the_data_file_pool_under_every_model():
    """Withdrawals because of adverse events: more with antidepressants under each model of counts."""
    tables = bm.event_tables(TRIALS, outcome="withdrawal_ae")
    for model in (
        bm.MantelHaenszel(),
        bm.Peto(),
        bm.BinomialNormal(),
        bm.PenalisedLikelihood(),
        bm.BetaBinomial(),
    ):
        result = bm.pool(tables, model)
        assert result.ci[0] > 0
        assert len(result.effects.silent) >= len(tables.silent)


def test_what_is_not_there_is_refused():
    """An outcome nobody counted, an unknown measure, an unknown way to take crossovers."""
    with pytest.raises(DataError, match="no trial has counts of pain_relief_onset"):
        bm.event_tables(TRIALS, outcome="pain_relief_onset")
    with pytest.raises(DataError, match="not known"):
        bm.event_effects(TRIALS, outcome="withdrawal_ae", measure="MD")
    with pytest.raises(DataError, match="not known"):
        bm.event_tables(TRIALS, outcome="withdrawal_ae", crossovers="paired")
