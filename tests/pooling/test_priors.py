"""Priors as values: densities that integrate, names with their source, and cells that are not trusted."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from scipy import integrate, stats

from bupmeta import priors
from bupmeta.errors import ModelError
from bupmeta.pooling.named_priors import (
    RHODES_COMPARISONS,
    RHODES_LOCATION,
    RHODES_OUTCOMES,
    SUSPECT,
    TURNER_COMPARISONS,
    TURNER_TABLE,
)

V = np.array([0.33, 0.19, 0.05])
PROPER = [
    priors.HalfNormal(0.5), priors.HalfCauchy(0.5), priors.HalfT(0.5, 4), priors.Uniform(2.0), priors.DuMouchel(),
    priors.Shrinkage(), priors.LogNormal(-1.83, 1.52), priors.LogT(-3.16, 2.5), priors.InvGamma(1.69, 0.42),
]  # fmt: skip


@pytest.mark.parametrize("prior", PROPER, ids=lambda prior: prior.words)
def test_proper_priors_integrate_to_one(prior: priors.TauPrior) -> None:
    """By scipy's quadrature over log tau."""
    assert prior.proper
    end = np.log(prior.upper) if np.isfinite(prior.upper) else 300.0
    pieces = np.concatenate(
        [[-4000, -400, -60, -20], np.linspace(-10, min(end, 10), 9), [end] if end > 10 else []]
    )
    with np.errstate(over="ignore"):
        total = sum(
            integrate.quad(lambda x: np.exp(prior.log_density(np.array([x]), V)[0]), a, b)[0]
            for a, b in pairwise(pieces)
        )
    assert total == pytest.approx(1, abs=1e-7)


def test_densities_are_those_of_scipy() -> None:
    """Half-normal, half-Cauchy, half-t, log-normal (tau: half the parameters of tau2) and inverse gamma of tau."""
    tau = np.array([0.05, 0.4, 3.0])
    for prior, known in (
        (priors.HalfNormal(0.5), stats.halfnorm(scale=0.5)),
        (priors.HalfCauchy(0.5), stats.halfcauchy(scale=0.5)),
        (priors.LogNormal(-1.83, 1.52), stats.lognorm(1.52 / 2, scale=np.exp(-1.83 / 2))),
        (priors.InvGamma(1.69, 0.42), stats.invgamma(1.69, scale=0.42)),
    ):
        assert prior.pdf(tau) == pytest.approx(known.pdf(tau), rel=1e-12)
    assert priors.HalfT(0.5, 4).pdf(tau) == pytest.approx(2 * stats.t(4, scale=0.5).pdf(tau), rel=1e-12)
    assert priors.LogT(-3.16, 2.5).pdf(tau) == pytest.approx(
        stats.t(5, -3.16, 2.5).pdf(np.log(tau**2)) * 2 / tau, rel=1e-12
    )
    assert priors.Uniform(2.0).pdf(np.array([1.0, 3.0])).tolist() == pytest.approx([0.5, 0.0])


def test_priors_from_the_variances() -> None:
    """DuMouchel's has median s0 and the uniform shrinkage prior too: s0^2 the harmonic mean of v."""
    s0 = float(np.sqrt(1 / np.mean(1 / V)))
    for prior in (priors.DuMouchel(), priors.Shrinkage()):
        below = integrate.quad(lambda t, p=prior: float(p.pdf(t, V)), 0, s0)[0]
        assert below == pytest.approx(0.5, abs=1e-8)


@pytest.mark.parametrize(
    "prior", [p for p in PROPER if p.words not in ("DuMouchel()", "Shrinkage()")], ids=lambda p: p.words
)
def test_scaled_is_the_prior_in_another_unit(prior: priors.TauPrior) -> None:
    """The density of c tau at c t is that of tau at t over c."""
    assert prior.scaled(2.5).pdf(2.5 * 0.3) * 2.5 == pytest.approx(prior.pdf(0.3), rel=1e-12)


def test_pain_priors_are_those_of_the_evidence_notes() -> None:
    """Parameters and medians of tau are those of bayesmeta 3.4 and BayesTools 0.2.22 (Rhodes 0.206, Bartoš 0.306)."""
    assert (priors.rhodes2015("pain").location, priors.rhodes2015("pain").scale) == (-3.16, 2.50)
    assert (priors.turner2015("pain").mean, priors.turner2015("pain").sd) == (-1.83, 1.52)
    assert (priors.turner2015("adverse events", "active").mean, priors.turner2015().mean) == (-2.10, -2.56)
    found = priors.bartos("pain", "SMD")
    assert (found.mu.scale, found.mu.df, found.tau) == (0.43, 5, priors.InvGamma(1.69, 0.42, found.mu.source))
    assert np.exp(-3.16 / 2) == pytest.approx(0.206, abs=5e-4)
    assert stats.invgamma(1.69, scale=0.42).median() == pytest.approx(0.306, abs=5e-4)
    assert "Table IV" in priors.turner2015("pain").source


@pytest.mark.parametrize("cell", SUSPECT)
def test_suspect_cells_are_refused(cell: tuple[str, str, str]) -> None:
    """The two locations of Rhodes' table that break its pattern are not used until checked against the paper."""
    area, outcome, comparison = cell
    with pytest.raises(ModelError, match="breaks the pattern"):
        priors.rhodes2015(outcome, comparison, area)  # type: ignore[arg-type]  # a key of the table


def test_every_other_cell_fits_the_additive_pattern_of_its_table() -> None:
    """Locations are outcome plus comparison to rounding (0.02), in both tables, except where refused."""
    for area, columns in RHODES_LOCATION.items():
        table = np.array(columns)
        for (i, comparison), (j, outcome) in product(
            enumerate(RHODES_COMPARISONS), enumerate(RHODES_OUTCOMES)
        ):
            pattern = table[1, j] + np.median(table[i] - table[1])  # no cell of the second row is suspect
            if (area, outcome, comparison) in SUSPECT:
                assert abs(table[i, j] - pattern) > 0.2
            else:
                assert priors.rhodes2015(outcome, comparison, area).location == pytest.approx(
                    pattern, abs=0.03
                )
    turner = np.array([[mean for mean, _ in row] for row in TURNER_TABLE.values()])
    assert turner.shape == (16, len(TURNER_COMPARISONS))
    assert np.abs((turner - turner[:, :1]) - np.median(turner - turner[:, :1], axis=0)).max() < 0.03


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: priors.HalfNormal(-1), "above 0"),
        (lambda: priors.HalfNormal(np.inf), "above 0"),
        (lambda: priors.LogNormal(np.nan, 1), "finite"),
        (lambda: priors.Normal(0, 0), "above 0"),
        (lambda: priors.turner2015("pian"), "did you mean 'pain'"),
        (lambda: priors.rhodes2015("pain", "drug"), "comparison"),
        (lambda: priors.bartos("pain", "HR"), "SMD, OR, RR, RD"),
    ],
)
def test_what_is_no_prior_is_refused(make: object, words: str) -> None:
    """One sentence that names the parameter, or the nearest name."""
    assert callable(make)
    with pytest.raises(ModelError, match=words):
        make()
