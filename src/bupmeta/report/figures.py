"""The figures of a report: which blocks stand in each, drawn by `bupmeta.plots`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bupmeta.analysis import Analysis, Pool, Section
from bupmeta.plots import Band, Block, forest, multiverse
from bupmeta.report.counting import count
from bupmeta.report.words import estimate, heterogeneity, measure_title

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from bupmeta.table.notation import PresetName

__all__ = ["multiverse_figure", "section_figure"]


def section_figure(analysis: Analysis, section: Section) -> Figure | None:
    """The forest plot of one condition, or None when no trial is known: nothing is drawn as if there were."""
    if not any(pool.known for pool in section.pools):
        return None
    aid = analysis.spec.reading_aid if section.measure == "MD" else None
    band = Band(-aid.points, aid.points, f"less than {aid.points:g} of 10 points") if aid else None
    question = analysis.spec.question
    return forest(
        [_block(pool, section, analysis.spec.figures.preset) for pool in section.pools],
        favours=analysis.spec.favours,
        unit=f"{measure_title(section.measure)}; {question.intervention} minus {question.comparator}",
        band=band,
        links="#trial-",
        preset=analysis.spec.figures.preset,
    )


def _block(pool: Pool, section: Section, preset: PresetName) -> Block:
    is_total = pool is section.total and bool(section.subgroups)
    title = f"All: {section.title}" if is_total else pool.title
    admissible = {
        trial.label: (trial.admissible.lower, trial.admissible.upper)
        for trial in pool.effects.silent
        if trial.admissible is not None
    }
    line = heterogeneity(pool) if preset == "house" else ""  # a journal's line is the preset's
    return Block(title, pool.result, pool.effects, line, admissible, not is_total, _remark(pool))


def _remark(pool: Pool) -> str:
    """What follows the line under a block: all evidence, which is not drawn."""
    found = pool.evidence.result if pool.evidence is not None else None
    return "" if found is None else f"All evidence (not drawn): {estimate(found)}, {count(found.k, 'trial')}."


def multiverse_figure(analysis: Analysis, section: Section) -> Figure | None:
    """The specification curve of one condition, or None when it has no multiverse."""
    crossed = section.total.multiverse if section.total is not None else None
    if crossed is None:
        return None
    return multiverse(crossed, unit=measure_title(section.measure), favours=analysis.spec.favours)
