"""Priors as they are typed: every kind has a name, and what cannot be read is told."""

from __future__ import annotations

import pytest

from bupmeta import priors
from bupmeta.errors import ModelError
from bupmeta.pooling.prior_text import MU_PRIORS, TAU_PRIORS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("half-normal:0.5", priors.HalfNormal(0.5)),
        ("Half-Cauchy: 0.5", priors.HalfCauchy(0.5)),
        ("half-t:0.5,4", priors.HalfT(0.5, 4)),
        ("uniform", priors.Uniform()),
        ("uniform:2", priors.Uniform(2)),
        ("jeffreys", priors.Jeffreys()),
        ("dumouchel", priors.DuMouchel()),
        ("shrinkage", priors.Shrinkage()),
        ("log-normal:-1.83,1.52", priors.LogNormal(-1.83, 1.52)),
        ("log-t:-3.16,2.5", priors.LogT(-3.16, 2.5)),
        ("log-t:-3.16,2.5,7", priors.LogT(-3.16, 2.5, 7)),
        ("inverse-gamma:1.69,0.42", priors.InvGamma(1.69, 0.42)),
        ("rhodes:pain", priors.rhodes2015("pain")),
        ("turner:adverse events", priors.turner2015("adverse events")),
        ("bartos:pain", priors.bartos("pain", "SMD").tau),
    ],
)
def test_priors_of_tau(text: str, expected: priors.TauPrior) -> None:
    """A name, a colon and numbers in the order of the prior's parameters; case and blanks do not matter."""
    assert priors.tau_prior(text) == expected


def test_priors_of_mu() -> None:
    """Flat, normal, t, and that of a field for the measure of the effects."""
    assert priors.mu_prior("flat") == priors.Flat()
    assert priors.mu_prior("normal:0,1") == priors.Normal(0, 1)
    assert priors.mu_prior("t:0,0.43,5") == priors.T(0, 0.43, 5)
    assert priors.mu_prior("bartos:pain", "OR") == priors.bartos("pain", "OR").mu


def test_every_kind_of_prior_can_be_typed() -> None:
    """The registries hold every class that `bupmeta.priors` shows."""
    known = {getattr(priors, name) for name in priors.__all__}
    classes = {x for x in known if isinstance(x, type)} - {priors.TauPrior, priors.MuPrior, priors.Both}
    assert classes == {*TAU_PRIORS.values(), *MU_PRIORS.values()}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("half-norml:0.5", "did you mean half-normal"),
        ("weather", "names are half-normal"),
        ("half-normal", "half-normal:SCALE"),
        ("half-normal:x", "half-normal:SCALE"),
        ("half-normal:1,2", "half-normal:SCALE"),
        ("half-normal:-1", "must be a number above 0"),
        ("half-normal:nan", "must be a number above 0"),
        ("jeffreys:1", "write jeffreys"),
        ("rhodes", "rhodes:pain"),
        ("rhodes:weather", "choices are"),
        ("", "is no prior of tau; the names are half-normal, "),
    ],
)
def test_what_cannot_be_read_is_told(text: str, words: str) -> None:
    """A misspelt name, missing, odd or superfluous numbers, and numbers that cannot be: one sentence each."""
    with pytest.raises(ModelError, match=words):
        priors.tau_prior(text)
