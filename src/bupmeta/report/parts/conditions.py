"""One part per condition: forest plot, sentences, few trials, declared choices, and the tables behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bupmeta.analysis import Analysis, Pool, Section
from bupmeta.plots import few_studies, funnel
from bupmeta.pooling import Panel
from bupmeta.report import tables, words
from bupmeta.report.document import Block, Folded, Heading, Paragraph, Part, Picture, Tabled, slug
from bupmeta.report.evidence_tables import evidence_tables, readings_table
from bupmeta.report.evidence_words import all_evidence, multiverse_words, unseen
from bupmeta.report.explorer import explorer
from bupmeta.report.figures import multiverse_figure, section_figure
from bupmeta.report.small_study_words import small_study_words
from bupmeta.table import Table

__all__ = ["conditions"]

_CURVE = (
    "Every combination of the declared choices, in order of its estimate; the mark shows the one specified."
)


def conditions(analysis: Analysis) -> Iterator[Part]:
    """Tell each condition in the primary measure."""
    for section in analysis.of(analysis.spec.measures[0]):
        assert section.total is not None
        blocks: tuple[Block, ...] = (
            *_effect(analysis, section, section.total),
            *_few(section),
            *_small(section, section.total),
            *_choices(analysis, section, section.total),
        )
        behind = tuple(_behind(analysis, section, section.total))
        if behind and any(isinstance(block, Heading) for block in blocks):
            blocks += (
                Heading("More about these trials"),
            )  # else the folds would belong to the heading before
        yield Part(slug(section.title), section.title.capitalize(), (*blocks, *behind))


def _effect(analysis: Analysis, section: Section, total: Pool) -> Iterator[Block]:
    sentence = words.pool_sentence(section, again=section.title == analysis.spec.groups.overall)
    yield Paragraph(sentence, "lead")
    name = f"{slug(section.title)}_{section.measure}"
    if (figure := section_figure(analysis, section)) is not None:
        title = f"Forest plot: {section.title}"
        yield Picture(f"forest_{name}", figure, title, sentence, _caption(total), _studies(total, name))
    said = (
        words.scale_sentence(analysis, total),
        words.heterogeneity(total),
        words.prediction(total),
        all_evidence(total),
        unseen(total),
    )
    yield from (Paragraph(text) for text in said if text)
    aid = analysis.spec.reading_aid
    if aid is not None and total.result is not None:
        band = f"The shaded band marks differences below {aid.points:g} of 10 points"
        yield Paragraph(f"{band}: {aid.source}. {aid.warning}", "aid")
    if (block := explorer(analysis, section)) is not None:
        yield block


def _caption(pool: Pool) -> str:
    if pool.result is None:
        return "Every known trial; none printed an effect. Brackets: the effects that its words admit."
    if pool.result.k == 1:
        return "Square: the trial; line: its interval."
    return "Squares: trials, sized by weight; lines: intervals; diamond: pooled effect."


def _studies(pool: Pool, name: str) -> tuple[Tabled, ...]:
    silent = tables.silent_table(pool.effects.silent, f"Trials without an effect, and why: {pool.title}")
    found = (
        Tabled(f"trials_{name}", tables.study_table(pool)),
        Tabled(f"without_effect_{name}", silent),
    )
    return tuple(one for one in found if one.table.rows)


def _few(section: Section) -> Iterator[Block]:
    for pool in section.pools:
        if pool.panel is None:
            continue
        yield Heading(f"Few trials: {pool.title}")
        yield Paragraph(pool.panel.advice)
        name = f"few_trials_{slug(section.title)}_{slug(pool.title)}"
        yield Picture(
            name,
            few_studies(pool.panel),
            f"Few trials: {pool.title}",
            pool.panel.advice,
            "What each method makes of the same few trials; the marked row is the one to read.",
            (Tabled(name, _panel(pool.panel)),),
        )


def _panel(panel: Panel) -> Table:
    """The table of a panel without its advice, which stands above it."""
    table = panel.table()
    return replace(table, notes=tuple(note for note in table.notes if note != panel.advice))


def _small(section: Section, total: Pool) -> Iterator[Block]:
    said = small_study_words(total)
    if total.small_study is None or total.result is None:
        yield from (Paragraph(text) for text in (said,) if text)
        return
    yield Heading("Do small trials show other effects?")
    yield Paragraph(said)
    yield Picture(
        f"funnel_{slug(section.title)}_{section.measure}",
        funnel(total.result),
        f"Funnel plot: {section.title}",
        said,
        "Each trial by its effect and its standard error, the precise ones on top.",
        (Tabled(f"small_study_{slug(section.title)}_{section.measure}", total.small_study.table()),),
    )


def _choices(analysis: Analysis, section: Section, total: Pool) -> Iterator[Block]:
    figure = multiverse_figure(analysis, section)
    if figure is None or total.multiverse is None:
        return
    said = multiverse_words(total)
    yield Heading("What the choices do")
    yield Paragraph(said)
    yield Picture(
        f"multiverse_{slug(section.title)}",
        figure,
        f"Specification curve: {section.title}",
        said,
        _CURVE,
        (Tabled(f"multiverse_{slug(section.title)}_{section.measure}", total.multiverse.table()),),
    )


def _behind(analysis: Analysis, section: Section, total: Pool) -> Iterator[Block]:
    name = f"{slug(section.title)}_{section.measure}"
    readings = readings_table(total)
    if readings is not None and section.title != analysis.spec.groups.overall:
        introduction = (
            "A report that leaves something open can be read in more than one way. Each row names what it takes for "
            "granted."
        )
        yield Folded(
            "Other readings of the same report",
            (Paragraph(introduction), Tabled(f"readings_{name}", readings)),
        )
    if section.subgroups:
        yield _folded(
            "Pools by drug class", f"pools_{name}", tables.pools_table(analysis, [section], section.title)
        )
    for i, table in enumerate(evidence_tables(total), 1):
        if table.rows:
            yield _folded(table.caption.rstrip("."), f"all_evidence_{name}_{i}", table)


def _folded(title: str, name: str, table: Table) -> Folded:
    return Folded(title, (Tabled(name, table),))
