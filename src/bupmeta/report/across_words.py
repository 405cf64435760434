"""Sentences about what conditions say of each other; they place numbers and compute none."""

from __future__ import annotations

from bupmeta.pooling import PartialPool
from bupmeta.pooling.partial_result import Condition
from bupmeta.report.counting import count, has
from bupmeta.table import capital, in_percent, interval, number

__all__ = ["across_words", "condition_words"]


def across_words(found: PartialPool) -> str:
    """What partial pooling takes for granted, and what it cannot tell."""
    told = [one for one in found.conditions if one.k]
    opening = (
        "Each condition stands here by itself and together with the others. Together, a condition with little "
        "evidence leans on the others, as far as they seem alike. Read each condition by itself first: what is "
        "borrowed rests on likeness, and is not evidence from that condition."
    )
    if len(told) < 3:
        few = count(len(told), "condition")
        opening += (
            f" Only {few} {has(len(told))} a trial with an effect. How much conditions differ cannot be seen from so "
            "few; it is assumed."
        )
    mute = {trial.label for one in found.conditions for trial in one.effects.silent}
    if mute:
        opening += f" {count(len(mute), 'known trial').capitalize()} without an effect cannot enter here."
    if any(one.k == 1 for one in told):
        opening += (
            " Where a condition has one trial, its interval here is wider than that of the trial: it is about the mean "
            "of all such trials, and one trial does not tell how they differ."
        )
    return opening


def condition_words(found: PartialPool, one: Condition) -> str:
    """What one condition says by itself and with the others."""
    level = f"{in_percent(found.model.level)} %"
    both = f"{number(one.borrowed.median)} {interval(one.borrowed.interval(found.model.level))}"
    name = capital(one.name)
    if one.alone is None:
        return (
            f"{name} has no effect of its own. From the others alone one would expect {both} "
            f"({level} interval): a guess by likeness, and no evidence about {one.name}."
        )
    alone = f"{number(one.alone.median)} {interval(one.alone.interval(found.model.level))}"
    trials = "its own trial weighs" if one.k == 1 else f"its own {one.k} trials weigh"
    return (
        f"{name}: by itself {alone}, with the others {both}; {trials} {number(100 * one.own, 0)} % in that."
    )
