"""Effects from counts: empty cells by a stated rule. Values for full tables are checked in test_tabular."""

from __future__ import annotations

import math
from typing import get_args

import numpy as np
import pytest

from bupmeta.effects.counts import COUNTS, CountMeasure, odds_ratio, risk_difference, risk_ratio


def test_every_measure_is_in_the_registry() -> None:
    """The options of CountMeasure are the keys of COUNTS."""
    assert set(get_args(CountMeasure)) == set(COUNTS)


def test_half_is_added_to_all_cells_of_a_trial_with_an_empty_one() -> None:
    """0/10 against 2/10 is read as 0.5/11 against 2.5/11; by hand: log(0.5 * 8.5 / (10.5 * 2.5))."""
    y, v = odds_ratio([0, 1], [10, 10], [2, 2], [10, 10])
    assert y == pytest.approx([math.log(4.25 / 26.25), math.log(8 / 18)], abs=1e-14)
    assert v == pytest.approx([2 + 1 / 10.5 + 1 / 2.5 + 1 / 8.5, 1 + 1 / 9 + 1 / 2 + 1 / 8], abs=1e-14)


@pytest.mark.parametrize("events", [0, 10])
@pytest.mark.parametrize("ratio", [odds_ratio, risk_ratio])
def test_no_contrast_gives_no_ratio(ratio: object, events: int) -> None:
    """Without events, or with nothing else, in both arms a ratio is unknown, and not one."""
    assert np.isnan(ratio(events, 10, events, 10)).all()  # type: ignore[operator]  # both are functions of counts


def test_no_contrast_gives_a_risk_difference() -> None:
    """Without events in two arms of 10 the difference is 0, with the variance of 0.5/11 in each: by hand."""
    y, v = risk_difference(0, 10, 0, 10)
    assert float(y) == 0
    assert float(v) == pytest.approx(2 * 0.5 * 10.5 / 11**3, abs=1e-15)
