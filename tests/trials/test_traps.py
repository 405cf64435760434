"""Traps that real reports set: each figure is as printed in the trial named beside it."""

from __future__ import annotations

import pytest

from bupmeta.trials.lint import lint
from bupmeta.trials.rows import read_rows


def _codes(rows, write):
    return {f.code for f in lint(read_rows(write(rows)))}


@pytest.mark.parametrize(
    "cells",
    [
        # Konno 2016: -2.43 +/- 0.11 vs -1.96 +/- 0.11, an unlabelled standard error
        {"mean_active": "-2.43", "sd_active": "0.11", "mean_control": "-1.96", "sd_control": "0.11",
         "n_active": "232", "n_control": "226", "n_randomized": "458"},
        # Yasuda 2011: -2.41 +/- 0.21 vs -1.61 +/- 0.18
        {"mean_active": "-2.41", "sd_active": "0.21", "mean_control": "-1.61", "sd_control": "0.18",
         "n_active": "86", "n_control": "167", "n_randomized": "339"},
        # Biesbroeck 1995: 29.1 (+/- 3.0) vs 26.1 (+/- 2.9) on 0-100
        {"mean_active": "29.1", "sd_active": "3.0", "mean_control": "26.1", "sd_control": "2.9", "scale_max": "100",
         "value": "decrease", "n_active": "108", "n_control": "104", "n_randomized": "235"},
    ],
)  # fmt: skip
def test_a_standard_error_entered_as_standard_deviation_is_noticed(row, write, cells):
    assert _codes([row("arm_means_sd", **cells)], write) == {"sd-too-precise", "sd-too-small"}


@pytest.mark.parametrize(
    ("form", "cells"),
    [
        # Konno 2016: means and difference disagree by rounding only, and p 0.0026 fits the interval
        ("difference_ci", {"difference": "-0.46", "difference_ci_low": "-0.77", "difference_ci_high": "-0.16",
                           "mean_active": "-2.43", "se_active": "0.11", "mean_control": "-1.96", "se_control": "0.11",
                           "p": "0.0026", "n_active": "232", "n_control": "226", "n_randomized": "458"}),
        # Gao 2015: 0.031 recomputed, 0.030 printed
        ("difference_ci", {"difference": "-0.43", "difference_ci_low": "-0.82", "difference_ci_high": "-0.04",
                           "p": "0.030", "n_active": "203", "n_control": "202", "n_randomized": "405"}),
        # Gilron 2009: middle of -1.4 to -0.3 is -0.85, printed -0.9
        ("difference_ci", {"difference": "-0.9", "difference_ci_low": "-1.4", "difference_ci_high": "-0.3",
                           "p": "0.001", "n_active": "", "n_control": "", "n_paired": "47", "design": "crossover"}),
        # Urquhart 2018: 0.10 without its trailing zero, on 0-100
        ("difference_ci", {"difference": "-7.81", "difference_ci_low": "-15.7", "difference_ci_high": "0.1",
                           "p": "", "p_relation": "", "p_about": "", "scale_max": "100"}),
        # Ginsberg 1996 in the data of Haeuser 2009: 3.8 (2.4) vs 7.0 (1.3), 5.2 standard errors apart and truly so
        ("arm_means_sd", {"mean_active": "3.8", "sd_active": "2.4", "mean_control": "7.0", "sd_control": "1.3",
                          "n_active": "20", "n_control": "20", "value": "endpoint"}),
    ],
)  # fmt: skip
def test_rounding_and_large_effects_are_no_faults(row, write, form, cells):
    assert _codes([row(form, **cells)], write) == set()


def test_a_lost_sign_and_dashes_read_as_minus_signs_are_noticed(row, write):
    # Atkinson 1998: "1.68, 95% -0.001, CI -3.36"
    cells = {"difference": "1.68", "difference_ci_low": "-0.001", "difference_ci_high": "-3.36", "p": "0.050",
             "difference_sign": "control - active", "scale_max": "20", "n_active": "38", "n_control": "40"}  # fmt: skip
    assert "ci-order" in _codes([row(**cells)], write)
