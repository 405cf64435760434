"""The standard deviations that comparable trials print: what stands in for one that a report left out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from bupmeta.effects.measures import se_from_interval
from bupmeta.effects.readings import SdName
from bupmeta.effects.scales import ScoreKind, points_of, score_kind
from bupmeta.errors import ModelError
from bupmeta.trials import Result, Trials

if TYPE_CHECKING:
    from bupmeta.table import Table, Value

__all__ = ["FEWEST", "SDs", "comparable_sds", "printed_sds"]

#: Fewer trials of one condition than this are no distribution: all conditions together then stand in.
FEWEST = 3
_QUANTILES: dict[SdName, float] = {"lower quartile": 0.25, "median": 0.5, "upper quartile": 0.75}


@dataclass(frozen=True, slots=True)
class SDs:
    """One standard deviation per trial in points of 0-10, with the trials named.

    `of` says whose they are: the condition asked for, or all conditions.
    """

    kind: ScoreKind
    of: str
    trials: tuple[str, ...]
    values: tuple[float, ...]

    def at(self, name: SdName) -> float:
        """A quartile of the standard deviations (linear between order statistics).

        >>> SDs("endpoint", "fibromyalgia", ("A", "B", "C"), (1.9, 2.2, 2.9)).at("median")
        2.2
        """
        return float(np.quantile(self.values, _QUANTILES[name]))

    def named(self, name: SdName) -> str:
        """The chosen standard deviation in words."""
        if len(self.trials) == 1:
            return f"SD {self.at(name):.2f} points of {self.trials[0]}, the only {self.kind} SD printed"
        which = f"the {name} of {len(self.trials)} trials of {self.of} that print {_an(self.kind)} SD"
        return f"SD {self.at(name):.2f} points, {which}"

    def table(self) -> Table:
        """The trials and their standard deviations, smallest first."""
        from bupmeta.table import Column, Table

        pairs = sorted(zip(self.values, self.trials))
        columns = (Column("trial", "Trial"), Column("sd", "SD, points of 0-10", "number"))
        rows: tuple[dict[str, Value], ...] = tuple({"trial": trial, "sd": value} for value, trial in pairs)
        caption = f"Standard deviations of {self.kind} scores, {self.of}"
        quartiles = ", ".join(f"{name} {self.at(name):.2f}" for name in _QUANTILES)
        return Table(columns, rows, caption, (f"One per trial, arms together: {quartiles}.",))


@lru_cache(maxsize=64)
def comparable_sds(trials: Trials, condition: str | None, kind: ScoreKind) -> SDs | None:
    """Standard deviations of pain on 0-10 points that trials of a condition print, one per trial; None if none does.

    From SDs, SEs and intervals per arm of main results, whatever the treatment; arms are pooled within a trial.
    Scales are stretched to 0-10; a trial whose range is not known is left out. Without a condition, or with fewer than
    three trials of it, those of all conditions. Raises ModelError for scores in percent.

    >>> from bupmeta.trials import read_trials
    >>> sds = comparable_sds(read_trials("data/trials.csv"), "neuropathic pain", "endpoint")
    >>> len(sds.trials), f"{sds.at('median'):.2f}"
    (3, '1.95')
    """
    if kind not in ("endpoint", "change"):
        raise ModelError(f"kind={kind!r} has no standard deviation in points; it is `endpoint` or `change`")
    here = {} if condition is None else _by_trial(trials.select(condition=condition), kind)
    of = condition
    if of is None or len(here) < FEWEST:
        here, of = _by_trial(trials, kind), "all conditions"
        if not here:
            return None
    return SDs(kind, of, tuple(study for _, study in here), tuple(here.values()))


def _by_trial(trials: Trials, kind: ScoreKind) -> dict[tuple[str, str], float]:
    arms: dict[tuple[str, str], set[tuple[float, float]]] = {}
    for row in trials:
        if row.outcome != "pain_intensity" or row.use != "main" or row.superseded_by:
            continue
        points = points_of(row.scale)
        if points is None or score_kind(row.value) != kind:
            continue
        # A set: the control arm that several rows of a trial share counts once.
        arms.setdefault((row.trial, row.study), set()).update(
            (n, sd * points.per_unit) for n, sd in printed_sds(row)
        )
    return {trial: _pooled(found) for trial, found in arms.items() if found}


def _pooled(arms: set[tuple[float, float]]) -> float:
    return math.sqrt(sum((n - 1) * sd**2 for n, sd in arms) / sum(n - 1 for n, _ in arms))


def printed_sds(result: Result) -> list[tuple[float, float]]:
    """Size and standard deviation of each arm that prints an SD, an SE or an interval of its mean.

    >>> from bupmeta.trials import read_trials
    >>> row = read_trials("data/trials.csv")["konno2016_pain"]  # SE 0.11 and 0.11
    >>> [(n, round(sd, 2)) for n, sd in printed_sds(row)]
    [(232.0, 1.68), (226.0, 1.65)]
    """
    found = []
    for arm in ("active", "control"):
        sd, se, low, high = (
            getattr(result.form, f"{what}_{arm}", None) for what in ("sd", "se", "ci_low", "ci_high")
        )
        n = result.form.n_paired or getattr(result.form, f"n_{arm}")
        if n is None or n < 2:
            continue
        if sd is None and se is None and low is not None and high is not None:
            level = getattr(result.form, "ci_level", None) or 95.0
            se = float(se_from_interval(low, high, level / 100, n - 1))
        if sd is None and se is not None:
            sd = se * math.sqrt(n)
        if sd:
            found.append((float(n), float(sd)))
    return found


def _an(word: str) -> str:
    return f"an {word}" if word.startswith("e") else f"a {word}"
