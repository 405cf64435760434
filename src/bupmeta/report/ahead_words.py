"""Sentences and a table about a next trial; they place numbers and compute none."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.analysis import Section
from bupmeta.analysis.across import Outlooks
from bupmeta.planning import NextTrial, Outlook
from bupmeta.planning.methods import method_words
from bupmeta.planning.next_trial import threshold_words
from bupmeta.report.counting import listed
from bupmeta.table import Column, Table, Value, capital, in_percent, interval, number

__all__ = ["chance_table", "chance_words", "information_words", "open_question", "waiting_words"]


def open_question(plans: Outlooks) -> NextTrial:
    """The chances to draw: those of the first threshold that some interval holds now, else of the first."""
    held = (found for found in plans.chances if any(one.side == 0 for one in found.outlooks))
    return next(held, plans.chances[0])


def chance_table(plans: Outlooks) -> Table:
    """A row per threshold and size: what the trial will find, and the chance that each interval is then clear."""
    first = plans.chances[0]
    each = [*first.outlooks, *(one for found in plans.all_evidence[:1] for one in found.outlooks)]
    columns = (
        Column("threshold", "Wholly on one side of"),
        Column("n", f"n {first.spread.each}", "integer"),
        Column("prediction", "What it will find", "interval"),
        *(Column(one.method, method_words(one.method), "percent", 0) for one in each),
    )
    level = f"{in_percent(first.result.model.level)} %"
    now = "; ".join(f"{method_words(one.method)} {interval(one.now)}" for one in each)
    notes = (
        f"Percent: chance that the {level} interval then lies wholly on one side of the value in the first column.",
        f"The intervals now: {now}.",
        f"What it will find: {level} interval, from the extractable results. Each row: {plans.sd_source}.",
        *(capital(note).rstrip(".") + "." for note in _notes(first)),
    )
    return Table(columns, tuple(_rows(plans)), "Chances after one more trial", notes)


def _notes(found: NextTrial) -> tuple[str, ...]:
    """What the prediction rests on; the standard deviation is named with its source instead."""
    return tuple(note for note in found.notes if note != found.spread.words)


def _rows(plans: Outlooks) -> Iterator[dict[str, Value]]:
    for found in plans.chances:
        beside = [one for one in plans.all_evidence if one.threshold == found.threshold]
        for i, n in enumerate(found.n.tolist()):
            chances = {
                one.method: 100 * float(one.clear[i]) for each in (found, *beside) for one in each.outlooks
            }
            found_then = (float(found.low[i]), float(found.high[i]))
            yield {"threshold": _at(found), "n": n, "prediction": found_then, **chances}


def chance_words(plans: Outlooks) -> str:
    """What the largest of the next trials could do, by each interval."""
    first, *others = plans.chances
    size = f"After one more trial of {first.n[-1]:g} persons per arm, the chance of an interval"
    said = [f"{size} wholly on one side of {_at(first)} is {_chances(first)}"]
    said += [f"on one side of {_at(one)} it is {_chances(one)}" for one in others]
    everything = [
        f" With all evidence counted, that for {_at(one)} is {_chances(one)}."
        for one in plans.all_evidence[:1]
    ]
    return "; ".join(said) + "." + "".join(everything)


def _at(found: NextTrial) -> str:
    return threshold_words(found.threshold, found.effects)


def _chances(found: NextTrial) -> str:
    return listed([f"{_percent(one)} ({method_words(one.method)})" for one in found.outlooks])


def _percent(one: Outlook) -> str:
    chance = 100 * float(one.clear[-1])
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
    none, *_, last = found.table().rows
    effect, power = number(found.delta, 1), number(100 * found.power, 0)
    one = found.result.k == 1
    return (
        f"To find a difference of {effect} with a chance of {power} % takes {none['persons']:,} persons in all trials "
        f"together if trials do not differ, and {last['persons']:,} if they do ({last['allowance']}). "
        f"{'The trial so far is' if one else 'The trials so far are'} worth {last['so_far']:,} persons of parallel "
        f"trials ({plans.sd_source})."
    )
