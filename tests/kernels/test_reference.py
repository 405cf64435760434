"""Every estimator on every reference data set against metafor 5.1-12 (tests/reference/README.md)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bupmeta.kernels import TAU2, fit, log_likelihood, optima, score, se_tau2

REFERENCE = Path(__file__).parents[1] / "reference"
SETS = {
    path.stem: content
    for path in sorted(REFERENCE.glob("*.json"))
    if "univariate" in (content := json.loads(path.read_text(encoding="utf-8")))
}
MULTIMODAL = json.loads((REFERENCE / "multimodal_reml.json").read_text(encoding="utf-8"))
GRID = [(name, method) for name in SETS for method in TAU2]


def data(name: str) -> tuple[np.ndarray, np.ndarray]:
    pairs = zip(SETS[name]["yi"], SETS[name]["vi"], strict=True)
    y, v = zip(*(pair for pair in pairs if None not in pair), strict=True)
    return np.array(y), np.array(v)


def agree(ours, theirs) -> None:
    """STATISTICS.md: relative 1e-6 or absolute 1e-8."""
    np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-8)


def test_the_grid_of_methods_and_data_sets_is_complete():
    assert len(SETS) == 23
    assert {key.split("/")[0] for one in SETS.values() for key in one["univariate"]} == set(TAU2)
    assert [f"{method}/z" in SETS[name]["univariate"] for name, method in GRID] == [True] * (23 * 13)


@pytest.mark.parametrize(("name", "method"), GRID)
def test_estimates_match_metafor(name, method):
    y, v = data(name)
    theirs = SETS[name]["univariate"]
    row, fitted = theirs[f"{method}/z"], fit(y, v, tau2=method)
    agree([fitted.tau2, fitted.mu, fitted.var**0.5], [row["tau2"], row["beta"], row["se"]])
    agree([fitted.q, fitted.k], [row["QE"], row["k"]])
    agree((fitted.var * fitted.scale) ** 0.5, theirs[f"{method}/knha"]["se"])
    if method != "EE":
        agree(se_tau2(y, v, method=method, tau2=fitted.tau2), row["se_tau2"])
        agree((fitted.var * np.maximum(fitted.scale, 1)) ** 0.5, theirs[f"{method}/adhoc"]["se"])
        agree(100 * fitted.tau2 / (fitted.tau2 + fitted.typical_v), row["I2"])


@pytest.mark.parametrize("method", ["ML", "REML"])
@pytest.mark.parametrize("name", SETS)
def test_the_log_likelihood_matches_metafor_and_is_flat_at_the_estimate(name, method):
    y, v = data(name)
    tau2, restricted = fit(y, v, tau2=method).tau2, method == "REML"
    theirs = SETS[name]["univariate"][f"{method}/z"]["loglik"]
    agree(log_likelihood(y, v, tau2=tau2, restricted=restricted), theirs)
    slope, unit = score(y, v, tau2=tau2, restricted=restricted), len(y) / (v.min() + tau2)
    assert slope <= 0 if tau2 == 0 else abs(slope) < 1e-11 * unit


@pytest.mark.parametrize("index", range(len(MULTIMODAL)))
def test_the_highest_of_several_maxima_is_found(index):
    """The reference maxima come from a scan in steps of 4 %, their heights without the constant."""
    one = MULTIMODAL[index]
    found, fitted = optima(one["yi"], one["vi"]), fit(one["yi"], one["vi"])
    assert fitted.status == 2
    assert float(fitted.tau2) == pytest.approx(max(found, key=lambda at: at.log_likelihood).tau2, rel=1e-10)
    k = len(one["yi"])
    constant = 0.5 * np.log(k) - 0.5 * (k - 1) * np.log(2 * np.pi)
    best = log_likelihood(one["yi"], one["vi"], tau2=fitted.tau2) - constant
    assert best >= max(one["ll"]) - 1e-9
    nearest = np.argmin([abs(np.log((at + 1e-9) / (fitted.tau2 + 1e-9))) for at in one["maxima"]])
    assert nearest == np.argmax(one["ll"])
    np.testing.assert_allclose([at.tau2 for at in found], one["maxima"], rtol=0.04, atol=1e-9)
