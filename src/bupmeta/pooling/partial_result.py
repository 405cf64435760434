"""The model and the result of partial pooling: each condition alone, and what it borrows from the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bupmeta.effects import Effects
from bupmeta.effects.columns import RATIOS
from bupmeta.errors import DataError, ModelError
from bupmeta.pooling.models import Bayes, confidence
from bupmeta.pooling.mu_priors import Flat, MuPrior
from bupmeta.pooling.posterior import Marginal
from bupmeta.pooling.ratios import as_ratios
from bupmeta.pooling.tau_priors import DuMouchel, Jeffreys, Shrinkage, TauPrior
from bupmeta.table import Column, Shown, Table, Value, in_percent, plain, quantity

__all__ = ["Condition", "PartialPool", "PartialPooling"]

FLAT = Flat()
NAMED = 5  # more trials without an effect are counted only
INFORMATION = (
    "information: that of the effect with the others over that of the condition by itself; it falls below 1 where the "
    "others make trials or conditions look less alike"
)
NONE = "no effect of its own: only what the other conditions say"


@dataclass(frozen=True, slots=True)
class PartialPooling:
    """Trials vary about the mean of their condition by tau, these means about a common one, mu, by omega.

    Raises ModelError for what is no prior, and for a prior of omega that is made from the trials' variances.

    >>> from bupmeta import priors
    >>> PartialPooling(priors.HalfNormal(0.5), priors.HalfNormal(0.5)).words
    'τ ~ HalfNormal(0.5), ω ~ HalfNormal(0.5), μ ~ Flat()'
    """

    tau: TauPrior
    omega: TauPrior
    mu: MuPrior = FLAT
    level: float = 0.95

    def __post_init__(self) -> None:
        for name, kind in (("tau", TauPrior), ("omega", TauPrior), ("mu", MuPrior)):
            if not isinstance(getattr(self, name), kind):
                example = "priors.Flat()" if name == "mu" else "priors.HalfNormal(0.5)"
                raise ModelError(
                    f"{name}={getattr(self, name)!r} is not a prior of {name}; give one such as {example}"
                )
        if isinstance(self.omega, DuMouchel | Shrinkage | Jeffreys):
            raise ModelError(
                f"omega={self.omega.words} is made from the variances of trials, and omega is about conditions; "
                "give one such as priors.HalfNormal(0.5)"
            )
        confidence(self.level)

    @property
    def words(self) -> str:
        """All priors as people write them."""
        omega = self.omega.words.replace("τ", "ω")
        omega = omega if "ω" in omega else f"ω ~ {omega}"
        return f"{self.alone.words.replace(', μ', f', {omega}, μ')}"

    @property
    def said(self) -> str:
        """All priors in a sentence."""
        return (
            f"priors: of the spread between trials {self.tau.said}, of the spread between conditions "
            f"{self.omega.said}, of the mean effect {self.mu.said}"
        )

    @property
    def alone(self) -> Bayes:
        """The model of a condition by itself, under the same priors."""
        return Bayes(self.tau, self.mu, self.level)


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """One condition: `alone` is the mean effect from its own trials (None without any), `borrowed` with the others.

    `shares` is how much the trials of each condition weigh in the mean of `borrowed`, in the order of the pool, and
    `own` those of this one; the prior of mu has the rest of 1. `gain` is the expected local information of `borrowed`
    over that of `alone`: 2 says that the others tell as much as the condition's own trials. `persons` is the effective
    sample size of `alone` and of `borrowed`: how many persons a single trial without heterogeneity would need to know
    as much; NaN where the sizes of the trials are not known. `new` is the effect of one more trial there.
    """

    name: str
    effects: Effects
    alone: Marginal | None
    borrowed: Marginal
    new: Marginal
    shares: tuple[float, ...]
    own: float
    gain: float
    persons: tuple[float, float]

    @property
    def k(self) -> int:
        """How many trials with an effect it has."""
        return len(self.effects)


@dataclass(frozen=True, slots=True, eq=False)
class PartialPool(Shown):
    """Every condition alone and with what it borrows; `mean` is mu, the mean over conditions, beside tau and omega."""

    model: PartialPooling
    conditions: tuple[Condition, ...]
    mean: Marginal
    tau: Marginal
    omega: Marginal
    log_marginal: float | None

    def __getitem__(self, name: str) -> Condition:
        """Return the condition of that name; DataError where there is none."""
        for one in self.conditions:
            if one.name == name:
                return one
        raise DataError(
            f"there is no condition {name!r}; there are {', '.join(c.name for c in self.conditions)}"
        )

    @property
    def effects(self) -> Effects:
        """The effects of the first condition that has any: their measure and unit is that of all."""
        return next(one.effects for one in self.conditions if one.k)

    def table(self, threshold: float | None = None) -> Table:
        """Show each condition alone and with what it borrows; `threshold` adds the probability of effects below it."""
        percent, effects = f"{in_percent(self.model.level)}%", self.effects
        words = effects.unit or (effects.measure if effects.measure in RATIOS else "")
        unit = f" ({words})" if words else ""
        more = [] if threshold is None else [Column("beyond", f"P(< {threshold:g})", "number", 3)]
        columns = (
            Column("condition", "Condition"),
            Column("k", "Trials", "integer"),
            Column("alone", f"By itself{unit}", "number"),
            Column("alone_ci", f"{percent} interval", "interval"),
            Column("borrowed", "With the others", "number"),
            Column("borrowed_ci", f"{percent} interval", "interval"),
            Column("below", "P(< 0)", "number", 3),
            *more,
            Column("own", "Own trials weigh", "percent", 0),
            Column("gain", "Information (alone = 1)", "number", 1),
        )
        rows = tuple(self._row(one, threshold) for one in self.conditions)
        table = Table(
            columns, rows, f"Conditions alone and with the others: {self.model.words}", self.notes()
        )
        return as_ratios(table, effects.measure)

    def weights(self) -> Table:
        """Show what the posterior mean of each condition is made of: percent by the condition of the trials."""
        told = [one for one in self.conditions if one.k]
        columns = (
            Column("condition", "Mean effect in"),
            *(Column(one.name, f"Trials of {one.name}", "percent", 0) for one in told),
            *((Column("prior", "Prior of μ", "percent", 0),) if self.model.mu.proper else ()),
        )
        rows: list[dict[str, Value]] = []
        for one in self.conditions:
            shares = {other.name: 100 * share for other, share in zip(told, one.shares)}
            rows.append({"condition": one.name, **shares, "prior": 100 * (1 - sum(one.shares))})
        return Table(columns, tuple(rows), "Whose trials the mean effect with the others is made of")

    def notes(self) -> tuple[str, ...]:
        """Say what the numbers mean and what they do not take into account."""
        told = sum(one.k > 0 for one in self.conditions)
        notes = [INFORMATION]
        notes += [f"{one.name}: {NONE}" for one in self.conditions if not one.k]
        mute = list(dict.fromkeys(s.label for one in self.conditions for s in one.effects.silent))
        if mute:
            names = f": {', '.join(mute)}" if len(mute) <= NAMED else ""
            notes.append(
                f"without an effect, and not in these numbers: {quantity(len(mute), 'trial')}{names}"
            )
        if told < 3:
            several = "two conditions" if told == 2 else "one condition"
            notes.append(f"{several} cannot tell how much conditions differ: that rests on the prior of ω")
        return tuple(notes)

    def to_dict(self) -> dict[str, Any]:
        """Give every number at full precision (ratios as logarithms) and the words."""
        rows = [
            {
                **self._row(one, None),
                "sd": one.borrowed.sd,
                "new_trial": one.new.interval(self.model.level),
                "shares": one.shares,
                "persons_alone": one.persons[0],
                "persons_borrowed": one.persons[1],
            }
            for one in self.conditions
        ]
        scales = {
            name: {"median": law.median, "ci": law.interval(self.model.level)}
            for name, law in (("mean", self.mean), ("tau", self.tau), ("omega", self.omega))
        }
        out: dict[str, Any] = plain(
            {"model": self.model.words, "conditions": rows, **scales, "notes": self.notes()}
        )
        return out

    def _row(self, one: Condition, threshold: float | None) -> dict[str, Value]:
        level = self.model.level
        row: dict[str, Value] = {
            "condition": one.name,
            "k": one.k,
            "borrowed": one.borrowed.median,
            "borrowed_ci": one.borrowed.interval(level),
            "below": one.borrowed.probability_below(),
            "own": 100 * one.own,
            "gain": one.gain if one.k else None,
        }
        if threshold is not None:
            row["beyond"] = one.borrowed.probability_below(threshold)
        if one.alone is not None:
            row |= {"alone": one.alone.median, "alone_ci": one.alone.interval(level)}
        return row
