"""How a judgement of risk of bias looks: a colour, a sign and a word, so that none of them is needed alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bupmeta.plots.style import ACCENT, CAUTION, FONT, INK, MUTED, PAPER, STUDY
from bupmeta.plots.text import width
from bupmeta.trials.risk_of_bias import OVERALL, TOOLS, Judged, ToolName

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["LOOKS", "Look", "columns", "draw_mark", "key", "meanings"]


@dataclass(frozen=True, slots=True)
class Look:
    """The sign of a judgement, its colours, and its words in a key."""

    sign: str
    face: str
    ink: str
    words: str


LOOKS: dict[Judged, Look] = {
    "low": Look("+", STUDY, PAPER, "low risk"),
    "unclear": Look("?", CAUTION, INK, "unclear"),
    "some concerns": Look("!", CAUTION, INK, "some concerns"),
    "high": Look("×", ACCENT, PAPER, "high risk"),
    "not assessed": Look("", PAPER, MUTED, "not assessed"),
}


def columns(tool: ToolName) -> tuple[str, ...]:
    """The domains of a tool as columns, and what they come to.

    >>> columns("RoB 2")
    ('D1', 'D2', 'D3', 'D4', 'D5', 'overall')
    """
    return (*TOOLS[tool].domains, OVERALL)


def meanings(tool: ToolName) -> str:
    """What must be said below a picture: what short names stand for, and where the overall judgement is from.

    >>> meanings("RoB 1")
    'Overall: the worst domain, as the tool gives no judgement of the whole.'
    """
    if not TOOLS[tool].has_overall:
        return "Overall: the worst domain, as the tool gives no judgement of the whole."
    return "; ".join(f"{name}: {meaning}" for name, meaning in TOOLS[tool].domains.items()) + "."


def draw_mark(axes: Axes, x: float, y: float, judged: Judged, radius: float) -> None:
    """Draw one judgement as a circle of `radius` points with its sign; without a judgement the ring is empty."""
    from matplotlib.patches import Circle

    look = LOOKS[judged]
    edge = {"edgecolor": MUTED, "linewidth": 0.9} if judged == "not assessed" else {"linewidth": 0}
    axes.add_patch(Circle((x, y), radius, facecolor=look.face, **edge))
    axes.text(
        x, y, look.sign, ha="center", va="center_baseline", color=look.ink, size=FONT["title"], weight="bold"
    )


def key(
    axes: Axes,
    x: float,
    y: float,
    judged: Iterable[Judged],
    size: float,
    draw: Callable[[Axes, float, float, Judged, float], None] = draw_mark,
) -> None:
    """Draw the key of the judgements that occur, from (x, y) to the right, each by `draw` within 2 `size` points."""
    for one in judged:
        draw(axes, x + size, y, one, size)
        words = LOOKS[one].words
        axes.text(x + 2 * size + 4, y, words, va="center_baseline", size=FONT["small"])
        x += 2 * size + 4 + width(words, FONT["small"]) + 16
