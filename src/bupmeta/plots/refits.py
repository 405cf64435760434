"""The forest plot of refits: what the result becomes without each study, or as the studies come in."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bupmeta.designs import Cumulative, LeaveOut
from bupmeta.errors import DataError
from bupmeta.plots.axis import axis
from bupmeta.plots.chart import effect_words
from bupmeta.plots.forest_draw import draw
from bupmeta.plots.forest_layout import RATIOS
from bupmeta.plots.forest_parts import Band, Column, ForestLayout, Interval, Row, clean
from bupmeta.table import in_percent, interval, number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from bupmeta.robustness import Refits

__all__ = ["refits", "refits_layout"]

MOST = 200  # rows that still make a page
HEADS = {LeaveOut: "Left out", Cumulative: "Trials added"}


def refits_layout(
    refits: Refits,
    *,
    favours: tuple[str, str] = ("", ""),
    unit: str | None = None,
    title: str | None = None,
    limits: Interval | None = None,
    digits: int = 2,
) -> ForestLayout:
    """Lay out one row per data set and the result with all studies, whose interval is shaded; see `refits`."""
    if len(refits) > MOST:
        raise DataError(
            f"{len(refits):,} data sets do not fit a forest plot (at most {MOST}); draw plots.gosh"
        )
    result, effects = refits.result, refits.result.effects
    ratio = effects.measure in RATIOS
    level = f"{in_percent(result.model.level)}% CI"

    def effect(mu: float, ci: Interval) -> str:
        low, x, high = (math.exp(z) if ratio else z for z in (ci[0], mu, ci[1]))
        return f"{number(x, digits)} {interval((low, high), digits)}"

    rows = []
    for i, label in enumerate(refits.labels):
        mu, ci = float(refits.mu[i]), (float(refits.ci_low[i]), float(refits.ci_high[i]))
        cells = {
            "label": clean(label.removeprefix("without ") if isinstance(refits.design, LeaveOut) else label),
            "k": str(int(refits.k[i])),
            "effect": effect(mu, ci),
            "tau2": _shown(float(refits.tau2[i]), digits + 1),
            "i2": _shown(float(refits.i2[i]), 0, "%"),
        }
        area = (float(refits.se.min()) / float(refits.se[i])) ** 2
        rows.append(Row("study", cells, mu, ci, area=area))
    whole = {"label": "All trials", "k": str(result.k), "effect": effect(result.mu, result.ci)}
    whole |= {"tau2": _shown(result.tau2, digits + 1), "i2": _shown(result.i2, 0, "%")}
    rows.append(Row("pooled", whole, result.mu, result.ci))
    scale = axis(
        [row.estimate for row in rows if row.estimate is not None],
        [row.interval for row in rows if row.interval is not None],
        within=limits,
        label=clean(effect_words(effects) if unit is None else unit),
        ratio=ratio,
    )
    cut = any(row.interval is not None and any(scale.clip(row.interval)[1:]) for row in rows)
    arrow = " Arrow: the interval goes on past the axis." if cut else ""
    return ForestLayout(
        (
            Column("label", HEADS.get(type(refits.design), "Data set"), flexible=True),
            Column("k", "Trials", align="right"),
            Column("effect", f"Effect ({level})", "right", "right"),
            Column("tau2", "τ²", "right", "right"),
            Column("i2", "I²", "right", "right"),
        ),
        tuple(rows),
        scale,
        (clean(favours[0]), clean(favours[1])),
        Band(*result.ci, f"Shaded: the {level} with all {result.k} trials."),
        clean(refits.design.title if title is None else title),
        (f"{result.model.tau2}, {result.model.ci} interval.{arrow}",),
    )


def refits(
    refits: Refits,
    *,
    favours: tuple[str, str] = ("", ""),
    unit: str | None = None,
    title: str | None = None,
    limits: Interval | None = None,
    digits: int = 2,
    width: float = 10.0,
) -> Figure:
    """Draw refits (leave-one-out, cumulative, groups...) as a forest plot `width` inches wide.

    `favours` are the words left and right of zero, `unit` the words under the axis, `limits` sets the axis
    (logarithms for ratios). Raises DataError for more data sets than fit.

    >>> from bupmeta import Effects, designs, pool, refit
    >>> result = pool(Effects.from_arrays([-0.4, -0.9, -0.2], [0.04, 0.09, 0.05]))
    >>> figure = refits(refit(result, designs.leave_one_out()), favours=("favours active", "favours control"))
    >>> round(float(figure.get_figwidth()))
    10
    """
    layout = refits_layout(refits, favours=favours, unit=unit, title=title, limits=limits, digits=digits)
    return draw(layout, width=width)


def _shown(x: float | None, digits: int, sign: str = "") -> str:
    return "" if x is None or math.isnan(x) else number(x, digits) + sign
