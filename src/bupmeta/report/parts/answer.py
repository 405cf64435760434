"""What the evidence says, and how much of it there is."""

from __future__ import annotations

from collections.abc import Iterator

from bupmeta.analysis import Analysis
from bupmeta.report import tables, words
from bupmeta.report.document import Paragraph, Part, Strip, Tabled

__all__ = ["answer"]

_NO_ADVICE = "This report describes evidence. It is no medical advice."


def answer(analysis: Analysis) -> Iterator[Part]:
    """Say the answer in words, count the evidence, and sum it up in a table."""
    first, *others = words.answer(analysis)
    yield Part(
        "answer",
        "The answer",
        (
            Paragraph(first, "lead"),
            *(Paragraph(sentence) for sentence in others),
            Strip("Size of the evidence", _counts(analysis)),
            *(Paragraph(remark, "remark") for remark in (*analysis.spec.remarks, _NO_ADVICE)),
            Tabled("summary", tables.summary_table(analysis)),
        ),
    )


def _counts(analysis: Analysis) -> tuple[tuple[int, str, str], ...]:
    e = analysis.evidence
    parts = (
        (e.known, "trials known" if e.known != 1 else "trial known", "known"),
        (e.with_effect, "with an effect", "effect"),
        (e.percent_only, "in percent only", "words"),
        (e.without_numbers, "in words, or without enough numbers", "words"),
        (e.not_obtained, "with results not obtained", "missing"),
        (e.never_pooled, "kept out of every pool", "missing"),
    )
    return tuple(part for part in parts if part[0] or part[2] == "effect")
