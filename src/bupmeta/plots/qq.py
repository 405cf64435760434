"""The normal quantile plot: do the studies vary as the model says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bupmeta.plots.chart import Name, chart, names_beside, room, write_names
from bupmeta.plots.style import ACCENT, BAND, LINE, POOLED, STUDY, house_style
from bupmeta.robustness import NormalQuantiles, normal_quantiles
from bupmeta.table import in_percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from bupmeta.pooling import MetaResult

__all__ = ["QQLayout", "qq", "qq_layout"]


@dataclass(frozen=True, slots=True, eq=False)
class QQLayout:
    """The quantiles, which points leave the band, the names that fit, and the ends of both axes."""

    points: NormalQuantiles
    outside: NDArray[np.bool_]
    names: tuple[Name, ...]
    limits: tuple[float, float, float, float]


def qq_layout(result: MetaResult, level: float = 0.95) -> QQLayout:
    """Lay out the plot; call it within `house_style`, whose font measures the names."""
    points = normal_quantiles(result, level)
    outside = (points.observed < points.low) | (points.observed > points.high)
    x, y = (
        1.15 * np.abs(points.theoretical).max(),
        1.08 * np.abs([points.observed, points.low, points.high]).max(),
    )
    limits = (-x, x, -y, y)
    labels = [result.effects.labels[i] for i in points.order]
    far = np.argsort(-np.abs(points.observed), kind="stable").tolist()
    names = names_beside(
        labels, points.theoretical.tolist(), points.observed.tolist(), limits, room(), far, (-x, x)
    )
    return QQLayout(points, outside, names, limits)


def qq(result: MetaResult, level: float = 0.95) -> Figure:
    """Draw studentised residuals against normal quantiles, with the band that each should stay in.

    `level` is the chance of each point to be in its band when the model holds. Raises ModelError for one study.

    >>> from bupmeta import Effects, pool
    >>> figure = qq(pool(Effects.from_arrays([0.1, 0.4, 1.9], [0.1, 0.1, 0.2])))
    >>> figure.axes[0].get_ylabel()
    'Studentised residual'
    """
    with house_style():
        layout = qq_layout(result, level)
        points = layout.points
        figure, axes = chart(
            f"Band: where each point lies with chance {in_percent(level)}% if the model holds."
        )
        axes.fill_between(points.theoretical, points.low, points.high, color=BAND, lw=0, gid="band")
        axes.plot(layout.limits[:2], layout.limits[:2], color=POOLED, lw=LINE["axis"], gid="line")
        for chosen, colour, gid in ((~layout.outside, STUDY, "inside"), (layout.outside, ACCENT, "outside")):
            axes.plot(
                points.theoretical[chosen], points.observed[chosen], "o", ms=5, color=colour, mew=0, gid=gid
            )
        write_names(axes, layout.names)
        left, right, bottom, top = layout.limits
        axes.set(
            xlim=(left, right), ylim=(bottom, top), xlabel="Normal quantile", ylabel="Studentised residual"
        )
    return figure
