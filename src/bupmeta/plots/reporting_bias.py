"""Bias and coverage of each method when results that are not significant lose their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bupmeta.errors import DataError
from bupmeta.plots.style import ACCENT, FONT, LINE, MUTED, POOLED, RULE, STUDY, Picture, house_style
from bupmeta.table.numbers import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from bupmeta.simulate import MethodName, ReportingBias

__all__ = ["Panel", "ReportingBiasLayout", "Series", "reporting_bias", "reporting_bias_layout"]

LOOKS: dict[MethodName, dict[str, Any]] = {
    "extractable only": {"color": ACCENT, "marker": "s", "ls": "--"},
    "all evidence": {"color": STUDY, "marker": "o", "ls": "-"},
    "multiple imputation": {"color": POOLED, "marker": "^", "ls": ":"},
}
WIDE, HIGH = 7.2, 5.0  # inches
NUDGE = 0.006  # between methods, so that error bars do not hide each other


@dataclass(frozen=True, slots=True)
class Series:
    """One method in one panel: a value and twice its Monte Carlo standard error at each tau."""

    method: MethodName
    tau: tuple[float, ...]
    value: tuple[float, ...]
    error: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """One pair of axes: a measure for one number of trials, with the value it should have."""

    title: str
    label: str
    aim: float
    limits: tuple[float, float]
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class ReportingBiasLayout:
    """Panels row by row (bias, then coverage) and the words below."""

    panels: tuple[tuple[Panel, ...], ...]
    note: str


def reporting_bias_layout(found: ReportingBias, mu: float) -> ReportingBiasLayout:
    """Lay out the settings with effect `mu`; raises DataError where none was simulated."""
    rows = found.select(mu=mu)
    if not rows:
        known = ", ".join(f"{x:g}" for x in sorted({row.mu for row in found.rows}))
        raise DataError(f"no setting has mu={mu:g}; there are {known}")
    measures = (("bias", "Bias (SMD)", 0.0), ("coverage", "Coverage of 95% intervals", 95.0))
    lines = []
    for name, label, aim in measures:
        values = [
            getattr(row, name) + sign * 2 * getattr(row, name + "_se") for row in rows for sign in (-1, 1)
        ]
        low, high = min(*values, aim), max(*values, aim)
        limits = (
            low - 0.06 * (high - low),
            min(high + 0.06 * (high - low), 100.6 if name == "coverage" else high + 1),
        )
        panels = []
        for k in sorted({row.k for row in rows}):
            series = []
            for method in dict.fromkeys(row.method for row in rows):
                here = sorted(
                    (row for row in rows if row.k == k and row.method == method), key=lambda row: row.tau
                )
                series.append(
                    Series(
                        method,
                        tuple(row.tau for row in here),
                        tuple(getattr(row, name) for row in here),
                        tuple(2 * getattr(row, name + "_se") for row in here),
                    )
                )
            panels.append(Panel(f"{k} trials", label, aim, limits, tuple(series)))
        lines.append(tuple(panels))
    note = (
        f"True effect {number(mu, 1)}; {found.replications:,} simulated meta-analyses per point; "
        "bars: two Monte Carlo standard errors."
    )
    return ReportingBiasLayout(tuple(lines), note)


def reporting_bias(found: ReportingBias, mu: float = 0.3) -> Figure:
    """Draw bias and coverage against tau, one column of panels per number of trials.

    >>> from bupmeta.simulate import reporting_bias as simulate
    >>> figure = reporting_bias(simulate(k=[5], tau=[0.0, 0.2], mu=[0.3], replications=20))
    >>> [axes.get_ylabel() for axes in figure.axes]
    ['Bias (SMD)', 'Coverage of 95% intervals']
    """
    with house_style():
        layout = reporting_bias_layout(found, mu)
        figure = Picture(figsize=(WIDE, HIGH))
        columns = len(layout.panels[0])
        grid = figure.add_gridspec(
            2, columns, left=0.105, right=0.985, top=0.94, bottom=0.19, hspace=0.16, wspace=0.1
        )
        for i, line in enumerate(layout.panels):
            for j, panel in enumerate(line):
                axes = figure.add_subplot(grid[i, j])
                _draw(axes, panel)
                axes.set_title(panel.title if i == 0 else "", size=FONT["text"])
                axes.tick_params(labelbottom=i == 1, labelleft=j == 0)
                axes.set(xlabel="τ" if i == 1 else "", ylabel=panel.label if j == 0 else "")
        handles, labels = figure.axes[0].get_legend_handles_labels()
        figure.legend(
            handles,
            labels,
            loc="lower center",
            ncols=3,
            frameon=False,
            bbox_to_anchor=(0.5, 0.05),
            fontsize=FONT["small"],
        )
        figure.text(0.12 / WIDE, 0.1 / HIGH, layout.note, color=MUTED, size=FONT["small"])
    return figure


def _draw(axes: Axes, panel: Panel) -> None:
    axes.axhline(panel.aim, color=RULE, lw=LINE["axis"], zorder=0)
    for i, one in enumerate(panel.series):
        x = [tau + NUDGE * (i - (len(panel.series) - 1) / 2) for tau in one.tau]
        axes.errorbar(
            x, one.value, one.error, label=one.method, ms=4, mew=0, lw=LINE["interval"], elinewidth=LINE["axis"],
            gid=one.method.replace(" ", "-"), **LOOKS[one.method],
        )  # fmt: skip
    axes.set(ylim=panel.limits, xticks=sorted({tau for one in panel.series for tau in one.tau}))
    axes.tick_params(color=RULE, labelsize=FONT["small"])
