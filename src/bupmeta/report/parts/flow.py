"""Where the trials come from, and which of them is in which synthesis."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.analysis import Analysis
from bupmeta.plots import flow as draw
from bupmeta.report.document import Block, Folded, Paragraph, Part, Picture, Tabled
from bupmeta.report.flow_words import eligibility_table, flow_layout, flow_sentence, flow_table, trials_table

__all__ = ["flow"]

_NOT_A_SEARCH = (
    "These are counts of the data file. How its trials were found, and which records were screened and set aside, is "
    "not in the file and is not claimed here."
)


def flow(analysis: Analysis) -> Iterator[Part]:
    """Draw the flow from data file to conditions, and list every trial with its syntheses."""
    said = flow_sentence(analysis)
    picture = Picture(
        "flow",
        draw(flow_layout(analysis)),
        "Flow of results and trials",
        said,
        "From the data file to the conditions; every trial of a condition is counted once.",
        (Tabled("flow", flow_table(analysis.flow)),),
    )
    table = eligibility_table(analysis)
    blocks: list[Block] = [Paragraph(said), picture, Paragraph(_NOT_A_SEARCH, "remark")]
    if table.rows:
        blocks.append(
            Folded("What kind of trial each one is", (Tabled("characteristics", trials_table(analysis)),))
        )
        blocks.append(Folded("Every trial and the syntheses it is in", (Tabled("syntheses", table),)))
    yield Part("flow", "From the data to the analyses", tuple(blocks))
