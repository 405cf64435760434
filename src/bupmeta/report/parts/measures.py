"""The same outcome in other measures, in which other trials can be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bupmeta.analysis import Analysis, Section
from bupmeta.effects import Measure
from bupmeta.report import tables, words
from bupmeta.report.document import Block, Folded, Paragraph, Part, Picture, Tabled, slug
from bupmeta.report.figures import section_figure
from bupmeta.table import capital

__all__ = ["measures"]

_INTRODUCTIONS = {
    "SMD": (
        "The difference in standard deviations lets trials enter whose scale range was not printed. Endpoint scores "
        "and change scores are pooled apart, because their standard deviations mean different things; there is no "
        "total over both."
    ),
    "percent": (
        "These trials printed their result in percent of baseline or of placebo. Percentages cannot be turned into "
        "points without the patients' own baselines, so they stand apart, and percentages of different things apart "
        "from each other."
    ),
}


def measures(analysis: Analysis) -> Iterator[Part]:
    """Tell each further measure that has any pool."""
    for measure in analysis.spec.measures[1:]:
        sections = analysis.of(measure)
        if sections:
            title = words.measure_title(measure)
            blocks = tuple(_blocks(analysis, measure, sections, title))
            yield Part(measure.lower(), capital(title), blocks)


def _blocks(analysis: Analysis, measure: Measure, sections: Sequence[Section], title: str) -> Iterator[Block]:
    yield Paragraph(_INTRODUCTIONS[measure])
    for section in sections:
        if (figure := section_figure(analysis, section)) is not None:
            caption = f"{section.title.capitalize()}: {title}"
            name = f"forest_{slug(section.title)}_{measure}"
            yield Picture(name, figure, caption, caption, caption, tuple(_studies(section)))
    yield Tabled(f"pools_{measure}", tables.pools_table(analysis, sections, title))
    for section in sections:
        if section.silent:
            caption = f"{section.title.capitalize()}: no effect in this measure"
            table = tables.filled(
                tables.without(tables.silent_table(section.silent, caption), "year", "n", "printed")
            )
            yield Folded(caption, (Tabled(f"without_effect_{slug(section.title)}_{measure}", table),))


def _studies(section: Section) -> Iterator[Tabled]:
    for pool in section.subgroups:
        table = tables.without(tables.study_table(pool), "design", "n", "printed", "remark")
        if table.rows:
            yield Tabled(f"trials_{slug(section.title)}_{section.measure}_{slug(pool.title)}", table)
