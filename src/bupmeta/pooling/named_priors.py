"""Priors that others found in many meta-analyses, by name, with their source.

The parameters are those of the programs bayesmeta 3.4 (Turner, Rhodes) and BayesTools 0.2.22 (Bartoš), which cite the
tables of the papers; a cell that breaks the pattern of its table is refused until it is checked against the paper.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias, get_args

from bupmeta.errors import ModelError
from bupmeta.pooling.models import choice
from bupmeta.pooling.mu_priors import T
from bupmeta.pooling.tau_priors import HalfNormal, InvGamma, LogNormal, LogT, TauPrior

__all__ = ["Area", "Both", "bartos", "rhodes2015", "turner2015"]

Area: TypeAlias = Literal["other", "respiratory", "cancer"]
TURNER = "Turner et al. 2015, Stat. Med. 34, 984, Table IV"
RHODES = "Rhodes et al. 2015, J. Clin. Epidemiol. 68, 52, Table 3"
BARTOS = "Bartoš et al. 2021, Stat. Med. 40, 6743; 2023, Res. Synth. Methods"

#: Columns of TURNER_TABLE, which holds mean and standard deviation of log tau2.
TURNER_COMPARISONS = (
    "placebo",  # a drug against placebo or control
    "active",  # a drug against a drug
    "non-pharmacological, placebo",
    "non-pharmacological, drug",
    "non-pharmacological",
)
TURNER_TABLE: dict[str, tuple[tuple[float, float], ...]] = {
    "all-cause mortality": ((-3.95, 1.34), (-4.18, 1.41), (-4.17, 1.55), (-2.92, 1.02), (-3.50, 1.26)),
    "obstetric": ((-3.52, 1.74), (-3.75, 1.79), (-3.74, 1.91), (-2.49, 1.50), (-3.08, 1.68)),
    "cause-specific mortality": ((-3.71, 1.74), (-3.95, 1.79), (-3.93, 1.91), (-2.68, 1.51), (-3.27, 1.68)),
    "resource use": ((-2.34, 1.74), (-2.58, 1.79), (-2.56, 1.91), (-1.31, 1.50), (-1.90, 1.68)),
    "surgical success": ((-2.14, 1.74), (-2.37, 1.79), (-2.36, 1.91), (-1.11, 1.50), (-1.69, 1.68)),
    "withdrawals": ((-2.99, 1.74), (-3.23, 1.79), (-3.21, 1.91), (-1.96, 1.51), (-2.55, 1.68)),
    "internal structure": ((-2.71, 1.74), (-2.94, 1.79), (-2.93, 1.92), (-1.67, 1.51), (-2.26, 1.68)),
    "general physical health": ((-2.29, 1.53), (-2.53, 1.58), (-2.51, 1.72), (-1.26, 1.25), (-1.85, 1.46)),
    "adverse events": ((-1.87, 1.52), (-2.10, 1.58), (-2.10, 1.71), (-0.84, 1.24), (-1.43, 1.45)),
    "infection": ((-2.49, 1.52), (-2.73, 1.58), (-2.71, 1.71), (-1.46, 1.24), (-2.05, 1.45)),
    "signs and symptoms": ((-2.06, 1.51), (-2.29, 1.58), (-2.28, 1.71), (-1.03, 1.24), (-1.61, 1.45)),
    "pain": ((-1.83, 1.52), (-2.06, 1.58), (-2.05, 1.71), (-0.80, 1.25), (-1.38, 1.45)),
    "quality of life": ((-2.54, 1.54), (-2.78, 1.60), (-2.77, 1.73), (-1.51, 1.27), (-2.10, 1.47)),
    "mental health": ((-2.12, 1.53), (-2.35, 1.60), (-2.34, 1.72), (-1.09, 1.27), (-1.67, 1.47)),
    "biological marker": ((-1.77, 1.52), (-2.00, 1.58), (-1.99, 1.71), (-0.74, 1.24), (-1.33, 1.45)),
    "subjective": ((-2.70, 1.52), (-2.93, 1.58), (-2.92, 1.71), (-1.67, 1.25), (-2.26, 1.45)),
}
RHODES_COMPARISONS = ("placebo", "active", "non-pharmacological")
RHODES_OUTCOMES = (
    "obstetric",
    "resource use",
    "internal structure",
    "pain",  # with general physical health, adverse events, quality of life and functioning
    "signs and symptoms",  # with infection and onset of disease
    "mental health",
    "biological marker",
    "subjective",
)
#: Location and scale of log tau2, a column per comparison and a row per outcome.
RHODES_LOCATION: dict[Area, tuple[tuple[float, ...], ...]] = {
    "other": (
        (-4.13, -2.55, -2.43, -3.16, -3.00, -2.99, -3.41, -2.76),
        (-4.40, -2.83, -2.70, -3.44, -3.27, -3.27, -3.68, -3.03),
        (-3.99, -2.41, -2.29, -3.02, -2.86, -3.85, -3.27, -2.62),
    ),
    "respiratory": (
        (-6.03, -4.46, -4.33, -5.07, -4.90, -4.90, -5.31, -4.66),
        (-6.31, -4.73, -4.61, -5.34, -5.18, -5.17, -5.59, -4.94),
        (-5.89, -4.32, -4.19, -4.93, -4.76, -4.76, -5.17, -4.52),
    ),
    "cancer": (
        (-1.57, 0.01, -0.13, -0.60, -0.44, -0.43, -0.85, -0.20),
        (-1.85, -0.27, -0.14, -0.88, -0.71, -0.71, -1.13, -0.48),
        (-1.43, 0.15, 0.27, -0.46, -0.30, -0.29, -0.71, -0.06),
    ),
}
RHODES_SCALE: dict[Area, tuple[tuple[float, ...], ...]] = {
    "other": (
        (2.34, 2.73, 2.50, 2.50, 2.50, 2.16, 2.83, 2.58),
        (2.31, 2.70, 2.46, 2.44, 2.47, 2.14, 2.78, 2.59),
        (2.11, 2.57, 2.32, 2.27, 2.33, 1.93, 2.66, 2.41),
    ),
    "respiratory": (
        (2.36, 2.74, 2.51, 2.51, 2.50, 2.17, 2.83, 2.59),
        (2.31, 2.70, 2.46, 2.45, 2.47, 2.14, 2.78, 2.59),
        (2.21, 2.57, 2.33, 2.28, 2.33, 1.94, 2.66, 2.41),
    ),
    "cancer": (
        (2.45, 2.83, 2.61, 2.61, 2.60, 2.28, 2.93, 2.68),
        (2.41, 2.79, 2.56, 2.55, 2.57, 2.25, 2.87, 2.68),
        (2.24, 2.68, 2.45, 2.40, 2.46, 2.08, 2.78, 2.53),
    ),
}
#: Cells that do not fit the rest of their table, and the location that would.
SUSPECT: dict[tuple[Area, str, str], float] = {
    ("other", "mental health", "non-pharmacological"): -2.85,
    ("cancer", "internal structure", "placebo"): 0.14,
}


class Both(NamedTuple):
    """Priors of the mean effect and of tau: `Bayes(**bartos("pain", "SMD")._asdict())`."""

    mu: T
    tau: TauPrior


#: Field, measure: scale and df of the effect (Student's t about 0), then tau.
BARTOS_TABLE: dict[tuple[str, str], tuple[float, float, TauPrior]] = {
    ("pain", "SMD"): (0.43, 5, InvGamma(1.69, 0.42, BARTOS)),
    ("pain", "OR"): (1.00, 7, InvGamma(1.50, 0.40, BARTOS)),
    ("pain", "RR"): (0.59, 5, InvGamma(1.98, 0.39, BARTOS)),
    ("pain", "RD"): (0.111, 2, HalfNormal(0.106)),
    ("back and neck", "SMD"): (0.37, 5, InvGamma(1.75, 0.57, BARTOS)),
    ("all", "SMD"): (0.43, 5, InvGamma(1.71, 0.40, BARTOS)),
    ("all", "OR"): (0.58, 4, InvGamma(1.77, 0.55, BARTOS)),
    ("all", "RR"): (0.32, 3, InvGamma(1.51, 0.23, BARTOS)),
    ("all", "RD"): (0.034, 1, HalfNormal(0.099)),
    ("all", "HR"): (0.13, 2, InvGamma(2.42, 0.30, BARTOS)),
}


def turner2015(outcome: str = "any", comparison: str = "placebo") -> LogNormal:
    """Return the predictive distribution of tau2 for a log odds ratio (Turner et al. 2015); "any" outcome is marginal.

    Raises ModelError for a name that is not in the table.

    >>> turner2015("pain").words
    'log τ² ~ N(−1.83, 1.52²)'
    """
    if outcome == "any":
        return LogNormal(-2.56, 1.74, f"{TURNER.split(', Table')[0]}, any outcome")
    choice(outcome, TURNER_TABLE, "outcome")
    choice(comparison, TURNER_COMPARISONS, "comparison")
    mean, sd = TURNER_TABLE[outcome][TURNER_COMPARISONS.index(comparison)]
    return LogNormal(mean, sd, f"{TURNER}: {outcome}, {comparison}")


def rhodes2015(outcome: str = "any", comparison: str = "placebo", area: Area = "other") -> LogT:
    """Return the predictive distribution of tau2 for an SMD (Rhodes et al. 2015); "any" outcome is marginal.

    Raises ModelError for a name that is not in the table, and for the two cells that are not trusted yet.

    >>> rhodes2015("pain").words
    'log τ² ~ t5(−3.16, 2.50²)'
    """
    if outcome == "any":
        return LogT(-3.44, 2.59, 5.0, f"{RHODES.split(', Table')[0]}, any outcome")
    choice(outcome, RHODES_OUTCOMES, "outcome")
    choice(comparison, RHODES_COMPARISONS, "comparison")
    choice(area, get_args(Area), "area")
    i, j = RHODES_COMPARISONS.index(comparison), RHODES_OUTCOMES.index(outcome)
    found = RHODES_LOCATION[area][i][j]
    if (fits := SUSPECT.get((area, outcome, comparison))) is not None:
        raise ModelError(
            f"the location {found:g} that programs carry for {outcome!r}, {comparison!r}, {area!r} breaks the pattern "
            f"of its table, which suggests {fits:g}; check {RHODES}, and give LogT(location, scale) yourself"
        )
    return LogT(found, RHODES_SCALE[area][i][j], 5.0, f"{RHODES}: {outcome}, {comparison}, {area}")


def bartos(field: str, measure: str) -> Both:
    """Return the priors of effect and tau that the reviews of a field of Cochrane suggest (Bartoš et al. 2021, 2023).

    Raises ModelError, with what there is, for a field or measure that is not in the table.

    >>> found = bartos("pain", "SMD")
    >>> found.mu.words, found.tau.words
    ('T(0, 0.43, 5)', 'InvGamma(1.69, 0.42)')
    """
    choice(field, dict.fromkeys(name for name, _ in BARTOS_TABLE), "field")
    choice(measure, [name for where, name in BARTOS_TABLE if where == field], "measure")
    scale, df, tau = BARTOS_TABLE[field, measure]
    return Both(T(0.0, scale, df, BARTOS), tau)
