"""Benefits and harms on one page: the picture and the table of `bupmeta.analysis.benefit_harm`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bupmeta.analysis.benefit_harm import Balance, Kind
from bupmeta.plots import Gain, benefit_harm
from bupmeta.report.counting import count
from bupmeta.report.outcome_words import in_points, more_or_fewer
from bupmeta.report.tables import filled
from bupmeta.table import Column, Table, capital, in_percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["balance_figure", "balance_table", "numbered"]

_TITLES: dict[Kind, str] = {
    "score": "",
    "benefit": "Responders: more is better",
    "harm": "Withdrawals and harms: more is worse",
    "outside": "Not about pain, never pooled",
}
_POINTS, _PEOPLE = "points of 0-10", "people of 1,000"


def numbered(rows: Sequence[Balance]) -> bool:
    """Whether any row has a number, so that there is something to draw."""
    return any(row.gain is not None for row in rows)


def balance_figure(rows: Sequence[Balance], level: float) -> Figure:
    """Scores on their axis, people on another; what nobody counted has words and no mark."""
    scores = [row for row in rows if row.kind == "score"]
    groups: dict[str, list[Gain]] = {}
    for row in rows:
        if row.kind != "score":
            title = _TITLES[row.kind]
            title = f"{title}: {row.condition}" if row.kind == "outside" else title
            groups.setdefault(title, []).append(_gain(row))
    name = scores[0].outcome if scores else ""
    scales = {
        _POINTS: {capital(name): [_gain(row) for row in scores]},
        _PEOPLE: {title: groups[title] for title in sorted(groups, key=_order)},
    }
    marks = "Square: one trial; diamond: pooled. Each row has its own trials and people."
    return benefit_harm(scales, f"{in_percent(level)}% intervals. {marks}")


def _order(title: str) -> int:
    return next(i for i, start in enumerate(_TITLES.values()) if start and title.startswith(start))


def _gain(row: Balance) -> Gain:
    name = row.condition if row.kind == "score" else row.outcome
    if row.kind in ("benefit", "harm") and row.condition:
        name = f"{name}, {row.condition}"
    if row.gain is None or row.ci is None:
        return Gain(name, row.why, certainty=row.certainty)
    return Gain(name, _words(row), row.gain, row.ci, row.certainty, pooled=row.k > 1)


def _words(row: Balance) -> str:
    assert row.gain is not None
    assert row.ci is not None
    return (
        in_points(row.gain, row.ci)
        if row.people is None
        else more_or_fewer(row.people.difference, row.people.ci)
    )


def balance_table(rows: Sequence[Balance]) -> Table:
    """One row per outcome and condition: trials, difference, what it is among 1,000 people, certainty."""
    columns = (
        Column("outcome", "Outcome"),
        Column("condition", "Condition"),
        Column("k", "Trials with a number", "integer"),
        Column("difference", "With treatment"),
        Column("without", "Without, per 1,000", "number", 0),
        Column("treated", "With, per 1,000", "number", 0),
        Column("needed", "Number needed to treat"),
        Column("source", "Risk without treatment"),
        Column("certainty", "Certainty"),
    )
    table_rows = tuple(
        {
            "outcome": row.outcome,
            "condition": f"not about pain: {row.condition}" if row.kind == "outside" else row.condition,
            "k": row.k,
            "difference": row.why if row.gain is None else _words(row),
            "without": None if row.people is None else row.people.without,
            "treated": None if row.people is None else row.people.treated,
            "needed": "" if row.people is None else row.people.needed,
            "source": "" if row.people is None else row.people.source,
            "certainty": row.certainty or "not rated",
        }
        for row in rows
    )
    counted = count(sum(row.gain is not None for row in rows), "row")
    notes = (f"{capital(counted)} of {len(rows)} have a number. Differences with their intervals.",)
    return filled(Table(columns, table_rows, "Benefits and harms on an absolute scale", notes))
