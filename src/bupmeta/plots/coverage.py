"""Coverage and width of each interval when trials are few, against how much true effects vary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bupmeta.errors import DataError
from bupmeta.plots.style import ACCENT, FONT, LINE, MUTED, POOLED, RULE, STUDY, Picture, house_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from bupmeta.calibration import Calibration, MethodName, Precisions

__all__ = ["Cell", "CoverageLayout", "Curve", "coverage", "coverage_layout"]

LOOKS: dict[MethodName, dict[str, Any]] = {
    "Common effect": {"color": MUTED, "marker": "x", "ls": ":"},
    "Wald": {"color": ACCENT, "marker": "s", "ls": "--"},
    "HK": {"color": STUDY, "marker": "^", "ls": ":"},
    "HK-adhoc": {"color": STUDY, "marker": "^", "ls": "-"},
    "Bayes half-normal(0.5)": {"color": POOLED, "marker": "o", "ls": "-"},
    "Bayes half-normal(1.0)": {"color": POOLED, "marker": "o", "ls": ":"},
}
WIDE, HIGH = 7.6, 5.2  # inches
LEAST = 70.0  # percent: lower coverage leaves the picture below


@dataclass(frozen=True, slots=True)
class Curve:
    """One method in one cell: its value at each tau and twice the Monte Carlo standard error."""

    method: MethodName
    tau: tuple[float, ...]
    value: tuple[float, ...]
    error: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One pair of axes: coverage or width for one number of trials."""

    title: str
    label: str
    curves: tuple[Curve, ...]


@dataclass(frozen=True, slots=True)
class CoverageLayout:
    """Cells row by row (coverage, then width) and the words below."""

    cells: tuple[tuple[Cell, ...], ...]
    note: str


def coverage_layout(found: Calibration, precisions: Precisions) -> CoverageLayout:
    """Lay out the settings with `precisions`; raises DataError where none was simulated."""
    rows = found.select(precisions=precisions)
    if not rows:
        raise DataError(f"no setting has precisions={precisions!r}")
    sizes = sorted({row.k for row in rows})
    lines = []
    for name, label in (("coverage", "Coverage, percent"), ("width", "Mean width")):
        cells = []
        for k in sizes:
            curves = []
            for method in dict.fromkeys(row.method for row in rows):
                here = sorted((r for r in rows if r.k == k and r.method == method), key=lambda r: r.tau)
                values = (tuple(getattr(r, key) for r in here) for key in (name, f"{name}_se"))
                value, error = values
                curves.append(Curve(method, tuple(r.tau for r in here), value, tuple(2 * e for e in error)))
            cells.append(Cell(f"{k} trials", label, tuple(curves)))
        lines.append(tuple(cells))
    note = (
        f"Precisions: {precisions}. {found.replications:,} simulated meta-analyses per point; bars: two "
        "Monte Carlo standard errors."
    )
    return CoverageLayout(tuple(lines), note)


def coverage(found: Calibration, precisions: Precisions = "equal") -> Figure:
    """Draw coverage and mean width against tau, one column per number of trials.

    >>> from bupmeta.calibration import few
    >>> figure = coverage(few(k=[2, 3], tau=[0.0, 0.3], replications=20))
    >>> [axes.get_ylabel() for axes in figure.axes]
    ['Coverage, percent', '', 'Mean width', '']
    """
    with house_style():
        layout = coverage_layout(found, precisions)
        figure = Picture(figsize=(WIDE, HIGH))
        columns = len(layout.cells[0])
        box = {"left": 0.085, "right": 0.99, "top": 0.94, "bottom": 0.225, "hspace": 0.16, "wspace": 0.12}
        grid = figure.add_gridspec(2, columns, **box)
        for i, line in enumerate(layout.cells):
            values = [v for cell in line for curve in cell.curves for v in curve.value]
            for j, cell in enumerate(line):
                axes = figure.add_subplot(grid[i, j])
                for curve in cell.curves:
                    look = {**LOOKS[curve.method], "ms": 4, "lw": LINE["interval"], "label": curve.method}
                    axes.errorbar(curve.tau, curve.value, yerr=curve.error, **look)
                if i == 0:
                    axes.axhline(95, color=RULE, lw=LINE["axis"], zorder=0)
                    axes.set_ylim(LEAST, 100.8)
                    axes.set_title(cell.title, size=FONT["text"])
                else:
                    axes.set_yscale("log")
                    axes.set_ylim(min(values) / 1.2, max(values) * 1.2)
                    ticks = [
                        t
                        for t in (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
                        if min(values) / 1.2 <= t <= max(values) * 1.2
                    ]
                    axes.set_yticks(ticks, [f"{t:g}" for t in ticks])
                    axes.set_yticks([], minor=True)
                axes.tick_params(color=RULE, labelsize=FONT["small"], labelbottom=i == 1, labelleft=j == 0)
                axes.set(xlabel="τ" if i == 1 else "", ylabel=cell.label if j == 0 else "")
        handles, labels = figure.axes[0].get_legend_handles_labels()
        words = {"frameon": False, "bbox_to_anchor": (0.5, 0.045), "fontsize": FONT["small"]}
        figure.legend(handles, labels, loc="lower center", ncols=3, **words)
        figure.text(0.1 / WIDE, 0.1 / HIGH, layout.note, color=MUTED, size=FONT["small"])
    return figure
