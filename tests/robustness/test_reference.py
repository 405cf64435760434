"""Refits, influence and Baujat coordinates agree with metafor on every data set of tests/reference."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest
from numpy.typing import NDArray

from bupmeta import Effects, RandomEffects, designs, pool, refit
from bupmeta.kernels import fit
from bupmeta.kernels.likelihood import log_likelihood
from bupmeta.pooling import MetaResult
from bupmeta.robustness import baujat, influence

REFERENCE = Path(__file__).parents[1] / "reference"
Array: TypeAlias = NDArray[np.float64]
MODEL = RandomEffects(tau2="REML", ci="Wald")  # the model of the block `diagnostics` in reference.R


def blocks(key: str) -> list[str]:
    """The data sets whose reference holds `key`."""
    found = []
    for path in sorted(REFERENCE.glob("*.json")):
        data = json.loads(path.read_text())
        found += [path.stem] if isinstance(data, dict) and key in (data.get("diagnostics") or {}) else []
    return found


@cache
def load(name: str) -> tuple[MetaResult, dict[str, Any]]:
    """The pooled data set, and what metafor says of it."""
    data = json.loads((REFERENCE / f"{name}.json").read_text())
    pairs = [(y, v) for y, v in zip(data["yi"], data["vi"]) if y is not None and v is not None]
    y, v = map(list, zip(*pairs))
    return pool(Effects.from_arrays(y, v), MODEL), data["diagnostics"]


def by_hand(y: Array, v: Array, tau2: float, tau2_deleted: Array) -> dict[str, Array]:
    """The formulas of metafor's influence.rma.uni, study by study, at given values of tau2."""
    w = 1 / (v + tau2)
    mu, hat, var = w @ y / w.sum(), w / w.sum(), 1 / w.sum()
    rows = []
    for i, t in enumerate(tau2_deleted):
        rest = np.arange(len(y)) != i
        u = 1 / (v + t)
        mu_d, var_d = u[rest] @ y[rest] / u[rest].sum(), 1 / u[rest].sum()
        rest0 = 1 / v[rest]
        q = rest0 @ (y[rest] - rest0 @ y[rest] / rest0.sum()) ** 2
        z = (y[i] - mu_d) / np.sqrt(v[i] + t + var_d)
        dffits = (mu - mu_d) / np.sqrt(hat[i] * (t + v[i]))
        dfbetas = (mu - mu_d) * np.sqrt(u.sum())
        rows.append((z, dffits, (mu - mu_d) ** 2 / var, var_d / var, t, q, hat[i], 100 * hat[i], dfbetas))
    return dict(zip(KEYS, np.array(rows).T))


KEYS = {
    "rstudent": "rstudent",
    "dffits": "dffits",
    "cook": "cook_d",
    "covratio": "cov_r",
    "tau2": "tau2_del",
    "q": "QE_del",
    "hat": "hat",
    "weight": "weight",
    "dfbetas": "dfbs",
}


def numbers(values: list[float | None]) -> Array:
    return np.array([np.nan if x is None else x for x in values], dtype=float)


def stopped_early(result: MetaResult, m: Array, ours: Array, theirs: Array) -> np.ndarray:
    """Say where metafor's tau2 is off by more than 1e-3, and check that its likelihood is lower there."""
    ours = np.nan_to_num(ours)
    off = ~np.isclose(ours, theirs, rtol=1e-3, atol=1e-6 * float(np.median(result.effects.v))) & ~np.isnan(
        theirs
    )
    y, v = result.effects.y, result.effects.v
    for i in np.flatnonzero(off):
        here, there = (log_likelihood(y, v, m[i], tau2=t, restricted=True) for t in (ours[i], theirs[i]))
        assert here >= there - 1e-12
        assert abs(ours[i] - theirs[i]) < 2e-4  # it stops when a step is below 1e-5
    return off


@pytest.mark.parametrize("key", ["cumul", "leave1out", "influence", "baujat_ee"])
def test_every_reference_is_compared(key: str) -> None:
    """All 23 data sets of tests/reference have each block, so no test below passes by having nothing to do."""
    assert len(blocks(key)) == 23


@pytest.mark.parametrize(
    ("block", "design"), [("leave1out", designs.leave_one_out()), ("cumul", designs.cumulative())]
)
@pytest.mark.parametrize("name", blocks("cumul"))
def test_refits_agree_with_metafor(name: str, block: str, design: designs.Design) -> None:
    """leave1out and cumul of rma(method="REML") to 1e-3, except where its likelihood is lower than ours.

    At metafor's own tau2 every estimate and standard error agrees.
    """
    result, diagnostics = load(name)
    ours, theirs = refit(result, design), {key: numbers(x) for key, x in diagnostics[block].items()}
    fair = ~stopped_early(result, ours.sets.counts(), ours.tau2, theirs["tau2"])
    y, v, m = result.effects.y, result.effects.v, ours.sets.counts()
    at_theirs = [fit(y, v, row, tau2=t) for row, t in zip(m, np.nan_to_num(theirs["tau2"]))]
    known = np.isfinite(theirs["estimate"])
    for theirs_is, numbers_at in (
        ("estimate", [f.mu for f in at_theirs]),
        ("se", [f.var**0.5 for f in at_theirs]),
    ):
        np.testing.assert_allclose(
            np.array(numbers_at)[known], theirs[theirs_is][known], rtol=1e-8, atol=1e-10
        )
    pairs = [("mu", "estimate", 1e-3 * result.se), ("se", "se", 0.0), ("q", "Q", 1e-6), ("i2", "I2", 0.1)]
    for key, there, atol in pairs:
        if there in theirs:
            mine, known = np.nan_to_num(getattr(ours, key)), fair & np.isfinite(theirs[there])
            np.testing.assert_allclose(mine[known], theirs[there][known], rtol=1e-3, atol=atol)


@pytest.mark.parametrize("name", blocks("influence"))
def test_influence_has_the_formulas_of_metafor(name: str) -> None:
    """At metafor's own (loose) tau2 the formulas give its numbers; at our tau2 they give ours."""
    result, diagnostics = load(name)
    y, v, ours = result.effects.y, result.effects.v, influence(result)
    theirs = {key: numbers(diagnostics["influence"][there]) for key, there in KEYS.items()}
    known = np.isfinite(theirs["tau2"])
    # metafor does not print the tau2 of the full fit it used: two of its weights give it back
    i, j = v.argmin(), v.argmax()
    ratio = theirs["hat"][i] / theirs["hat"][j]
    loose = max(0.0, (v[j] - ratio * v[i]) / (ratio - 1)) if ratio > 1 else result.tau2
    assert loose == pytest.approx(result.tau2, rel=5e-3, abs=2e-4)
    for tau2, deleted, expected, tolerance in [
        (loose, theirs["tau2"], theirs, 1e-6),
        (
            result.tau2,
            np.nan_to_num(ours.tau2),
            {key: np.nan_to_num(getattr(ours, key)) for key in KEYS},
            1e-8,
        ),
    ]:
        for key, value in by_hand(y, v, tau2, deleted).items():
            np.testing.assert_allclose(
                value[known], expected[key][known], rtol=tolerance, atol=tolerance, err_msg=key
            )


@pytest.mark.parametrize("name", blocks("influence"))
def test_tau2_without_each_study_agrees_with_metafor(name: str) -> None:
    """influence()$tau2.del to 1e-3, except where its likelihood is lower than ours."""
    result, diagnostics = load(name)
    theirs = numbers(diagnostics["influence"]["tau2_del"])
    stopped_early(result, 1 - np.eye(result.k), influence(result).tau2, theirs)


@pytest.mark.parametrize("name", blocks("baujat_ee"))
def test_baujat_agrees_with_metafor(name: str) -> None:
    """baujat(rma(method="EE")), a closed form, so to 1e-8."""
    result, theirs = load(name)
    ours = baujat(pool(result.effects, RandomEffects(tau2="EE", ci="Wald")))
    np.testing.assert_allclose(ours.x, theirs["baujat_ee"]["x"], rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(ours.y, theirs["baujat_ee"]["y"], rtol=1e-8, atol=1e-12)


def test_gosh_of_bcg_agrees_with_metafor() -> None:
    """gosh(rma(method="EE")) of dat.bcg: 8,191 subsets; a single study counts there as I2 = 0."""
    theirs = json.loads((REFERENCE / "models_shared.json").read_text())["gosh_bcg_EE"]
    effects = load("bcg_rr")[0].effects
    ours = refit(pool(effects, RandomEffects(tau2="EE", ci="Wald")), designs.subsets())
    assert len(ours) == theirs["n"] == 8191
    assert ours.mu.mean() == pytest.approx(theirs["mean_est"], rel=1e-10)
    assert ours.mu.std(ddof=1) == pytest.approx(theirs["sd_est"], rel=1e-10)
    assert np.quantile(ours.mu, [0.025, 0.25, 0.5, 0.75, 0.975]) == pytest.approx(theirs["q"], rel=1e-10)
    assert np.nan_to_num(ours.i2).mean() == pytest.approx(theirs["mean_I2"], rel=1e-10)
