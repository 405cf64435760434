"""Risk of bias: what was judged of which trial, by whom, and how much of the evidence nobody judged."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.analysis import Analysis
from bupmeta.analysis.finding import Judgements
from bupmeta.plots import risk_bars, traffic_light
from bupmeta.report.counting import count, listed
from bupmeta.report.document import Block, Folded, Paragraph, Part, Picture, Tabled, slug
from bupmeta.report.findings_tables import bars_table, risk_table, shares_table, support_table

__all__ = ["risk_of_bias"]

_NOBODY = (
    "Nobody judges here: only judgements that were published are shown. What nobody judged is not assessed, "
    "which is no low risk of bias."
)


def risk_of_bias(analysis: Analysis) -> Iterator[Part]:
    """Show the judgements as a picture and as tables; without any of them no picture is drawn."""
    found = analysis.risk_of_bias
    if found is None or not found.everyone:
        return
    blocks = (*_said(found), *_pictures(found), *_tables(found, analysis.spec.question.outcome))
    yield Part("risk-of-bias", "Risk of bias", tuple(blocks))


def _said(found: Judgements) -> Iterator[Block]:
    judged = [label for label, one in found.everyone.items() if one.assessed]
    known = count(len(found.everyone), "known trial")
    if not judged:
        yield Paragraph(f"No judgement was found for any of the {known}.", "lead")
    else:
        one = f"{count(len(judged), 'trial')} ({listed(judged)})"
        yield Paragraph(f"Published judgements were found of {one}, out of {known}.", "lead")
    yield Paragraph(_NOBODY)


def _pictures(found: Judgements) -> Iterator[Block]:
    everyone = found.everyone
    for tool in dict.fromkeys(one.tool for one in everyone.values() if one.tool is not None):
        caption = f"Judgements by {tool}; an empty ring is no judgement."
        name, data = f"risk_of_bias_{slug(tool)}", support_table(found, tool)
        figure = traffic_light(everyone, tool)
        yield Picture(name, figure, f"Risk of bias: {tool}", caption, caption, (Tabled(name, data),))
    for pool in found.pools:
        if len(pool.assessments) > 1 and any(one.assessed for one in pool.assessments.values()):
            title = f"Risk of bias by domain: {pool.title}"
            caption = f"{pool.title.capitalize()}: how much of the evidence has which risk of bias."
            name, data = f"risk_shares_{slug(pool.title)}", bars_table(pool)
            figure = risk_bars(pool.assessments, pool.weights)
            yield Picture(name, figure, title, caption, caption, (Tabled(name, data),))


def _tables(found: Judgements, outcome: str) -> Iterator[Block]:
    tables = (
        Tabled("risk_of_bias_shares", shares_table(found, outcome)),
        Tabled("risk_of_bias", risk_table(found)),
    )
    yield Folded("Every known trial, and shares by condition", tuple(one for one in tables if one.table.rows))
