"""The Summary of Findings, how each certainty came about, and risk of bias, as tables."""

from __future__ import annotations

from bupmeta.analysis import Analysis
from bupmeta.analysis.certainty import DOMAINS
from bupmeta.analysis.finding import Finding, Judgements, PoolRisk
from bupmeta.plots.risk_bars import risk_bars_layout
from bupmeta.report.tables import filled
from bupmeta.report.words import measure_title
from bupmeta.table import Column, Table, Value, interval, number
from bupmeta.trials.risk_of_bias import ToolName

__all__ = [
    "bars_table",
    "certainty_table",
    "findings_table",
    "risk_table",
    "rules_table",
    "shares_table",
    "support_table",
]

Row = dict[str, Value]
_DOWN = {0: "no step", -1: "one level down", -2: "two levels down", -3: "down to very low"}
_RATIOS = {"OR": "odds ratio", "RR": "risk ratio"}


def findings_table(analysis: Analysis) -> Table:
    """The Summary of Findings in the layout of GRADE."""
    asked = analysis.spec.question
    columns = (
        Column("outcome", "Outcome"),
        Column("condition", "In"),
        Column("persons", "Persons (trials)"),
        Column("certainty", "Certainty, proposed"),
        Column("relative", "Relative effect"),
        Column("control", "Without, per 1,000", "number", 0),
        Column("active", "With, per 1,000"),
        Column("difference", "Difference in points"),
        Column("comments", "Comments"),
    )
    caption = f"Summary of findings: {asked.intervention} against {asked.comparator}"
    sources = dict.fromkeys(
        f"Without, per 1,000, {one.outcome}: {one.people.source}."
        for one in analysis.findings
        if one.people is not None
    )
    notes = (
        "Persons are those of the trials with an effect; in brackets these trials, of all that are known.",
        "With, per 1,000: from the relative effect at the risk without; one trial alone gives its own two risks.",
        *sources,
    )
    rows = tuple(_finding(one) for one in analysis.findings)
    return filled(Table(columns, rows, caption, notes))


def _finding(one: Finding) -> Row:
    effect = "" if one.estimate is None else f"{number(one.estimate)} {interval(one.ci)}".strip()
    people = one.people
    ratio = _RATIOS.get(one.measure)
    reviewed = any(domain.override is not None for domain in one.certainty.domains)
    return {
        "outcome": one.outcome,
        "condition": one.condition,
        "persons": f"{number(one.body.persons, 0)} ({one.body.k} of {one.known})",
        "certainty": one.rating + (" (steps decided by the reviewer)" if reviewed else ""),
        "relative": f"{ratio} {effect}" if ratio and effect else "",
        "control": None if people is None else people.without,
        "active": "" if people is None else f"{number(people.treated, 0)} {interval(people.treated_ci, 0)}",
        "difference": "" if ratio else effect,
        "comments": " ".join(f"{text.rstrip('.')}." for text in one.comments),
    }


def certainty_table(one: Finding) -> Table:
    """The domains of one finding: what is proposed, what triggered it, and what a reviewer decided instead."""
    rated = one.certainty.domains if one.known else ()
    reviewed = any(domain.override is not None for domain in rated)
    columns = (
        Column("domain", "Domain"),
        Column("proposed", "Proposed"),
        Column("trigger", "Triggered by"),
        *((Column("reviewer", "Reviewer"), Column("reason", "Reason")) if reviewed else ()),
    )
    rows = tuple(
        {
            "domain": each.proposal.domain,
            "proposed": _DOWN[each.proposal.step],
            "trigger": each.proposal.trigger,
            "reviewer": "" if each.override is None else _DOWN[each.override.step],
            "reason": "" if each.override is None else each.override.reason,
        }
        for each in rated
    )
    own = f"; {one.certainty.proposed} without the reviewer" if reviewed else ""
    return Table(columns, rows, f"{one.outcome}, {one.condition}: {one.certainty.level}{own}")


def rules_table() -> Table:
    """What each domain follows."""
    columns = (Column("domain", "Domain"), Column("rule", "Rule and source"))
    rows = tuple({"domain": domain, "rule": rule} for domain, rule in DOMAINS.items())
    return Table(columns, rows, "What the proposals follow")


def risk_table(found: Judgements) -> Table:
    """One row per known trial: by which tool it was judged, by whom, and what that comes to."""
    columns = (
        Column("trial", "Trial"),
        Column("overall", "Risk of bias"),
        Column("tool", "Tool"),
        Column("judged_by", "Judged by"),
    )
    rows: tuple[Row, ...] = tuple(
        {
            "trial": label,
            "overall": one.overall,
            "tool": one.tool or "",
            "judged_by": ", ".join(dict.fromkeys(judged.judged_by for judged in one.judgements)),
        }
        for label, one in found.everyone.items()
    )
    return filled(Table(columns, rows, "Risk of bias of every known trial"))


def support_table(found: Judgements, tool: ToolName) -> Table:
    """Every published judgement by one tool, with the words it rests on."""
    names = {"domain": "Domain", "judgement": "Judgement", "support": "As quoted", "judged_by": "Judged by",
             "source": "Read at"}  # fmt: skip
    columns = (Column("trial", "Trial"), *(Column(name, title) for name, title in names.items()))
    rows = tuple(
        {"trial": label, **{name: getattr(judged, name) for name in names}}
        for label, one in found.everyone.items()
        for judged in one.judgements
        if judged.tool == tool
    )
    return Table(columns, rows, f"Published judgements by {tool} and what they rest on")


def bars_table(pool: PoolRisk) -> Table:
    """The numbers behind the bars of one pool: the share of each judgement by domain, from 0 to 1."""
    layout = risk_bars_layout(pool.assessments, pool.weights)
    columns = (
        Column("domain", "Domain"),
        Column("of", "Share of"),
        *(Column(word, word.capitalize(), "number") for word in layout.present),
    )
    rows: list[Row] = []
    for bar in layout.bars:
        for what, parts in (("trials", bar.trials), ("weight", bar.weight)):
            if parts:
                shares: Row = {word: parts.get(word, 0.0) for word in layout.present}
                rows.append({"domain": bar.domain, "of": what, **shares})
    return Table(columns, tuple(rows), f"Risk of bias by domain: {pool.title}")


def shares_table(found: Judgements, outcome: str) -> Table:
    """Per condition the share of trials, and of the weight, with each overall judgement."""
    words = tuple(dict.fromkeys(word for pool in found.pools for word in pool.of_trials))
    columns = (
        Column("condition", "Condition"),
        Column("of", "Share of"),
        *(Column(word, word.capitalize(), "percent", 0) for word in words),
    )
    rows: list[Row] = []
    for pool in found.pools:
        for what, parts in (("trials", pool.of_trials), ("weight", pool.of_weight)):
            if parts:
                rows.append(
                    {"condition": pool.title, "of": what, **{word: parts.get(word, 0.0) for word in words}}
                )
    return Table(columns, tuple(rows), f"Overall risk of bias: {outcome}, {measure_title('MD')}")
