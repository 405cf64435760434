"""P values against the interval, standard error or t statistic beside them."""

from __future__ import annotations

import math
from collections.abc import Iterator

from bupmeta.trials.faults import Row
from bupmeta.trials.lint.check import Check, each_row
from bupmeta.trials.lint.printed import Span, pooled_n, printed, t_of_z, z_of_p, z_of_t

__all__ = ["CHECKS", "z_printed"]

_MARGIN = (0.08, 0.05)  # of z: a test is not always the one behind the interval


def z_printed(row: Row) -> Span | None:
    """Return the normal deviates that the printed p value allows."""
    p = printed(row, "p")
    if p is None:
        return None
    exact = row.number("p") or 0.0
    match row.word("p_relation"):
        case "=":
            return Span(z_of_p(p.high), z_of_p(p.low) if p.low > 0 else math.inf)
        case "<" | "<=":
            return Span(z_of_p(exact), math.inf)
        case ">" | ">=":
            return Span(0.0, z_of_p(exact))
        case _:
            return None


def _z(estimate: Span, se: Span, row: Row) -> Span:
    ratio, df = abs(estimate) / se, pooled_n(row)
    smallest = z_of_t(ratio.low, df) if df else ratio.low * 0.9
    return Span(smallest, ratio.high)


def _against(row: Row, z: Span) -> str:
    p = z_printed(row)
    if p is None or row.word("p_about") == "within" or p.overlaps(z.widened(*_MARGIN)):
        return ""
    low, high = (math.erfc(x / math.sqrt(2)) for x in (z.high, z.low))
    return f"p between {low:.2g} and {high:.2g}"


def _interval(row: Row) -> Iterator[tuple[str, str, str]]:
    """A p value that the confidence interval contradicts beyond rounding."""
    for estimate_name, low_name, high_name in (
        ("difference", "difference_ci_low", "difference_ci_high"),
        ("ratio", "ratio_ci_low", "ratio_ci_high"),
    ):
        spans = [printed(row, name) for name in (estimate_name, low_name, high_name)]
        level = row.number("ci_level")
        if level is None or any(span is None for span in spans) or row.word("ratio_measure") == "NNT":
            continue
        estimate, low, high = (s.log() if estimate_name == "ratio" else s for s in spans if s)
        width, z = high - low, z_of_p(1 - level / 100)
        df = pooled_n(row)
        if width.low <= 0 or not math.isfinite(width.high):
            continue
        se = Span(width.low / (2 * (t_of_z(z, df) if df else z)), width.high / (2 * z))
        if implied := _against(row, _z(estimate, se, row)):
            yield "p", "contradicts the confidence interval beyond rounding", f"the interval gives {implied}"


def _standard_error(row: Row) -> Iterator[tuple[str, str, str]]:
    """A p value that the standard error contradicts beyond rounding."""
    estimate, se = printed(row, "difference"), printed(row, "difference_se")
    if estimate and se and se.high > 0 and (implied := _against(row, _z(estimate, se, row))):
        yield (
            "p",
            "contradicts the standard error beyond rounding",
            f"difference and standard error give {implied}",
        )


def _statistic(row: Row) -> Iterator[tuple[str, str, str]]:
    """A p value that t and its degrees of freedom contradict."""
    t, df = printed(row, "t"), row.number("df")
    if t and df and df >= 5:  # below that the approximation of t is too rough
        size = abs(t)
        p, z = z_printed(row), Span(z_of_t(size.low, df), z_of_t(size.high, df))
        if p and not p.overlaps(z.widened(0.02, 0.02)):
            yield "p", "contradicts t and its degrees of freedom", "look up all three numbers"


def _zero(row: Row) -> Iterator[tuple[str, str, str]]:
    """A p value of zero."""
    if row.number("p") == 0:
        yield "p", "no p value is zero", "`<` and the smallest printable value, such as < 0.001"


def _one(row: Row) -> Iterator[tuple[str, str, str]]:
    """A p value of 1 beside a difference that is not 0."""
    arms = row.number("mean_active"), row.number("mean_control")
    unequal = None not in arms and arms[0] != arms[1]
    about = row.word("p_about") != "within"
    if (
        row.number("p") == 1
        and row.word("p_relation") == "="
        and about
        and (unequal or row.number("difference"))
    ):
        yield (
            "p",
            "1, though the treatments differ, so it gives no standard error",
            "look up p, or use arm_means",
        )


CHECKS: dict[str, Check] = {
    "p-against-ci": each_row(_interval, report=True),
    "p-against-se": each_row(_standard_error, report=True),
    "p-against-t": each_row(_statistic, report=True),
    "p-zero": each_row(_zero, "warning"),
    "p-one": each_row(_one, "warning", report=True),
}
