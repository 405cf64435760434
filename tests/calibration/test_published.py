"""Calibration beside what publications print (tests/reference/few_trials.json), each in a setting of its kind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bupmeta.calibration import Calibration, MethodName, few

PAPERS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "reference" / "few_trials.json").read_text(encoding="utf-8")
)["papers"]
UNEQUAL = ("one large", "one small")


@pytest.fixture(scope="module")
def found() -> Calibration:
    """800 data sets per setting: a Monte Carlo standard error of at most 1.8 percentage points."""
    methods: tuple[MethodName, ...] = (
        "Wald, DL", "Wald, REML", "HK", "HK-adhoc", "Bayes half-normal(0.5)", "Bayes half-normal(1.0)",
    )  # fmt: skip
    return few(k=[2, 5], tau=[0.0, 0.3, 0.6], methods=methods, replications=800)


def covered(found: Calibration, method: MethodName, **setting: object) -> list[float]:
    """Coverage of every row of a method."""
    return [row.coverage for row in found.select(method, **setting) if row.coverage is not None]


def width(found: Calibration, method: MethodName, **setting: object) -> list[float]:
    """Mean width of every row of a method."""
    return [row.width for row in found.select(method, **setting) if row.width is not None]


def test_inthout_2014(found: Calibration) -> None:
    """Hartung-Knapp errs at most twice as often as it should (to two standard errors), DL more than 30 % somewhere."""
    says = PAPERS["IntHout 2014"]["says"]
    assert 100 - min(covered(found, "HK")) <= says["HKSJ error at most"] + 1.9
    assert 100 - min(covered(found, "Wald, DL")) > says["DL error over"] - 2.0
    worst = {p: 100 - min(covered(found, "Wald, DL", precisions=p)) for p in ("equal", *UNEQUAL)}
    assert max(worst[p] for p in UNEQUAL) > worst["equal"]


def test_rover_2015(found: Calibration) -> None:
    """Plain Hartung-Knapp holds its level at equal precision, not at unequal; the floor mends that."""
    for coverage in covered(found, "HK", precisions="equal"):
        assert coverage == pytest.approx(95, abs=3.1)  # four standard errors
    assert min(covered(found, "HK", precisions="one large")) < 93
    for precisions in ("equal", *UNEQUAL):
        plain, floored = (covered(found, m, precisions=precisions) for m in ("HK", "HK-adhoc"))  # type: ignore[arg-type]
        assert all(b >= a for a, b in zip(plain, floored))
    gap = {
        k: min(covered(found, "HK-adhoc", k=k, precisions="one large"))
        - min(covered(found, "HK", k=k, precisions="one large"))
        for k in (2, 5)
    }
    assert gap[2] > gap[5]


def test_friede_2017_few(found: Calibration) -> None:
    """Half-normal posteriors cover and, for two trials, are narrower than Hartung-Knapp's intervals; Wald's fail."""
    for prior in ("Bayes half-normal(0.5)", "Bayes half-normal(1.0)"):
        for tau in (0.0, 0.3):
            assert min(covered(found, prior, tau=tau)) > 95 - 2.1  # type: ignore[arg-type]  # names
        pairs = zip(width(found, prior, k=2), width(found, "HK-adhoc", k=2))  # type: ignore[arg-type]  # names
        assert all(bayes < knapp for bayes, knapp in pairs)
    assert min(covered(found, "Wald, REML", tau=0.3)) < 85


def test_friede_2017_two_and_seide_2018(found: Calibration) -> None:
    """Of two trials Wald is narrower than Bayes, Bayes a fraction of Hartung-Knapp; Bayes covers where Wald fails."""
    for precisions in ("equal", *UNEQUAL):
        here = {"k": 2, "tau": 0.3, "precisions": precisions}
        (wald,), (bayes,), (knapp,) = (
            width(found, m, **here)  # type: ignore[arg-type]  # names
            for m in ("Wald, REML", "Bayes half-normal(0.5)", "HK-adhoc")
        )
        assert wald < bayes < knapp / 2
        assert (
            covered(found, "Wald, REML", **here)[0] < 93 < covered(found, "Bayes half-normal(0.5)", **here)[0]
        )
