"""Crossovers by sequence, and a crossover of which every rating is public: from its summaries alone to its truth."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bupmeta.effects import crossover
from bupmeta.effects.abba import Sequence, ab_ba
from bupmeta.effects.readings import GRID

# Dinat 2015; made by amitriptyline_summaries.py from the individual ratings.
DINAT = json.loads((Path(__file__).parents[1] / "reference" / "amitriptyline_summaries.json").read_text())
SETS = [(name, score) for name in ("xoverPP", "xoverBOCF") for score in ("endpoint", "decrease")]


def sequence(summary, *, with_difference):
    names = ("n", "mean_active", "sd_active", "mean_control", "sd_control")
    return Sequence(*(summary[x] for x in names), summary["sd_difference"] if with_difference else None)


@pytest.mark.parametrize(("name", "score"), SETS)
def test_sequences_with_sds_of_differences_give_what_the_individuals_give(name, score):
    """Treatment effect, standard error, period effect and df are those of least squares on the individual ratings."""
    data = DINAT[name][score]
    found = ab_ba(*(sequence(data[s], with_difference=True) for s in ("AP", "PA")))
    truth = data["individual"]
    assert found.r is None
    np.testing.assert_allclose(
        [found.treatment, found.se, found.period, found.df],
        [truth["treatment"], truth["se"], truth["period"], truth["df"]],
        rtol=1e-10,
    )


@pytest.mark.parametrize(("name", "score"), SETS)
def test_summaries_alone_bracket_the_individual_data(name, score):
    """Means and SDs per treatment: the estimate is the individuals' and the grid of r holds their standard error."""
    one = DINAT[name][score]["all"]
    means = (one["mean_active"], one["sd_active"], one["mean_control"], one["sd_control"])
    rs = GRID.r if score == "endpoint" else GRID.r_change
    y, v = crossover.paired_difference(one["n"], *means, np.array(rs))
    truth = one["sd_difference"] / one["n"] ** 0.5
    assert float(y) == pytest.approx(one["mean_difference"], abs=1e-12)
    assert min(v) ** 0.5 < truth < max(v) ** 0.5
    assert min(rs) < one["r"] < max(rs)


@pytest.mark.parametrize("name", ["xoverPP", "xoverBOCF"])
def test_sequences_alone_bracket_the_individual_data(name):
    """Without SDs of differences the estimate freed from the period effect is exact and the grid holds its SE."""
    data = DINAT[name]["endpoint"]
    sequences = [sequence(data[s], with_difference=False) for s in ("AP", "PA")]
    found = [ab_ba(*sequences, r=r) for r in GRID.r]
    truth = data["individual"]
    assert {round(one.treatment, 12) for one in found} == {round(truth["treatment"], 12)}
    assert min(one.se for one in found) < truth["se"] < max(one.se for one in found)
    assert [one.r for one in found] == list(GRID.r)


def test_the_derived_correlation_is_the_individuals():
    """SDs and the SD of differences, or the paired standard error, imply the correlation of the individual ratings."""
    one = DINAT["xoverPP"]["endpoint"]["all"]
    sds = one["sd_active"], one["sd_control"]
    assert float(crossover.correlation_from_sd(*sds, one["sd_difference"])) == pytest.approx(
        one["r"], rel=1e-10
    )
    se = one["sd_difference"] / one["n"] ** 0.5
    assert float(crossover.correlation_from_se(one["n"], *sds, se)) == pytest.approx(one["r"], rel=1e-10)


def test_ignoring_the_period_inflates_the_standard_error():
    """In these data by about 22 % (evidence notes: about 23 %), for the period effect is more than two points."""
    data = DINAT["xoverPP"]["endpoint"]
    plain = data["all"]["sd_difference"] / data["all"]["n"] ** 0.5
    assert plain / data["individual"]["se"] == pytest.approx(1.22, abs=0.005)
    assert data["individual"]["period"] < -2


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(0.5, 4), st.integers(3, 80), st.integers(3, 80))
def test_the_period_effect_does_not_move_the_treatment_effect(treatment, period, sd, n1, n2):
    """Any period effect added to the second periods leaves treatment and its SE as they were."""
    found = ab_ba(
        Sequence(n1, 4 + treatment, sd, 4 + period, sd, sd),
        Sequence(n2, 4 + treatment + period, sd, 4, sd, sd),
    )
    assert found.treatment == pytest.approx(treatment, abs=1e-9)
    assert found.period == pytest.approx(period, abs=1e-9)
    assert found.se == pytest.approx(sd / 2 * (1 / n1 + 1 / n2) ** 0.5)
