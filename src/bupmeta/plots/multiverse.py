"""The specification curve: every cell of a multiverse in order of its estimate, and the choices below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bupmeta.plots.axis import Axis, axis
from bupmeta.plots.style import ACCENT, FONT, INK, LINE, MUTED, POOLED, RULE, STUDY, Picture, house_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from bupmeta.effects.core import FloatArray
    from bupmeta.robustness.multiverse_result import Multiverse

__all__ = ["MultiverseLayout", "multiverse", "multiverse_layout"]

BINS = 160  # columns of the picture; more cells than this share columns
ROW = 0.19  # inches for one level of a choice
SHADES = 5  # steps of darkness; a reader tells no more apart
HALF = 0.19  # half the height of a mark, in levels


@dataclass(frozen=True, slots=True, eq=False)
class MultiverseLayout:
    """Columns in order of the estimate: `mu`, `low`, `high` (B,) are medians of the cells in each.

    `shade` (L, B) is the share of a column's cells at each level, `rows` their labels with the axis they belong to.
    `axis` are limits and ticks of the estimates where those are logarithms of ratios.
    """

    mu: FloatArray
    low: FloatArray
    high: FloatArray
    shade: FloatArray
    rows: tuple[tuple[str, str], ...]
    marked: tuple[int, float] | None
    cells: int
    axis: Axis | None = None


def multiverse_layout(found: Multiverse, bins: int = BINS) -> MultiverseLayout:
    """Sort the cells by their estimate and gather them in at most `bins` columns."""
    order = np.argsort(found.mu, kind="stable")
    columns = np.array_split(order, min(bins, len(order)))
    rows = tuple((axis, level) for axis, levels in found.axes.items() for level in levels)
    shade = [
        [float(np.mean(codes[column] == code)) for column in columns]
        for codes, levels in zip(found.codes, found.axes.values())
        for code in range(len(levels))
    ]
    marked = None
    if found.marked >= 0:
        at = next(i for i, column in enumerate(columns) if found.marked in column)
        marked = (at, float(found.mu[found.marked]))
    middle = [_medians(values, columns) for values in (found.mu, found.low, found.high)]
    return MultiverseLayout(
        middle[0],
        middle[1],
        middle[2],
        np.array(shade).reshape(len(rows), len(columns)),
        rows,
        marked,
        len(order),
        _scale(*middle) if found.is_ratio else None,
    )


def _scale(mu: FloatArray, low: FloatArray, high: FloatArray) -> Axis:
    return axis(mu.tolist(), list(zip(low.tolist(), high.tolist())), ratio=True)


def _medians(values: FloatArray, columns: list[NDArray[np.intp]]) -> FloatArray:
    return np.array([float(np.median(values[column])) for column in columns])


def multiverse(found: Multiverse, *, unit: str = "", favours: tuple[str, str] = ("", "")) -> Figure:
    """Draw the specification curve, 10 inches wide: estimates with intervals above, the choices behind them below.

    `unit` is written beside the estimates, `favours` say what lies below and above zero. Darker marks in the lower
    part mean that more of the cells in that column take the choice.

    >>> from bupmeta import Effects, RandomEffects
    >>> from bupmeta.robustness.multiverse import Variant, multiverse as cross
    >>> effects = Effects.from_arrays([-0.4, -0.9, -0.2], [0.04, 0.09, 0.05])
    >>> cells = cross([Variant({}, effects)], RandomEffects(), tau2=["REML", "DL"], ci=["HK", "Wald"])
    >>> round(float(multiverse(cells).get_figwidth()))
    10
    """
    with house_style():
        layout = multiverse_layout(found)
        below = ROW * len(layout.rows) + 0.25 * len({axis for axis, _ in layout.rows})
        height = 3.0 + below + 0.9
        figure = Picture(figsize=(10, height))
        left, wide = 0.27, 0.71
        top = figure.add_axes((left, 1 - 3.0 / height, wide, 2.7 / height))
        _curve(top, layout, unit, favours)
        if layout.rows:
            grid = figure.add_axes((left, 0.55 / height, wide, below / height))
            _choices(grid, layout)
        note = f"{layout.cells:,} cells in order of their estimate; bars: {_bars(layout)}."
        figure.text(0.01, 0.12 / height, note, color=MUTED, size=FONT["small"])
    return figure


def _bars(layout: MultiverseLayout) -> str:
    words = "interval of each" if layout.cells == len(layout.mu) else "median interval of each column"
    scale = layout.axis
    cut = scale is not None and bool((layout.low < scale.low).any() or (layout.high > scale.high).any())
    return f"{words}, cut where it leaves the plot" if cut else words


def _curve(axes: Axes, layout: MultiverseLayout, unit: str, favours: tuple[str, str]) -> None:
    x = np.arange(len(layout.mu), dtype=float)
    finite = np.isfinite(layout.low) & np.isfinite(layout.high)
    _strokes(axes, x[finite], layout.low[finite], layout.high[finite], STUDY, 0.35, LINE["interval"])
    axes.plot(x, layout.mu, ".", ms=4, color=POOLED)
    axes.axhline(0, color=INK, lw=LINE["axis"])
    if layout.marked is not None:
        at, mu = layout.marked
        axes.plot([at], [mu], "D", ms=8, color=ACCENT, zorder=5)
        axes.annotate(
            "as specified",
            (at, mu),
            xytext=(0, 14),
            textcoords="offset points",
            ha="left" if at < len(x) / 2 else "right",
            color=ACCENT,
            size=FONT["small"],
        )
    axes.set(xlim=(-1, len(x)), ylabel=unit, xticks=[])
    if layout.axis is not None:
        ticks = layout.axis.ticks
        axes.set_yticks([at for at, _ in ticks], [text for _, text in ticks])
        axes.set_ylim(layout.axis.low, layout.axis.high)
    axes.tick_params(color=RULE, labelsize=FONT["small"])
    axes.spines["bottom"].set_visible(False)
    for label, y, side in ((favours[0], -0.01, "top"), (favours[1], 1.01, "bottom")):
        axes.text(
            1.0, y, label, transform=axes.transAxes, ha="right", va=side, color=MUTED, size=FONT["small"]
        )


def _choices(axes: Axes, layout: MultiverseLayout) -> None:
    y, last = 0.0, ""
    ticks, labels = [], []
    marks: dict[int, list[tuple[int, float]]] = {step: [] for step in range(1, SHADES + 1)}
    for (choice, level), shade in zip(layout.rows, layout.shade):
        if choice != last:
            y += 1.25
            axes.text(
                -0.37,
                y - 0.95,
                choice,
                transform=axes.get_yaxis_transform(),
                size=FONT["small"],
                weight="bold",
            )
            last = choice
        for x in np.flatnonzero(shade > 0).tolist():
            marks[int(np.ceil(shade[x] * SHADES - 1e-9))].append((x, y))
        ticks.append(y)
        labels.append(level)
        y += 1.0
    for step, places in marks.items():
        if places:
            x, middle = np.array(places).T
            _strokes(axes, x, middle - HALF, middle + HALF, POOLED, step / SHADES, 1.6)
    axes.set(xlim=(-1, layout.shade.shape[1]), ylim=(y, -0.2), xticks=[])
    axes.set_yticks(ticks, labels, size=FONT["small"])
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _strokes(
    axes: Axes, x: FloatArray, low: FloatArray, high: FloatArray, colour: str, alpha: float, wide: float
) -> None:
    """Draw vertical strokes as one path: thousands of them would make a page heavy as elements of their own."""
    gap = np.full(len(x), np.nan)
    xs, ys = np.stack([x, x, gap], axis=1).ravel(), np.stack([low, high, gap], axis=1).ravel()
    axes.plot(xs, ys, color=colour, alpha=alpha, lw=wide, solid_capstyle="butt")
