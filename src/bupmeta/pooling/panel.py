"""Few trials: every method that has something to say, in one table, and which row to read and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, isfinite, sqrt
from typing import Any

from bupmeta.effects import Effects
from bupmeta.effects.columns import RATIOS
from bupmeta.errors import DataError, ModelError
from bupmeta.pooling.models import Bayes, Model, RandomEffects, confidence
from bupmeta.pooling.pool import pool
from bupmeta.pooling.prior_scale import outcome_prior, prior_scale
from bupmeta.pooling.ratios import as_ratios
from bupmeta.pooling.result import MetaResult
from bupmeta.pooling.tau_priors import HalfNormal
from bupmeta.table import Column, Shown, Table, Value, in_percent, interval, number, plain, quantity

__all__ = ["MANY", "Panel", "PanelRow", "few_studies"]

#: From this many trials on, the ordinary output is the one to read.
MANY = 5
NUMBERS = {2: "Two", 3: "Three", 4: "Four"}


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One method: its `result`, or the `reason` why it has none here; `says` what it takes for granted."""

    method: str
    says: str
    result: MetaResult | None
    reason: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Panel(Shown):
    """The methods for few trials, `read` the one to read (None for one trial), `advice` why, in plain words.

    `scale_note` says on which scale the priors of tau are.
    """

    effects: Effects
    rows: tuple[PanelRow, ...]
    read: PanelRow | None
    advice: str
    scale_note: str
    level: float

    @property
    def k(self) -> int:
        """How many trials there are."""
        return len(self.effects)

    def table(self) -> Table:
        """Show a row per method, the one to read marked."""
        unit = f" ({self.effects.unit})" if self.effects.unit else ""
        columns = (
            Column("read", ""),
            Column("method", "Method"),
            Column("mu", f"Effect{unit}", "number"),
            Column("ci", f"{in_percent(self.level)}% interval", "interval"),
            Column("below", "P(effect < 0)", "p"),
            Column("tau", "τ", "number"),
            Column("says", "What it takes for granted"),
        )
        table = Table(
            columns,
            tuple(_row(row, row is self.read) for row in self.rows),
            caption=f"{quantity(self.k, 'trial')}: what each method makes of {'them' if self.k != 1 else 'it'}",
            notes=tuple(text for text in (self.advice, self.scale_note) if text),
        )
        return as_ratios(table, self.effects.measure)

    def to_dict(self) -> dict[str, Any]:
        """Give the rows at full precision (ratios as logarithms), which to read, and the words."""
        rows = [
            {"method": row.method, **_row(row, row is self.read), "read": row is self.read}
            for row in self.rows
        ]
        out: dict[str, Any] = plain({"rows": rows, "advice": self.advice, "scale": self.scale_note})
        return out


def _row(row: PanelRow, read: bool) -> dict[str, Value]:
    out: dict[str, Value] = {
        "read": "read" if read else "",
        "method": row.method,
        "says": row.reason or row.says,
    }
    if row.result is not None:
        found = row.result
        below = None if found.posterior is None else found.posterior.probability_below()
        tau = None if found.tau2 is None else sqrt(found.tau2)
        out |= {"mu": found.mu, "ci": found.ci, "below": below, "tau": tau}
    return out


def few_studies(
    effects: Effects, level: float = 0.95, *, scale: float | None = None, outcome: str = "pain"
) -> Panel:
    """Analyse `effects` by every method that is argued for when trials are few, and say which row to read.

    The rule (STATISTICS of this project; Bender et al. 2018, Res. Synth. Methods 9, 382; Röver et al. 2021): one trial
    is read as it is; two to four by the posterior under tau ~ half-normal(0.5) on the scale of an SMD or a log ratio,
    with the common effect beside it; five and more by Hartung-Knapp floored at 1. `scale` is how many units of the
    effects an SMD of 1 is: 1 for SMDs and log ratios, 2.5 for differences on a 0-10 scale, 0.2 for risk differences,
    otherwise the standard deviation of a patient that the trials' sizes imply. `outcome` chooses the prior that reviews
    of Cochrane suggest. Raises DataError for no effects and ModelError for a scale not above 0 or an unknown outcome.

    >>> panel = few_studies(Effects.from_arrays([-0.9, -0.2], [0.05, 0.04], measure="SMD"))
    >>> panel.read.method
    'Bayes, τ ~ HalfNormal(0.5)'
    """
    confidence(level)
    if not len(effects):
        raise DataError("there is no effect to show")
    if scale is not None and not (isfinite(scale) and scale > 0):
        raise ModelError(f"scale={scale!r} must be a finite number above 0")
    unit, note = prior_scale(effects, scale)
    if len(effects) == 1:
        row = PanelRow(
            "The trial itself", "nothing but its own report", pool(effects, RandomEffects(level=level))
        )
        return Panel(effects, (row,), None, _advice_one(effects), "", level)
    rows = (*_classical(effects, level), *_bayes(effects, level, unit, outcome))
    read = _read(rows, len(effects), unit)
    return Panel(effects, rows, read, _advice(rows, read, effects), note, level)


def _classical(effects: Effects, level: float) -> Iterator[PanelRow]:
    k = len(effects)
    models: tuple[tuple[str, str, Model], ...] = (
        (
            "Common effect",
            "all trials measure the same effect",
            RandomEffects(tau2="EE", ci="Wald", level=level),
        ),
        (
            "Wald",
            "τ is known as estimated: too narrow with few trials",
            RandomEffects(ci="Wald", level=level),
        ),
        (
            "Hartung-Knapp",
            "scatter of the trials alone: may be far too wide or too narrow",
            RandomEffects(ci="HK", level=level),
        ),
        (
            "Hartung-Knapp, floored",
            "as before, never narrower than Wald's error",
            RandomEffects(ci="HK-adhoc", level=level),
        ),
        ("Kenward-Roger", "corrects for the estimation of τ", RandomEffects(ci="KR", level=level)),
    )
    for method, says, model in models:
        yield _tried(method, says, effects, model)
    least = 2 / 2**k
    if least > (1 - level) * (1 + 1e-9):
        reason = f"not given: with {k} trials no result, however clear, has p below {number(least, 3)}"
        yield PanelRow("Sign-flip permutation", "", None, reason)
    else:
        found = pool(effects, RandomEffects(ci="permutation", level=level))
        yield PanelRow("Sign-flip permutation", "effects are symmetric about their mean", found)


def _tried(method: str, says: str, effects: Effects, model: Model) -> PanelRow:
    try:
        return PanelRow(method, says, pool(effects, model))
    except ModelError as error:
        return PanelRow(method, says, None, f"not given: {re.split('; (?:use|give)', str(error))[0]}")


def _bayes(effects: Effects, level: float, unit: float | None, outcome: str) -> Iterator[PanelRow]:
    if unit is None:
        yield PanelRow("Bayes", "", None, "not given: say by `scale` how many units an SMD of 1 is")
        return
    known = outcome_prior(effects.measure, unit, outcome)
    for prior, says in (
        (HalfNormal(0.5).scaled(unit), "τ is probably small to moderate"),
        (HalfNormal(1.0).scaled(unit), "τ may be large"),
        *([known] if known else []),
    ):
        words = prior.words if "τ" in prior.words else f"τ ~ {prior.words}"
        yield _tried(f"Bayes, {words}", says, effects, Bayes(prior, level=level))


def _read(rows: tuple[PanelRow, ...], k: int, unit: float | None) -> PanelRow:
    given = [row for row in rows if row.result is not None]
    first = "Hartung-Knapp, floored" if k >= MANY or unit is None else "Bayes"
    wanted = (
        row for name in (first, "Hartung-Knapp, floored") for row in given if row.method.startswith(name)
    )
    return next(wanted)


def _advice_one(effects: Effects) -> str:
    silent = len(effects.silent)
    more = f" {silent} more {'is' if silent == 1 else 'are'} known without a usable result." if silent else ""
    return (
        "One trial: read it as it is. Nothing can be pooled, and nobody can tell from one trial how much results "
        f"differ between trials or what the next one would find.{more}"
    )


def _advice(rows: tuple[PanelRow, ...], read: PanelRow, effects: Effects) -> str:
    """Say which row to read, why, and whether the others say the same."""
    k = len(effects)
    if k >= MANY:
        why = (
            f"{k} trials are enough to estimate how much they differ, and the floored Hartung-Knapp interval allows "
            "for the uncertainty of that."
        )
    elif read.method.startswith("Bayes"):
        why = (
            f"{NUMBERS[k]} trials cannot tell how much true effects differ. Wald's interval ignores that and is too "
            "narrow; Hartung-Knapp's depends on the scatter of so few: mostly far too wide, sometimes too narrow. "
            "The row to read adds what is known from other trials; should true effects differ greatly, the row with "
            "twice its scale is safer. Only if all these trials surely measure the same effect, read the common effect."
        )
    else:
        why = (
            f"{NUMBERS[k]} trials cannot tell how much true effects differ, and no posterior is given here, as its row "
            "says. The floored Hartung-Knapp row is the cautious one."
        )
    assert read.result is not None
    found = read.result
    sides = {_side(row.result) for row in rows if row.result is not None}
    against = [row.method for row in rows if row.result is not None and _side(row.result) != _side(found)]
    if against:
        verb = "disagrees" if len(against) == 1 else "disagree"
        same = (
            f"The answer depends on the method: {', '.join(against)} {verb} on whether no effect is excluded."
        )
    elif sides == {0}:
        same = "No row excludes no effect."
    else:
        same = "In every row the whole interval lies on the same side of no effect."
    words = f"{number(found.mu)} {interval(found.ci)}"
    if effects.measure in RATIOS:
        low, high = (exp(end) for end in found.ci)
        words = f"{effects.measure} {number(exp(found.mu))} {interval((low, high))}"
    return f"Read “{read.method}”: {words}. {why} {same}"


def _side(result: MetaResult) -> int:
    """Return on which side of 0 the interval lies, 0 for neither."""
    low, high = result.ci
    return int(low > 0) - int(high < 0)
