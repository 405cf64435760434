"""What a file of another program holds about one result, in the words of trials.csv, or why that cannot be said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = [
    "Entry",
    "Unmapped",
    "arms",
    "counts",
    "difference",
    "number",
    "ratio",
    "ratio_measure",
    "row_name",
]

Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One result: where it stands in its file, whose it is, what was measured, and the cells it fills.

    `outcome` is the name the file gives; `group` the comparison, analysis and subgroup it belongs to.
    """

    where: str
    study: str
    outcome: str
    cells: Mapping[str, str]
    year: str = ""
    group: str = ""
    remarks: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Unmapped:
    """Something that became no row, and why."""

    where: str
    what: str
    why: str


def number(text: str | None) -> float | None:
    """Give the number that a text holds, None where it holds none.

    >>> number(" 4.70 "), number("NA"), number("nan")
    (4.7, None, None)
    """
    text = (text or "").strip()
    if (
        "_" in text or not text.isascii()
    ):  # Python reads 1_000 and other digits than 0 to 9; no such program writes them
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None


def show(value: float) -> str:
    """Write a number as people do, with every digit it has."""
    return f"{value:.15g}"


def arms(active: Mapping[str, float | None], control: Mapping[str, float | None]) -> Cells | str:
    """Give the cells of two arms with n, mean and sd, or the reason why they hold no result.

    >>> arms({"n": 13, "mean": 5.0, "sd": 4.7}, {"n": 13, "mean": 6.5, "sd": 3.8})["as_printed"]
    '5 (SD 4.7), n 13; control 6.5 (SD 3.8), n 13'
    """
    missing = [f"{what} of the {arm} group" for arm, x in (("active", active), ("control", control))
               for what in ("n", "mean", "sd") if x[what] is None]  # fmt: skip
    if missing:
        return f"the {', the '.join(missing)} {'is' if len(missing) == 1 else 'are'} not in the file"
    if min(active["n"] or 0, control["n"] or 0) < 1:
        return "a group of 0 people: the program takes it as not estimable"
    if not (active["sd"] and control["sd"]):
        return "a standard deviation of 0: the program takes it as not estimable"
    cells = {"report_form": "arm_means_sd"}
    for arm, x in (("active", active), ("control", control)):
        cells |= {f"{what}_{arm}": show(value) for what, value in x.items() if value is not None}
    printed = "{mean} (SD {sd}), n {n}"
    texts = [printed.format(**{k: show(v) for k, v in x.items() if v is not None}) for x in (active, control)]
    return cells | {"as_printed": f"{texts[0]}; control {texts[1]}"}


def counts(active: Mapping[str, float | None], control: Mapping[str, float | None]) -> Cells | str:
    """Give the cells of two arms with events and n, or the reason why they hold no result.

    >>> counts({"events": 49, "n": 615}, {"events": 67, "n": 624})["as_printed"]
    '49/615 against 67/624'
    """
    values = {
        f"{what}_{arm}": x[what]
        for arm, x in (("active", active), ("control", control))
        for what in ("events", "n")
    }
    if any(value is None for value in values.values()):
        return "the events or the size of a group are not in the file"
    whole = {name: value for name, value in values.items() if value is not None}
    if any(value != int(value) or value < 0 for value in whole.values()):
        return "a count that is no whole number, such as one with a correction added"
    for arm in ("active", "control"):
        if whole[f"n_{arm}"] < 1:
            return "a group of 0 people: the program takes it as not estimable"
        if whole[f"events_{arm}"] > whole[f"n_{arm}"]:
            return "more events than people in a group"
    cells = {name: f"{value:.0f}" for name, value in whole.items()}
    printed = "{events_active}/{n_active} against {events_control}/{n_control}".format(**cells)
    return {"report_form": "counts", **cells, "as_printed": printed}


def difference(y: float | None, se: float | None) -> Cells | str:
    """Give the cells of a difference of means and its standard error.

    >>> difference(-1.5, 0.4)["as_printed"]
    'difference -1.5 (SE 0.4)'
    """
    if y is None or se is None or se <= 0:
        return "no difference with a standard error above 0"
    return {
        "report_form": "difference_se", "difference": show(y), "difference_se": show(se),
        "difference_sign": "active - control", "as_printed": f"difference {show(y)} (SE {show(se)})",
    }  # fmt: skip


def ratio(measure: str, y: float | None, low: float | None, high: float | None, level: float) -> Cells | str:
    """Give the cells of a ratio with its interval; `level` in percent.

    >>> ratio("HR", 0.8, 0.6, 1.1, 95)["as_printed"]
    'HR 0.8 (95 % CI 0.6 to 1.1)'
    """
    if y is None or low is None or high is None or not 0 < low <= y <= high:
        return "no ratio with an interval that holds it"
    printed = f"{measure} {show(y)} ({show(level)} % CI {show(low)} to {show(high)})"
    return {
        "report_form": "ratio", "ratio_measure": measure, "ratio": show(y), "ratio_ci_low": show(low),
        "ratio_ci_high": show(high), "ci_level": show(level), "as_printed": printed,
    }  # fmt: skip


_RATIOS = {
    "OR": ("or", "odds ratio", "peto odds ratio", "peto or", "peto_or", "log odds ratio"),
    "RR": ("rr", "risk ratio", "relative risk", "log risk ratio"),
    "HR": ("hr", "hazard ratio", "log hazard ratio"),
}


def ratio_measure(name: str) -> str:
    """Give OR, RR or HR for the usual names of these; "" for anything else.

    >>> ratio_measure("Hazard Ratio"), ratio_measure("Std. Mean Difference")
    ('HR', '')
    """
    wanted = " ".join(name.casefold().split())
    return next((measure for measure, names in _RATIOS.items() if wanted in names), "")


def row_name(text: str, most: int = 40) -> str:
    """Give a name that a row of trials.csv can have: small letters, digits and underscores.

    >>> row_name("Häuser & Wolfe 2009a"), row_name("疼痛")
    ('hauser_wolfe_2009a', '')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:most].rstrip("_")
