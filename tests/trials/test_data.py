"""The project's own data pass every check; what the reports got wrong is declared in the notes."""

from __future__ import annotations

import pytest

from bupmeta.trials import Trials, read_trials
from bupmeta.trials.forms import NotObtained, NotSignificant, PairedMeansP
from bupmeta.trials.report import check_trials

_PATH = "data/trials.csv"


@pytest.fixture(scope="module")
def trials() -> Trials:
    return read_trials(_PATH)


def test_no_error_and_no_warning_is_left_undeclared():
    report = check_trials(_PATH)
    assert (report.errors, report.warnings) == ((), ())


def test_bupropion_is_entered_as_its_reports_say(trials):
    semenchuk = trials["semenchuk2001_pain"].form
    assert isinstance(semenchuk, PairedMeansP)
    # Semenchuk 2001, abstract: 5.7 on placebo, 4.0 on bupropion, 41 patients, p < 0.001, comparator of p not stated
    assert (semenchuk.mean_active, semenchuk.mean_control, semenchuk.n_paired) == (4.0, 5.7, 41)
    assert (semenchuk.p_relation, semenchuk.p, semenchuk.p_about) == ("<", 0.001, "not stated")
    katz = trials.trial("katz2005").select(outcome="pain_intensity").results[0].form
    assert isinstance(katz, NotSignificant)
    assert katz.n_paired == 44  # Katz 2005, abstract: intention-to-treat sample of 44


def test_the_completed_trial_without_results_is_there(trials):
    pending = [r for r in trials.select(drug="bupropion") if isinstance(r.form, NotObtained)]
    assert [r.source.registration for r in pending] == ["EudraCT 2019-000243-27"]


def test_no_result_without_randomized_control_may_be_pooled(trials):
    assert {r.use for r in trials if r.design == "single arm"} == {"never_pool"}
