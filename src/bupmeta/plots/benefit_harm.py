"""Benefits and harms on one page: every outcome on an absolute scale, better on the right and worse on the left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bupmeta.errors import DataError
from bupmeta.plots.axis import axis
from bupmeta.plots.forest_parts import clean
from bupmeta.plots.lines import GAP, STEP, TOP, Line, LinesLayout, Look, draw_stack, height
from bupmeta.plots.style import FONT, INK, MUTED, house_style
from bupmeta.plots.text import fit, width

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["BenefitHarmLayout", "Gain", "benefit_harm", "benefit_harm_layout"]

LONGEST, NAMES, AXIS = 110.0, 330.0, 260.0  # points for a certainty, the name of an outcome, and the axis
Pair = tuple[float, float]
Groups = Mapping[str, Sequence["Gain"]]


@dataclass(frozen=True, slots=True)
class Gain:
    """One outcome: how much better it is with treatment (negative: worse), its interval, and how both are said.

    `mu` is None where no number is known, and `words` then say what is. `pooled` draws a diamond, not the square of a
    trial.
    """

    name: str
    words: str
    mu: float | None = None
    ci: Pair = (0.0, 0.0)
    certainty: str = ""
    pooled: bool = False


@dataclass(frozen=True, slots=True)
class BenefitHarmLayout:
    """One set of rows per scale; for each row the title that stands there, and its certainty."""

    scales: tuple[LinesLayout, ...]
    titles: tuple[tuple[str, ...], ...]
    certainty: tuple[tuple[str, ...], ...]


def benefit_harm_layout(scales: Mapping[str, Groups], note: str = "") -> BenefitHarmLayout:
    """Lay out groups of outcomes under titles, for each scale by its unit; raises DataError when there is none.

    >>> groups = {"Responders": [Gain("half the pain", "94 more", 94.0, (35.0, 166.0), "low")]}
    >>> layout = benefit_harm_layout({"people of 1,000": groups})
    >>> layout.titles, layout.certainty, layout.scales[0].words
    ((('Responders', ''),), (('', 'low'),), '← worse with treatment   people of 1,000   better with treatment →')
    """
    found = [_scale(unit, groups) for unit, groups in scales.items() if any(groups.values())]
    if not found:
        raise DataError("there is no outcome to draw")
    layouts = [one for one, _, _ in found]
    last = layouts[-1]
    layouts[-1] = LinesLayout(last.lines, last.limits, last.ticks, last.words, note, last.rules)
    return BenefitHarmLayout(
        tuple(layouts), tuple(titles for _, titles, _ in found), tuple(certainty for _, _, certainty in found)
    )


def _scale(unit: str, groups: Groups) -> tuple[LinesLayout, tuple[str, ...], tuple[str, ...]]:
    lines: list[Line] = []
    titles: list[str] = []
    certainty: list[str] = []
    rules: list[int] = []
    for title, rows in groups.items():
        if not rows:
            continue
        rules += [len(lines)] if lines else []
        lines.append(Line("", "", "head"))
        titles.append(clean(title))
        certainty.append("")
        for row in rows:
            look: Look = "other" if row.mu is None else "pooled" if row.pooled else "trial"
            lines.append(Line(clean(row.name), clean(row.words), look, row.mu, *row.ci))
            titles.append("")
            certainty.append(clean(row.certainty))
    drawn = [(line.mu, (line.low, line.high)) for line in lines if line.mu is not None]
    scale = axis([mu for mu, _ in drawn], [pair for _, pair in drawn])
    words = f"← worse with treatment   {unit}   better with treatment →"
    layout = LinesLayout(tuple(lines), (scale.low, scale.high), scale.ticks, words, "", tuple(rules))
    return layout, tuple(titles), tuple(certainty)


def benefit_harm(scales: Mapping[str, Groups], note: str = "") -> Figure:
    """Draw every outcome under its title, one axis per scale, with the certainty of each where there is any.

    >>> groups = {"Responders": [Gain("half the pain", "94 more", 94.0, (35.0, 166.0), "low")]}
    >>> len(benefit_harm({"people of 1,000": groups}).axes)
    1
    """
    with house_style():
        layout = benefit_harm_layout(scales, note)
        said = [fit(text, LONGEST, FONT["small"])[0] for part in layout.certainty for text in part]
        head = "Certainty" if any(said) else ""
        beside = max(width(text, FONT["small"], bold=True) for text in (*said, head)) + GAP if head else 0.0
        figure, _ = draw_stack(layout.scales, beside, longest=NAMES, narrowest=AXIS)
        wide, high = (72 * side for side in figure.get_size_inches())
        small: dict[str, Any] = {"va": "center", "size": FONT["small"]}
        left = (wide - beside) / wide
        figure.text(left, 1 - TOP / 2 / high, head, weight="bold", color=MUTED, **small)
        top, texts = high, iter(said)
        for scale, titles in zip(layout.scales, layout.titles):
            for i, title in enumerate(titles):
                y = (top - TOP - STEP * (i + 0.5)) / high
                text = fit(title, wide - beside - 4 * GAP, FONT["text"], bold=True)[0]
                figure.text(GAP / wide, y, text, va="center", weight="bold", color=INK)
                figure.text(left, y, next(texts), color=INK, **small)
            top -= height(scale)
    return figure
