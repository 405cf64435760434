"""Events over person-time: published pools, metafor's numbers, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import bupmeta as bm
from bupmeta.effects.rates import Rates
from bupmeta.errors import DataError, ModelError
from bupmeta.pooling import MantelHaenszelRates, PoissonNormal, leave_one_out

# Doll's smokers in Rothman, Greenland & Lash 2008, table 15-2, per 10,000 person-years
EXAMPLES = Path(__file__).parents[1] / "reference" / "published_examples.json"
SMOKING = json.loads(EXAMPLES.read_text(encoding="utf-8"))["rothman2008_smoking"]
DOLL = Rates.from_counts(
    SMOKING["x1i"], np.array(SMOKING["t1i"]) / 1e4, SMOKING["x2i"], np.array(SMOKING["t2i"]) / 1e4
)
# Niel-Weise 2008 (metadat dat.nielweise2008): infections over catheter days
CATHETERS = Rates.from_counts(
    [7, 8, 3, 6, 1, 1, 17, 3, 2], [1344, 1600, 12012, 1536, 370, 729, 6760, 1107, 320],
    [11, 8, 14, 10, 1, 8, 15, 7, 3], [1988, 1461, 10962, 1503, 483, 913, 6840, 1015, 440],
)  # fmt: skip


def test_rothman_2008():
    """Mantel-Haenszel: 11.4392 deaths (90 % 6.3498 to 16.5286) more per 10,000 person-years; log IRR .3539."""
    more = bm.pool(DOLL, MantelHaenszelRates(measure="IRD", level=0.9))
    assert (more.mu, *more.ci) == pytest.approx((11.4392, 6.3498, 16.5286), abs=5e-5)
    assert bm.pool(DOLL, MantelHaenszelRates()).mu == pytest.approx(0.3539, abs=5e-5)


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("IRR", (-0.415175233492276, 0.183439208490538, 9.86520244646222)),
        ("IRD", (-0.000992500060138465, 0.000435568699265958, 7.95318827783582)),
    ],
)
def test_mantel_haenszel_matches_metafor(measure, expected):
    """metafor 3.8-1, rma.mh(measure, x1i, t1i, x2i, t2i, data=dat.nielweise2008): estimate, se, QE."""
    result = bm.pool(CATHETERS, MantelHaenszelRates(measure=measure))
    assert (result.mu, result.se, result.q) == pytest.approx(expected, rel=1e-10)


def test_stijnen_2010():
    """Stijnen, Hamza & Ozdemir 2010: exact conditional model, log rate ratio -.4762, tau .3501."""
    result = bm.pool(CATHETERS, PoissonNormal())
    assert (result.mu, np.sqrt(result.tau2)) == pytest.approx((-0.4762, 0.3501), abs=1e-4)
    assert result.ci[0] < result.mu < result.ci[1]
    assert result.tau2_ci[0] == 0
    assert "Poisson-normal" in str(result)


def test_estimates_pool_by_inverse_variance():
    """log rate ratio of the first trial, log(7/1344) - log(11/1988), with variance 1/7 + 1/11."""
    effects = CATHETERS.effects()
    assert (effects.y[0], effects.v[0]) == pytest.approx(
        (np.log(7 / 1344) - np.log(11 / 1988), 1 / 7 + 1 / 11)
    )
    assert bm.pool(effects).k == 9


def test_trials_without_events_are_named_and_one_group_without_is_corrected_for_its_own_estimate():
    data = Rates.from_counts([0, 0, 5], [9, 9.5, 40], [0, 3, 7], [9, 9, 41], ["Ann", "Ben", "Cal"])
    effects = data.effects()
    assert [one.assumption for one in effects.origin] == ["0.5 added to the events of both groups", ""]
    for model in (MantelHaenszelRates(), PoissonNormal()):
        result = bm.pool(data, model)
        assert (result.k, result.notes[0]) == (2, "no events in both arms in Ann")


def test_the_unit_of_time_does_not_matter():
    """Days or years: the same ratio and the same intervals."""
    years = Rates.from_counts(
        CATHETERS.events_active,
        CATHETERS.time_active / 365.25,
        CATHETERS.events_control,
        CATHETERS.time_control / 365.25,
    )
    for model in (MantelHaenszelRates(), PoissonNormal()):
        one, other = bm.pool(CATHETERS, model), bm.pool(years, model)
        assert (one.mu, *one.ci, one.p) == pytest.approx((other.mu, *other.ci, other.p), rel=1e-7)


@pytest.mark.parametrize(
    "counts",
    [
        ([-1], [9], [1], [9]),
        ([1.5], [9], [1], [9]),
        ([1], [0], [1], [9]),
        ([1, 2], [9], [1], [9]),
        ([], [], [], []),
    ],
)
def test_impossible_rates_are_refused(counts):
    with pytest.raises(DataError):
        Rates.from_counts(*counts)


def test_what_has_no_finite_ratio_or_is_no_rate_is_refused():
    """No event in any active group; counts instead of rates; leave-one-out, which is for tables."""
    with pytest.raises(ModelError, match="0 or infinite"):
        bm.pool(Rates.from_counts([0], [9], [3], [9]), MantelHaenszelRates())
    with pytest.raises(DataError, match=r"Rates\.from_counts"):
        bm.pool(bm.Tables.from_counts([1], [9], [3], [9]), PoissonNormal())
    with pytest.raises(DataError):
        bm.pool(CATHETERS, bm.Peto())
    with pytest.raises(ModelError, match="not rates"):
        leave_one_out(CATHETERS, PoissonNormal())
    with pytest.raises(ModelError, match="one trial"):
        bm.pool(CATHETERS.take([0]), PoissonNormal())
    with pytest.raises(DataError, match="not known"):
        CATHETERS.effects("OR")
    with pytest.raises(DataError, match="same label"):
        Rates.from_counts([1, 2], [9, 9], [1, 2], [9, 9], ["Ann", "Ann"])
