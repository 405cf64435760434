"""The tables of responders and harms: pools in people, other models, reports of one group, trials outside pain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bupmeta.analysis.outcome_results import Compared, EventPool, OutcomeSection, People
from bupmeta.report.outcome_words import ratio
from bupmeta.report.tables import Row, filled
from bupmeta.table import Column, Table, Value, number

__all__ = [
    "compared_table",
    "counts_table",
    "groups_table",
    "missing_people_table",
    "missing_table",
    "models_table",
    "outcomes_table",
    "risks_table",
]

_PEOPLE = (
    Column("without", "Without, per 1,000", "number", 0),
    Column("treated", "With, per 1,000", "number", 0),
    Column("difference", "Difference, per 1,000", "number", 0),
    Column("difference_ci", "Its interval", "interval", 0),
    Column("needed", "Number needed to treat"),
)


def _people(one: People | None) -> dict[str, Value]:
    if one is None:
        return {}
    return {
        "without": one.without,
        "treated": one.treated,
        "difference": one.difference,
        "difference_ci": one.ci,
        "needed": one.needed,
    }


def _ratio(measure: str, shown: tuple[float, tuple[float, float]] | None) -> str:
    return "" if shown is None else f"{measure} {ratio(shown)}"


def _notes(*parts: str) -> str:
    return " ".join(part if part.endswith(".") else f"{part}." for part in parts if part)


def _of(events: float, n: float) -> str:
    return f"{number(events, 0)} of {number(n, 0)}"


def outcomes_table(sections: Sequence[OutcomeSection], caption: str) -> Table:
    """One row per outcome and condition: how many trials, the ratio, and what it means among 1,000 people."""
    columns = (
        Column("outcome", "Outcome"),
        Column("pool", "Condition"),
        Column("known", "Trials", "integer"),
        Column("counted", "With counts", "integer"),
        Column("ratio", "Ratio and interval"),
        *_PEOPLE,
        Column("remark", "Remark"),
    )
    rows = tuple(_outcome_row(section, pool) for section in sections for pool in section.every)
    notes = (
        (
            "Without and with: people who have the event without and with treatment. The risk without treatment is the "
            "one that the specification names, else the median of the control groups; of one trial, its own groups."
        ),
    )
    return filled(Table(columns, rows, caption, notes))


def _outcome_row(section: OutcomeSection, pool: EventPool) -> Row:
    counted = 0 if pool.tables is None else len(pool.tables)
    main = pool.main
    shown = main.shown if main is not None else None
    remark = "" if main is None else main.reason
    if counted == 1:
        remark = "one trial: reported, not pooled"
    elif counted == 0:
        remark = "no counts of both groups"
    elif main is not None:
        remark = "; ".join(filter(None, (remark, *main.notes)))
    return {
        "outcome": section.outcome.title,
        "pool": pool.title,
        "known": pool.known,
        "counted": counted,
        "ratio": _ratio("" if main is None or main.result is None else main.result.effects.measure, shown),
        **_people(pool.people[0] if pool.people else None),
        "remark": remark,
    }


def counts_table(pool: EventPool, caption: str) -> Table:
    """The counts of every trial, and how they were read."""
    columns = (
        Column("trial", "Trial"),
        Column("treatment", "Treatment"),
        Column("active", "Active"),
        Column("control", "Control"),
        Column("printed", "As printed"),
        Column("note", "How it was read"),
    )
    assert pool.tables is not None
    t = pool.tables
    rows = tuple(
        {
            "trial": label,
            "treatment": t.origin[i].treatment,
            "active": _of(t.events_active[i], t.n_active[i]),
            "control": _of(t.events_control[i], t.n_control[i]),
            "printed": t.origin[i].printed,
            "note": _notes(t.origin[i].assumption, t.origin[i].remark),
        }
        for i, label in enumerate(t.labels)
    )
    return filled(Table(columns, rows, caption))


def models_table(pool: EventPool, caption: str) -> Table:
    """The same trials by every model, on its own scale and among 1,000 people."""
    columns = (
        Column("model", "Model"),
        Column("k", "Trials", "integer"),
        Column("ratio", "Ratio and interval"),
        *_PEOPLE,
        Column("reason", "Why not"),
    )
    ways = (() if pool.main is None else (pool.main,)) + pool.others
    rows = tuple(
        {
            "model": way.name,
            "k": None if way.result is None else way.result.k,
            "ratio": _ratio("" if way.result is None else way.result.effects.measure, way.shown),
            **_people(way.people[0] if way.people else None),
            "reason": way.reason,
        }
        for way in ways
    )
    source = f"Risk without treatment: {pool.people[0].source}." if pool.people else ""
    cut = dict.fromkeys(f"{note}." for way in ways for note in way.notes)
    notes = (
        source,
        "MH: Mantel-Haenszel. IV: inverse variance, random effects. GLMM: binomial-normal.",
        *cut,
    )
    return filled(Table(columns, rows, caption, tuple(filter(None, notes))))


def risks_table(pool: EventPool, caption: str) -> Table:
    """What the pool means at each risk without treatment."""
    columns = (Column("source", "Risk without treatment"), *_PEOPLE)
    rows = tuple({"source": one.source, **_people(one)} for one in pool.people)
    return filled(Table(columns, rows, caption))


def missing_people_table(pool: EventPool, caption: str) -> Table:
    """The people of each trial who have no outcome, and how that is known."""
    columns = (
        Column("trial", "Trial"),
        Column("active", "Missing, active", "integer"),
        Column("control", "Missing, control", "integer"),
        Column("how", "How that is known"),
        Column("handled", "Analysis set, as printed"),
    )
    assert pool.missing is not None
    rows: tuple[Row, ...] = tuple(
        {
            "trial": one.label,
            "active": "not known" if one.active is None else one.active,
            "control": "not known" if one.control is None else one.control,
            "how": one.how,
            "handled": one.handled or "not printed",
        }
        for one in pool.missing.people
    )
    return filled(Table(columns, rows, caption))


def missing_table(pool: EventPool, caption: str) -> Table:
    """The pool at each pair of odds ratios of missing people."""
    columns = (
        Column("active", "Odds of the missing, active", "number"),
        Column("control", "Odds of the missing, control", "number"),
        Column("ratio", "Ratio and interval"),
    )
    assert pool.missing is not None
    rows: tuple[Row, ...] = tuple(
        {
            "active": row.imor[0],
            "control": row.imor[1],
            "ratio": _ratio(row.result.effects.measure, row.shown),
        }
        for row in pool.missing.rows
    )
    notes = (
        (
            "Odds of the event among missing people over the odds among those observed: 1, they are alike; 0, nobody "
            "missing had the event (withdrawals as failures). Common effect by inverse variance in every row."
        ),
    )
    return filled(Table(columns, rows, caption, notes))


def groups_table(sections: Iterable[OutcomeSection], caption: str) -> Table:
    """Reports of one group, from which no comparison follows."""
    columns = (
        Column("outcome", "Outcome"),
        Column("trial", "Trial"),
        Column("treatment", "Treatment"),
        Column("events", "Events", "integer"),
        Column("n", "Of", "integer"),
        Column("risk", "Share", "number"),
        Column("ci", "Interval", "interval"),
        Column("printed", "As printed"),
        Column("note", "Note"),
    )
    rows = tuple(
        {
            "outcome": section.outcome.title,
            "trial": one.trial.label,
            "treatment": one.trial.treatment,
            "events": one.events,
            "n": one.n,
            "risk": one.risk,
            "ci": one.ci,
            "printed": one.trial.printed,
            "note": one.trial.note,
        }
        for section in sections
        for one in section.groups
    )
    return filled(Table(columns, rows, caption))


def compared_table(found: Iterable[tuple[OutcomeSection, Compared]], caption: str) -> Table:
    """Trials with two groups that no pool holds: counts, ratio and the trial's own difference."""
    columns = (
        Column("outcome", "Outcome"),
        Column("trial", "Trial"),
        Column("active", "Active"),
        Column("control", "Control"),
        Column("ratio", "Ratio and interval"),
        *_PEOPLE,
        Column("note", "Note"),
    )
    rows = tuple(_compared_row(section, one) for section, one in found)
    notes = (
        "Differences are the trial's own, with Newcombe's interval, which needs nothing added to an empty group.",
    )
    return filled(Table(columns, rows, caption, notes))


def _compared_row(section: OutcomeSection, one: Compared) -> Row:
    t, origin = one.tables, one.tables.origin[0]
    return {
        "outcome": section.outcome.title,
        "trial": one.label,
        "active": _of(t.events_active[0], t.n_active[0]),
        "control": _of(t.events_control[0], t.n_control[0]),
        "ratio": _ratio(one.effects.measure, one.shown),
        **_people(one.people),
        "note": _notes(*dict.fromkeys(o.assumption for o in one.effects.origin), origin.remark),
    }
