"""What a statistician checks in such a report, item by item: where it is answered, or why it is not."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bupmeta.analysis import Analysis
from bupmeta.report.counting import count
from bupmeta.report.document import Part, slug
from bupmeta.report.tables import conversions_table
from bupmeta.report.templating import template_text
from bupmeta.table import Column, Table

__all__ = ["Answered", "Item", "checklist", "checklist_sentence", "checklist_table", "items"]

Grade = Literal["done", "partly", "not done"]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to check: where it may be answered, what the answer is there, and the reason when it is nowhere.

    With a count named in `needs`, it is answered only where that is above 0.
    """

    topic: str
    codes: str
    asks: str
    parts: tuple[str, ...]
    says: str = ""
    absent: str = "no part of this report is about it"
    grade: Grade = "done"
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """An item with its answer; `where` are the titles of the parts that hold it."""

    item: Item
    grade: Grade
    where: tuple[str, ...]
    says: str


def items() -> tuple[Item, ...]:
    """Give every item, from templates/checklist.toml (PRISMA 2020, Cochrane Handbook, MECIR, GRADE)."""
    found = tomllib.loads(template_text("checklist.toml"))["item"]
    return tuple(Item(**{**one, "parts": tuple(one["parts"])}) for one in found)


def checklist(analysis: Analysis, parts: Sequence[Part]) -> tuple[Answered, ...]:
    """Answer every item by the parts that this report has."""
    here = {part.key: part.title for part in parts}
    conditions = {slug(section.title) for section in analysis.of(analysis.spec.measures[0])}
    facts = _facts(analysis)
    return tuple(_answered(item, here, conditions, facts) for item in items())


def _answered(
    item: Item, here: Mapping[str, str], conditions: set[str], facts: Mapping[str, int]
) -> Answered:
    where = tuple(_titles(item, here, conditions)) if not item.needs or facts[item.needs] else ()
    if not where:
        return Answered(item, "not done", (), item.absent)
    return Answered(item, item.grade, where, item.says.format_map(facts))


def _titles(item: Item, here: Mapping[str, str], conditions: set[str]) -> Iterator[str]:
    for key in item.parts:
        if key == "conditions" and conditions & here.keys():
            yield "each condition"
        elif key in here:
            yield here[key]


def _facts(analysis: Analysis) -> dict[str, int]:
    """The counts that answers name."""
    made = conversions_table(analysis).rows
    assessed = {} if analysis.risk_of_bias is None else analysis.risk_of_bias.everyone
    return {
        "judged": sum(one.assessed for one in assessed.values()),
        "trials": len(assessed),
        "rows": sum(analysis.flow.extraction.values()),
        "twice": analysis.flow.extraction.get("agreed", 0) + analysis.flow.extraction.get("corrected", 0),
        "conversions": sum(int(str(row["count"])) for row in made),
        "assumed": sum(int(str(row["count"])) for row in made if row["assumption"]),
    }


def checklist_sentence(found: Sequence[Answered]) -> str:
    """How many items are answered, in full or in part, and how many are not."""
    full, part, none = (sum(one.grade == grade for one in found) for grade in ("done", "partly", "not done"))
    return (
        f"{count(len(found), 'item').capitalize()} that reviewers check, after PRISMA 2020, the Cochrane Handbook, "
        f"MECIR and GRADE: {full} are answered here, {part} in part, {none} not, each with the reason."
    )


def checklist_table(found: Sequence[Answered]) -> Table:
    """One row per item."""
    columns = (
        Column("topic", "Topic"),
        Column("codes", "Item"),
        Column("asks", "What is checked"),
        Column("grade", "Answered"),
        Column("where", "Where"),
        Column("says", "How, or why not"),
    )
    rows = tuple(
        {
            "topic": one.item.topic,
            "codes": one.item.codes,
            "asks": one.item.asks,
            "grade": one.grade,
            "where": "; ".join(one.where),
            "says": one.says,
        }
        for one in found
    )
    note = "P: PRISMA 2020; H: Cochrane Handbook; M: MECIR; G: GRADE. The wording of the items is ours."
    return Table(columns, rows, "Checklist", (note,))
