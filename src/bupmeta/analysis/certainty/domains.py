"""One proposal per domain of certainty: a step, and the number that triggered it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log

from bupmeta.analysis.certainty.body import Body, Pair
from bupmeta.analysis.certainty.rules import Domain, Rules
from bupmeta.table import interval, number
from bupmeta.table.numbers import p_value
from bupmeta.trials.risk_of_bias import Judged, shares

__all__ = ["PROPOSALS", "Proposal"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for one domain: a step (0, -1, -2; -3 is down to very low) and the numbers it follows from."""

    domain: Domain
    step: int
    trigger: str


def risk_of_bias(body: Body, rules: Rules) -> Proposal:
    """Rate down by the share of weight at high risk, or not known to be at low risk.

    >>> risk_of_bias(Body(2, 90, ("high", "low"), (60.0, 40.0)), Rules())
    Proposal(domain='risk of bias', step=-2, trigger='of the weight: 60 % high, 40 % low')
    """
    found = shares(body.judged, body.weights)
    if not found:
        return Proposal("risk of bias", 0, "no trial")
    high, low = found.get("high", 0.0), found.get("low", 0.0)
    step = -2 if high >= rules.mostly_high else -1 if high >= rules.high or 1 - low >= rules.not_low else 0
    order: tuple[Judged, ...] = ("high", "unclear", "some concerns", "not assessed", "low")
    parts = ", ".join(f"{_percent(found[word])} {word}" for word in order if word in found)
    return Proposal(
        "risk of bias", step, f"of the {'weight' if any(body.weights) else 'known trials'}: {parts}"
    )


def inconsistency(body: Body, rules: Rules) -> Proposal:
    """Rate down by I², and by a prediction interval that crosses a line which the interval of the mean does not.

    >>> inconsistency(Body(9, 900, ci=(-1.1, -0.4), prediction=(-1.9, 0.4), i2=62.0), Rules())
    Proposal(domain='inconsistency', step=-1, trigger='I² 62 %; prediction interval (−1.90 to 0.40) crosses no effect')
    """
    if body.k < 2 or body.i2 is None:
        return Proposal("inconsistency", 0, "cannot be seen in fewer than two trials")
    step = -1 if body.i2 >= rules.i2 else 0
    words = [f"I² {_percent(body.i2 / 100)}"]
    if body.prediction is not None and body.k >= rules.prediction_k:
        both = _crossed(body, rules, body.prediction), _crossed(body, rules, body.ci)
        crossed = [line for line in both[0] if line not in both[1]]
        step = -1 if crossed else step
        if body.i2 >= rules.large_i2 and _both_ways(_important(body, rules), body.prediction):
            step = -2
        said = f"crosses {' and '.join(crossed)}" if crossed else "crosses no line that the interval does not"
        words.append(f"prediction interval {_shown(body, body.prediction)} {said}")
    elif body.k < rules.prediction_k:
        words.append("too few trials for a prediction interval to be relied on")
    else:
        words.append("the model gives no prediction interval")
    return Proposal("inconsistency", step, "; ".join(words))


def indirectness(body: Body, rules: Rules) -> Proposal:
    """Rate down by the share of weight from other patients, treatments or comparisons than those asked about.

    >>> body = Body(2, 120, weights=(70.0, 30.0), flags={"active comparator": 0.7}, flagged=0.7)
    >>> indirectness(body, Rules())
    Proposal(domain='indirectness', step=-1, trigger='of the weight: 70 % active comparator')
    """
    if not body.flags:
        return Proposal("indirectness", 0, "no trial is flagged in the data")
    reasons = sum(share >= rules.indirect for share in body.flags.values())
    step = -2 if reasons > 1 else -1 if body.flagged >= rules.indirect else 0
    parts = ", ".join(f"{_percent(share)} {words}" for words, share in body.flags.items())
    return Proposal(
        "indirectness", step, f"of the {'weight' if any(body.weights) else 'known trials'}: {parts}"
    )


def imprecision(body: Body, rules: Rules) -> Proposal:
    """Rate down by the lines that the interval crosses; where it crosses none, by the optimal information size.

    >>> imprecision(Body(2, 90, ci=(-1.4, 0.2), important=(-1.0, 1.0)), Rules()).trigger
    'interval (−1.40 to 0.20) crosses no effect and the threshold of −1.0'
    """
    if body.ci is None:
        return Proposal("imprecision", -2, "no interval can be computed")
    crossed = _crossed(body, rules, body.ci)
    size = ""
    if body.needed is not None:
        than = "of" if body.persons < body.needed.persons else "beyond the"
        size = f"; {body.persons} persons {than} {body.needed.persons} needed for {body.needed.assumed}"
    words = (
        f"interval {_shown(body, body.ci)} crosses {' and '.join(crossed) if crossed else 'no line'}{size}"
    )
    if crossed:
        return Proposal("imprecision", -min(len(crossed), 2), words)
    short = body.needed is not None and body.persons < body.needed.persons
    return Proposal("imprecision", -1 if short else 0, words)


def reporting_bias(body: Body, rules: Rules) -> Proposal:
    """Rate down by the persons whose results are missing, or by the small-study test where trials are enough for it.

    >>> from bupmeta.analysis.certainty.body import Unseen
    >>> reporting_bias(Body(3, 160, unseen=Unseen(1, 4, 40, 200)), Rules()).trigger
    'results missing of 1 of 4 known trials, 20 % of their persons; too few trials for a small-study test'
    """
    unseen = body.unseen
    of_persons = unseen.persons / unseen.of_persons if unseen.of_persons else 0.0
    of_trials = unseen.trials / unseen.of_trials if unseen.of_trials else 0.0
    missing = of_persons >= rules.unseen or (unseen.unsized > 0 and of_trials >= rules.unseen)
    words = [f"results missing of {unseen.trials} of {unseen.of_trials} known trials"]
    if unseen.trials:
        sizes = f", {_percent(of_persons)} of their persons"
        unknown = f", the size of {unseen.unsized} not known" if unseen.unsized else ""
        words[0] += (sizes if unseen.persons else "") + unknown
    if body.small_study_p is not None and body.k >= rules.small_study_k:
        words.append(f"small-study test p {p_value(body.small_study_p)}")
        missing = missing or body.small_study_p < rules.small_study_p
    else:
        words.append(f"{'too few trials for a' if body.k < rules.small_study_k else 'no'} small-study test")
    return Proposal("reporting bias", -1 if missing else 0, "; ".join(words))


def number_of_trials(body: Body, rules: Rules) -> Proposal:
    """Rate down to very low where fewer than two trials have an effect.

    >>> number_of_trials(Body(1, 41), Rules()).step
    -3
    """
    if body.k >= rules.fewest:
        return Proposal("number of trials", 0, f"{body.k} trials with an effect")
    if body.k == 1:
        words = "one trial with an effect: whether another would agree is not known"
        return Proposal("number of trials", -3, words)
    return Proposal("number of trials", -3, "no trial with an effect")


#: The proposals in the order in which they are read.
PROPOSALS: dict[Domain, Callable[[Body, Rules], Proposal]] = {
    "risk of bias": risk_of_bias,
    "inconsistency": inconsistency,
    "indirectness": indirectness,
    "imprecision": imprecision,
    "reporting bias": reporting_bias,
    "number of trials": number_of_trials,
}


def _important(body: Body, rules: Rules) -> Pair | None:
    """The smallest effects that matter, below and above no effect."""
    if body.ratio and body.important is None:
        return log(rules.important_ratio[0]), log(rules.important_ratio[1])
    return body.important


def _crossed(body: Body, rules: Rules, pair: Pair | None) -> tuple[str, ...]:
    """The lines strictly inside an interval, in words."""
    if pair is None:
        return ()
    lines = [("no effect", 0.0)]
    lines += [(f"the threshold of {_one(body, at)}", at) for at in _important(body, rules) or ()]
    return tuple(words for words, at in lines if pair[0] < at < pair[1])


def _both_ways(important: Pair | None, pair: Pair) -> bool:
    """Whether an interval reaches from an important effect to none or to its opposite."""
    if important is None:
        return False
    return (pair[0] <= important[0] and pair[1] >= 0) or (pair[1] >= important[1] and pair[0] <= 0)


def _one(body: Body, value: float) -> str:
    return number(exp(value)) if body.ratio else number(value, 1)


def _shown(body: Body, pair: Pair) -> str:
    return interval((exp(pair[0]), exp(pair[1]))) if body.ratio else interval(pair)


def _percent(share: float) -> str:
    return f"{number(100 * share, 0)} %"
