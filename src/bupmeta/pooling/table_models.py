"""Models of 2x2 tables as values: they pool counts, not estimates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from bupmeta.errors import ModelError
from bupmeta.kernels.glmm import GlmmName
from bupmeta.kernels.rates import RateMeasure
from bupmeta.kernels.table_effects import ZeroCells
from bupmeta.kernels.tables import MHName
from bupmeta.pooling.models import CiName, PredictionName, Tau2CiName, Tau2Name, choice, confidence

__all__ = [
    "BetaBinomial",
    "BinomialNormal",
    "MantelHaenszel",
    "MantelHaenszelRates",
    "PenalisedLikelihood",
    "Peto",
    "PoissonNormal",
    "TableCi",
    "TableModel",
    "refuse_counts",
]

TableCi: TypeAlias = Literal["PL", "Wald"]


class _CommonEffect:
    """What the models without heterogeneity share, under the names that `RandomEffects` has for it."""

    __slots__ = ()

    @property
    def tau2(self) -> Tau2Name:
        """The estimator of tau2: it is fixed at 0."""
        return "EE"

    @property
    def prediction(self) -> PredictionName:
        """The prediction interval."""
        return "none"

    @property
    def tau2_ci(self) -> Tau2CiName:
        """The interval of tau2, of which there is none."""
        return "PL"

    @property
    def common_effect(self) -> bool:
        """Whether tau2 is fixed at 0."""
        return True


@dataclass(frozen=True, slots=True)
class MantelHaenszel(_CommonEffect):
    """Mantel-Haenszel odds ratio, risk ratio or risk difference, from the counts as they are.

    `zero_cells` matters for the estimates shown beside the trials, and Q, only. Raises ModelError for unknown names.

    >>> MantelHaenszel(measure="RD").measure
    'RD'
    """

    measure: MHName = "OR"
    level: float = 0.95
    zero_cells: ZeroCells = "0.5 in trials with a zero"

    def __post_init__(self) -> None:
        choice(self.measure, get_args(MHName), "measure")
        choice(self.zero_cells, get_args(ZeroCells), "zero_cells")
        confidence(self.level)

    @property
    def ci(self) -> CiName:
        """The interval of the effect."""
        return "Wald"

    @property
    def title(self) -> str:
        """The name of the method."""
        return "Mantel-Haenszel"


@dataclass(frozen=True, slots=True)
class Peto(_CommonEffect):
    """Peto's one-step odds ratio: for rare events, groups of like size and effects that are not large.

    >>> Peto().ci
    'Wald'
    """

    level: float = 0.95

    def __post_init__(self) -> None:
        confidence(self.level)

    @property
    def ci(self) -> CiName:
        """The interval of the effect."""
        return "Wald"

    @property
    def title(self) -> str:
        """The name of the method."""
        return "Peto"


@dataclass(frozen=True, slots=True)
class PenalisedLikelihood(_CommonEffect):
    """Logistic regression of a common odds ratio with Firth's penalty: finite for any counts, for sparse data.

    >>> PenalisedLikelihood().ci
    'PL'
    """

    level: float = 0.95

    def __post_init__(self) -> None:
        confidence(self.level)

    @property
    def ci(self) -> CiName:
        """The interval of the effect: penalised profile likelihood."""
        return "PL"

    @property
    def title(self) -> str:
        """The name of the method."""
        return "Penalised-likelihood"


class _MaximumLikelihood:
    """What the random-effects models of counts share."""

    __slots__ = ()

    @property
    def tau2(self) -> Tau2Name:
        """The estimator of tau2."""
        return "ML"

    @property
    def tau2_ci(self) -> Tau2CiName:
        """The interval of tau2."""
        return "PL"

    @property
    def common_effect(self) -> bool:
        """Whether tau2 is fixed at 0."""
        return False


@dataclass(frozen=True, slots=True)
class BinomialNormal(_MaximumLikelihood):
    """Counts are binomial, log odds ratios normal: one-step random effects by maximum likelihood, no added halves.

    `model` says what becomes of the study levels: fixed (UM.FS) or random (UM.RS) effects, or conditioned away,
    exactly (CM.EL: noncentral hypergeometric) or approximately for rare events (CM.AL). `points` of adaptive
    quadrature; 1 is Laplace's approximation. Raises ModelError for unknown names.

    >>> BinomialNormal(model="CM.EL")
    BinomialNormal(model='CM.EL', ci='PL', points=15, level=0.95)
    """

    model: GlmmName = "UM.FS"
    ci: TableCi = "PL"
    points: int = 15
    level: float = 0.95

    def __post_init__(self) -> None:
        choice(self.model, get_args(GlmmName), "model")
        choice(self.ci, get_args(TableCi), "ci")
        _points(self.points)
        confidence(self.level)

    @property
    def prediction(self) -> PredictionName:
        """The prediction interval."""
        return "t"

    @property
    def title(self) -> str:
        """The name of the method."""
        return f"Binomial-normal ({self.model})"


@dataclass(frozen=True, slots=True)
class BetaBinomial(_MaximumLikelihood):
    """Counts of each group are beta-binomial: the odds ratio of mean risks, trials without events included.

    Groups are compared across trials, not within them (Kuss 2015); there is no tau2. Raises ModelError for unknown
    names.

    >>> BetaBinomial().prediction
    'none'
    """

    ci: TableCi = "PL"
    level: float = 0.95

    def __post_init__(self) -> None:
        choice(self.ci, get_args(TableCi), "ci")
        confidence(self.level)

    @property
    def prediction(self) -> PredictionName:
        """The prediction interval."""
        return "none"

    @property
    def title(self) -> str:
        """The name of the method."""
        return "Beta-binomial"


@dataclass(frozen=True, slots=True)
class MantelHaenszelRates(_CommonEffect):
    """Mantel-Haenszel ratio (IRR) or difference (IRD) of rates, events over person-time, for `Rates`.

    >>> MantelHaenszelRates(measure="IRD").measure
    'IRD'
    """

    measure: RateMeasure = "IRR"
    level: float = 0.95

    def __post_init__(self) -> None:
        choice(self.measure, get_args(RateMeasure), "measure")
        confidence(self.level)

    @property
    def ci(self) -> CiName:
        """The interval of the effect."""
        return "Wald"

    @property
    def title(self) -> str:
        """The name of the method."""
        return "Mantel-Haenszel rates"


@dataclass(frozen=True, slots=True)
class PoissonNormal(_MaximumLikelihood):
    """Events are Poisson, log rate ratios normal, the levels of the trials conditioned away, exactly; for `Rates`.

    >>> PoissonNormal(ci="Wald").title
    'Poisson-normal'
    """

    ci: TableCi = "PL"
    points: int = 15
    level: float = 0.95

    def __post_init__(self) -> None:
        choice(self.ci, get_args(TableCi), "ci")
        _points(self.points)
        confidence(self.level)

    @property
    def prediction(self) -> PredictionName:
        """The prediction interval."""
        return "t"

    @property
    def title(self) -> str:
        """The name of the method."""
        return "Poisson-normal"


def _points(points: object) -> None:
    if not (isinstance(points, int) and 1 <= points <= 99):
        raise ModelError(f"points={points!r} is not a number of quadrature points from 1 to 99")


#: What `pool` can be asked for `Tables`; the last two for `Rates`.
TableModel: TypeAlias = (
    MantelHaenszel
    | Peto
    | PenalisedLikelihood
    | BinomialNormal
    | BetaBinomial
    | MantelHaenszelRates
    | PoissonNormal
)


def refuse_counts(model: object, what: str) -> None:
    """Raise ModelError when `what`, which rests on normal estimates, is asked of a pool of counts.

    >>> refuse_counts(Peto(), "a p-value function")
    Traceback (most recent call last):
    bupmeta.errors.ModelError: a p-value function rests on estimates, not counts; pool tables.effects('OR') for it
    """
    if isinstance(model, TableModel):
        raise ModelError(f"{what} rests on estimates, not counts; pool tables.effects('OR') for it")
