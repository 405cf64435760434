"""Standard deviations and standard errors that look like each other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from statistics import median

from bupmeta.trials.faults import Row
from bupmeta.trials.lint.check import Check, Finding, all_rows, each_row
from bupmeta.trials.lint.pvalues import z_printed

__all__ = ["CHECKS"]

_ARMS = ("active", "control")
_FAR = 6.5  # standard errors between arms; no analgesic trial of usual size gets there
_SMALL = 0.08  # of the scale's range; pain scores spread over 15 to 30 percent


def _range(row: Row) -> float | None:
    low, high = row.number("scale_min"), row.number("scale_max")
    if low is None or high is None or row.word("value").startswith("percent"):
        return None
    return high - low if high > low else None


def _difference(row: Row) -> float | None:
    active, control = row.number("mean_active"), row.number("mean_control")
    return None if active is None or control is None else abs(active - control)


def _too_significant(row: Row) -> Iterator[tuple[str, str, str]]:
    """Standard deviations that make the trial far more significant than it is."""
    spreads = [(row.number(f"sd_{arm}"), row.number(f"n_{arm}") or row.number("n_paired")) for arm in _ARMS]
    variance = sum(sd * sd / n for sd, n in spreads if sd and n)
    difference, p = _difference(row), z_printed(row)
    if not difference or not variance or not all(sd and n for sd, n in spreads):
        return
    z = difference / math.sqrt(variance)
    paired = row.word("report_form").startswith("paired")
    if z > _FAR:
        yield (
            "sd_active",
            f"the arms would be {z:.0f} standard errors apart; looks like a standard error",
            _SE,
        )
    elif p and not paired and row.word("p_about") == "between" and z > 2 * p.high + 1:
        yield "sd_active", "the trial's own p value says far less; looks like a standard error", _SE


_SE = "se_active and se_control, with report form arm_means_se, if the source says so"


def _small(rows: Sequence[Row]) -> Iterator[Finding]:
    """A standard deviation too small for its scale, or beside those of other trials."""
    known: dict[tuple[float, str], list[tuple[str, float]]] = {}
    for row in rows:
        width = _range(row)
        for arm in _ARMS:
            sd = row.number(f"sd_{arm}")
            if width and sd:
                known.setdefault((width, row.word("value")), []).append((row.word("trial"), sd))
    for row in rows:
        width = _range(row)
        for arm in _ARMS:
            sd, n = row.number(f"sd_{arm}"), row.number(f"n_{arm}") or row.number("n_paired")
            if not width or not sd or not n or n < 10:
                continue
            others = [x for trial, x in known[width, row.word("value")] if trial != row.word("trial")]
            usual = median(others) if len(others) >= 3 else math.nan
            if sd < _SMALL * width:
                wrong = f"only {100 * sd / width:.0f} percent of the scale; looks like a standard error"
                yield Finding(row, f"sd_{arm}", wrong, _SE)
            elif sd < usual / 3:
                wrong = f"other trials on this scale have about {usual:.2g}; looks like a standard error"
                yield Finding(row, f"sd_{arm}", wrong, _SE)


def _standard_error(row: Row) -> Iterator[tuple[str, str, str]]:
    """A standard error as large as a standard deviation."""
    width, difference, p = _range(row), _difference(row), z_printed(row)
    ses = [row.number(f"se_{arm}") for arm in _ARMS]
    right = "sd_active and sd_control, with report form arm_means_sd, if the source says so"
    for arm, se in zip(_ARMS, ses, strict=True):
        n = row.number(f"n_{arm}") or row.number("n_paired")
        possible = (width or math.inf) * (0.55 if row.word("value") == "endpoint" else 1.0)
        if se and n and se * math.sqrt(n) > possible:
            wrong = f"implies a standard deviation of {se * math.sqrt(n):.2g}, more than the scale allows"
            yield f"se_{arm}", wrong, right
            return
    if difference and p and all(ses) and row.word("p_about") == "between":
        z = difference / math.hypot(*(se for se in ses if se))
        if p.low > 2 * z + 1:
            yield "se_active", "the trial's own p value says far more; looks like a standard deviation", right


def _beyond(row: Row) -> Iterator[tuple[str, str, str]]:
    """A spread of zero, or larger than the scale allows."""
    width = _range(row)
    limit = (width or math.inf) * (0.55 if row.word("value") == "endpoint" else 1.0)
    for column in ("sd_active", "sd_control", "baseline_sd_active", "baseline_sd_control"):
        sd = row.number(column)
        if sd is not None and sd > limit:
            yield (
                column,
                f"larger than scores between the scale's limits can have ({limit:.2g})",
                "the scale's limits",
            )
    for column in ("sd_active", "sd_control", "se_active", "se_control", "difference_se"):
        if row.number(column) == 0:
            yield column, "no spread at all", "leave empty and choose another report form"


CHECKS: dict[str, Check] = {
    "sd-too-precise": each_row(_too_significant, "warning", report=True),
    "sd-too-small": all_rows(_small, "warning", report=True),
    "se-looks-like-sd": each_row(_standard_error, "warning", report=True),
    "spread-impossible": each_row(_beyond, report=True),
}
