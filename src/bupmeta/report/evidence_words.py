"""Sentences about trials without numbers, results that were not obtained, and declared choices."""

from __future__ import annotations

from math import inf

from bupmeta.analysis import Pool
from bupmeta.effects import Silent
from bupmeta.pooling import Bayes, MetaResult
from bupmeta.report.counting import count, listed, percent_level
from bupmeta.table import interval, number

__all__ = ["NO_PROBABILITY", "admitted", "all_evidence", "multiverse_words", "unseen"]

NO_PROBABILITY = "The combinations are not independent of each other: such a share is no probability."


def all_evidence(pool: Pool) -> str:
    """What changes when trials without numbers enter by what their words admit, in one or two sentences."""
    found = pool.evidence
    if found is None or not len(found.shifts):
        return ""
    names = [trial.label for trial in found.shifts.trials]
    who = listed(names) if len(names) <= 3 else count(len(names), "trial")
    if found.result is None:
        ranges = listed([f"{trial.label} {admitted(trial)}" for trial in found.shifts.trials])
        return (
            f"What the words admit, if the standard error is as in comparable trials: {ranges}. That is a range, "
            "with no value in it singled out; it is never read as a difference of 0."
        )
    result = found.result
    exact = sum(_is_exact(trial) for trial in found.shifts.trials)
    words = "the range its words allow" if len(names) == 1 else "the ranges their words allow"
    if exact:
        words += f" ({exact} of them as the estimate that an exact p value implies)"
    silent = "one of them" if len(names) == 1 else f"{len(names)} of them"
    return (
        f"All evidence: with {who} entered as {words}, the estimate is "
        f"{number(result.mu)} {pool.effects.unit}, {percent_level(result)} interval {interval(result.ci)} "
        f"({count(result.k, 'trial')}, {silent} without numbers; profile likelihood){_posterior(found.bayes)}."
    )


def _is_exact(trial: Silent) -> bool:
    return trial.admissible is not None and trial.admissible.lower == trial.admissible.upper


def _posterior(result: MetaResult | None) -> str:
    if result is None or result.posterior is None:
        return ""
    below = number(100 * result.posterior.probability_below(), 0)
    return (
        f"; as a posterior{_priors(result.model)}, {number(result.mu)} {interval(result.ci)}, with probability "
        f"{below} % below 0"
    )


def _priors(model: object) -> str:
    return f" ({model.said})" if isinstance(model, Bayes) else ""


def admitted(trial: Silent) -> str:
    """The range of effects that a silent trial admits."""
    said = trial.admissible
    if said is None:
        return ""
    if said.lower == -inf:
        return f"below {number(said.upper)}"
    if said.upper == inf:
        return f"above {number(said.lower)}"
    if said.lower == said.upper:
        return f"{number(said.lower)} (SE {number(said.se)})"
    return f"between {number(said.lower)} and {number(said.upper)}"


def unseen(pool: Pool) -> str:
    """What the results that were not obtained could do to the estimate."""
    if pool.evidence is None or pool.evidence.worst is None:
        return ""
    worst = pool.evidence.worst
    trials = "that trial" if len(worst.labels) == 1 else f"those {len(worst.labels)} trials"
    return (
        f"Not obtained: {listed(worst.labels)}. If {trials} had found from {number(worst.assumed[0], 1)} to "
        f"{number(worst.assumed[-1], 1)} points, the all-evidence estimate would lie from {number(worst.lowest)} to "
        f"{number(worst.highest)} ({worst.se_source}). These are assumptions, not predictions."
    )


def multiverse_words(pool: Pool) -> str:
    """How much the declared choices matter, and which of them most."""
    found = pool.multiverse
    if found is None:
        return ""
    moves = [f"{axis} ({number(size)})" for axis, size in found.moving()[:3]]
    most = (
        f" What moves it most, in points between the mean estimates of its levels: {listed(moves)}."
        if moves
        else ""
    )
    low, high = found.range
    below, clear = (number(100 * share, 0) for share in (found.share_below, found.share_clear))
    return (
        f"{count(len(found), 'combination').capitalize()} of declared choices were computed. The estimate lies from "
        f"{number(low)} to {number(high)}; it is below 0, less pain, in {below} % of them, and its whole interval "
        f"is in {clear} %.{most} {NO_PROBABILITY}"
    )
