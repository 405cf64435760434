"""When a domain of certainty is proposed to be rated down: every number is here, with what it follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from bupmeta.bias import FEWEST

__all__ = ["DOMAINS", "Domain", "Rules"]

Domain: TypeAlias = Literal[
    "risk of bias", "inconsistency", "indirectness", "imprecision", "reporting bias", "number of trials"
]

#: What each domain follows. GRADE says what to look at; where it leaves the number open, the number is bupmeta's.
DOMAINS: dict[Domain, str] = {
    "risk of bias": (
        "Cochrane Handbook 5.1, table 12.2.d: rate down when studies at high risk of bias give enough of the "
        "information to affect how the result is read. The shares are bupmeta's; what nobody judged counts as not low."
    ),
    "inconsistency": (
        "Guyatt 2011, GRADE guidelines 7 (doi 10.1016/j.jclinepi.2011.03.017): large and unexplained differences, "
        "above all when some trials show much benefit and others none or harm. I² of 50 and 75 % begin the ranges that "
        "the Cochrane Handbook calls substantial and considerable."
    ),
    "indirectness": (
        "Guyatt 2011, GRADE guidelines 8 (doi 10.1016/j.jclinepi.2011.04.014): patients, treatments, comparisons or "
        "outcomes other than those asked about. The share is bupmeta's."
    ),
    "imprecision": (
        "Guyatt 2011, GRADE guidelines 6 (J Clin Epidemiol 64:1283) and Zeng 2022, GRADE guidance 34 (doi "
        "10.1016/j.jclinepi.2022.07.014): first whether the interval crosses a threshold; if it crosses none, whether "
        "the persons reach the optimal information size. A risk ratio below 0.75 or above 1.25 is their rough guide."
    ),
    "reporting bias": (
        "Guyatt 2011, GRADE guidelines 5 (doi 10.1016/j.jclinepi.2011.01.011): at most one level. The share of persons "
        "whose results are missing and the p value of the small-study test are bupmeta's limits."
    ),
    "number of trials": (
        "No rule of GRADE but of bupmeta: whether another trial would agree cannot be seen in one trial, so its "
        "certainty is proposed as very low; the reviewer may lift it."
    ),
}


@dataclass(frozen=True, slots=True)
class Rules:
    """The limits of the proposals; shares from 0 to 1, I² in percent.

    >>> Rules().power, Rules().important_ratio
    (0.8, (0.75, 1.25))
    """

    high: float = 0.25  # of the weight at high risk of bias: one level
    mostly_high: float = 0.5  # two levels
    not_low: float = 0.5  # of the weight at high, unclear or unknown risk of bias: one level
    i2: float = 50.0  # one level
    large_i2: float = 75.0  # two levels, if new trials may also show no effect or harm
    prediction_k: int = 5  # trials from which a prediction interval is relied on
    indirect: float = 0.5  # of the weight: one level; two levels if each of two reasons reaches it
    alpha: float = 0.05  # two-sided, of the optimal information size
    power: float = 0.8
    important_ratio: tuple[float, float] = (0.75, 1.25)
    small_study_k: int = FEWEST  # trials from which the test is run
    small_study_p: float = 0.1
    unseen: float = 0.1  # of all persons, in trials whose results are missing
    fewest: int = 2  # trials with an effect
