"""The methods section, written from the specification; the words are in templates/methods.txt.j2."""

from __future__ import annotations

from scipy.special import ndtri

from bupmeta.analysis import Analysis
from bupmeta.effects import MEASURES
from bupmeta.kernels.nagashima import SEED as BOOTSTRAP_SEED
from bupmeta.kernels.permutation import SEED as PERMUTATION_SEED
from bupmeta.pooling import RandomEffects
from bupmeta.pooling.models import CiName, PredictionName, Tau2CiName, Tau2Name
from bupmeta.report.counting import listed
from bupmeta.report.templating import template
from bupmeta.table import in_percent, number

__all__ = ["methods"]

_TAU2: dict[Tau2Name, str] = {
    "EE": "nothing: one common effect is assumed",
    "DL": "DerSimonian and Laird's estimator (DerSimonian & Laird 1986)",
    "DLIT": "DerSimonian and Laird's estimator, iterated",
    "HE": "Hedges' estimator",
    "HS": "Hunter and Schmidt's estimator",
    "HSk": "Hunter and Schmidt's estimator with a small-sample correction",
    "SJ": "Sidik and Jonkman's estimator (Sidik & Jonkman 2005)",
    "SJIT": "Sidik and Jonkman's estimator, iterated",
    "ML": "maximum likelihood, the highest maximum searched for globally",
    "REML": (
        "restricted maximum likelihood (Viechtbauer 2005; Raudenbush 2009), the highest maximum searched for globally"
    ),
    "EB": "the empirical Bayes estimator",
    "PM": "Paule and Mandel's estimator (Paule & Mandel 1982)",
    "PMM": "Paule and Mandel's estimator at the median of Q",
}
_TAU2_CI: dict[Tau2CiName, str] = {
    "QP": "the Q-profile interval (Viechtbauer 2007)",
    "PL": "the profile-likelihood interval",
    "GENQ": "the generalised Q interval (Jackson 2013)",
}
_CI: dict[CiName, str] = {
    "Wald": "a normal interval",
    "t": "a t interval with k − 1 degrees of freedom",
    "HK": "Hartung and Knapp's interval (Hartung 1999; Knapp & Hartung 2003)",
    "HK-adhoc": (
        "Hartung and Knapp's interval (Hartung 1999; Knapp & Hartung 2003) with its scale factor floored at 1 "
        "(Röver 2015) and k − 1 degrees of freedom"
    ),
    "KR": "Kenward and Roger's interval",
    "PL": "the profile-likelihood interval",
    "permutation": "the interval of the sign-flip permutation test",
    "Henmi-Copas": "Henmi and Copas' interval (Henmi & Copas 2010)",
}
_PREDICTION: dict[PredictionName, str] = {
    "z": "prediction intervals use a normal quantile",
    "t": "prediction intervals use a t quantile with k − 1 degrees of freedom",
    "HTS": (
        "prediction intervals are those of Higgins, Thompson and Spiegelhalter (Higgins 2009), with "
        "k − 2 degrees of freedom"
    ),
    "HK": "prediction intervals use the Hartung-Knapp standard error and k − 1 degrees of freedom",
    "HK-PR": "prediction intervals use the Hartung-Knapp standard error and k − 2 degrees of freedom",
    "KR": "prediction intervals use Kenward and Roger's standard error and degrees of freedom",
    "KR-PR": "prediction intervals use Kenward and Roger's standard error and one degree of freedom less",
    "bootstrap": "prediction intervals are Nagashima's bootstrap intervals (Nagashima 2019)",
    "confidence-distribution": "prediction intervals come from the confidence distribution of tau²",
    "none": "no prediction interval is given",
}


def methods(analysis: Analysis) -> tuple[str, ...]:
    """Say how effects were made, combined and pooled, one paragraph each."""
    spec, model = analysis.spec, analysis.spec.model
    text = template("methods.txt.j2").render(
        spec=spec,
        chosen="; ".join(f"{name} = {' or '.join(values)}" for name, values in spec.select.items()),
        measures="; ".join(
            f"{MEASURES[m].title} ({MEASURES[m].unit}: {MEASURES[m].formula})" for m in spec.measures
        ),
        tau2=_TAU2[model.tau2],
        tau2_ci=_TAU2_CI[model.tau2_ci],
        ci=_CI[model.ci],
        prediction=_PREDICTION[model.prediction],
        z=number(-float(ndtri((1 - model.level) / 2))),
        level=in_percent(model.level),
        version=analysis.version,
        seed=_seed(model),
    )
    return tuple(text.strip().split("\n\n"))


def _seed(model: RandomEffects) -> str:
    """Which steps draw random numbers, if any does."""
    drawn = []
    if model.prediction == "bootstrap":
        drawn.append(f"the bootstrap of prediction intervals, with seed {BOOTSTRAP_SEED}")
    if model.ci == "permutation":
        drawn.append(f"the sign flips where they are too many to try all, with seed {PERMUTATION_SEED}")
    if not drawn:
        return "No step draws random numbers, so there is no seed."
    return f"Random numbers are drawn by {listed(drawn)}; the same seed gives the same numbers."
