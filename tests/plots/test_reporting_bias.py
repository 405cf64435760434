"""The plot of the reporting-bias simulation: layout, then drawing."""

from __future__ import annotations

import pytest

from bupmeta.errors import DataError
from bupmeta.plots.reporting_bias import LOOKS, reporting_bias, reporting_bias_layout
from bupmeta.plots.save import figure_bytes
from bupmeta.simulate import METHODS
from bupmeta.simulate import reporting_bias as simulate


@pytest.fixture(scope="module")
def found():
    return simulate(k=[4, 8], tau=[0.0, 0.2], mu=[0.3], replications=30)


def test_a_panel_per_measure_and_number_of_trials(found):
    """Bias above coverage, columns by k, a series per method with its values and two Monte Carlo standard errors."""
    layout = reporting_bias_layout(found, 0.3)
    assert [[panel.title for panel in line] for line in layout.panels] == [["4 trials", "8 trials"]] * 2
    assert [line[0].aim for line in layout.panels] == [0.0, 95.0]
    series = layout.panels[0][1].series[1]
    rows = found.select("all evidence", k=8)
    assert series.value == tuple(row.bias for row in rows)
    assert series.error == tuple(2 * row.bias_se for row in rows)
    low, high = layout.panels[0][0].limits
    assert all(low < x < high for panel in layout.panels[0] for one in panel.series for x in one.value)
    assert "30 simulated" in layout.note


def test_an_effect_that_was_not_simulated_is_refused(found):
    with pytest.raises(DataError, match=r"no setting has mu=0\.7; there are 0\.3"):
        reporting_bias_layout(found, 0.7)


def test_the_drawing_names_every_method_and_repeats_byte_for_byte(found):
    """Each method has a look, is in the legend, and two drawings are the same."""
    assert set(LOOKS) == set(METHODS)
    one, two = (figure_bytes(reporting_bias(found), "svg") for _ in "ab")
    assert one == two
    assert all(name.encode() in one for name in METHODS)
