"""Coverage and width of each method's interval when trials are few: a line of dots per method, a dot per tau."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bupmeta.errors import DataError
from bupmeta.plots.style import ACCENT, FONT, LINE, MUTED, POOLED, RULE, STUDY, Picture, house_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from bupmeta.calibration import Calibration, CalibrationRow, MethodName, Precisions

__all__ = ["Cell", "CoverageLayout", "Dots", "coverage", "coverage_layout"]

#: Kinds of methods by how their names begin, and their colours; the first that fits counts.
COLOURS = (("Bayes", POOLED), ("HK", STUDY), ("common", MUTED), ("", ACCENT))
WIDE, LINE_HIGH, MARGINS = 7.6, 0.185, 1.3  # inches
LEAST = 60.0  # percent: lower coverage is drawn at the edge
TICKS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)


@dataclass(frozen=True, slots=True)
class Dots:
    """One method: its values by rising tau with twice their Monte Carlo standard errors; none where it is refused."""

    method: MethodName
    tau: tuple[float, ...]
    value: tuple[float, ...]
    error: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One pair of axes: coverage or width for one number of trials."""

    title: str
    label: str
    dots: tuple[Dots, ...]


@dataclass(frozen=True, slots=True)
class CoverageLayout:
    """Cells row by row (coverage, then width), the values of tau, and the words below."""

    cells: tuple[tuple[Cell, ...], ...]
    tau: tuple[float, ...]
    note: str


def coverage_layout(found: Calibration, precisions: Precisions) -> CoverageLayout:
    """Lay out the settings with `precisions`; raises DataError where none was simulated."""
    rows = found.select(precisions=precisions)
    if not rows:
        raise DataError(f"no setting has precisions={precisions!r}")
    methods = dict.fromkeys(row.method for row in rows)
    lines = []
    for name, label in (("coverage", "Coverage (%)"), ("width", "Mean width")):
        cells = []
        for k in sorted({row.k for row in rows}):
            here = [row for row in rows if row.k == k]
            dots = tuple(
                _dots(method, [row for row in here if row.method == method], name) for method in methods
            )
            cells.append(Cell(f"{k} trials", label, dots))
        lines.append(tuple(cells))
    note = (
        f"Precisions: {precisions}. {found.replications:,} simulated meta-analyses per dot; bars: two Monte Carlo "
        f"standard errors.\nDots at the left edge: coverage of {LEAST:g} % or less. No dot: the method is refused."
    )
    return CoverageLayout(tuple(lines), tuple(sorted({row.tau for row in rows})), note)


def _dots(method: MethodName, rows: list[CalibrationRow], name: str) -> Dots:
    known = [row for row in sorted(rows, key=lambda row: row.tau) if getattr(row, name) is not None]
    value, error = (tuple(float(getattr(row, key)) for row in known) for key in (name, f"{name}_se"))
    return Dots(method, tuple(row.tau for row in known), value, tuple(2 * e for e in error))


def coverage(found: Calibration, precisions: Precisions = "equal") -> Figure:
    """Draw coverage (above) and mean width (below) of each method, one column per number of trials.

    >>> from bupmeta.calibration import few
    >>> figure = coverage(few(k=[2, 3], tau=[0.0, 0.3], replications=20))
    >>> [axes.get_xlabel() for axes in figure.axes]
    ['Coverage (%)', 'Coverage (%)', 'Mean width', 'Mean width']
    """
    with house_style():
        layout = coverage_layout(found, precisions)
        lines = len(layout.cells[0][0].dots)
        high = 2 * lines * LINE_HIGH + 2 * MARGINS
        figure = Picture(figsize=(WIDE, high))
        box = {"left": 0.215, "right": 0.985, "top": 1 - 0.3 / high, "bottom": 1.2 / high, "wspace": 0.1}
        grid = figure.add_gridspec(2, len(layout.cells[0]), hspace=0.65 / (lines * LINE_HIGH), **box)
        for i, line in enumerate(layout.cells):
            values = [x for cell in line for dots in cell.dots for x in dots.value]
            for j, cell in enumerate(line):
                axes = figure.add_subplot(grid[i, j])
                _draw(axes, cell, layout.tau)
                if i == 0:
                    axes.axvline(95, color=RULE, lw=LINE["axis"], zorder=0)
                    axes.set_xlim(LEAST - 1, 101)
                    axes.set_xticks([60, 70, 80, 95])
                    axes.set_title(cell.title, size=FONT["text"])
                else:
                    axes.set_xscale("log")
                    axes.set_xlim(min(values) / 1.3, max(values) * 1.3)
                    ticks = [
                        t for t in TICKS[:: 1 if len(line) < 3 else 2] if min(values) <= t <= max(values)
                    ]
                    axes.set_xticks(ticks, [f"{t:g}" for t in ticks])
                    axes.set_xticks([], minor=True)
                axes.set_yticks(range(lines), [dots.method for dots in cell.dots])
                axes.tick_params(labelsize=FONT["small"], labelleft=j == 0, color=RULE)
                axes.set_xlabel(cell.label, size=FONT["small"])
        _legend(figure, layout.tau, high)
        figure.text(0.1 / WIDE, 0.12 / high, layout.note, color=MUTED, size=FONT["small"])
    return figure


def _draw(axes: Axes, cell: Cell, tau: tuple[float, ...]) -> None:
    axes.set_ylim(len(cell.dots) - 0.5, -0.5)
    for at, dots in enumerate(cell.dots):
        axes.axhline(at, color=RULE, lw=LINE["axis"], alpha=0.35, zorder=0)
        colour = next(c for start, c in COLOURS if dots.method.startswith(start))
        for t, value, error in zip(dots.tau, dots.value, dots.error):
            shown = max(value, LEAST) if cell.label.startswith("Coverage") else value
            look: dict[str, Any] = {"color": colour, "alpha": _shade(t, tau), "ms": 4, "mew": 0}
            axes.errorbar(
                shown, at, xerr=error if shown == value else None, fmt="o", lw=LINE["interval"], **look
            )


def _shade(t: float, tau: tuple[float, ...]) -> float:
    """Return how strong a dot is: the more true effects vary, the stronger."""
    return 1.0 if len(tau) == 1 else 0.25 + 0.75 * tau.index(t) / (len(tau) - 1)


def _legend(figure: Figure, tau: tuple[float, ...], high: float) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=STUDY, alpha=_shade(t, tau), marker="o", ls="", mew=0, ms=5, label=f"τ = {t:g}")
        for t in tau
    ]
    place: dict[str, Any] = {
        "loc": "lower center",
        "bbox_to_anchor": (0.6, 0.48 / high),
        "ncols": len(tau),
        "frameon": False,
    }
    figure.legend(handles=handles, fontsize=FONT["small"], handletextpad=0.2, columnspacing=1.2, **place)
