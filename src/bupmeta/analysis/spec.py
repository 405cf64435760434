"""AnalysisSpec: the question, the rows, the measures and the model of one analysis, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from bupmeta.analysis.certainty import Domain
from bupmeta.effects import Measure
from bupmeta.effects.counts import CountMeasure
from bupmeta.effects.readings import PAboutName, PBoundName, ScoreName, SdName
from bupmeta.pooling import AssumedRisk, RandomEffects
from bupmeta.pooling.absolute import Event
from bupmeta.pooling.models import CiName, Tau2Name
from bupmeta.table.notation import PresetName

__all__ = [
    "MOST_FINDINGS",
    "Across",
    "Ahead",
    "AnalysisSpec",
    "Conditions",
    "CrossoverWay",
    "Figures",
    "Filter",
    "Groups",
    "MissingWay",
    "MultiverseAxes",
    "Outcome",
    "OutcomeAxes",
    "OutcomeModel",
    "Question",
    "ReadingAid",
    "ReviewerStep",
    "Sensitivity",
    "SummaryRow",
]

Filter: TypeAlias = Mapping[str, tuple[str, ...]]
OutcomeModel: TypeAlias = Literal["MH", "IV", "Peto", "GLMM"]
Conditions: TypeAlias = Literal["apart", "together"]
CrossoverWay: TypeAlias = Literal["as parallel", "paired", "left out"]
MissingWay: TypeAlias = Literal["as analysed", "as failures", "imor"]


@dataclass(frozen=True, slots=True)
class Question:
    """Population, intervention, comparator and outcome in words."""

    population: str
    intervention: str
    comparator: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Groups:
    """How rows are divided: sections by the first column, subgroups by the second.

    The values `of_interest` are always listed; `overall` titles a last section over all rows, if there is to be one.
    """

    by: tuple[str, ...] = ("condition",)
    of_interest: tuple[str, ...] = ()
    overall: str = ""


@dataclass(frozen=True, slots=True)
class ReadingAid:
    """A difference readers know, in points of 0-10, with its source and its warning."""

    points: float
    source: str
    warning: str


@dataclass(frozen=True, slots=True)
class Figures:
    """How figures are drawn: `preset` names whose conventions the forest plots of the report follow."""

    preset: PresetName = "house"


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """One alternative analysis: another model, another within-person correlation, or fewer rows."""

    name: str
    tau2: str | None = None
    ci: str | None = None
    r: float | None = None
    drop: Filter = field(default_factory=dict)
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MultiverseAxes:
    """The declared values of every choice that `multiverse` crosses; `without` names row filters to be dropped."""

    r: tuple[float, ...] = (0.5,)
    r_change: tuple[float, ...] = (0.0,)
    sd: tuple[SdName, ...] = ("median",)
    p_about: tuple[PAboutName, ...] = ("between",)
    p_bound: tuple[PBoundName, ...] = ("at",)
    score: tuple[ScoreName, ...] = ("printed",)
    tau2: tuple[Tau2Name, ...] = ("REML",)
    ci: tuple[CiName, ...] = ("HK-adhoc",)
    without: Mapping[str, Filter] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A further outcome: people with an event, a benefit or a harm, of one definition of trials.csv.

    Trials are pooled by `model` in each condition and, when conditions are "together", over all of them.
    `control_risk` is assumed beside that of the control groups; `imor` are the odds ratios of missing people that the
    sensitivity analysis crosses; `note` is what a reader must know.
    """

    title: str
    outcome: str
    event: Event
    measure: CountMeasure = "RR"
    model: OutcomeModel = "MH"
    conditions: Conditions = "apart"
    control_risk: AssumedRisk | None = None
    imor: tuple[float, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeAxes:
    """The declared choices about counts that the multiverse of every outcome crosses.

    `tau2` and `ci` go with inverse variance. Paired crossovers take each correlation of `[multiverse]`, whose row
    filters are crossed too; "imor" stands for the pairs of odds ratios of the outcome. With a `measure` every outcome
    is crossed in it: the odds ratio is the one that all models have.
    """

    models: tuple[OutcomeModel, ...] = ("MH", "IV")
    tau2: tuple[Tau2Name, ...] = ("REML",)
    ci: tuple[CiName, ...] = ("HK-adhoc",)
    crossovers: tuple[CrossoverWay, ...] = ("as parallel",)
    missing: tuple[MissingWay, ...] = ("as analysed",)
    measure: CountMeasure | None = None


#: Rows of a Summary of Findings table, as GRADE asks for.
MOST_FINDINGS = 7


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A row of the Summary of Findings: an outcome in one condition ("": over all), and what a reader must know."""

    outcome: str
    condition: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class ReviewerStep:
    """What a reviewer decides about one domain of certainty, with the reason; without a condition in all of them."""

    outcome: str
    domain: Domain
    step: int
    reason: str
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Across:
    """Partial pooling across conditions: scales of the half-normal priors, for a standardized mean difference."""

    tau: float = 0.5
    omega: float = 0.5


@dataclass(frozen=True, slots=True)
class Ahead:
    """A next trial: sizes per arm, what its result is to exclude, the effect to be found and with which power.

    Without `sd` the standard deviation of persons is the median of what comparable trials print.
    """

    n: tuple[float, ...] = (25, 50, 100, 200, 400)
    thresholds: tuple[float, ...] = (0.0,)
    delta: float = -1.0
    power: float = 0.9
    sd: float | None = None


@dataclass(frozen=True, slots=True)
class AnalysisSpec:
    """Everything that decides an analysis; equal specs and equal data give equal reports."""

    name: str
    title: str
    data: Path
    question: Question
    select: Filter
    path: Path
    sha256: str
    narrative: Filter = field(default_factory=dict)
    measures: tuple[Measure, ...] = ("MD", "SMD", "percent")
    favours: tuple[str, str] = ("favours active", "favours control")
    groups: Groups = field(default_factory=Groups)
    model: RandomEffects = field(default_factory=RandomEffects)
    r: float = 0.5
    unseen_effects: tuple[float, ...] = (-1.0, 0.0, 1.0)
    reading_aid: ReadingAid | None = None
    remarks: tuple[str, ...] = ()
    sensitivity: tuple[Sensitivity, ...] = ()
    multiverse: MultiverseAxes | None = None
    outcomes: tuple[Outcome, ...] = ()
    outcome_multiverse: OutcomeAxes | None = None
    figures: Figures = field(default_factory=Figures)
    risk_of_bias: Path | None = None
    findings: tuple[SummaryRow, ...] = ()
    certainty: tuple[ReviewerStep, ...] = ()
    across: Across | None = None
    next_trial: Ahead | None = None

    @property
    def outcome(self) -> str:
        """The main outcome, a score; `outcomes` are those of people with an event."""
        return self.select["outcome"][0]
