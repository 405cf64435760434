"""What an analysis holds of one outcome of people with an event: pools, and what stands beside them unpooled."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

from bupmeta.analysis.missing import Missing
from bupmeta.analysis.parity import Parity
from bupmeta.analysis.spec import Outcome
from bupmeta.effects import Effects, Silent, Tables
from bupmeta.effects.one_group import OneGroup
from bupmeta.pooling import Absolute, MetaResult
from bupmeta.pooling.absolute import nnt
from bupmeta.robustness.multiverse_result import Multiverse

__all__ = ["Compared", "EventPool", "OutcomeSection", "People", "Way"]

Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class People:
    """What an effect means among 1,000 people: those with the event without treatment, with it, and the difference.

    `source` says where the risk without treatment is from, `needed` is the number needed to treat in words.
    """

    source: str
    without: float
    treated: float
    difference: float
    ci: Pair
    needed: str

    @property
    def risks(self) -> Pair:
        """The share of people with the event, with treatment and without."""
        return self.treated / 1000, self.without / 1000

    @property
    def treated_ci(self) -> Pair:
        """The interval of the people with the event with treatment; the number without is taken as known."""
        return self.without + self.ci[0], self.without + self.ci[1]


@dataclass(frozen=True, slots=True)
class Way:
    """The same trials by one model, and what it means among 1,000 people; `reason` says why there is no result."""

    name: str
    result: MetaResult | None
    absolute: Absolute | None = None
    reason: str = ""

    @property
    def shown(self) -> tuple[float, Pair] | None:
        """The estimate with its interval as people read it: a ratio, not its logarithm."""
        if self.result is None:
            return None
        mu, (low, high) = self.result.mu, self.result.ci
        return (exp(mu), (exp(low), exp(high))) if self.result.effects.measure != "RD" else (mu, (low, high))

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know of the numbers of people: where a risk above 1 had to be cut."""
        return () if self.absolute is None else self.absolute.notes

    @property
    def people(self) -> tuple[People, ...]:
        """What it means at each assumed risk."""
        found = self.absolute
        if found is None:
            return ()
        rows = zip(found.assumed, found.risk, found.difference, found.ci, found.nnt)
        return tuple(
            People(one.source, 1000 * one.risk, 1000 * risk, 1000 * d, (1000 * ci[0], 1000 * ci[1]), needed)
            for one, risk, d, ci, needed in rows
        )


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """The two groups of one trial: its table, its ratio, and its own difference of risks with Newcombe's interval.

    `effects` is empty where the counts hold no ratio.
    """

    tables: Tables
    effects: Effects
    outcome: Outcome
    difference: float
    ci: Pair
    level: float = 0.95

    @property
    def shown(self) -> tuple[float, Pair] | None:
        """The ratio with its interval as people read it; None where the counts hold none."""
        if not len(self.effects):
            return None
        y, (low, high) = float(self.effects.y[0]), self.effects.limits(self.level)[0]
        return (exp(y), (exp(low), exp(high))) if self.effects.measure != "RD" else (y, (low, high))

    @property
    def label(self) -> str:
        """The trial."""
        return self.tables.labels[0]

    @property
    def risks(self) -> Pair:
        """The share of people with the event, active and control."""
        t = self.tables
        active, control = t.events_active / t.n_active, t.events_control / t.n_control
        return float(active[0]), float(control[0])

    @property
    def people(self) -> People:
        """What the trial itself found, per 1,000 people, with the number needed to treat of Altman 1998."""
        (active, control), (low, high) = self.risks, self.ci
        needed = nnt(self.difference, self.ci, self.outcome.event)
        ci = (1000 * low, 1000 * high)
        return People(
            "control group of this trial", 1000 * control, 1000 * active, 1000 * self.difference, ci, needed
        )


@dataclass(frozen=True, slots=True, eq=False)
class EventPool:
    """The trials of one condition, or of all: tables, what the model makes of them, and other models beside it.

    `effects` are the trials' own estimates, with every trial that has none among its `silent`: those known without
    counts and those without events. `main` is None when no trial has counts; `alone` is the one trial there is;
    `parity` is the main model under the conventions of other programs, where they have it, and `missing` what people
    without an outcome could do, where the specification asks; `multiverse` crosses the choices that it declares.
    """

    title: str
    tables: Tables | None
    effects: Effects
    main: Way | None
    others: tuple[Way, ...] = ()
    alone: Compared | None = None
    parity: Parity | None = None
    missing: Missing | None = None
    multiverse: Multiverse | None = None

    @property
    def people(self) -> tuple[People, ...]:
        """What the trials mean among 1,000 people, the one to read first: of one trial, its own groups."""
        own = (self.alone.people,) if self.alone is not None else ()
        return own + (self.main.people if self.main is not None else ())

    @property
    def known(self) -> int:
        """Trials with and without counts."""
        return len(self.effects) + len(self.effects.silent)


@dataclass(frozen=True, slots=True, eq=False)
class OutcomeSection:
    """One outcome: a pool per condition with a known trial, the total where conditions go together, and the rest.

    `groups` are reports of one group only. `beside` are comparisons in pain that are shown and never pooled (an active
    comparator, a further outcome of its trial), `narrative` such rows without counts; `outside` is safety data of
    trials that are not about pain.
    """

    outcome: Outcome
    pools: tuple[EventPool, ...]
    total: EventPool | None = None
    groups: tuple[OneGroup, ...] = ()
    beside: tuple[Compared, ...] = ()
    narrative: tuple[Silent, ...] = ()
    outside: tuple[Compared, ...] = ()

    @property
    def every(self) -> tuple[EventPool, ...]:
        """All pools, the total last."""
        return self.pools + ((self.total,) if self.total is not None else ())

    @property
    def reported(self) -> bool:
        """Whether any trial in pain reported this outcome, whatever the comparison and the form."""
        return bool(self.known or self.groups or self.beside or self.narrative)

    @property
    def known(self) -> int:
        """Trials in pain that reported this outcome against the comparator of the question, in any form."""
        return self.total.known if self.total is not None else sum(pool.known for pool in self.pools)
