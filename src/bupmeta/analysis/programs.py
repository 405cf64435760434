"""What other programs do unless told otherwise: their conventions as frozen values, each with where it was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, TypeAlias

from bupmeta.effects.measures import JName, SmdVariance
from bupmeta.kernels.table_effects import ZeroCells
from bupmeta.kernels.tables import RdVariance
from bupmeta.pooling.models import CiName, PredictionName, RandomEffects, Tau2Name
from bupmeta.table import Column, Table

__all__ = ["CHOICES", "HOUSE", "PROGRAMS", "Choice", "Conventions", "I2Name", "Program", "Seen"]
__all__ += ["conventions_of", "everyone", "program_table", "source_table", "title", "to_dict", "words"]

I2Name: TypeAlias = Literal["tau2", "Q"]


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a convention was seen, and whether that is the program's own source or documentation."""

    source: str
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Conventions:
    """One value for each choice that programs make differently; the defaults are those of bupmeta."""

    tau2: Tau2Name = "REML"
    ci: CiName = "HK-adhoc"
    prediction: PredictionName = "t"
    i2: I2Name = "tau2"
    j: JName = "exact"
    smd_variance: SmdVariance = "LS"
    zero_cells: ZeroCells = "none"
    double_zeros: Literal["out", "in"] = "out"
    rd_variance: RdVariance = "Sato"


@dataclass(frozen=True, slots=True)
class Program:
    """A program, its version, its conventions, and where each of them was seen."""

    title: str
    conventions: Conventions
    seen: Mapping[str, Seen]


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice in words: what it is called, what its values mean, and why programs differ about it."""

    title: str
    values: Mapping[str, str]
    why: str


HOUSE = "bupmeta"

CHOICES: dict[str, Choice] = {
    "tau2": Choice(
        "estimator of τ²", {"REML": "restricted maximum likelihood", "EE": "none: common effect"},
        "estimators weigh the trials' spread differently; all four programs now default to REML",
    ),
    "ci": Choice(
        "interval of the effect",
        {
            "Wald": "normal, from the weights",
            "HK": "Hartung-Knapp, t with k − 1 df",
            "HK-adhoc": "Hartung-Knapp floored at 1, t with k − 1 df",
        },
        "the normal interval takes τ² as known and is too short with few trials; Hartung-Knapp is not, but can "
        "collapse where the estimates happen to agree, which the floor prevents",
    ),
    "prediction": Choice(
        "prediction interval",
        {"z": "normal", "t": "t with k − 1 df", "HTS": "t with k − 2 df", "none": "none"},
        "the degrees of freedom stand for what τ² costs: none, one or two; the fewer the trials, the more it matters",
    ),
    "i2": Choice(
        "I²",
        {"tau2": "τ²/(τ² + s²)", "Q": "(Q − df)/Q"},
        "the two are equal for the DerSimonian-Laird τ² only",
    ),
    "j": Choice(
        "factor J of Hedges g",
        {"exact": "exact, by the gamma function", "approximate": "1 − 3/(4 df − 1)"},
        "the approximation spares the gamma function; at 10 df it is 0.04 % too large",
    ),
    "smd_variance": Choice(
        "variance of g",
        {
            "LS": "1/n1 + 1/n2 + g²/(2N)",
            "LS2": "J² (1/n1 + 1/n2) + g²/(2N)",
            "UB": "1/n1 + 1/n2 + (1 − (m − 2)/(m J²)) g²",
            "RevMan": "1/n1 + 1/n2 + g²/(2 (N − 3.94))",
        },
        "several estimators of one large-sample variance: they differ in the order of 1/N²",
    ),
    "zero_cells": Choice(
        "empty cells in Mantel-Haenszel ratios",
        {"none": "nothing added", "0.5 in trials with a zero": "1/2 added to each cell of a trial with an empty one"},
        "the Mantel-Haenszel estimate needs nothing added; adding pulls sparse trials toward no effect",
    ),
    "double_zeros": Choice(
        "trials without events, after 1/2 was added",
        {"out": "left out", "in": "counted"},
        "they hold no information about a ratio; with 1/2 added they count as a little evidence of none",
    ),
    "rd_variance": Choice(
        "variance of the Mantel-Haenszel risk difference",
        {"Sato": "Sato, Greenland & Robins 1989", "Greenland-Robins": "Greenland & Robins 1985"},
        "the older one is right for few large trials only, the newer one for many small trials too",
    ),
}  # fmt: skip
assert tuple(CHOICES) == tuple(field.name for field in fields(Conventions))

_META = "meta 8.4-0, R/settings.meta.R"
_STATA = "Stata's ado-files of 2019"

PROGRAMS: dict[str, Program] = {
    "metafor": Program(
        "metafor 5.1-12",
        Conventions("REML", "Wald", "z", "tau2", "exact", "LS", "none", "out", "Sato"),
        {
            "tau2": Seen("metafor 5.1-12, rma.uni.r"),
            "ci": Seen("metafor 5.1-12, rma.uni.r: test=\"z\""),
            "prediction": Seen("metafor 5.1-12, predict.rma.r: the critical value of the model"),
            "i2": Seen("metafor 5.1-12, rma.uni.r"),
            "j": Seen("metafor 5.1-12, misc.func.hidden.escalc.r"),
            "smd_variance": Seen("metafor 5.1-12, escalc.r: vtype=\"LS\""),
            "zero_cells": Seen("metafor 5.1-12, rma.mh.r: 1/2 only for estimates that are shown"),
            "double_zeros": Seen("metafor 5.1-12, rma.mh.r"),
            "rd_variance": Seen("metafor 5.1-12, rma.mh.r"),
        },
    ),
    "meta": Program(
        "meta 8.4-0",
        Conventions("REML", "Wald", "t", "Q", "exact", "UB", "0.5 in trials with a zero", "out",
                    "Greenland-Robins"),
        {
            "tau2": Seen(_META),
            "ci": Seen(f"{_META}: method.random.ci=\"classic\""),
            "prediction": Seen(f"{_META}: method.predict=\"V\"; k − 2 before 8.0-0"),
            "i2": Seen(f"{_META}: method.I2=\"Q\""),
            "j": Seen(f"{_META}: exact.smd=TRUE; meta 8.4-0, metacont.R"),
            "smd_variance": Seen("meta 8.4-0, metacont.R"),
            "zero_cells": Seen(f"{_META}: MH.exact=FALSE, method.incr=\"only0\""),
            "double_zeros": Seen(f"{_META}: allstudies=FALSE"),
            "rd_variance": Seen("meta 8.4-0, metabin.R: as metan and RevMan 3.1"),
        },
    ),
    "RevMan": Program(
        "RevMan 2025",
        Conventions("REML", "HK", "t", "tau2", "approximate", "RevMan", "0.5 in trials with a zero", "out",
                    "Greenland-Robins"),
        {
            "tau2": Seen("Cochrane methods page on random-effects methods, 2025"),
            "ci": Seen("Cochrane methods page, 2025: HKSJ recommended beside Wald; which is preset", verified=False),
            "prediction": Seen("Cochrane methods page, 2025; df k − 1 from the Handbook's words", verified=False),
            "i2": Seen("Cochrane methods page, addendum of May 2024"),
            "j": Seen("RevMan 5's formulae as meta 8.4-0, metacont.R, has them", verified=False),
            "smd_variance": Seen("RevMan 5's formulae as meta 8.4-0, metacont.R, has them", verified=False),
            "zero_cells": Seen("meta 8.4-0, preset RevMan5: MH.exact=FALSE", verified=False),
            "double_zeros": Seen("meta 8.4-0, preset RevMan5", verified=False),
            "rd_variance": Seen("meta 8.4-0, metabin.R: as RevMan 3.1", verified=False),
        },
    ),
    "Stata": Program(
        "Stata 16 and later, meta",
        Conventions("REML", "Wald", "HTS", "tau2", "approximate", "LS2", "0.5 in trials with a zero", "in",
                    "Greenland-Robins"),
        {
            "tau2": Seen("Stata's manual, meta esize: REML by default"),
            "ci": Seen("output of meta summarize, Statalist 1696829: z"),
            "prediction": Seen("k − 2 df", verified=False),
            "i2": Seen("output of meta summarize, Statalist 1696829: I² 5.3 % where Q is below its df"),
            "j": Seen(f"{_STATA}: meta__compute_cont_es, without the option exact"),
            "smd_variance": Seen(f"{_STATA}: meta__compute_cont_es, without holkinse"),
            "zero_cells": Seen(f"{_STATA}: meta__compute_wgt, only0"),
            "double_zeros": Seen(f"{_STATA}: meta__compute_or"),
            "rd_variance": Seen("Stata's metan in the tests of metafor 5.1-12; of meta itself", verified=False),
        },
    ),
}  # fmt: skip
assert all(tuple(program.seen) == tuple(CHOICES) for program in PROGRAMS.values())


def conventions_of(model: RandomEffects) -> Conventions:
    """Give bupmeta's own conventions under a model.

    >>> conventions_of(RandomEffects(tau2="DL")).tau2
    'DL'
    """
    return Conventions(tau2=model.tau2, ci=model.ci, prediction=model.prediction)


def words(choice: str, value: object) -> str:
    """Say what a value of a choice means.

    >>> words("prediction", "HTS")
    't with k − 2 df'
    """
    return CHOICES[choice].values.get(str(value), str(value))


def title(name: str) -> str:
    """Give a program with its version; bupmeta's own name stands for itself."""
    return PROGRAMS[name].title if name in PROGRAMS else name


def everyone(own: Conventions) -> tuple[tuple[str, Conventions], ...]:
    """Give bupmeta's conventions, then those of every program, by name."""
    return ((HOUSE, own), *((name, program.conventions) for name, program in PROGRAMS.items()))


def program_table(own: Conventions) -> Table:
    """Show each choice with what every program takes unless told otherwise, and why they differ."""
    columns = (
        Column("choice", "Choice"),
        *(Column(name, title(name)) for name, _ in everyone(own)),
        Column("why", "Why it differs"),
    )
    rows = tuple(
        {
            "choice": choice.title,
            **{name: words(field, getattr(other, field)) for name, other in everyone(own)},
            "why": choice.why,
        }
        for field, choice in CHOICES.items()
    )
    return Table(columns, rows, "What other programs do unless told otherwise")


def source_table() -> Table:
    """Show where each convention of each program was seen; what was not seen in its own source is said."""
    columns = (
        Column("program", "Program"),
        Column("choice", "Choice"),
        Column("takes", "Takes"),
        Column("seen", "Seen in"),
        Column("verified", "Verified in source"),
    )
    rows = tuple(
        {
            "program": program.title,
            "choice": CHOICES[field].title,
            "takes": words(field, getattr(program.conventions, field)),
            "seen": seen.source,
            "verified": "yes" if seen.verified else "not verified",
        }
        for program in PROGRAMS.values()
        for field, seen in program.seen.items()
    )
    return Table(columns, rows, "Where the conventions of other programs were seen")


def to_dict() -> dict[str, Any]:
    """Give every convention of every program with its meaning, reason and source, as results.json holds them."""
    return {
        "choices": {
            name: {"title": choice.title, "why": choice.why, "values": dict(choice.values)}
            for name, choice in CHOICES.items()
        },
        "programs": {
            name: {
                "title": program.title,
                "conventions": asdict(program.conventions),
                "seen": {field: asdict(seen) for field, seen in program.seen.items()},
            }
            for name, program in PROGRAMS.items()
        },
    }
