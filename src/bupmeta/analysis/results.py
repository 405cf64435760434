"""What an analysis holds once it is computed: sections, pools and what stands beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bupmeta.analysis.across import Outlooks
from bupmeta.analysis.characteristics import Characteristics
from bupmeta.analysis.crosscheck import CrossCheck
from bupmeta.analysis.evidence import AllOfIt
from bupmeta.analysis.explore import Explored
from bupmeta.analysis.finding import Finding, Judgements
from bupmeta.analysis.flow import Flow
from bupmeta.analysis.outcome_results import OutcomeSection
from bupmeta.analysis.parity import Parity
from bupmeta.analysis.spec import AnalysisSpec
from bupmeta.bias import SmallStudy
from bupmeta.effects import Effects, Measure, Silent
from bupmeta.effects.readings import Recovery
from bupmeta.pooling import MetaResult, Panel, PartialPool
from bupmeta.robustness.multiverse_result import Multiverse

__all__ = ["Alternative", "Analysis", "Evidence", "Pool", "Section"]


@dataclass(frozen=True, slots=True)
class Alternative:
    """One sensitivity analysis of one pool; `result` is None when it leaves no effect or is refused."""

    name: str
    result: MetaResult | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Pool:
    """The trials of one question: those with an effect, those without, and what the model makes of them.

    `alternatives` are the sensitivity analyses of the specification, `conventions` the same trials by the other
    usual methods, `checks` the recomputation by another program, `parity` the same trials under the conventions of
    other programs, `panel` every method that is argued for when trials are few (two to four), `small_study` whether
    small trials show other effects (in totals of ten trials and more). `evidence` adds the trials without numbers, and
    `multiverse` crosses every declared choice; both are made for the totals of the primary measure. `readings` are all
    that each report supports, by label, the one used first. `explored` are subsets of its trials under other models,
    made where a reader can switch trials off; `ahead` is what a next trial could change, made for the totals of the
    primary measure where the specification asks.
    """

    title: str
    measure: Measure
    effects: Effects
    result: MetaResult | None
    alternatives: tuple[Alternative, ...] = ()
    conventions: tuple[Alternative, ...] = ()
    checks: tuple[CrossCheck, ...] = ()
    parity: Parity | None = None
    panel: Panel | None = None
    small_study: SmallStudy | None = None
    evidence: AllOfIt | None = None
    multiverse: Multiverse | None = None
    readings: Mapping[str, Recovery] = field(default_factory=dict)
    explored: Explored | None = None
    ahead: Outlooks | None = None

    @property
    def known(self) -> int:
        """Trials with and without an effect."""
        return len(self.effects) + len(self.effects.silent)

    @property
    def participants(self) -> int:
        """Persons in all known trials whose size was printed."""
        return sum(origin.n or 0 for origin in self.effects.origin) + sum(
            s.n or 0 for s in self.effects.silent
        )


@dataclass(frozen=True, slots=True)
class Section:
    """One condition: its subgroups and, where these may be pooled together, the total.

    Without a total, `silent` are the trials that have no effect in this measure.
    """

    title: str
    measure: Measure
    total: Pool | None
    subgroups: tuple[Pool, ...] = ()
    silent: tuple[Silent, ...] = ()

    @property
    def pools(self) -> tuple[Pool, ...]:
        """All pools of the section, subgroups first."""
        return self.subgroups + ((self.total,) if self.total is not None else ())


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many trials are known, by what can be had from them; the parts add up to `known`.

    `silent` are the trials without an effect.
    """

    known: int
    with_effect: int
    percent_only: int
    without_numbers: int
    not_obtained: int
    never_pooled: int
    silent: tuple[Silent, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """All numbers of one analysis and everything needed to redo it.

    `flow` counts rows and trials from the data file to the sections, `characteristics` describe each chosen trial,
    `narrative` are studies shown and never pooled,
    `other_outcomes` eligible trials that did not report this outcome.
    `outcomes` are responders, withdrawals and harms, in the order of the specification. `risk_of_bias` is None
    without a file of judgements; `findings` are the rows of the Summary of Findings, each with its certainty.
    `across` holds the conditions under one model, where the specification asks for it.
    """

    spec: AnalysisSpec
    version: str
    data_sha256: str
    evidence: Evidence
    sections: tuple[Section, ...]
    flow: Flow
    characteristics: tuple[Characteristics, ...]
    narrative: tuple[Silent, ...] = ()
    other_outcomes: tuple[Silent, ...] = ()
    outcomes: tuple[OutcomeSection, ...] = ()
    risk_of_bias: Judgements | None = None
    findings: tuple[Finding, ...] = ()
    across: PartialPool | None = None

    def section(self, title: str, measure: Measure = "MD") -> Section:
        """Return the section of one condition; KeyError when there is none.

        Raises
        ------
        KeyError
            When the analysis has no such section.

        """
        for section in self.sections:
            if (section.title, section.measure) == (title, measure):
                return section
        raise KeyError((title, measure))

    def of(self, measure: Measure) -> tuple[Section, ...]:
        """Return the sections in one measure, in the order of the specification."""
        return tuple(section for section in self.sections if section.measure == measure)
