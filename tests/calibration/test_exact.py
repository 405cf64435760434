"""Calibration against what is known without simulation: closed forms and one-dimensional integrals."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from bupmeta.calibration import Calibration, CalibrationRow, MethodName, Setting, few
from bupmeta.calibration.settings import SMALL

Z = stats.norm.ppf(0.975)
N = 4_000
FOUR = 4.0  # Monte Carlo standard errors: one row in 16,000 is further off
CLOSED: tuple[MethodName, ...] = ("Wald, DL", "Wald, REML", "t", "HK", "HK-adhoc", "KR")


@pytest.fixture(scope="module")
def found() -> Calibration:
    """4,000 data sets per setting; the same seed in every run."""
    return few(k=[2, 3, 5], tau=[0.0, 0.3, 0.6], methods=["common effect", *CLOSED], replications=N)


def covers(row: CalibrationRow, expected: float) -> bool:
    """Whether a coverage is within the Monte Carlo error that the expected one has."""
    assert row.coverage is not None
    return abs(row.coverage - expected) <= FOUR * np.sqrt(expected * (100 - expected) / N) + 1e-9


@pytest.mark.parametrize("k", [2, 3, 5])
@pytest.mark.parametrize("tau", [0.0, 0.3, 0.6])
@pytest.mark.parametrize("precisions", ["equal", "one large", "one small"])
def test_the_common_effect(found: Calibration, k: int, tau: float, precisions: str) -> None:
    """Its mean is normal with variance sum w^2 (v + tau2)/(sum w)^2 and its width 2 z/sqrt(sum w), whatever tau."""
    (row,) = found.select("common effect", k=k, tau=tau, precisions=precisions)
    v = Setting(k, tau, precisions).v  # type: ignore[arg-type]  # a loop over names
    w = 1 / v
    sd, half = np.sqrt((w**2 * (v + tau**2)).sum()) / w.sum(), Z / np.sqrt(w.sum())
    exact = 100 * (2 * stats.norm.cdf(half / sd) - 1)
    assert covers(row, exact)
    assert row.width == pytest.approx(2 * half, rel=1e-12)


def exact(row: CalibrationRow, critical: float, least: float) -> tuple[float, float]:
    """Coverage and mean width of mean -+ critical sqrt(max(least, s2)/k), s2 the sample variance of equal trials.

    With equal variances every estimator here has v + tau2 = max(v, s2), and s2 is independent of the mean (Student).
    """
    variance, df = SMALL + row.tau**2, row.k - 1
    scale = variance / df

    def mean(f: object) -> float:
        edge = least / scale
        pieces = [(0.0, edge), (edge, max(60.0, 4 * edge))]
        density = stats.chi2(df).pdf
        # x = u^2: the density of 1 degree of freedom has no finite value at 0
        return sum(
            integrate.quad(lambda u: f(u * u) * density(u * u) * 2 * u, a**0.5, b**0.5, epsabs=1e-10)[0]  # type: ignore[operator]
            for a, b in pieces
            if b > a
        )

    def half(x: float) -> float:
        return critical * float(np.sqrt(max(least, scale * x) / row.k))

    cover = mean(lambda x: 2 * stats.norm.cdf(half(x) / np.sqrt(variance / row.k)) - 1)
    return 100 * cover, 2 * mean(half)


@pytest.mark.parametrize("method", CLOSED)
def test_equal_precisions(found: Calibration, method: MethodName) -> None:
    """Coverage and width of every moment method at equal precisions are one integral over chi-squared."""
    rows = [row for row in found.select(method, precisions="equal") if row.coverage is not None]
    assert len(rows) == (6 if method == "KR" else 9)
    for row in rows:
        critical = Z if method.startswith("Wald") else float(stats.t(row.k - 1).ppf(0.975))
        coverage, width = exact(row, critical, 0.0 if method == "HK" else SMALL)
        assert covers(row, coverage), row
        assert row.refused == 0
        assert row.width == pytest.approx(width, abs=FOUR * (row.width_se or 0.0)), row


def test_plain_hartung_knapp_is_exact_at_equal_precisions() -> None:
    """The integral itself: Student's interval covers 95 % and is 2 t c4 sigma/sqrt(k) wide."""
    row = CalibrationRow(3, 0.3, "equal", "HK", None, None, None, None, 0.0)
    coverage, width = exact(row, float(stats.t(2).ppf(0.975)), 0.0)
    assert coverage == pytest.approx(95, abs=1e-6)
    c4 = np.sqrt(np.pi) / 2
    assert width == pytest.approx(2 * stats.t(2).ppf(0.975) * c4 * np.sqrt(0.19 / 3), rel=1e-8)


@pytest.mark.parametrize("precisions", ["one large", "one small"])
def test_wald_of_two_trials_of_unequal_precision(found: Calibration, precisions: str) -> None:
    """Two trials: DL's tau2 is a function of their difference, given which the mean is normal; REML's is the same."""
    for tau in (0.0, 0.3, 0.6):
        v = Setting(2, tau, precisions).v  # type: ignore[arg-type]  # a loop over names
        x = v + tau**2
        total = float(x.sum())

        def covered(d: float, v: np.ndarray = v, x: np.ndarray = x, total: float = total) -> float:
            tau2 = max(0.0, (d * d - v.sum()) / 2)
            w = 1 / (v + tau2)
            share = w[0] / w.sum()
            # y1 = x1/total d + e, y2 = -x2/total d + e with e ~ N(0, x1 x2/total), d = y1 - y2
            centre = share * x[0] / total * d - (1 - share) * x[1] / total * d
            sd, half = np.sqrt(x[0] * x[1] / total), Z / np.sqrt(w.sum())
            inside = stats.norm.cdf((half - centre) / sd) - stats.norm.cdf((-half - centre) / sd)
            return float(inside * stats.norm.pdf(d, scale=np.sqrt(total)))

        kink = float(np.sqrt(v.sum()))
        far = max(10 * np.sqrt(total), 2 * kink)
        whole = 2 * sum(integrate.quad(covered, a, b, epsabs=1e-10)[0] for a, b in ((0, kink), (kink, far)))
        for method in ("Wald, DL", "Wald, REML"):
            (row,) = found.select(method, k=2, tau=tau, precisions=precisions)  # type: ignore[arg-type]  # names
            assert covers(row, 100 * whole), row
