"""The plain forest plot of the `forestplot` package, completed with what it lacks.

This is the only place that loads that package: importing it switches off numpy's and Python's warnings and sets a
font for the whole process, and its drawing needs a pyplot figure. None of that is left behind.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any
from unicodedata import bidirectional

import numpy as np
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.transforms import blended_transform_factory

from bupmeta.plots.forest_draw import arrows, draw, marks
from bupmeta.plots.forest_grid import tick_spacing
from bupmeta.plots.forest_parts import ForestLayout
from bupmeta.plots.style import BAND, FONT, INK, LINE, MUTED, STUDY, Picture, house_style
from bupmeta.plots.text import fit, width

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["forestplot_figure"]

WIDTH, ROW, MARGIN, GAP = 720.0, 20.0, 8.0, 14.0  # points
FOOT, HEAD = 54.0, 26.0  # points under the axis, and over the rows for a title
LONGEST = {"label": 34, "n": 24, "effect": 34, "weight": 8}  # characters


def forestplot_figure(layout: ForestLayout) -> Picture:
    """Draw a layout with the `forestplot` package, or in the house style when no trial has an effect to give it."""
    if all(row.kind != "study" for row in layout.rows):
        return draw(layout)
    package = _package()
    frame, headers = _frame(layout)
    with house_style(), np.errstate():  # house_style also puts the warning filters back
        warnings.filterwarnings(
            "ignore", message=r"set_ticklabels\(\) should only be used", category=UserWarning
        )
        from matplotlib import pyplot as plt  # the package measures text on pyplot's current figure

        size = (WIDTH / 72, (ROW * (len(frame) + 1) + FOOT + (HEAD if layout.title else 0)) / 72)
        figure = plt.figure(
            FigureClass=Picture, figsize=size, dpi=72
        )  # one pixel is a point, as the package takes it
        assert isinstance(figure, Picture)
        try:
            axes = figure.add_subplot()
            package.forestplot(
                frame,
                estimate="estimate",
                ll="low",
                hl="high",
                varlabel="label",
                variable_header=headers["label"],
                annote=list(headers)[1:],
                annoteheaders=list(headers.values())[1:],
                ci_report=False,
                form_ci_report=False,
                capitalize=None,
                xlabel=layout.axis.label,
                xlim=(layout.axis.low, layout.axis.high),
                xline=layout.axis.reference,
                xlinecolor=INK,
                xlinewidth=LINE["axis"],
                linecolor=STUDY,
                markercolor=STUDY,
                fontsize=FONT["small"],
                xtick_size=FONT["small"],
                xlabel_size=FONT["small"],
                xlabel_fontweight="normal",
                ax=axes,
            )
            _complete(axes, layout, figure)
        finally:
            plt.close(figure)
    return figure


def _package() -> Any:
    """Import `forestplot` with numpy's error state, the warning filters and rcParams as they were."""
    with house_style(), np.errstate():
        import forestplot
    return forestplot


def _frame(layout: ForestLayout) -> tuple[pd.DataFrame, dict[str, str]]:
    """One line per row, and the columns of text with their titles; only studies carry numbers."""
    import pandas as pd

    headers = {c.key: c.title for c in layout.columns if c.key in LONGEST}
    bits = len(layout.rows).bit_length()
    # where a name runs from right to left, marks keep the numbers beside it in their columns
    rightwards = any(
        bidirectional(c) in ("R", "AL") for row in layout.rows for c in row.cells.get("label", "")
    )
    mark = "\u200e" if rightwards else ""
    headers["label"] = mark + headers["label"] + mark
    lines = []
    for i, row in enumerate(layout.rows):
        cells = {key: _short(row.cells.get(key, ""), LONGEST[key]) for key in headers}
        if row.kind == "silent":
            cells["effect"] = _short(row.text, LONGEST["effect"])
        cells["label"] = mark + cells["label"] + mark
        # The package puts rows with the same text on one line: blanks of two kinds number them.
        cells["label"] = cells["label"].ljust(LONGEST["label"] // 2) + f"{i:0{bits}b}".translate(
            {48: " ", 49: "\u00a0"}
        )
        low, high = row.interval if row.kind == "study" and row.interval else (np.nan, np.nan)
        estimate = row.estimate if row.kind == "study" and row.estimate is not None else np.nan
        lines.append({**cells, "estimate": estimate, "low": low, "high": high})
    return pd.DataFrame(lines), headers


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _complete(axes: Axes, layout: ForestLayout, figure: Picture) -> None:
    """Add the diamond, prediction bar, arrows, favours, band, headings and notes; place the axes beside its labels."""
    rows, axis = layout.rows, layout.axis
    names = axes.get_yticklabels()
    text_width = max(  # not as pixels, which are whole numbers for each letter
        text_to_path.get_text_width_height_descent(name.get_text(), name.get_fontproperties(), ismath=False)[
            0
        ]
        for name in names
    )
    axes.yaxis.set_tick_params(pad=text_width + GAP)
    left, height = MARGIN + text_width + GAP + 3.5, 72 * figure.get_figheight()  # 3.5: the length of a tick
    zero = (axis.reference - axis.low) / (axis.high - axis.low)
    words = width(f"{layout.favours[1]} →", FONT["small"]) if layout.favours[1] else 0.0
    wide = min(WIDTH - 2 * MARGIN - left, max((WIDTH - MARGIN - 7 - words - left) / max(zero, 1e-9), 150.0))
    top = HEAD if layout.title else 0.0
    axes.set_position((left / WIDTH, FOOT / height, wide / WIDTH, (height - FOOT - top) / height))
    axes.set_ylim(-0.5, len(rows) + 0.5)
    ticks = axis.apart(tick_spacing(axis, wide))
    axes.set_xticks([x for x, _ in ticks], [label for _, label in ticks])
    beside = blended_transform_factory(figure.transFigure, axes.transData)
    for y, row in enumerate(reversed(rows)):
        gid = f"{row.kind}-{len(rows) - y}"
        if row.kind == "study":
            arrows(axes, row, y, axis, gid)  # the package has drawn the rest
        else:
            marks(axes, row, y, axis, gid, point=1 / ROW)
        if row.kind == "pooled":
            names[y].set_fontweight("bold")
        if row.kind in ("silent", "admissible"):
            names[y].set(fontstyle="italic", color=MUTED)
        if row.kind in ("heading", "note"):
            bold = row.kind == "heading"
            size, weight, colour = (FONT["text"], "bold", INK) if bold else (FONT["small"], "normal", MUTED)
            line = fit(row.text, WIDTH - 2 * MARGIN, size, bold=bold)[0]
            text = axes.text(MARGIN / WIDTH, y, line, transform=beside, va="center", size=size, color=colour)
            text.set(fontweight=weight, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0})
    if layout.band is not None:
        low, high = max(layout.band.low, axis.low), min(layout.band.high, axis.high)
        axes.fill_betweenx(
            [-0.5, len(rows) - 0.5], low, high, facecolor=BAND, edgecolor="none", zorder=-1, gid="band"
        )
    below = blended_transform_factory(axes.transData, axes.transAxes)
    for favours, side in zip(layout.favours, (-1, 1)):
        if favours:
            arrow, align = (f"← {favours}", "right") if side < 0 else (f"{favours} →", "left")
            room = left + zero * wide if side < 0 else WIDTH - left - zero * wide
            line = fit(arrow, room - 7 - MARGIN, FONT["small"])[0]
            offset = (7.0 * side, -27.0)
            axes.annotate(
                line, (axis.reference, 0), offset, below, "offset points", ha=align, size=FONT["small"]
            )
    axes.xaxis.labelpad = 14
    if layout.title:
        line = fit(layout.title, WIDTH - 2 * MARGIN, FONT["title"], bold=True)[0]
        figure.text(MARGIN / WIDTH, 1 - 5 / height, line, va="top", size=FONT["title"], weight="bold")
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        text.set_parse_math(False)
