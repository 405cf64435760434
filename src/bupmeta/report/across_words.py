"""Sentences about what conditions say of each other, and of a next trial; they place numbers and compute none."""

from __future__ import annotations

from bupmeta.analysis import Section
from bupmeta.analysis.across import Outlooks
from bupmeta.planning import NextTrial, Outlook
from bupmeta.pooling import PartialPool
from bupmeta.pooling.partial_result import Condition
from bupmeta.report.counting import count, listed
from bupmeta.table import interval, number

__all__ = ["across_words", "chance_words", "condition_words", "information_words", "waiting_words"]


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
            f" Only {few} {'has' if len(told) == 1 else 'have'} an effect. How much conditions differ cannot be seen "
            "from so few; it is assumed."
        )
    mute = {trial.label for one in found.conditions for trial in one.effects.silent}
    if mute:
        opening += f" {count(len(mute), 'known trial').capitalize()} without an effect cannot enter here."
    return opening


def condition_words(found: PartialPool, one: Condition) -> str:
    """What one condition says by itself and with the others."""
    level = f"{100 * found.model.level:g} %"
    both = f"{number(one.borrowed.median)} {interval(one.borrowed.interval(found.model.level))}"
    name = one.name[:1].upper() + one.name[1:]
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


def chance_words(plans: Outlooks) -> str:
    """What the largest of the next trials could do, by each interval."""
    return " ".join(filter(None, (_chances(one, everything=False) for one in plans.chances))) + "".join(
        f" {_chances(one, everything=True)}" for one in plans.all_evidence[:1]
    )


def _chances(found: NextTrial, *, everything: bool) -> str:
    at = number(found.threshold, 0 if found.threshold == round(found.threshold) else 2)
    size = f"{found.n[-1]:g} persons per arm"
    said = listed([f"{_percent(one)} ({one.method})" for one in found.outlooks])
    start = "With all evidence counted, the" if everything else "The"
    what = f"chance that one more trial of {size} leaves an interval wholly on one side of {at}"
    return f"{start} {what} is {said}."


def _percent(one: Outlook) -> str:
    chance = 100 * float(one.below[-1] + one.above[-1])
    return "below 1 %" if chance < 1 else "above 99 %" if chance > 99 else f"{number(chance, 0)} %"


def waiting_words(section: Section) -> str:
    """Which trials are known to be waiting: the next trial may exist."""
    silent = section.total.effects.silent if section.total is not None else ()
    waiting = [trial.label for trial in silent if trial.kind == "results not obtained"]
    if not waiting:
        return ""
    come = "It comes" if len(waiting) == 1 else "They come"
    return f"The next trial may exist: the results of {listed(waiting)} were not obtained. {come} before any new one."


def information_words(plans: Outlooks) -> str:
    """How much information there is, in persons."""
    found = plans.information
    none, *_, last = found.needed
    effect, power = number(found.delta, 1), number(found.power, 1)
    return (
        f"To find a difference of {effect} with power {power} takes {number(none.persons, 0)} persons in all trials if "
        f"these do not differ, {number(last.persons, 0)} with {last.allowance}. The trials so far are worth "
        f"{number(found.so_far, 0)} persons of parallel trials ({plans.sd_source})."
    )
