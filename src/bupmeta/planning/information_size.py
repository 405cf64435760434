"""How much information a pool needs to find a given effect, and how much of it the trials so far have brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from scipy.special import ndtri

from bupmeta.effects.core import LARGEST
from bupmeta.errors import DataError, ModelError
from bupmeta.planning.trial import Spread, TrialDesign, spread
from bupmeta.pooling import MetaResult
from bupmeta.pooling.models import AllEvidence
from bupmeta.pooling.table_models import TableModel
from bupmeta.table import Column, Shown, Table, Value, number, plain

__all__ = ["InformationSize", "Required", "information_size"]

MORE = 3  # numbers of trials shown beyond the fewest
MOST_TRIALS = 1_000_000


@dataclass(frozen=True, slots=True)
class Required:
    """One allowance for heterogeneity: persons needed in all trials, and which share of them there is."""

    allowance: str
    persons: float
    share: float


@dataclass(frozen=True, slots=True, eq=False)
class InformationSize(Shown):
    """What is needed to find an effect of `delta` at `alpha` (two-sided) with `power`.

    `information` is 1/variance of the pooled effect that this takes; `needed` the persons of trials of one design under
    each allowance for heterogeneity; `so_far` how many persons of that design know as much as the trials do, and
    `persons` how many took part, where all sizes are known. `further` pairs numbers of further trials with the persons
    that each must have (empty where the pool knows enough as it is), from tau2; `fewest` is the smallest such number.
    """

    result: MetaResult
    spread: Spread
    delta: float
    alpha: float
    power: float
    information: float
    needed: tuple[Required, ...]
    so_far: float
    persons: int | None
    further: tuple[tuple[int, int], ...]
    notes: tuple[str, ...]

    @property
    def fewest(self) -> int | None:
        """The smallest number of further trials that can be enough, however large; None where tau2 is not known."""
        return self.further[0][0] if self.further else None

    def table(self) -> Table:
        """Show a row per allowance for heterogeneity."""
        columns = (
            Column("allowance", "Allowance for heterogeneity"),
            Column("persons", "Persons needed", "integer"),
            Column("so_far", "Worth so far", "integer"),
            Column("share", "Share", "percent", 0),
        )
        rows: tuple[dict[str, Value], ...] = tuple(
            {
                "allowance": one.allowance,
                "persons": ceil(one.persons),
                "so_far": floor(self.so_far),
                "share": 100 * one.share,
            }
            for one in self.needed
        )
        words = f"to find an effect of {number(self.delta)} with power {number(self.power)}, two-sided {self.alpha:g}"
        return Table(columns, rows, f"Information {words}", self.notes)

    def to_dict(self) -> dict[str, Any]:
        """Give every number at full precision."""
        out: dict[str, Any] = plain(
            {
                "delta": self.delta,
                "alpha": self.alpha,
                "power": self.power,
                "design": self.spread.design,
                "sd": self.spread.sd,
                "sd_source": self.spread.words,
                "information": self.information,
                "needed": [
                    {"allowance": one.allowance, "persons": one.persons, "share": one.share}
                    for one in self.needed
                ],
                "so_far": self.so_far,
                "persons": self.persons,
                "further_trials": [{"trials": k, "persons_each": n} for k, n in self.further],
                "notes": self.notes,
            }
        )
        return out


def information_size(
    result: MetaResult,
    delta: float,
    *,
    sd: float | None = None,
    design: TrialDesign = "parallel",
    alpha: float = 0.05,
    power: float = 0.9,
    assumed: Sequence[float] = (25, 50),
) -> InformationSize:
    """Return the required information size for an effect of `delta`, and how much of it is accrued.

    Without heterogeneity N = 4 sd^2 (z_(1-alpha/2) + z_power)^2/delta^2 persons; allowing for it N/(1 - I2), or
    N/(1 - D2) with the diversity D2 = 1 - var_common/var_random of the pooled effect (Wetterslev et al. 2009, BMC Med.
    Res. Methodol. 9:86). From tau2: k further trials of variance v bring k/(v + tau2), so that tau2 times the missing
    information or fewer can never do (as `minTrial` of R's RTSA). Where heterogeneity is not estimated, or is 0,
    `assumed` values of D2 in percent stand in. The share is that of the information of the pool under the same
    allowance. It is for planning: Cochrane advises against sequential methods as a main analysis (Handbook, chapter
    22). Raises DataError for numbers that cannot be, and ModelError for models of counts.

    >>> from bupmeta import Effects, pool
    >>> result = pool(Effects.from_arrays([-0.5, -0.3, -0.8], [0.04, 0.05, 0.1], measure="SMD"))
    >>> found = information_size(result, 0.5)
    >>> [(one.allowance, round(one.persons), round(one.share, 2)) for one in found.needed]
    [('none', 168, 1.31), ('D² = 25%, assumed', 224, 0.98), ('D² = 50%, assumed', 336, 0.65)]
    """
    if isinstance(result.model, TableModel | AllEvidence) or not len(result.effects):
        raise ModelError("information is counted in estimates; pool effects by RandomEffects() or Bayes()")
    _check(delta, alpha, power, assumed)
    how = spread(result.effects, sd, design)
    information = float((ndtri(1 - alpha / 2) + ndtri(power)) ** 2 / delta**2)
    v = result.effects.v
    common = float((1 / v).sum())
    tau2 = result.tau2 or 0.0
    random = float((1 / (v + tau2)).sum())
    persons, so_far = how.persons(information), how.persons(common)
    # what is left of the information under each allowance; 1 - D2 as it stands, for of D2 nothing may be left
    kept: list[tuple[str, float]] = [("none", 1.0)]
    if tau2 > 0:
        i2, d2 = result.i2 or 0.0, 100 * (1 - random / common)
        kept += [
            (f"I² = {number(i2, 0)}%", 1 / (result.h2 or 1.0)),
            (f"D² = {number(d2, 0)}%", random / common),
        ]
    else:
        kept += [(f"D² = {value:g}%, assumed", 1 - value / 100) for value in assumed]
    needed = tuple(Required(words, persons / share, share * so_far / persons) for words, share in kept)
    sizes = [origin.n for origin in result.effects.origin]
    took_part = sum(n for n in sizes if n) if all(sizes) else None
    further = _further(information - random, tau2, how) if tau2 > 0 else ()
    return InformationSize(
        result, how, float(delta), alpha, power, information, needed, so_far, took_part, further,
        _notes(result, how, further, information > random, took_part),
    )  # fmt: skip


def _check(delta: float, alpha: float, power: float, assumed: Sequence[float]) -> None:
    if not 1 / LARGEST <= abs(delta) <= LARGEST:
        raise DataError(
            f"delta={delta!r} is not an effect to be found; it must be finite and not 0, from 1e-30 to 1e30 in size"
        )
    for name, value in (("alpha", alpha), ("power", power)):
        if not 0 < value < 1:
            raise DataError(f"{name}={value!r} is not a probability; it must lie between 0 and 1")
    for value in assumed:
        if not 0 <= value < 100:
            raise DataError(
                f"an assumed D² of {value!r} is not possible; it lies from 0 to below 100 percent"
            )


def _further(missing: float, tau2: float, how: Spread) -> tuple[tuple[int, int], ...]:
    """Return numbers of further trials, from the fewest that can do, with the persons that each must have."""
    if missing <= 0 or tau2 * missing > MOST_TRIALS:
        return ()
    fewest = floor(tau2 * missing) + 1
    return tuple(
        (k, ceil(how.persons(missing / (k - tau2 * missing)))) for k in range(fewest, fewest + MORE + 1)
    )


def _notes(
    result: MetaResult, how: Spread, further: tuple[tuple[int, int], ...], short: bool, took_part: int | None
) -> tuple[str, ...]:
    what = "persons in both arms of parallel trials" if how.design == "parallel" else "persons who cross over"
    notes = [f"counted in {what}; {how.words}"]
    if took_part is not None:
        notes.append(f"{took_part} persons took part; what their trials know is what “worth so far” says")
    if result.tau2 is None:
        notes.append("one trial does not tell how results vary: allowances are assumed")
    elif not result.tau2:
        notes.append("τ² is estimated as 0, which few trials often do: allowances are assumed")
    elif further:
        (fewest, _), (k, n) = further[0], further[-1]
        notes.append(
            f"by τ², at least {fewest} further {'trial is' if fewest == 1 else 'trials are'} needed, however large; "
            f"{k} would need {n} persons each"
        )
    elif short:
        notes.append(f"by τ², more than {MOST_TRIALS:,} further trials are needed, however large")
    else:
        notes.append("by τ², the pool has the information that is needed")
    return tuple(notes)
