"""The blocks of one outcome of people with an event: what its trials say, and the tables behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bupmeta.analysis import Analysis
from bupmeta.analysis.outcome_results import EventPool, OutcomeSection
from bupmeta.report.document import Block, Folded, Heading, Paragraph, Picture, Tabled, slug
from bupmeta.report.outcome_choices import choices
from bupmeta.report.outcome_figures import outcome_forest
from bupmeta.report.outcome_tables import (
    compared_table,
    counts_table,
    groups_table,
    missing_people_table,
    missing_table,
    models_table,
    risks_table,
)
from bupmeta.report.outcome_words import event_sentence, group_sentence, missing_sentence
from bupmeta.report.tables import filled, silent_table
from bupmeta.table import Table, capital

__all__ = ["outcome_blocks"]

_CAPTION = "Squares: trials, sized by weight; lines: intervals; diamond: pooled. Trials without counts keep their row."


def outcome_blocks(analysis: Analysis, section: OutcomeSection) -> Iterator[Block]:
    """Tell one outcome that some trial in pain reported: sentences, forest plot, counts, other models."""
    name = slug(section.outcome.outcome)
    yield Heading(capital(section.outcome.title))
    if section.outcome.note:
        yield Paragraph(section.outcome.note, "remark")
    said = [event_sentence(section, pool) for pool in section.every]
    yield from (Paragraph(sentence) for sentence in said)
    yield from (Paragraph(group_sentence(one)) for one in section.groups)
    if any(pool.tables is not None for pool in section.pools):
        figure = outcome_forest(analysis, section)
        title = f"Forest plot: {section.outcome.title}"
        data = tuple(_data(section, name))
        yield Picture(f"forest_{name}", figure, title, " ".join(said), _CAPTION, data)
    elif any(pool.effects.silent for pool in section.pools):
        yield Tabled(f"without_counts_{name}", _silent(section, section.pools))
    yield from choices(analysis, section)
    yield from _behind(section, name)


def _data(section: OutcomeSection, name: str) -> Iterator[Tabled]:
    for pool in section.pools:
        if pool.tables is not None:
            caption = f"{section.outcome.title}, {pool.title}: counts"
            yield Tabled(f"counts_{name}_{slug(pool.title)}", counts_table(pool, caption))
    silent = _silent(section, section.pools)
    if silent.rows:
        yield Tabled(f"without_counts_{name}", silent)


def _silent(section: OutcomeSection, pools: Sequence[EventPool]) -> Table:
    trials = tuple(trial for pool in pools for trial in pool.effects.silent)
    return filled(
        silent_table(trials, f"Known trials without counts of both groups: {section.outcome.title}")
    )


def _behind(section: OutcomeSection, name: str) -> Iterator[Block]:
    title = section.outcome.title
    models = tuple(
        Tabled(f"models_{name}_{slug(pool.title)}", models_table(pool, f"{title}, {pool.title}"))
        for pool in section.every
        if pool.others
    )
    risks = tuple(
        Tabled(f"risks_{name}_{slug(pool.title)}", risks_table(pool, f"{title}, {pool.title}"))
        for pool in section.every
        if len(pool.people) > 1
    )
    beside = compared_table(((section, one) for one in section.beside), f"{title}, never pooled")
    narrative = filled(silent_table(section.narrative, f"{title}, never pooled"))
    folds: tuple[tuple[str, tuple[Block, ...]], ...] = (
        ("The same trials by other models", models),
        ("Other risks without treatment", risks),
        ("If people without an outcome differ from the others", tuple(_missing(section, name))),
        ("Reports of one group", _one(f"one_group_{name}", groups_table([section], title))),
        ("Other comparisons, never pooled", _one(f"never_pooled_{name}", beside)),
        ("Other reports without counts, never pooled", _one(f"narrative_{name}", narrative)),
    )
    yield from (Folded(words, blocks) for words, blocks in folds if blocks)


def _missing(section: OutcomeSection, name: str) -> Iterator[Block]:
    for pool in section.every:
        if pool.missing is None:
            continue
        title = f"{section.outcome.title}, {pool.title}"
        yield Paragraph(missing_sentence(section, pool))
        caption = f"{title}: people without an outcome"
        yield Tabled(f"missing_people_{name}_{slug(pool.title)}", missing_people_table(pool, caption))
        if pool.missing.rows:
            yield Tabled(
                f"missing_{name}_{slug(pool.title)}", missing_table(pool, f"{title}: odds of missing people")
            )


def _one(name: str, table: Table) -> tuple[Tabled, ...]:
    return (Tabled(name, table),) if table.rows else ()
