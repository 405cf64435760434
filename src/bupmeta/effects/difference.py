"""What a report form becomes on its printed scale: a difference with a standard error, or why it holds none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from bupmeta.effects.core import Axes
from bupmeta.effects.readings import Choice
from bupmeta.effects.scales import score_kind
from bupmeta.trials import Result

__all__ = [
    "Arm",
    "Contrast",
    "SilentKind",
    "Unusable",
    "is_paired",
    "pairs_note",
    "sizes_of",
    "within_person_r",
]

SilentKind: TypeAlias = Literal[
    "not significant, no numbers",
    "significant, no numbers",
    "significant in some arms, no numbers",
    "p value only",
    "means without a standard error",
    "percent of baseline only",
    "scale range not printed",
    "sizes not printed",
    "sizes too small",
    "within groups only",
    "one group only",
    "subgroups only",
    "words only",
    "ratio without counts",
    "another outcome only",
    "kept out of every pool",
    "results not obtained",
]


@dataclass(frozen=True, slots=True)
class Arm:
    """Size, mean and standard deviation of one arm."""

    n: float
    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Contrast:
    """Active minus control on the printed scale and sign, with its standard error and how both were had.

    `arms` are given when both arms have an SD; `n` holds the sizes (active, control), or (n,) when paired.
    `axes` holds the choices the numbers depend on.
    """

    difference: float
    se: float
    formula: str
    n: tuple[float, ...]
    assumption: str = ""
    arms: tuple[Arm, Arm] | None = None
    r: float | None = None
    axes: Axes = ()


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why a result holds no effect in this measure."""

    kind: SilentKind
    reason: str


def is_paired(result: Result) -> bool:
    """Whether each patient had both treatments and the figures are of all periods."""
    return result.design == "crossover"


def sizes_of(result: Result) -> tuple[float, ...]:
    """Patients (active, control), (n,) of a crossover, () where they were not printed."""
    form = result.form
    if is_paired(result):
        given = [n for n in (form.n_active, form.n_control) if n]
        n = form.n_paired or (min(given) if given else None)
        return (float(n),) if n else ()
    return (float(form.n_active), float(form.n_control)) if form.n_active and form.n_control else ()


def pairs_note(result: Result) -> str:
    """What is assumed where a crossover prints two sizes and no number of pairs.

    >>> from bupmeta.trials import read_trials
    >>> pairs_note(read_trials("data/trials.csv")["goldenberg1996_haeuser_t5"])
    'sizes 22 and 19 of a crossover: the smaller is taken as the number of pairs'
    """
    a, c, pairs = result.form.n_active, result.form.n_control, result.form.n_paired
    if not is_paired(result) or pairs or not a or not c or a == c:
        return ""
    return f"sizes {a} and {c} of a crossover: the smaller is taken as the number of pairs"


def within_person_r(result: Result, choice: Choice) -> tuple[float, str, Axes]:
    """The correlation to assume between the two treatments of one person, why, and on which axis it lies.

    Change scores from each period's own baseline were uncorrelated in the one trial with individual data
    (Dinat 2015: r = -0.04 and -0.01), so their correlation is an axis of its own, with 0 as the primary value.
    """
    if score_kind(result.value) == "change":
        why = " (Dinat 2015)" if choice.r_change == 0 else ""
        text = f"within-person correlation {choice.r_change:g} assumed for change scores{why}"
        return choice.r_change, text, choice.on("r_change")
    return choice.r, f"within-person correlation {choice.r:g} assumed", choice.on("r")
