"""The few-studies panel: which methods, which row to read, on which scale the priors are, and what it says."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

import bupmeta as bm
from bupmeta import priors
from bupmeta.effects import Origin
from bupmeta.errors import DataError, ModelError
from bupmeta.pooling import Panel
from bupmeta.pooling.prior_scale import outcome_prior, prior_scale

Y, V = (-0.9, -0.2, -0.5, -0.4, -1.1, -0.6), (0.05, 0.04, 0.06, 0.05, 0.09, 0.07)


def effects(k: int, measure: str = "SMD", unit: str = "", **more: object) -> bm.Effects:
    """The first k of six trials."""
    return bm.Effects.from_arrays(Y[:k], V[:k], measure=measure, unit=unit, **more)  # type: ignore[arg-type]  # options


@pytest.mark.parametrize(
    ("k", "read"),
    [(2, "Bayes, τ ~ HalfNormal(0.5)"), (3, "Bayes, τ ~ HalfNormal(0.5)"), (4, "Bayes, τ ~ HalfNormal(0.5)"),
     (5, "Hartung-Knapp, floored"), (6, "Hartung-Knapp, floored")],
)  # fmt: skip
def test_the_row_to_read_follows_the_number_of_trials(k: int, read: str) -> None:
    """Below five trials the half-normal(0.5) posterior, from five on the floored Hartung-Knapp interval."""
    panel = bm.few_studies(effects(k))
    assert panel.read is not None
    assert panel.read.method == read
    assert read in panel.advice
    marked = [row["method"] for row in panel.table().rows if row["read"]]
    assert marked == [read]


def test_rows_are_what_pool_gives() -> None:
    """Each row is the pool of that model, nothing of its own."""
    found = {row.method: row.result for row in bm.few_studies(effects(3)).rows}
    models: dict[str, bm.RandomEffects | bm.Bayes] = {
        "Common effect": bm.RandomEffects(tau2="EE", ci="Wald"),
        "Wald": bm.RandomEffects(ci="Wald"),
        "Hartung-Knapp": bm.RandomEffects(ci="HK"),
        "Hartung-Knapp, floored": bm.RandomEffects(),
        "Bayes, τ ~ HalfNormal(1)": bm.Bayes(priors.HalfNormal(1.0)),
        "Bayes, log τ² ~ t5(−3.16, 2.50²)": bm.Bayes(priors.rhodes2015("pain")),
    }
    for method, model in models.items():
        result, expected = found[method], bm.pool(effects(3), model)
        assert result is not None
        assert (result.mu, result.ci) == (expected.mu, expected.ci), method


def test_methods_without_an_answer_say_why() -> None:
    """Kenward-Roger below 2 df and permutation below six trials stay in the table with the reason."""
    rows = {row.method: row for row in bm.few_studies(effects(2)).rows}
    assert "degrees of freedom" in rows["Kenward-Roger"].reason
    assert "0.500" in rows["Sign-flip permutation"].reason
    assert (
        next(row for row in bm.few_studies(effects(6)).rows if row.method.startswith("Sign")).result
        is not None
    )


def test_one_trial_is_read_as_it_is() -> None:
    """One row, no row marked, and words that say what one trial cannot tell."""
    panel = bm.few_studies(effects(1))
    assert panel.read is None
    assert len(panel.rows) == 1
    assert panel.advice.startswith("One trial: read it as it is")


@pytest.mark.parametrize(
    ("measure", "unit", "scale"),
    [("SMD", "", 1.0), ("OR", "", 1.0), ("RR", "", 1.0), ("RD", "", 0.2), ("MD", "points of 0-10", 2.5),
     ("MD", "0–10 points", 2.5), ("MD", "mm of 0-100", None), ("MD", "", None), ("generic", "", 1.0)],
)  # fmt: skip
def test_priors_are_on_the_scale_of_the_effects(measure: str, unit: str, scale: float | None) -> None:
    """SMDs and log ratios as they are, 2.5 points per SMD on 0-10, a fifth for risk differences."""
    assert prior_scale(effects(2, measure, unit))[0] == scale


def test_the_scale_of_other_units_comes_from_the_trials() -> None:
    """The SD of a patient that v and the arms imply: v = sd^2 (1/n1 + 1/n2), the median over trials."""
    origin = [Origin(n_active=20, n_control=20), Origin(n_active=40, n_control=40)]
    v = np.array([20.0, 24.0]) ** 2 * [1 / 20 + 1 / 20, 1 / 40 + 1 / 40]
    found, words = prior_scale(bm.Effects.from_arrays([-9, -3], v, measure="MD", unit="mm", origin=origin))
    assert found == pytest.approx(22.0)
    assert "22.00" in words


def test_without_a_scale_no_prior_is_made_up() -> None:
    """The Bayes row asks for the scale, and the floored Hartung-Knapp row is the one to read; given, it is used."""
    panel = bm.few_studies(effects(2, "MD"))
    assert panel.read is not None
    assert panel.read.method == "Hartung-Knapp, floored"
    assert "`scale`" in panel.rows[-1].reason
    given = bm.few_studies(effects(2, "MD"), scale=20.0).read
    assert given is not None
    assert given.method == "Bayes, τ ~ HalfNormal(10)"


def test_equal_data_in_other_units_have_equal_panels() -> None:
    """Points of 0-10 as SMDs times 2.5 give every row times 2.5."""
    smd = bm.few_studies(effects(3))
    points = bm.few_studies(
        bm.Effects.from_arrays(
            [2.5 * y for y in Y[:3]], [6.25 * v for v in V[:3]], measure="MD", unit="points of 0-10"
        )
    )
    for one, other in zip(smd.rows, points.rows):
        assert (one.result is None) == (other.result is None)
        if one.result is not None and other.result is not None:
            assert other.result.ci == pytest.approx(tuple(2.5 * end for end in one.result.ci), rel=1e-8)


def test_each_measure_has_the_prior_that_was_found_for_it() -> None:
    """Rhodes for SMDs, Turner for odds ratios, Bartoš for risk ratios and differences; adverse events their own."""
    for measure, words in {
        "SMD": "Rhodes",
        "OR": "Turner",
        "RR": "Bartoš",
        "RD": "Bartoš",
        "HR": "all of",
    }.items():
        assert words in (outcome_prior(measure, 1.0) or ("", ""))[1]
    found = outcome_prior("OR", 1.0, "adverse events")
    assert found is not None
    assert found[0] == priors.turner2015("adverse events")
    assert outcome_prior("generic", 1.0) is None


def test_words_say_whether_methods_agree() -> None:
    """All rows on one side, none excluding 0, or those that disagree by name."""

    def advice(y: list[float], v: float) -> str:
        return bm.few_studies(bm.Effects.from_arrays(y, [v] * len(y), measure="SMD")).advice

    assert "No row excludes no effect" in advice([-0.1, 0.1, 0.0], 0.2)
    assert "same side" in advice([-3.0, -3.1, -3.05], 0.01)
    assert "Common effect disagrees" in bm.few_studies(effects(2)).advice


def test_ratios_are_shown_as_ratios_and_stored_as_logarithms() -> None:
    """The table and the advice exponentiate, the document does not."""
    panel = bm.few_studies(effects(2, "OR"))
    assert panel.read is not None
    assert panel.read.result is not None
    shown = next(row for row in panel.table().rows if row["read"])
    assert shown["mu"] == pytest.approx(math.exp(panel.read.result.mu))
    document = json.loads(json.dumps(panel.to_dict()))
    stored = next(row for row in document["rows"] if row["read"])
    assert stored["mu"] == pytest.approx(panel.read.result.mu)
    assert "OR 0." in panel.advice


def test_what_cannot_be_is_refused() -> None:
    """No effect, a scale of 0, an outcome that no table has."""
    with pytest.raises(DataError, match="no effect"):
        bm.few_studies(bm.Effects.none())
    with pytest.raises(ModelError, match="above 0"):
        bm.few_studies(effects(2), scale=0.0)
    with pytest.raises(ModelError, match="outcome"):
        bm.few_studies(effects(2), outcome="happiness")


def test_picture_has_a_row_per_trial_and_method() -> None:
    """The layout holds the trials, then the methods, one marked; wide intervals do not set the axis."""
    from bupmeta.plots.few_studies import few_studies, few_studies_layout
    from bupmeta.plots.style import house_style

    panel = bm.few_studies(effects(3, "OR"))
    assert isinstance(panel, Panel)
    with house_style():
        layout = few_studies_layout(panel)
    assert [line.look == "trial" for line in layout.lines] == [True] * 3 + [False] * len(panel.rows)
    assert sum(line.look == "read" for line in layout.lines) == 1
    assert layout.limits[0] < min(Y[:3])
    assert layout.limits[1] > 0
    assert few_studies(panel).axes[0].get_xlabel() == "Odds ratio"
    assert few_studies(bm.few_studies(effects(1))).axes


def test_a_posterior_beyond_doubles_is_a_row_with_its_reason() -> None:
    """Standard errors of 1e-30 about an estimate of 1: 16 digits do not hold every posterior, and other rows stand."""
    panel = bm.few_studies(bm.Effects.from_arrays([1, 1, 1], [1e-60] * 3, measure="SMD"))
    assert panel.rows[-1].method.startswith("Bayes, log τ²")
    assert panel.rows[-1].reason == "not given: the posterior has no interval that 16 digits can tell apart"
    assert panel.read.method == "Bayes, τ ~ HalfNormal(0.5)"


def test_kenward_roger_is_refused_for_variances_too_far_apart() -> None:
    """Its variance is no number when variances span 1e-60 to 1e60; it is never a silent NaN."""
    panel = bm.few_studies(bm.Effects.from_arrays([1, 1.5, 1.2], [1e-60, 1e60, 1], measure="SMD"))
    row = next(row for row in panel.rows if row.method == "Kenward-Roger")
    assert row.reason == "not given: Kenward-Roger's variance cannot be computed for variances so far apart"
