"""The GOSH plot: estimate and heterogeneity of every subset, coloured by whether a study is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from bupmeta.errors import DataError
from bupmeta.plots.chart import Tick, effect_ticks, effect_words
from bupmeta.plots.forest_parts import clean
from bupmeta.plots.style import ACCENT, FONT, LINE, MUTED, RULE, STUDY, Picture, house_style
from bupmeta.plots.text import fit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from bupmeta.effects.core import FloatArray
    from bupmeta.robustness import Refits

__all__ = ["GoshLayout", "Heterogeneity", "gosh", "gosh_layout"]

Heterogeneity = Literal["i2", "tau2"]
WORDS: dict[Heterogeneity, str] = {"i2": "I² (%)", "tau2": "τ²"}
WIDE, HIGH, SIDE = 4.5, 3.4, 0.75  # inches: the cells, and how high the margins are
LEFT, FOOT, GAP, TOP = 0.85, 0.6, 0.06, 0.62
FEW = 300  # up to so many data sets each is a dot


@dataclass(frozen=True, slots=True, eq=False)
class GoshLayout:
    """Counts of data sets per cell, (2, rows, columns): without the study, then with it; and the cells' edges.

    `dots` holds the data sets one by one, (3, n): effect, heterogeneity, 1 if with the study; None when many.
    """

    counts: NDArray[np.float64]
    x: FloatArray
    y: FloatArray
    dots: FloatArray | None
    whole: tuple[float, float]
    ticks: tuple[Tick, ...]
    words: tuple[str, str]
    study: str | None
    note: str


def gosh_layout(
    refits: Refits, study: str | None = None, *, y: Heterogeneity = "i2", bins: int = 80
) -> GoshLayout:
    """Count the data sets in `bins` columns and as many rows; data sets of one study have no heterogeneity."""
    if y not in get_args(Heterogeneity):
        raise DataError(f"there is no heterogeneity {y!r}; choose from {', '.join(WORDS)}")
    if bins < 2:
        raise DataError(f"{bins} bins cannot show a distribution; use at least 2")
    high = getattr(refits, y)
    kept = np.isfinite(high) & np.isfinite(refits.mu)
    if not kept.any():
        raise DataError("no data set has two studies or more, so none has heterogeneity")
    mu, high = refits.mu[kept], high[kept]
    inside = np.zeros(mu.shape, np.bool_) if study is None else refits.sets.has(study)[kept]
    edges_x = _edges(mu, bins)
    edges_y = np.linspace(0, 100, bins + 1) if y == "i2" else _edges(np.append(high, 0.0), bins)
    counts = [np.histogram2d(high[c], mu[c], (edges_y, edges_x))[0] for c in (~inside, inside)]
    effects, result = refits.result.effects, refits.result
    return GoshLayout(
        np.array(counts),
        edges_x,
        edges_y,
        np.array([mu, high, inside]) if mu.size <= FEW else None,
        (result.mu, float(getattr(result, y) or 0.0)),
        effect_ticks(effects, float(edges_x[0]), float(edges_x[-1])),
        (effect_words(effects), WORDS[y]),
        study,
        f"{mu.size:,} data sets of two or more trials; + is the result with all {result.k}",
    )


def _edges(values: FloatArray, bins: int) -> FloatArray:
    low, high = float(values.min()), float(values.max())
    margin = 0.02 * (high - low) or 0.5
    return np.linspace(low - (margin if low < 0 or low > 0 else 0), high + margin, bins + 1)


def gosh(refits: Refits, study: str | None = None, *, y: Heterogeneity = "i2", bins: int = 80) -> Figure:
    """Draw heterogeneity against effect for all data sets, darker where more lie, with margins.

    With `study`, cells are blue where it is absent, orange where it is present, and in between where both occur.
    The cross is the result with all studies. `y` is "i2" or "tau2". Raises DataError for an unknown study.

    >>> from bupmeta import Effects, designs, pool, refit
    >>> result = pool(Effects.from_arrays([0.1, 0.4, 1.9], [0.1, 0.1, 0.2]))
    >>> figure = gosh(refit(result, designs.subsets()), "study 3")
    >>> figure.axes[0].get_ylabel()
    'I² (%)'
    """
    with house_style():
        layout = gosh_layout(refits, study, y=y, bins=bins)
        side = SIDE if layout.dots is None else 0.0
        page = (LEFT + WIDE + GAP + side + 0.3, FOOT + HIGH + GAP + side + TOP)
        figure = Picture(figsize=page)

        def box(x: float, y: float, wide: float, high: float) -> tuple[float, float, float, float]:
            return x / page[0], y / page[1], wide / page[0], high / page[1]

        main = figure.add_axes(box(LEFT, FOOT, WIDE, HIGH), label="main")
        above = figure.add_axes(box(LEFT, FOOT + HIGH + GAP, WIDE, side), sharex=main, label="effect")
        beside = figure.add_axes(box(LEFT + WIDE + GAP, FOOT, side, HIGH), sharey=main, label="high")
        for margin in (above, beside):
            margin.set_axis_off()
        _cells(main, layout)
        if layout.dots is None:
            _margins(above, beside, layout)
        main.set(
            xlim=layout.x[[0, -1]], ylim=layout.y[[0, -1]], xlabel=layout.words[0], ylabel=layout.words[1]
        )
        main.set_xticks([x for x, _ in layout.ticks], [text for _, text in layout.ticks])
        main.tick_params(color=RULE, labelsize=FONT["small"])
        _legend(figure, layout)
    return figure


def _cells(axes: Axes, layout: GoshLayout) -> None:
    if layout.dots is None:
        extent = (layout.x[0], layout.x[-1], layout.y[0], layout.y[-1])
        axes.imshow(
            colours(layout.counts),
            origin="lower",
            extent=extent,
            aspect="auto",
            interpolation="none",
            gid="cells",
        )
    else:
        for present, colour in ((0, STUDY), (1, ACCENT)):
            x, y, _ = layout.dots[:, layout.dots[2] == present]
            if x.size:
                axes.plot(
                    x, y, "o", ms=5, color=colour, mew=0, alpha=0.7, clip_on=False, gid=f"dots-{present}"
                )
    axes.plot(*[[z] for z in layout.whole], "+", ms=11, mew=1.6, color="black", zorder=5, gid="whole")


def colours(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Colour cells (rows, columns, RGB): the hue says the share with the study, the depth how many (log scale)."""
    total = counts.sum(axis=0)
    share = np.divide(counts[1], total, out=np.zeros_like(total), where=total > 0)[..., None]
    hue = (1 - share) * _rgb(STUDY) + share * _rgb(ACCENT)
    depth = np.log1p(total) / np.log1p(total.max())
    painted: NDArray[np.float64] = 1 - np.where(total > 0, 0.12 + 0.88 * depth, 0)[..., None] * (1 - hue)
    return painted


def _rgb(colour: str) -> NDArray[np.float64]:
    return np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])


def _margins(above: Axes, beside: Axes, layout: GoshLayout) -> None:
    for counts, colour in zip(layout.counts, (STUDY, ACCENT)):
        if not counts.any():
            continue
        across, up = counts.sum(axis=0), counts.sum(axis=1)
        above.stairs(across, layout.x, fill=True, facecolor=(colour, 0.25), edgecolor=colour, lw=LINE["axis"])
        beside.stairs(
            up,
            layout.y,
            orientation="horizontal",
            fill=True,
            facecolor=(colour, 0.25),
            edgecolor=colour,
            lw=0.8,
        )
    above.set_ylim(0)
    beside.set_xlim(0)


def _legend(figure: Picture, layout: GoshLayout) -> None:
    wide, high = figure.get_size_inches()
    lines = [(layout.note, MUTED)]
    if layout.study is not None:
        lines += [(f"with {clean(layout.study)}", ACCENT), (f"without {clean(layout.study)}", STUDY)]
    for i, (words, colour) in enumerate(lines):
        (text,) = fit(words, 72 * (wide - LEFT - 0.4), FONT["small"], bold=i > 0)
        y, weight = 1 - (0.16 + 0.18 * i) / high, "bold" if i else "normal"
        figure.text(LEFT / wide, y, text, color=colour, size=FONT["small"], weight=weight, va="center")
