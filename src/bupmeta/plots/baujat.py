"""The Baujat plot: which studies make the heterogeneity, and which of them move the result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bupmeta.plots.chart import Name, chart, names_beside, room, write_names
from bupmeta.plots.style import STUDY, house_style
from bupmeta.robustness import baujat as coordinates

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from bupmeta.effects.core import FloatArray
    from bupmeta.pooling import MetaResult

__all__ = ["BaujatLayout", "baujat", "baujat_layout"]


@dataclass(frozen=True, slots=True, eq=False)
class BaujatLayout:
    """Marks (K,), the names that fit beside them, the ends of both axes (from 0) and their words."""

    x: FloatArray
    y: FloatArray
    names: tuple[Name, ...]
    limits: tuple[float, float]
    words: tuple[str, str]


def baujat_layout(result: MetaResult) -> BaujatLayout:
    """Lay out the plot; call it within `house_style`, whose font measures the names."""
    found = coordinates(result)
    right, top = (1.12 * float(z.max()) or 1.0 for z in (found.x, found.y))
    far = np.argsort(-np.hypot(found.x / right, found.y / top), kind="stable").tolist()
    names = names_beside(
        result.effects.labels, found.x.tolist(), found.y.tolist(), (0, right, 0, top), room(), far
    )
    shown = "Contribution to Q" if result.model.common_effect else "Squared Pearson residual"
    return BaujatLayout(found.x, found.y, names, (right, top), (shown, "Influence on the pooled effect"))


def baujat(result: MetaResult) -> Figure:
    """Draw what each study adds to heterogeneity against what it does to the pooled effect (Baujat 2002).

    Names are written where they fit, beginning with the studies that stand out. Raises ModelError for one study.

    >>> from bupmeta import Effects, pool
    >>> figure = baujat(pool(Effects.from_arrays([0.1, 0.4, 1.9], [0.1, 0.1, 0.2])))
    >>> figure.axes[0].get_xlabel()
    'Squared Pearson residual'
    """
    with house_style():
        layout = baujat_layout(result)
        figure, axes = chart("Right: adds to heterogeneity. Up: moves the pooled effect.")
        axes.plot(layout.x, layout.y, "o", ms=5, color=STUDY, mew=0, clip_on=False, gid="studies")
        write_names(axes, layout.names)
        axes.set(xlim=(0, layout.limits[0]), ylim=(0, layout.limits[1]))
        axes.set(xlabel=layout.words[0], ylabel=layout.words[1])
    return figure
