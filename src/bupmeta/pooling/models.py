"""Models as values: what is asked of a pool, written down once and checked when it is written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from bupmeta.errors import ModelError, closest
from bupmeta.kernels.tau2 import Tau2Name
from bupmeta.pooling.mu_priors import Flat, MuPrior
from bupmeta.pooling.tau_priors import TauPrior
from bupmeta.trials.csvfile import shown

__all__ = [
    "AllEvidence",
    "Bayes",
    "CiName",
    "EvidenceName",
    "Model",
    "PredictionName",
    "RandomEffects",
    "Tau2CiName",
    "Tau2Name",
    "choice",
    "confidence",
]

CiName: TypeAlias = Literal["Wald", "t", "HK", "HK-adhoc", "KR", "PL", "permutation", "Henmi-Copas"]
PredictionName: TypeAlias = Literal[
    "z", "t", "HTS", "HK", "HK-PR", "KR", "KR-PR", "bootstrap", "confidence-distribution", "none"
]
Tau2CiName: TypeAlias = Literal["QP", "PL", "GENQ"]
EvidenceName: TypeAlias = Literal["extractable", "all"]

FLAT = Flat()


def choice(value: object, options: Collection[str], name: str) -> None:
    """Raise ModelError, with the nearest name, when `value` is not one of `options`.

    >>> choice("reml", ["DL", "REML"], "tau2")
    Traceback (most recent call last):
    bupmeta.errors.ModelError: tau2='reml' is not known; did you mean 'REML'? The choices are DL, REML
    """
    if value in options:
        return
    guess = closest(str(value), options, 0.5)
    hint = f"did you mean {guess!r}? The" if guess else "the"
    raise ModelError(f"{name}={shown(repr(value))} is not known; {hint} choices are {', '.join(options)}")


def confidence(level: object) -> None:
    """Raise ModelError when `level` is not a confidence level."""
    if isinstance(level, bool) or not isinstance(level, (int, float)) or not 0 < level < 1:
        raise ModelError(f"level={level!r} is not a confidence level; it must lie between 0 and 1")


@dataclass(frozen=True, slots=True)
class RandomEffects:
    """Normal-normal model y_i ~ N(mu, v_i + tau2): how tau2 and the intervals of tau2, mu and a new effect are made.

    `level` is the confidence of every interval. Raises ModelError for an unknown name (with the nearest one),
    a level outside (0, 1), and Kenward-Roger without REML, for which it is not derived.

    >>> RandomEffects(tau2="DL", ci="Wald")
    RandomEffects(tau2='DL', ci='Wald', prediction='t', level=0.95, tau2_ci='QP')
    """

    tau2: Tau2Name = "REML"
    ci: CiName = "HK-adhoc"
    prediction: PredictionName = "t"
    level: float = 0.95
    tau2_ci: Tau2CiName = "QP"

    def __post_init__(self) -> None:
        choice(self.tau2, get_args(Tau2Name), "tau2")
        choice(self.ci, get_args(CiName), "ci")
        choice(self.prediction, get_args(PredictionName), "prediction")
        choice(self.tau2_ci, get_args(Tau2CiName), "tau2_ci")
        confidence(self.level)
        for option, value in (("ci", self.ci), ("prediction", self.prediction)):
            if value.startswith("KR") and self.tau2 != "REML":
                raise ModelError(f"{option}={value!r} is derived for REML only; use tau2='REML'")

    @property
    def common_effect(self) -> bool:
        """Whether tau2 is fixed at 0, so that nothing is estimated between trials."""
        return self.tau2 == "EE"


@dataclass(frozen=True, slots=True)
class AllEvidence:
    """Random effects over every trial that says something: estimates, and intervals where only words were printed.

    Maximum likelihood with profile-likelihood intervals at `level`; there is nothing else to choose, and the
    properties say so under the names `RandomEffects` has for it. Raises ModelError for a level outside (0, 1).

    >>> AllEvidence().ci
    'PL'
    """

    level: float = 0.95

    def __post_init__(self) -> None:
        confidence(self.level)

    @property
    def tau2(self) -> Tau2Name:
        """The estimator of tau2."""
        return "ML"

    @property
    def ci(self) -> CiName:
        """The interval of the effect."""
        return "PL"

    @property
    def prediction(self) -> PredictionName:
        """The prediction interval."""
        return "t"

    @property
    def tau2_ci(self) -> Tau2CiName:
        """The interval of tau2."""
        return "PL"

    @property
    def common_effect(self) -> bool:
        """Whether tau2 is fixed at 0: it never is."""
        return False


@dataclass(frozen=True, slots=True)
class Bayes:
    """Random effects with a prior of tau and of mu; the posterior is found by quadrature, nothing is sampled.

    With `evidence` "all", trials that print words instead of numbers count as the interval their words admit. The
    properties say under the names of `RandomEffects` what takes their place. Raises ModelError for what is no prior.

    >>> from bupmeta import priors
    >>> Bayes(priors.HalfNormal(0.5)).words
    'τ ~ HalfNormal(0.5), μ ~ Flat()'
    """

    tau: TauPrior
    mu: MuPrior = FLAT
    level: float = 0.95
    evidence: EvidenceName = "extractable"

    def __post_init__(self) -> None:
        for name, kind in (("tau", TauPrior), ("mu", MuPrior)):
            if not isinstance(getattr(self, name), kind):
                example = "priors.HalfNormal(0.5)" if name == "tau" else "priors.Flat()"
                raise ModelError(
                    f"{name}={getattr(self, name)!r} is not a prior of {name}; give one such as {example}"
                )
        choice(self.evidence, get_args(EvidenceName), "evidence")
        confidence(self.level)

    @property
    def words(self) -> str:
        """Both priors as people write them."""
        tau = self.tau.words if "τ" in self.tau.words else f"τ ~ {self.tau.words}"
        return f"{tau}, μ ~ {self.mu.words}"

    @property
    def said(self) -> str:
        """Both priors in a sentence."""
        return f"priors: of the spread between trials {self.tau.said}, of the mean effect {self.mu.said}"

    @property
    def tau2(self) -> str:
        """The estimate of tau2: the square of the posterior median of tau."""
        return "posterior median"

    @property
    def ci(self) -> str:
        """The interval of the effect."""
        return "shortest credible"

    @property
    def prediction(self) -> str:
        """The prediction interval."""
        return "posterior predictive"

    @property
    def tau2_ci(self) -> str:
        """The interval of tau2."""
        return "shortest credible"

    @property
    def common_effect(self) -> bool:
        """Whether tau2 is fixed at 0: it never is."""
        return False


#: What `pool` can be asked for.
Model: TypeAlias = RandomEffects | AllEvidence | Bayes
