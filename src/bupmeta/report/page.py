"""The report as one HTML page: words and tables are placed in a template, nothing is computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from bupmeta.analysis import Analysis, Pool, Section
from bupmeta.effects import Measure
from bupmeta.plots import svg_text
from bupmeta.report import tables, words
from bupmeta.report.evidence_tables import evidence_tables, readings_table
from bupmeta.report.evidence_words import all_evidence, multiverse_words, unseen
from bupmeta.report.figures import slug
from bupmeta.report.methods import methods
from bupmeta.report.sources import sources
from bupmeta.report.templating import template, template_text
from bupmeta.table import Table

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.figure import Figure

__all__ = ["page"]

Figures: TypeAlias = Mapping[tuple[str, Measure], "Figure"]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The figures of a page: forest plots by section and measure, curves by section, panels by section and pool."""

    forests: Figures
    curves: Mapping[str, Figure]
    panels: Mapping[str, Mapping[str, Figure]]


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


def page(analysis: Analysis, drawn: Drawn, command: str) -> str:
    """Return the whole page; `command` is what redoes it."""
    primary = analysis.spec.measures[0]
    return template("report.html.j2").render(
        analysis=analysis,
        css=template_text("report.css"),
        scroll=_scroll,
        answer=words.answer(analysis),
        strip=_strip(analysis),
        summary=tables.summary_table(analysis),
        sections=[_block(analysis, section, drawn) for section in analysis.of(primary)],
        narrative=tables.silent_table(analysis.narrative, "Never pooled") if analysis.narrative else None,
        other_outcomes=tables.silent_table(analysis.other_outcomes, "Known trials with other outcomes")
        if analysis.other_outcomes
        else None,
        other_measures=[
            part
            for measure in analysis.spec.measures[1:]
            if (part := _other(analysis, measure, drawn.forests)) is not None
        ],
        sensitivity=_filled(
            tables.alternatives_table(section, "alternatives") for section in analysis.of(primary)
        ),
        methods=methods(analysis),
        conversions=tables.conversions_table(analysis),
        appendix=_appendix(analysis),
        sources=[dict(row) for row in sources(analysis)],
        aid_points=f"{analysis.spec.reading_aid.points:g}" if analysis.spec.reading_aid else "",
        command=command,
        data_name=analysis.spec.data.name,
        spec_name=analysis.spec.path.name,
    )


def _block(analysis: Analysis, section: Section, drawn: Drawn) -> dict[str, Any]:
    total = section.total
    assert total is not None
    name = slug(section.title)
    figure = drawn.forests.get((section.title, section.measure))
    sentence = words.pool_sentence(section, again=section.title == analysis.spec.groups.overall)
    choices = multiverse_words(total)
    shown = [("Trials with an effect, and what they printed", tables.study_table(total))]
    if section.subgroups:
        shown.insert(0, ("Pools by drug class", tables.pools_table(analysis, [section], section.title)))
    shown.append(
        (
            "Trials without an effect, and why",
            tables.silent_table(total.effects.silent, "Known trials without an effect"),
        )
    )
    shown.extend((table.caption.rstrip("."), table) for table in evidence_tables(total))
    if total.multiverse is not None:
        shown.append(("Every declared choice, level by level", total.multiverse.table()))
    return {
        "id": name,
        "title": section.title.capitalize(),
        "sentence": sentence,
        "figure": _svg(figure, f"Forest plot: {section.title}", sentence, f"figure-{name}"),
        "caption": _caption(total),
        "aid": total.result is not None,
        "reading": [
            text
            for text in (
                words.scale_sentence(analysis, total),
                words.heterogeneity(total),
                words.prediction(total),
                all_evidence(total),
                unseen(total),
            )
            if text
        ],
        "curve": _svg(
            drawn.curves.get(section.title), f"Specification curve: {section.title}", choices, f"curve-{name}"
        ),
        "multiverse": choices,
        "panels": [
            (
                pool.title,
                pool.panel.advice,
                _svg(
                    drawn.panels[section.title][pool.title],
                    f"Few trials: {pool.title}",
                    pool.panel.advice,
                    f"few-{name}-{slug(pool.title)}",
                ),
                pool.panel.table(),
            )
            for pool in section.pools
            if pool.panel is not None
        ],
        "readings": readings_table(total),
        "tables": [(title, table) for title, table in shown if table.rows],
    }


def _caption(pool: Pool) -> str:
    if pool.result is None:
        return "Every known trial; none printed an effect. Brackets: the effects that its words admit."
    if pool.result.k == 1:
        return "Square: the trial; line: its interval."
    return "Squares: trials, sized by weight; lines: intervals; diamond: pooled effect."


def _other(analysis: Analysis, measure: Measure, figures: Figures) -> dict[str, Any] | None:
    sections = [section for section in analysis.sections if section.measure == measure]
    if not sections:
        return None
    title = words.measure_title(measure)
    drawn = []
    for section in sections:
        caption = f"{section.title.capitalize()}: {title}"
        if (figure := figures.get((section.title, measure))) is not None:
            drawn.append(
                (_svg(figure, caption, caption, f"figure-{slug(section.title)}-{measure.lower()}"), caption)
            )
    return {
        "id": measure.lower(),
        "title": title[:1].upper() + title[1:],
        "introduction": _INTRODUCTIONS[measure],
        "figures": drawn,
        "table": tables.pools_table(analysis, sections, title),
        "silent": [
            tables.silent_table(section.silent, f"{section.title.capitalize()}: no effect in this measure")
            for section in sections
            if section.silent
        ],
    }


def _strip(analysis: Analysis) -> list[tuple[int, str, str]]:
    e = analysis.evidence
    parts = [
        (e.known, "trials known" if e.known != 1 else "trial known", "known"),
        (e.with_effect, "with an effect", "effect"),
        (e.percent_only, "in percent only", "words"),
        (e.without_numbers, "in words, or without enough numbers", "words"),
        (e.not_obtained, "with results not obtained", "missing"),
        (e.never_pooled, "kept out of every pool", "missing"),
    ]
    return [part for part in parts if part[0] or part[2] == "effect"]


def _appendix(analysis: Analysis) -> list[tuple[str, str, list[Table]]]:
    primary = analysis.of(analysis.spec.measures[0])
    parts = [
        (
            "The same trials by other methods",
            "Nothing but the method changes. Where a method refuses the data its reason is given.",
            _filled(tables.alternatives_table(section, "conventions") for section in primary),
        ),
        (
            "Independent recomputation",
            (
                "statsmodels pools the same effects by DerSimonian-Laird and Paule-Mandel. Its DerSimonian-Laird tau² "
                "is not cut off at 0, which explains the only kind of difference that is expected."
            ),
            _filled([tables.checks_table(analysis)]),
        ),
    ]
    return [part for part in parts if part[2]]


def _filled(found: Any) -> list[Table]:
    return [table for table in found if table.rows]


def _svg(figure: Figure | None, title: str, desc: str, name: str) -> Markup | None:
    from markupsafe import Markup

    # svg_text escapes every text it holds
    return None if figure is None else Markup(svg_text(figure, title, desc, name))  # noqa: S704


def _scroll(table: Table, label: str) -> Markup:
    from markupsafe import Markup

    frame = Markup('<div class="wide" tabindex="0" role="region" aria-label="{}">{}</div>')
    # to_html escapes every cell it holds
    return frame.format(label, Markup(table.to_html()))  # noqa: S704
