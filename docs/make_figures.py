"""Draw the pictures of plots.md: python docs/make_figures.py [FOLDER]."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure

from bupmeta import (
    Effects,
    MetaResult,
    PartialPooling,
    Tables,
    calibration,
    designs,
    few_studies,
    partial_pool,
    planning,
    pool,
    priors,
    read_trials,
    refit,
    simulate,
)
from bupmeta.effects import Origin
from bupmeta.living import Diff, PoolChange, PoolState
from bupmeta.living.sources import File, Side
from bupmeta.plots.adverse_events import adverse_events
from bupmeta.plots.baujat import baujat
from bupmeta.plots.before_after import before_after
from bupmeta.plots.benefit_harm import Gain, benefit_harm
from bupmeta.plots.coverage import coverage
from bupmeta.plots.drapery import drapery
from bupmeta.plots.extended_funnel import extended_funnel as draw_extended_funnel
from bupmeta.plots.few_studies import few_studies as draw_few_studies
from bupmeta.plots.forest import forest
from bupmeta.plots.funnel import funnel
from bupmeta.plots.gosh import gosh
from bupmeta.plots.influence import influence
from bupmeta.plots.next_trial import next_trial as draw_next_trial
from bupmeta.plots.partial_pooling import partial_pooling
from bupmeta.plots.presets import PresetName
from bupmeta.plots.prior_sensitivity import prior_sensitivity as draw_sensitivity
from bupmeta.plots.qq import qq
from bupmeta.plots.radial import radial
from bupmeta.plots.refits import refits
from bupmeta.plots.reporting_bias import reporting_bias
from bupmeta.plots.risk_bars import risk_bars
from bupmeta.plots.save import save
from bupmeta.plots.traffic_light import traffic_light
from bupmeta.pooling import PartialPool, prior_sensitivity
from bupmeta.trials.risk_of_bias import TOOLS, Assessment, Judgement, JudgementName, ToolName
from bupmeta.trials.words import MEANINGS

HERE = Path(__file__).parent
TRIALS = (
    "Aronson 1948",
    "Ferguson & Simes 1949",
    "Rosenthal 1960",
    "Hart & Sutherland 1977",
    "Frimodt-Møller 1973",
    "Stein & Aronson 1953",
    "Vandiviere 1973",
    "TPT Madras 1980",
    "Coetzee & Berjak 1968",
    "Rosenthal 1961",
    "Comstock 1974",
    "Comstock & Webster 1969",
    "Comstock 1976",
)


def _update(result: MetaResult) -> Figure:
    """Draw pools by the size of the trials as they stood in 1970 and as they stand."""
    effects = result.effects
    small = [effects.v[i] > 0.1 for i in range(len(effects))]
    groups = {
        "all trials": [True] * len(small),
        "smaller trials": small,
        "larger trials": [not x for x in small],
    }
    changes = []
    for name, there in groups.items():
        now = [i for i, inside in enumerate(there) if inside]
        then = [i for i in now if (effects.origin[i].year or 0) <= 1970]
        old, new = (_state(name, pool(effects.take(chosen))) for chosen in (then, now))
        changes.append(PoolChange("BCG", name, old, new))
    unknown = Side(File("", ""))
    return before_after(Diff(unknown, unknown, None, tuple(changes)))


def _forest(result: MetaResult, preset: PresetName) -> Figure:
    return forest(result, favours=("favours vaccine", "favours no vaccine"), preset=preset)


def _state(name: str, found: MetaResult) -> PoolState:
    """Give a result as a comparison holds it."""
    numbers = found.k, found.k, found.mu, found.ci, found.tau2, found.prediction
    return PoolState(name, "RR", "", (), *numbers, None, None, None, False)


FIGURES: dict[str, Callable[[MetaResult], Figure]] = {
    "leave_one_out": lambda result: refits(
        refit(result, designs.leave_one_out()), favours=("favours vaccine", "favours no vaccine")
    ),
    "cumulative": lambda result: refits(refit(result, designs.cumulative("year"))),
    "funnel": funnel,
    "gosh": lambda result: gosh(refit(result, designs.subsets()), "TPT Madras 1980"),
    "influence": influence,
    "baujat": baujat,
    "radial": radial,
    "qq": qq,
    "drapery": drapery,
    "forest_revman": lambda result: _forest(result, "RevMan"),
    "forest_bmj": lambda result: _forest(result, "BMJ"),
    "forest_jama": lambda result: _forest(result, "JAMA"),
    "before_after": _update,
    "reporting_bias": lambda _: reporting_bias(simulate.reporting_bias(mu=[0.3])),
    "few_studies": lambda result: draw_few_studies(few_studies(result.effects.take([0, 2, 3]))),
    "prior_sensitivity": lambda result: draw_sensitivity(prior_sensitivity(result.effects.take([0, 2, 3]))),
    "traffic_light": lambda _: traffic_light(judged()),
    "risk_bars": lambda _: risk_bars(judged(), [40, 30, 20, 10]),
    "partial_pooling": lambda result: partial_pooling(by_decade(result.effects)),
    "benefit_harm": lambda _: benefit_harm(outcomes(), "95% intervals; the figures are made up."),
    "adverse_events": lambda _: adverse_events(harms(), arms=("bupropion", "placebo")),
    "next_trial": lambda result: draw_next_trial(
        planning.next_trial(four(result), [50, 100, 200, 400, 800, 1600, 3200], sd=8.0)
    ),
    "extended_funnel": lambda result: draw_extended_funnel(planning.extended_funnel(four(result))),
    "coverage": lambda _: coverage(calibration.few(precisions=["one large"]), "one large"),
}


def bcg() -> MetaResult:
    """Pool the 13 trials of BCG vaccine against tuberculosis (Colditz et al. 1994) as log risk ratios."""
    data = json.loads((HERE.parent / "tests" / "reference" / "bcg_rr.json").read_text(encoding="utf-8"))
    origin = [Origin(year=int(label[-4:])) for label in TRIALS]
    return pool(Effects.from_arrays(data["yi"], data["vi"], TRIALS, measure="RR", origin=origin))


def judged() -> dict[str, Assessment]:
    """Make up judgements of four trials."""
    tool: ToolName = "RoB 2 crossover"
    words: dict[str, JudgementName | None] = {"+": "low", "!": "some concerns", "x": "high", " ": None}
    found = {}
    for trial, signs in {
        "Trial A": "++++++",
        "Trial B": "+!+x++",
        "Trial C": "++ !+!",
        "Trial D": "",
    }.items():
        made = tuple(
            Judgement(0, trial, "all", tool, domain, word, "", "made up", "", "", "")
            for domain, sign in zip(TOOLS[tool].domains, signs)
            if (word := words[sign]) is not None
        )
        found[trial] = Assessment(trial, tool, made) if made else Assessment(trial)
    return found


def harms() -> Tables:
    """Give the adverse events of one trial that is not about pain: 300 mg of bupropion a day against placebo."""
    rows = read_trials(HERE.parent / "data" / "trials.csv").select(trial="external2013")
    names = {row.outcome: MEANINGS["outcome"][row.outcome] for row in rows}
    return Tables.from_counts(
        *(
            [row[name] for row in rows]
            for name in ("events_active", "n_active", "events_control", "n_control")
        ),
        labels=list(names.values()),
    )


def four(result: MetaResult) -> MetaResult:
    """Pool four of the trials, whose interval holds 1."""
    return pool(result.effects.take([5, 8, 9, 12]))


def outcomes() -> dict[str, dict[str, list[Gain]]]:
    """Make up what a treatment gains and costs, on two absolute scales."""
    people = {
        "Responders: more is better": [
            Gain("at least half the pain", "94 more (35 to 166 more)", 94, (35, 166), "moderate", pooled=True)
        ],
        "Harms: more is worse": [
            Gain("dry mouth", "105 more (46 to 166 more)", -105, (-166, -46), "low"),
            Gain("seizure", "no trial counted it by group"),
        ],
    }
    pain = [Gain("back pain", "0.82 less pain (0.23 to 1.41)", 0.82, (0.23, 1.41), "low", pooled=True)]
    return {"points of 0-10": {"Pain": pain}, "people of 1,000": people}


def by_decade(effects: Effects) -> PartialPool:
    """Pool the trials of three periods partially, with a period of which there is no trial."""
    periods = {
        "to 1960": range(1961),
        "1961 to 1970": range(1961, 1971),
        "1971 to 1980": range(1971, 1981),
        "after 1990": range(1991, 2000),
    }
    groups = {
        name: effects.take([i for i, origin in enumerate(effects.origin) if origin.year in years])
        for name, years in periods.items()
    }
    return partial_pool(groups, PartialPooling(priors.HalfNormal(0.5), priors.HalfNormal(0.5)))


def main(folder: Path) -> None:
    """Write every figure as an SVG."""
    folder.mkdir(parents=True, exist_ok=True)
    result = bcg()
    for name, draw in FIGURES.items():
        save(draw(result), folder / f"{name}.svg")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "figures")
