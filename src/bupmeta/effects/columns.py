"""Which columns of a table of effects mean what: the names people use, and what each form needs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bupmeta.errors import DataError
from bupmeta.trials.csvfile import shown

__all__ = ["ALIASES", "FORMS", "RATIOS", "Form", "find_columns", "find_form"]

#: Every column that is understood, with the other names it goes by in metafor, meta, RevMan and papers.
ALIASES: dict[str, tuple[str, ...]] = {
    "study": ("label", "slab", "studlab", "author", "authors", "trial", "name", "study_id", "id"),
    "year": ("publication_year", "pub_year"),
    "y": ("yi", "te", "effect", "estimate", "es", "effect_size", "beta", "smd", "md",
          "log_or", "logor", "log_rr", "logrr", "log_hr", "loghr"),
    "v": ("vi", "var", "variance"),
    "se": ("sei", "sete", "se_te", "std_err", "std_error", "stderr", "standard_error"),
    "or": ("odds_ratio",),
    "rr": ("risk_ratio", "relative_risk"),
    "hr": ("hazard_ratio",),
    "ci_low": ("lower", "ci_lb", "ci_lower", "low", "lcl", "ll", "lower_ci", "ci_l", "conf_low", "lb"),
    "ci_high": ("upper", "ci_ub", "ci_upper", "high", "ucl", "ul", "upper_ci", "ci_u", "conf_high", "ub"),
    "ci_level": ("conf_level", "confidence_level"),
    "n_active": ("n1i", "n_e", "n1", "n_treatment", "n_exp", "n_t"),
    "mean_active": ("m1i", "mean_e", "mean1", "mean_treatment", "mean_exp", "mean_t"),
    "sd_active": ("sd1i", "sd_e", "sd1", "sd_treatment", "sd_exp", "sd_t"),
    "n_control": ("n2i", "n_c", "n2", "n_placebo", "n_ctrl"),
    "mean_control": ("m2i", "mean_c", "mean2", "mean_placebo", "mean_ctrl"),
    "sd_control": ("sd2i", "sd_c", "sd2", "sd_placebo", "sd_ctrl"),
    "events_active": ("ai", "event_e", "events_e", "events1", "tpos", "events_treatment"),
    "nonevents_active": ("bi", "tneg"),
    "events_control": ("ci", "event_c", "events_c", "events2", "cpos", "events_placebo"),
    "nonevents_control": ("di", "cneg"),
}  # fmt: skip
_TEXT = "study"  # of several names for it the first in the list is taken; two names for a number are an error


@dataclass(frozen=True, slots=True)
class Form:
    """A way to give an effect: the columns it needs and the measures it can stand for, the first by default."""

    needs: tuple[str, ...]
    measures: tuple[str, ...]


RATIOS = ("OR", "RR", "HR")  # analysed as logarithms
_ANY = ("generic", "MD", "SMD", "OR", "RR", "RD", "HR")
_MEANS = ("n_active", "mean_active", "sd_active", "n_control", "mean_control", "sd_control")
#: Every form, by name; the first that is complete is read.
FORMS: dict[str, Form] = {
    "y and v": Form(("y", "v"), _ANY),
    "y and se": Form(("y", "se"), _ANY),
    "y and interval": Form(("y", "ci_low", "ci_high"), _ANY),
    "odds ratio and interval": Form(("or", "ci_low", "ci_high"), ("OR",)),
    "risk ratio and interval": Form(("rr", "ci_low", "ci_high"), ("RR",)),
    "hazard ratio and interval": Form(("hr", "ci_low", "ci_high"), ("HR",)),
    "means": Form(_MEANS, ("MD", "SMD")),
    "counts": Form(("events_active", "n_active", "events_control", "n_control"), ("OR", "RR", "RD")),
    "2x2 table": Form(
        ("events_active", "nonevents_active", "events_control", "nonevents_control"), ("OR", "RR", "RD")
    ),
}
_NEEDED = (
    "y and v (or se, or ci_low and ci_high), or n, mean and sd of both arms (n_active, mean_active, sd_active, "
    "n_control, mean_control, sd_control), or counts (events_active, n_active, events_control, n_control)"
)


def find_columns(header: Sequence[str], path: str) -> dict[str, int]:
    """Return the position of each understood column; capitals, spaces, dots and dashes do not matter.

    A column's own name goes before its other names; DataError when two other names mean the same number.

    >>> find_columns(["Author", "Year", "TE", "seTE", "n.e"], "a.csv")
    {'study': 0, 'year': 1, 'y': 2, 'se': 3, 'n_active': 4}
    """
    names = [re.sub(r"[\s.\-]+", "_", name.strip().casefold()).strip("_") for name in header]
    found: dict[str, int] = {}
    for meaning, aliases in ALIASES.items():
        order = (meaning, *aliases)
        here = sorted((order.index(name), i) for i, name in enumerate(names) if name in order)
        if not here:
            continue
        best = [i for rank, i in here if rank == here[0][0] or (here[0][0] > 0 and meaning != _TEXT)]
        if len(best) > 1:
            raise DataError(
                f"{path}: the columns `{header[best[0]]}` and `{header[best[1]]}` could both be {meaning}; "
                f"call the one that is meant `{meaning}`"
            )
        found[meaning] = best[0]
    return found


def find_form(found: Mapping[str, int], header: Sequence[str], path: str, measure: str | None) -> str:
    """Return the first form whose columns are all there; one that is made for `measure` goes first.

    Raises DataError naming the columns that are there and those that are needed.

    >>> find_form({"y": 0, "v": 1, "events_active": 2}, [], "a.csv", None)
    'y and v'
    """
    complete = [name for name, form in FORMS.items() if all(column in found for column in form.needs)]
    fitting = [name for name in complete if measure is None or measure in FORMS[name].measures]
    if not complete:
        columns = ", ".join(f"`{shown(name)}`" for name in header)
        raise DataError(f"{path} has the columns {columns}; to pool, it needs {_NEEDED}")
    if not fitting:
        options = " or ".join(FORMS[complete[0]].measures)
        raise DataError(f"{path} holds {complete[0]}, which gives {options}, not {measure}")
    return min(fitting, key=lambda name: FORMS[name].measures == _ANY) if measure else fitting[0]
