"""The conventions of other programs, against figures that those programs printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from bupmeta.analysis.parity import parity
from bupmeta.analysis.parity_counts import parity_of_counts
from bupmeta.analysis.programs import CHOICES, HOUSE, PROGRAMS, program_table, source_table, words
from bupmeta.effects import Effects
from bupmeta.effects.core import Origin
from bupmeta.effects.measures import SMD_VARIANCES, J, JName, SmdVariance, restandardized
from bupmeta.effects.tables import Tables
from bupmeta.kernels.tables import RD_VARIANCES, RdVariance
from bupmeta.pooling import RandomEffects, pool
from bupmeta.pooling.table_models import MantelHaenszel, Peto

REFERENCE = Path(__file__).parents[1] / "reference"


def load(name: str):
    return json.loads((REFERENCE / f"{name}.json").read_text(encoding="utf-8"))


def effects_of(name: str) -> Effects:
    """Estimates and variances of metafor 5.1-12, with the sizes of both groups where the set has them."""
    data = load(name)
    sizes = zip(data["raw"].get("n1i") or [], data["raw"].get("n2i") or [])
    origin = [Origin(n_active=int(a), n_control=int(c)) for a, c in sizes]
    return Effects.from_arrays(data["yi"], data["vi"], measure=data["raw"]["measure"], origin=origin)


def bcg() -> Tables:
    raw = load("bcg_or")["raw"]
    n1, n2 = (np.add(raw[a], raw[b]) for a, b in (("ai", "bi"), ("ci", "di")))
    return Tables.from_counts(raw["ai"], n1, raw["ci"], n2)


def row(found, program: str):
    return next(row for row in found.rows if row.program == program)


@pytest.mark.parametrize(
    "name", ["haeuser2009_pain_smd", "normand1999_md", "normand1999_smd", "karner2014_sgrq"]
)
def test_metafor_row_is_what_metafor_prints(name):
    """Under metafor's conventions the row is metafor 5.1-12's own default output (block univariate, REML/z)."""
    ours = row(parity(effects_of(name), RandomEffects()), "metafor")
    theirs = load(name)["univariate"]["REML/z"]
    found = [ours.mu, ours.se, *ours.ci, ours.p, ours.tau2, ours.i2, *ours.prediction]
    names = ("beta", "se", "ci_lb", "ci_ub", "pval", "tau2", "I2", "pi_lb", "pi_ub")
    assert found == pytest.approx([theirs[name] for name in names], rel=1e-6, abs=1e-8)


def test_revman_row_is_hartung_knapp_where_estimates_enter_as_they_are():
    """For mean differences RevMan's convention is metafor's REML/knha; its interval is that block's."""
    ours = row(parity(effects_of("normand1999_md"), RandomEffects()), "RevMan")
    theirs = load("normand1999_md")["univariate"]["REML/knha"]
    assert ours.ci == pytest.approx((theirs["ci_lb"], theirs["ci_ub"]), rel=1e-6)
    assert ours.differs == ("ci",)


def test_prediction_by_riley():
    """With DL and t on k - 2 df, the interval of Riley 2011 for Haeuser's pain: -0.83 to -0.02 as published.

    At full precision -.8367 to -.0179 (metafor 5.1-12, predtype="riley", block univariate, DL/z).
    """
    theirs = load("haeuser2009_pain_smd")["univariate"]["DL/z"]
    found = pool(effects_of("haeuser2009_pain_smd"), RandomEffects(tau2="DL", ci="Wald", prediction="HTS"))
    assert found.prediction == pytest.approx((theirs["pi_riley_lb"], theirs["pi_riley_ub"]), rel=1e-6)
    assert found.prediction == pytest.approx((-0.83, -0.02), abs=0.01)
    assert PROGRAMS["Stata"].conventions.prediction == "HTS"


def test_i2_by_both_definitions():
    """Haeuser's pain: 37.2 % from tau2 (metafor), 45.0 % from Q (the same for DL: block univariate, DL/z)."""
    data = load("haeuser2009_pain_smd")["univariate"]
    found = parity(effects_of("haeuser2009_pain_smd"), RandomEffects())
    assert row(found, "metafor").i2 == pytest.approx(data["REML/z"]["I2"], rel=1e-6)
    as_given = Effects.from_arrays(*(load("haeuser2009_pain_smd")[x] for x in ("yi", "vi")))
    assert row(parity(as_given, RandomEffects()), "meta").i2 == pytest.approx(data["DL/z"]["I2"], rel=1e-6)


def test_risk_difference_has_two_variances():
    """BCG: z 11.47 by Sato's variance (metafor) and 11.56 by Greenland & Robins' (Stata's metan).

    Both stand in metafor's own comparison with metan, test_misc_metan_vs_rma.mh_with_dat.bcg.
    """
    found = parity_of_counts(bcg(), MantelHaenszel("RD"))
    z = {row.program: round(row.statistic, 2) for row in found.rows}
    assert z == {"bupmeta": -11.47, "metafor": -11.47, "meta": -11.56, "RevMan": -11.56, "Stata": -11.56}
    assert row(found, "metafor").statistic == pytest.approx(-11.4708, abs=5e-5)


@pytest.mark.parametrize(("measure", "z"), [("OR", -11.5444), ("RR", -11.5338)])
def test_ratios_without_empty_cells_agree_everywhere(measure, z):
    """BCG by Mantel-Haenszel: z as in metafor's comparison with Stata's metan, in every program."""
    found = parity_of_counts(bcg(), MantelHaenszel(measure))
    assert [row.statistic for row in found.rows] == pytest.approx([z] * 5, abs=5e-5)
    assert all(row.differs == () for row in found.rows)


def test_peto_agrees_everywhere():
    """BCG by Peto: -0.4744, z -11.6689 (metafor's comparison with metan)."""
    found = parity_of_counts(bcg(), Peto())
    assert [row.statistic for row in found.rows] == pytest.approx([-11.6689] * 5, abs=5e-5)
    assert found.rows[0].mu == pytest.approx(-0.4744, abs=5e-5)


def test_empty_cells_are_named_as_the_difference():
    """Adding 1/2 pulls the ratio of sparse trials towards 1, and trials without events count in Stata only."""
    found = parity_of_counts(
        Tables.from_counts([0, 1, 4, 0], [116, 44, 90, 50], [3, 3, 9, 0], [117, 35, 80, 40]), MantelHaenszel()
    )
    assert {row.program: row.differs for row in found.rows} == {
        HOUSE: (), "metafor": (), "meta": ("zero_cells",), "RevMan": ("zero_cells",),
        "Stata": ("zero_cells", "double_zeros"),
    }  # fmt: skip
    assert [row.k for row in found.rows] == [3, 3, 3, 3, 4]
    assert row(found, "metafor").mu < row(found, "meta").mu < row(found, "Stata").mu < 0


def test_standardized_differences_are_made_anew():
    """Hedges g by J = 1 - 3/(4 df - 1), and its variances: worked by hand for one trial of Haeuser's pain.

    Trial 4: n 20 and 20, means 3.8 and 7.0, SDs 2.4 and 1.3, so d = -3.2/sqrt((2.4^2 + 1.3^2)/2).
    """
    d = -3.2 / ((2.4**2 + 1.3**2) / 2) ** 0.5
    g = load("haeuser2009_pain_smd")["yi"][3]
    j = 1 - 3 / (4 * 38 - 1)
    y, v = restandardized(g, 20, 20, "approximate", "RevMan")
    assert (y, v) == (
        pytest.approx(j * d, rel=1e-12),
        pytest.approx(0.1 + (j * d) ** 2 / (2 * 36.06), rel=1e-12),
    )
    y, v = restandardized(g, 20, 20, "approximate", "LS2")  # as Stata: J^2 (1/n1 + 1/n2 + d^2/(2 N))
    assert (y, v) == (pytest.approx(j * d, rel=1e-12), pytest.approx(j**2 * (0.1 + d**2 / 80), rel=1e-12))


def test_what_is_no_g_of_two_groups_stays():
    """A g whose variance is not that of two groups (paired, or combined) enters as it is, and is named."""
    data = load("haeuser2009_pain_smd")
    origin = [
        Origin(n_active=int(a), n_control=int(c)) for a, c in zip(data["raw"]["n1i"], data["raw"]["n2i"])
    ]
    v = list(data["vi"])
    v[2] *= 0.7
    found = parity(Effects.from_arrays(data["yi"], v, measure="SMD", origin=origin), RandomEffects())
    assert found.notes[0].startswith("21 of 22")
    assert "study 3 stay" in found.notes[0]


def test_a_common_effect_stays_one():
    """Where the model has no tau2, no program is given one, and estimates agree."""
    found = parity(effects_of("normand1999_md"), RandomEffects(tau2="EE", ci="Wald"))
    theirs = load("normand1999_md")["univariate"]["EE/z"]["beta"]
    assert [row.mu for row in found.rows] == pytest.approx([theirs] * 5, rel=1e-9)
    assert all(row.differs == () for row in found.rows)


def test_one_trial_has_no_parity():
    """One trial is reported as it is by every program."""
    assert parity(Effects.from_arrays([0.1], [0.2]), RandomEffects()) is None


def test_every_convention_has_words_and_a_source():
    """No value is shown by its key; what was not verified in source is said to be so."""
    for program in PROGRAMS.values():
        for name in CHOICES:
            value = getattr(program.conventions, name)
            assert value in CHOICES[name].values
            assert words(name, value)
    doubts = {(r["program"], r["choice"]) for r in source_table().rows if r["verified"] == "not verified"}
    assert (PROGRAMS["Stata"].title, "prediction interval") in doubts
    assert not any(program == PROGRAMS["metafor"].title for program, _ in doubts)
    assert len(program_table(PROGRAMS["metafor"].conventions).rows) == len(CHOICES)


@pytest.mark.parametrize(
    ("options", "registry"), [(JName, J), (SmdVariance, SMD_VARIANCES), (RdVariance, RD_VARIANCES)]
)
def test_options_are_the_keys_of_their_registry(options, registry):
    """What a type allows is what can be done."""
    assert set(get_args(options)) == set(registry)
